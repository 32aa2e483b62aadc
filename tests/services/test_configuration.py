"""The page of settings: fresh, complete, and true."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
from pydantic import Field

from events.runtime.settings import PartSettings
from services.configuration import PARTS, page, variables

ROOT = Path(__file__).parents[2]


def test_the_stored_page_is_fresh() -> None:
    assert (ROOT / "docs/configuration.md").read_text() == page(), "run `make docs`"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.TABLE)
def test_every_setting_says_what_it_means(part: type[PartSettings]) -> None:
    assert [name for name, field in part.model_fields.items() if not field.description] == []


def test_every_part_with_a_table_is_listed() -> None:
    def below(kind: type[PartSettings]) -> list[type[PartSettings]]:
        return [found for child in kind.__subclasses__() for found in (child, *below(child))]

    ours = [kind for kind in below(PartSettings) if not kind.__module__.startswith("tests.")]
    assert [kind.__name__ for kind in ours if kind.TABLE and kind not in PARTS] == []


def test_no_two_parts_share_a_table() -> None:
    assert len({part.TABLE for part in PARTS}) == len(PARTS)


def test_a_row_says_variable_key_type_bounds_default_and_meaning() -> None:
    class KettleSettings(PartSettings):
        """The kettle."""

        TABLE: ClassVar[str] = "kettle"

        litres: float = Field(1.5, gt=0, le=3, description="How much | it holds.")
        boils_after: Annotated[timedelta, Field(gt=timedelta(0))] = Field(timedelta(minutes=3), description="When.")
        guests: tuple[str, ...] = Field(("cat", "dog"), description="Who drinks.")
        name: str = Field(description="What it is called.")

    text = page([KettleSettings])

    assert "## kettle\n\nThe kettle. Table `[kettle]`." in text
    assert "| `TILLSYN_LITRES` | `litres` | number, > 0, ≤ 3 | `1.5` | How much \\| it holds. |" in text
    assert "| `TILLSYN_BOILS_AFTER` | `boils_after` | duration, > PT0S | `PT3M` | When. |" in text
    assert "| `TILLSYN_GUESTS` | `guests` | list of text | `cat`, `dog` | Who drinks. |" in text
    assert "| `TILLSYN_NAME` | `name` | text | **must be given** | What it is called. |" in text
    assert {"TILLSYN_LITRES", "TILLSYN_NAME", "TILLSYN_NATS_URL", "TILLSYN_CONFIG"} <= variables([KettleSettings])
