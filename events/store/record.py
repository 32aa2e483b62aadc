"""Events as rows of the log and back."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from events.base import Event
from events.envelope import Actor, ActorKind, Context, Owner, Recorded
from events.keys import personal_fields
from events.personal import PersonalNotSealedError, Plain
from events.registry import Registry

Row = tuple[Any, ...]

WRITTEN = (
    "position, id, stream, version, name, schema_version, recordedtime, time, clock_trusted, actor_kind, actor_id, "
    "actor_role, organisation, unit, correlation, causation, traceparent, data"
)
"""The columns of a row as `rows_of` fills and `recorded_from` reads them."""


def json_of(event: Event) -> str:
    """The event's data as the log keeps them; PersonalNotSealedError when a personal field is still in clear."""
    try:
        return type(event).__pydantic_serializer__.to_json(event).decode()  # what model_dump_json does, and no more
    except PydanticSerializationError:
        clear = [name for name, content in personal_fields(event).items() if isinstance(content, Plain)]
        if not clear:
            raise
        raise PersonalNotSealedError(
            f"{type(event).__name__}.{clear[0]} is still in clear; seal the event with the key ring before appending"
        ) from None


def rows_of(
    events: Iterable[tuple[Recorded, str]], id_: Callable[[UUID], Any], instant: Callable[[datetime], Any]
) -> list[Row]:
    """The rows of events and their data, in the order of `WRITTEN`; ids and instants as the database takes them.

    Events of one decision share their context, so what comes from it is made once.
    """
    rows: list[Row] = []
    context: Context | None = None
    circumstances: Row = ()
    for recorded, data in events:
        if recorded.context is not context:
            context = recorded.context
            circumstances = _circumstances(context, instant(recorded.recordedtime), id_, instant)
        event = recorded.event
        place = (recorded.position, id_(recorded.id), recorded.stream, recorded.version, event.NAME, event.VERSION)
        rows.append((*place, *circumstances, data))
    return rows


def _circumstances(
    context: Context, recordedtime: Any, id_: Callable[[UUID], Any], instant: Callable[[datetime], Any]
) -> Row:
    actor, owner, causation = context.actor, context.owner, context.causation
    return (
        recordedtime,
        instant(context.time),
        context.clock_trusted,
        actor.kind.value,
        actor.id,
        actor.role,
        id_(owner.organisation),
        id_(owner.unit),
        id_(context.correlation),
        None if causation is None else id_(causation),
        context.traceparent,
    )


class Decoder:
    """Turns rows back into events, in today's form of their types."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._current = {(kind.NAME, kind.VERSION): kind.__pydantic_validator__.validate_json for kind in registry}

    def event(self, name: str, schema_version: int, data: str) -> Event:
        """What `Registry.load` gives, with its errors; data of the current version skip its steps."""
        validate = self._current.get((name, schema_version))
        if validate is not None:
            try:
                event: Event = validate(data)
                return event
            except ValidationError:
                pass  # the registry says it better
        return self._registry.load(name, schema_version, data)

    def recorded(self, row: Row) -> Recorded:
        """The event that a row, with the columns of `WRITTEN` first, stands for."""
        (
            position, id_, stream, version, name, schema_version, recordedtime, time, clock_trusted, kind, actor_id,
            role, organisation, unit, correlation, causation, traceparent, data, *_,
        ) = row  # fmt: skip
        context = Context(
            _actor(kind, actor_id, role),
            _owner(organisation, unit),
            _instant(time),
            _uuid(correlation),
            None if causation is None else _uuid(causation),
            bool(clock_trusted),
            traceparent,
        )
        event = self.event(name, schema_version, data)
        return Recorded(_uuid(id_), stream, version, position, _instant(recordedtime), event, context)


def _uuid(value: UUID | str) -> UUID:
    return UUID(value) if isinstance(value, str) else value


def _instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(maxsize=4096)
def _actor(kind: str, id_: str, role: str) -> Actor:
    return Actor(ActorKind(kind), id_, role)


@lru_cache(maxsize=4096)
def _owner(organisation: UUID | str, unit: UUID | str) -> Owner:
    return Owner(_uuid(organisation), _uuid(unit))
