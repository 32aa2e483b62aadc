"""The catalogue and the contract: fresh, complete, valid, and true of what is sent."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from events.base import Event
from events.catalogue import asyncapi, page, write_or_check
from events.catalogue.fields import is_personal, meanings
from events.registry import Registry
from events.transport import subjects
from events.types import REGISTRY
from events.types.home import HomeRegistered
from tests.events.make_samples import FOLDER

ROOT = Path(__file__).parents[3]
OFFICIAL = json.loads((Path(__file__).parent / "asyncapi-3.0.0.schema.json").read_text())


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    return asyncapi(REGISTRY)


def test_the_stored_catalogue_is_fresh() -> None:
    assert (ROOT / "docs/events.md").read_text() == page(REGISTRY), "run `make docs`"


def test_the_stored_contract_is_fresh(contract: dict[str, Any]) -> None:
    assert json.loads((ROOT / "docs/asyncapi.json").read_text()) == contract, "run `make docs`"


def test_the_contract_is_valid_asyncapi(contract: dict[str, Any]) -> None:
    errors = jsonschema.Draft7Validator(OFFICIAL).iter_errors(contract)

    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_every_reference_in_the_contract_leads_somewhere(contract: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(contract)))

    assert references
    for reference in references:
        node = contract
        for step in reference.split("/"):
            node = node[step]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_what_is_sent_fits_the_contract(path: Path, contract: dict[str, Any]) -> None:
    sample = json.loads(path.read_text())
    message = contract["components"]["messages"][path.stem.rpartition(".v")[0]]
    if message["name"] != sample["type"]:
        pytest.skip("an older version, which is read and never sent")

    jsonschema.Draft202012Validator(message["payload"] | {"components": contract["components"]}).validate(sample)


def test_every_type_is_in_the_catalogue_and_in_one_channel(contract: dict[str, Any]) -> None:
    text = page(REGISTRY)
    carried = [name for channel in contract["channels"].values() for name in channel["messages"]]

    for kind in REGISTRY:
        assert f"### {kind.NAME}\n" in text
        assert carried.count(kind.NAME) == 1


def test_the_channels_are_the_subjects_that_are_used(contract: dict[str, Any]) -> None:
    one, two = UUID(int=1), UUID(int=2)
    addresses = {name: channel["address"] for name, channel in contract["channels"].items()}

    assert addresses["report"].format(organisation=one, gateway=two) == subjects.report(one, two)
    assert addresses["heartbeat"].format(organisation=one, gateway=two) == subjects.heartbeat(one, two)
    assert addresses["look"].format(organisation=one, gateway=two) == subjects.look(one, two)
    assert addresses["feed"].format(organisation=one, unit=two, event="a.b") == subjects.feed(one, two, "a.b")
    assert addresses["dead"].format(stream="S", place="1-1") == f"{subjects.dead('S')}.1-1"


def test_personal_fields_are_marked_and_their_docstrings_shown() -> None:
    text = page(REGISTRY)

    assert is_personal(HomeRegistered.model_fields["address"].annotation)
    assert not is_personal(HomeRegistered.model_fields["home"].annotation)
    assert "| `address` | text, **personal** | Sealed under the home's own key" in text


def test_a_field_keeps_the_docstring_of_the_class_it_comes_from() -> None:
    class Tidied(Event, name="room.tidied"):
        """A room was tidied."""

        room: str
        """Which one."""

    class TidiedTwice(Tidied, name="room.tidied-twice"):
        """Again."""

        why: str

    assert meanings(HomeRegistered)["address"].startswith("Sealed under")
    assert "| `room` | text |" in page(Registry([TidiedTwice]))


def test_check_names_the_stale_document_and_how_to_refresh_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write_or_check({"a.md": "new"}, "make it", [], tmp_path) == 0
    assert write_or_check({"a.md": "new"}, "make it", ["--check"], tmp_path) == 0

    assert write_or_check({"a.md": "newer", "b.md": "x"}, "make it", ["--check"], tmp_path) == 1

    assert capsys.readouterr().err == "a.md is stale; run `make it`\nb.md is stale; run `make it`\n"
    assert (tmp_path / "a.md").read_text() == "new"


def test_an_unknown_option_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_or_check({"a.md": "new"}, "make it", ["--chekc"], tmp_path) == 2
    assert capsys.readouterr().err == "usage: make it [--check]\n"
