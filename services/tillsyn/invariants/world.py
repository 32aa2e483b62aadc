"""What the rules look at: every stream folded, with its history, and the rows that should say the same."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from events.envelope import Recorded
from events.store import EventStore, queries
from services.tillsyn.alarm import Alarm
from services.tillsyn.home import Home
from services.tillsyn.incident import Incidents
from services.tillsyn.kinds import ALARM, HOME, INCIDENTS, NIGHT, RECIPIENT, SHIFT, UNIT, VISIT
from services.tillsyn.ledger import Kind
from services.tillsyn.night import Night
from services.tillsyn.recipient import Recipient
from services.tillsyn.shift import Shift
from services.tillsyn.unit import Unit
from services.tillsyn.visit import Visit

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken: what, and where to look. `late` means that it was mended after its time, and is on record."""

    rule: str
    stream: str
    what: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Story(Generic[S]):
    """A stream's events and the state that they lead to."""

    stream: str
    history: tuple[Recorded, ...]
    state: S


@dataclass(slots=True)
class World:
    """Everything that the log holds, at `now`."""

    now: datetime
    histories: dict[str, tuple[Recorded, ...]]
    nights: list[Story[Night]] = field(default_factory=list)
    visits: dict[UUID, Story[Visit]] = field(default_factory=dict)
    recipients: dict[UUID, Story[Recipient]] = field(default_factory=dict)
    units: dict[UUID, Unit] = field(default_factory=dict)
    shifts: list[Story[Shift]] = field(default_factory=list)
    incidents: list[Story[Incidents]] = field(default_factory=list)
    open_incidents: set[UUID] = field(default_factory=set)
    homes: dict[UUID, Story[Home]] = field(default_factory=dict)
    alarms: dict[str, Story[Alarm]] = field(default_factory=dict)
    """By stream: one for each kind and cause."""
    slot_rows: dict[UUID, queries.SlotRow] = field(default_factory=dict)
    look_rows: dict[UUID, queries.LookRow] = field(default_factory=dict)
    visit_rows: dict[UUID, queries.VisitRow] = field(default_factory=dict)
    alarm_rows: dict[UUID, queries.AlarmRow] = field(default_factory=dict)
    unfoldable: dict[str, str] = field(default_factory=dict)
    """Streams that make no sense, with the event at which they stopped to; no other rule looks at them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One invariant: its name, what its breaking means, and how it is judged."""

    name: str
    means: str
    check: Callable[[World], Iterable[Breach]]

    @classmethod
    def of(cls, module_name: str, doc: str | None, check: Callable[[World], Iterable[Breach]]) -> "Rule":
        """A rule named after its module, explained by the module's docstring."""
        return cls(module_name.rpartition(".")[2].replace("_", " "), " ".join((doc or "").split()), check)


async def read_world(store: EventStore, now: datetime) -> World:
    """The whole log, folded, and its rows, all as they were when reading began: others may append meanwhile.

    Reads everything: for a check by night or by hand, not for each command.
    """
    world = await store.query_log(
        lambda connection, log: World(
            now,
            _histories(log),
            slot_rows={row.id: row for row in queries.all_slots(connection)},
            look_rows={row.id: row for row in queries.all_looks(connection)},
            visit_rows={row.id: row for row in queries.all_visits(connection)},
            alarm_rows={row.id: row for row in queries.all_alarms(connection)},
        )
    )
    for stream, history in world.histories.items():
        try:
            _take(world, stream, history)
        except (KeyError, TypeError, ValueError) as error:
            world.unfoldable[stream] = f"{type(error).__name__}: {error}"
    return world


def _take(world: World, stream: str, history: tuple[Recorded, ...]) -> None:
    if stream.startswith("night-"):
        world.nights.append(_story(NIGHT, stream, history))
    elif stream.startswith("visit-"):
        visit = _story(VISIT, stream, history)
        if visit.state.visit is not None:
            world.visits[visit.state.visit] = visit
    elif stream.startswith("recipient-"):
        recipient = _story(RECIPIENT, stream, history)
        if recipient.state.recipient is not None:
            world.recipients[recipient.state.recipient] = recipient
    elif stream.startswith("home-"):
        home = _story(HOME, stream, history)
        if home.state.home is not None:
            world.homes[home.state.home] = home
    elif stream.startswith("alarm-"):
        world.alarms[stream] = _story(ALARM, stream, history)
    elif stream.startswith("shift-"):
        world.shifts.append(_story(SHIFT, stream, history))
    elif stream.startswith("unit-"):
        unit = _story(UNIT, stream, history).state
        if unit.unit is not None:
            world.units[unit.unit] = unit
    elif stream.startswith("incident-"):
        incidents = _story(INCIDENTS, stream, history)
        world.incidents.append(incidents)
        world.open_incidents |= incidents.state.open.keys()


def _histories(log: Iterable[Recorded]) -> dict[str, tuple[Recorded, ...]]:
    found: dict[str, list[Recorded]] = defaultdict(list)
    for recorded in log:
        found[recorded.stream].append(recorded)
    return {stream: tuple(history) for stream, history in found.items()}


def _story(kind: Kind[S], stream: str, history: tuple[Recorded, ...]) -> Story[S]:
    return Story(stream, history, kind.fold(recorded.event for recorded in history))
