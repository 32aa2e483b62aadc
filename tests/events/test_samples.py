"""Every version of every event type that was ever in a log loads today."""

import json
from pathlib import Path

import pytest

from events.cloudevents import context_of, decode
from events.registry import parse_wire_type
from events.types import REGISTRY
from tests.events.make_samples import FOLDER, make_sample, sample_path

SAMPLES = sorted(FOLDER.glob("*.json"))
CURRENT = [sample_path(kind.NAME, kind.VERSION) for kind in REGISTRY]


@pytest.mark.parametrize("kind", list(REGISTRY), ids=lambda kind: kind.NAME)
def test_every_version_of_every_type_has_a_stored_sample(kind: type) -> None:
    missing = [v for v in range(1, kind.VERSION + 1) if not sample_path(kind.NAME, v).exists()]  # type: ignore[attr-defined]

    assert not missing, "run `make samples`"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_stored_sample_loads(path: Path) -> None:
    wire, event = decode(REGISTRY, path.read_bytes())

    name, version = parse_wire_type(wire.type)
    assert path == sample_path(name, version)
    assert name == event.NAME
    assert version <= event.VERSION
    assert context_of(wire).actor.role == "night-staff"


@pytest.mark.parametrize("path", [path for path in CURRENT if path.exists()], ids=lambda path: path.stem)
def test_a_sample_of_the_current_version_comes_out_as_it_went_in(path: Path) -> None:
    stored = json.loads(path.read_bytes())

    _, event = decode(REGISTRY, path.read_bytes())

    assert event.model_dump(mode="json") == stored["data"]
    assert type(event).model_validate_json(event.model_dump_json()) == event


@pytest.mark.parametrize("kind", list(REGISTRY), ids=lambda kind: kind.NAME)
def test_samples_are_made_the_same_every_time(kind: type) -> None:
    assert make_sample(kind) == make_sample(kind)


def test_there_is_no_sample_of_an_event_that_does_not_exist() -> None:
    names = {kind.NAME for kind in REGISTRY}

    assert not [path.name for path in SAMPLES if path.stem.rpartition(".v")[0] not in names]
