"""How a unit's night is loaded: slots for each quarter of an hour against staff, and when to look at which instead."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from events.schedule import zone_named
from events.store import queries
from services.tillsyn import unit as units
from services.tillsyn.kinds import UNIT
from services.tillsyn.ledger import Ledger
from services.tillsyn.load import QUARTER, Look, Quarter, quarters, spread
from services.tillsyn.staff import NIGHT_STAFF
from services.tillsyn.unit import NoSuchUnitError


@dataclass(frozen=True, slots=True)
class NightLoad:
    """A unit's night: its quarters as the slots are due, and as they would be at the suggested times.

    `staff` is how many night staff are there in the quarter that starts at an instant.
    """

    zone: ZoneInfo
    due: tuple[Quarter, ...]
    spread: tuple[Quarter, ...]
    look_at: dict[UUID, datetime]
    staff: Callable[[datetime], int]


class Load:
    """Reads only: nothing is planned otherwise than agreed; a suggestion stays inside the slot's window.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def night_load(self, unit: UUID, night: date) -> NightLoad:
        """The load of a night, from the roster and from who is signed in. Slots that are visits are no load here."""
        state = UNIT.fold((await self._ledger.store.load(units.stream_of(unit)))[1])
        if state.organisation is None:
            raise NoSuchUnitError(f"no unit {unit} is registered; register the unit first")
        store = self._ledger.store
        slots = await store.query(queries.slots_of_night, night, unit)
        roster = await store.query(queries.shifts_of_night, unit, night)
        there = await store.query(queries.signed_in_of_night, unit, night)
        staff = _staff(roster, there)
        zone, rules = zone_named(state.zone), state.rules
        looks = [
            Look(slot.id, slot.opens_at, slot.due_at, max(slot.late_at, slot.due_at))
            for slot in slots
            if slot.kind == "remote" and slot.status != "cancelled"
        ]
        look_at = spread(looks, lambda start: staff(start) * rules.looks_a_quarter, zone)
        before, after = quarters(looks, zone, staff, rules), quarters(looks, zone, staff, rules, look_at)
        return NightLoad(zone, before, after, look_at, staff)

    async def suggested(self, unit: UUID, night: date) -> dict[UUID, datetime]:
        """When to look at each slot of the night, so that no quarter holds more than its staff manage."""
        return (await self.night_load(unit, night)).look_at


def _staff(roster: Sequence[queries.ShiftRow], there: Sequence[queries.SignedInRow]) -> Callable[[datetime], int]:
    """How many night staff there are in a quarter: by the roster, and those who came without standing in it.

    Who stands in it and has gone early is gone; who has come without it counts until they go.
    """
    gone = {row.staff: row.out_at for row in there if row.out_at is not None}
    rostered = [row for row in roster if row.role == NIGHT_STAFF]
    known = {row.staff for row in rostered}
    extra = [row for row in there if row.role == NIGHT_STAFF and row.staff not in known]

    def count(start: datetime) -> int:
        present = {row.staff for row in rostered if row.starts_at < start + QUARTER and start < row.ends_at}
        present |= {row.staff for row in extra if row.at < start + QUARTER}
        return sum(1 for staff in present if staff not in gone or start < gone[staff])

    return count
