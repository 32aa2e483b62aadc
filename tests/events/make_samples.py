"""``python -m tests.events.make_samples``: a stored sample of every event type's current version, where it is missing.

A sample that exists is never written again: it is what some installation has in its log, and must load for ever.
"""

import json
import types
from base64 import b64encode
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, TypeAdapter

from events.base import Event
from events.cloudevents import encode_recorded
from events.envelope import Actor, ActorKind, Context, Owner, Recorded
from events.personal import Personal
from events.schedule import PlannedSlot, SlotKind
from events.types import REGISTRY

FOLDER = Path(__file__).parent / "samples"
NAMESPACE = UUID("5c1f2a8e-52a1-4a4a-9d29-0f5f0d2c7a11")
EVENING = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def sample_path(name: str, version: int) -> Path:
    return FOLDER / f"{name}.v{version}.json"


def make_event(kind: type[Event]) -> Event:
    """An event of the type with every field filled, always the same."""
    return kind.model_validate({name: _value(f.annotation, (kind.NAME, name)) for name, f in kind.model_fields.items()})


def make_sample(kind: type[Event]) -> str:
    """The event as it lies in the log and in the feed."""
    recorded = Recorded(
        id=_id(kind.NAME, "event"),
        stream=f"sample-{_id(kind.NAME, 'stream')}",
        version=1,
        position=1,
        recordedtime=EVENING + timedelta(seconds=1),
        event=make_event(kind),
        context=Context(
            actor=Actor(ActorKind.STAFF, str(_id("actor")), "night-staff"),
            owner=Owner(_id("organisation"), _id("unit")),
            time=EVENING,
            correlation=_id(kind.NAME, "correlation"),
            causation=_id(kind.NAME, "causation"),
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ),
    )
    return json.dumps(json.loads(encode_recorded(recorded)), indent=2, ensure_ascii=False) + "\n"


def write_missing() -> list[Path]:
    """Write what is missing, and say what was written."""
    FOLDER.mkdir(exist_ok=True)
    missing = [kind for kind in REGISTRY if not sample_path(kind.NAME, kind.VERSION).exists()]
    for kind in missing:
        sample_path(kind.NAME, kind.VERSION).write_text(make_sample(kind))
    return [sample_path(kind.NAME, kind.VERSION) for kind in missing]


def _id(*path: str) -> UUID:
    return uuid5(NAMESPACE, "/".join(path))


def _value(annotation: Any, path: tuple[str, ...]) -> Any:
    """A value that fits the annotation, as JSON would carry it, and depends on nothing but `path`."""
    plain = _plain(annotation, path)
    if plain is not None:
        return plain
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(arguments[0], path)
    if origin in (Union, types.UnionType):
        return _value(next(item for item in arguments if item is not type(None)), path)
    if origin is Personal:
        return {"key": str(_id(*path, "key")), "sealed": b64encode(_id(*path, "sealed").bytes * 3).decode()}
    if origin in (tuple, frozenset, list):
        return [_value(arguments[0], (*path, "0"))]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    if annotation is PlannedSlot:
        return _planned_slot(path)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {
            name: field.get_default() if not field.is_required() else _value(field.annotation, (*path, name))
            for name, field in annotation.model_fields.items()
        }
    raise TypeError(f"no sample value for {annotation} at {'.'.join(path)}; teach make_samples one")


def _plain(annotation: Any, path: tuple[str, ...]) -> Any:
    values: dict[Any, Any] = {
        UUID: _id(*path),
        str: f"sample {path[-1]}",
        int: 1,
        float: 1.5,
        bool: True,
        date: EVENING.date(),
        time: time(23, 30),
        timedelta: timedelta(minutes=5),
        datetime: EVENING,
        AwareDatetime: EVENING,
    }
    return values.get(annotation)


def _planned_slot(path: tuple[str, ...]) -> Any:
    slot = PlannedSlot(
        slot=_id(*path, "slot"),
        entry=_id(*path, "entry"),
        n=0,
        kind=SlotKind.REMOTE,
        opens_at=EVENING,
        due_at=EVENING + timedelta(minutes=15),
        late_at=EVENING + timedelta(minutes=45),
        deadline=EVENING + timedelta(minutes=75),
    )
    return TypeAdapter(PlannedSlot).dump_python(slot)


if __name__ == "__main__":
    for path in write_missing():
        print(f"wrote {path.relative_to(Path.cwd())}")
