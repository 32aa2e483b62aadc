"""From the rows of a night to one list for each patrol. Pure; what speaks of people is still sealed.

Every slot is listed, the camera's too: when nothing works they are all visits. Who is not to be visited stands at the
end, with the reason, so that nobody wonders.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from events.store import queries
from services.offline_list.dividing import PatrolOnPaper, belonging


class Task(StrEnum):
    """What is to be done at the door."""

    CAMERA = "camera"
    """Was meant for the camera; without it, somebody goes."""
    VISIT = "visit"
    """A visit was planned anyway."""
    SENT = "sent"
    """The camera could not settle it: somebody has been asked to go."""


class Left(StrEnum):
    """Why nobody needs to go."""

    ABSENT = "absent"
    DECISION_ENDED = "decision-ended"
    DEATH = "death"
    CANCELLED = "cancelled"
    DONE = "done"
    NOT_PLANNED = "not-planned"


@dataclass(frozen=True, slots=True)
class SealedField:
    """Ciphertext as the read model keeps it, and the event that it is bound to."""

    json: str
    event: UUID


@dataclass(frozen=True, slots=True)
class Line:
    """A check of one person. `left` None: somebody must go. No times: nothing is planned.

    `planned` is false for what somebody asked for in the night itself.
    """

    recipient: UUID
    name: SealedField
    address: SealedField
    key_code: SealedField | None
    risk_class: str
    outage_agreement: str
    task: Task
    people: int
    near: bool
    planned: bool
    left: Left | None
    due_at: datetime | None
    opens_at: datetime | None
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class PatrolList:
    """One list. `patrol` None: the unit has no patrols, and `title` is the unit's name."""

    organisation: UUID
    unit: UUID
    unit_name: str
    zone: str
    night: date
    patrol: UUID | None
    title: str
    lines: tuple[Line, ...]

    @property
    def checks(self) -> tuple[Line, ...]:
        """Where somebody must go, in order of time."""
        return tuple(line for line in self.lines if line.left is None)

    @property
    def rest(self) -> tuple[Line, ...]:
        """Where nobody needs to go, with the reason."""
        return tuple(line for line in self.lines if line.left is not None)

    @property
    def persons(self) -> int:
        """Of how many people the list speaks."""
        return len({line.recipient for line in self.lines})

    @property
    def edition(self) -> str:
        """Changes when, and only when, the list would say something else. Of ids and times: it names nobody."""
        return sha256(repr((self.title, self.unit_name, self.zone, self.lines)).encode()).hexdigest()


def lists_of(
    unit: queries.UnitRow, night: date, patrols: Sequence[queries.PaperPatrolRow], rows: Sequence[queries.PaperRow]
) -> tuple[PatrolList, ...]:
    """A list for each patrol, also an empty one: a crew without paper would not know whether it has gone astray."""
    cars = [PatrolOnPaper(row.id, row.name, frozenset(row.areas.splitlines()), row.place) for row in patrols]
    whose: dict[UUID | None, list[Line]] = {car.patrol: [] for car in cars} or {None: []}
    for row in rows:
        belongs = belonging(row.area, cars)
        whose[belongs.patrol].append(_line(row, near=belongs.near))
    titles: dict[UUID | None, str] = {car.patrol: car.name for car in cars}
    return tuple(
        PatrolList(
            unit.organisation,
            unit.id,
            unit.name,
            unit.zone,
            night,
            patrol,
            titles.get(patrol, unit.name),
            tuple(sorted(lines, key=_order)),
        )
        for patrol, lines in whose.items()
    )


def first_slot(lists: Sequence[PatrolList]) -> datetime | None:
    """When the unit's first planned slot opens, or would have; None in a night without any.

    It does not move as slots are settled or cancelled, nor for an alarm that somebody raises in the afternoon.
    """
    opening = [line.opens_at for one in lists for line in one.lines if line.opens_at is not None and line.planned]
    return min(opening, default=None)


def _order(line: Line) -> tuple[str, str, str]:
    return (line.due_at.isoformat() if line.due_at else "~", str(line.recipient), str(line.left))


def _line(row: queries.PaperRow, *, near: bool) -> Line:
    coded = row.key_code is not None and row.key_code_event is not None
    return Line(
        recipient=row.recipient,
        name=SealedField(row.name, row.name_event),
        address=SealedField(row.address, row.address_event),
        key_code=SealedField(row.key_code or "", row.key_code_event or row.home) if coded else None,
        risk_class=row.risk_class,
        outage_agreement=row.outage_agreement,
        task=_task(row),
        people=row.people_needed or 1,
        near=near,
        planned=row.caller is None,
        left=_left(row),
        due_at=row.due_at,
        opens_at=row.opens_at,
        deadline=row.deadline,
    )


def _task(row: queries.PaperRow) -> Task:
    if row.status == "escalated":
        return Task.SENT
    return Task.VISIT if row.kind == "visit" else Task.CAMERA


def _left(row: queries.PaperRow) -> Left | None:
    """An escalated slot stays one for ever: whether anybody must go still is told by its visit."""
    match row.status:
        case None:
            return Left.NOT_PLANNED
        case "completed":
            return Left.DONE
        case "escalated" if row.visit_stage == "completed":
            return Left.DONE
        case _ if row.died_at is not None:
            return Left.DEATH
        case "escalated" if row.visit_stage == "closed":
            return Left.CANCELLED
        case "cancelled":
            return Left(row.reason) if row.reason in set(Left) else Left.CANCELLED
        case _:
            return None
