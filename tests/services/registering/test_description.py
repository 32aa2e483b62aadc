"""The file that describes a unit: what may stand in it, and how it is said."""

import pytest

from events.runtime.settings import BadConfigurationError
from services.registering.description import example, parse_description
from tests.builders import seconds


@pytest.mark.parametrize("said", ["75", "75.0", '"75"', '"PT75S"', '"PT1M15S"'])
def test_how_long_something_takes_is_said_in_seconds_or_as_iso_8601(said: str) -> None:
    text = example().replace("lease = 90", f"lease = {said}")

    assert parse_description(text, "homes.toml").unit.rules.lease == seconds(75)


def test_what_is_neither_is_told_with_its_place() -> None:
    text = example().replace("lease = 90", 'lease = "soon"')

    with pytest.raises(BadConfigurationError, match=r"unit\.rules\.lease: .*'soon'"):
        parse_description(text, "homes.toml")
