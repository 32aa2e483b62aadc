"""Alarms: what somebody must act upon now. Few kinds, one cause each; acknowledging one does not close it."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event


class AlarmKind(StrEnum):
    """What is wrong. A due check is a task and no alarm."""

    OVERDUE = "overdue"
    """A slot ran out and nobody had looked."""
    NOT_SEEN_TWICE = "not-seen-twice"
    DEVICE_LOST = "device-lost"
    """A gateway or camera, or an incident's many at once."""
    VISIT_NOT_ACKNOWLEDGED = "visit-not-acknowledged"
    NO_PLAN = "no-plan"
    """A decision stands without what it takes to carry it out, or ends with nobody to answer for it."""
    NOBODY_SIGNED_IN = "nobody-signed-in"
    RETURNED = "returned-unannounced"
    """Somebody is back from an absence and nobody had said so: until a look or a visit has found out how they are."""
    BREAK_GLASS = "break-glass"
    """Somebody opened what they have no role for."""


class AlarmRaised(Event, name="alarm.raised"):
    """Something is wrong. `cause` names it (`slot:<id>`, `visit:<id>`, `gateway:<id>` …): one alarm for each."""

    alarm: UUID
    kind: AlarmKind
    unit: UUID
    cause: str = Field(max_length=120)
    role: str = Field(max_length=40)
    """Who must act: night-staff, assessor, manager."""
    recipient: UUID | None
    home: UUID | None
    since: AwareDatetime
    """Since when it is wrong, for all repetitions to say."""
    answer_by: AwareDatetime


class AlarmAcknowledged(Event, name="alarm.acknowledged"):
    """A named person has it. It is not over: if the cause still stands at `mend_by`, the alarm is open again."""

    alarm: UUID
    by: UUID
    mend_by: AwareDatetime


class AlarmRepeated(Event, name="alarm.repeated"):
    """Still: nobody has it, or whoever has it could not mend it in time."""

    alarm: UUID
    repeats: int = Field(ge=1)
    since: AwareDatetime
    answer_by: AwareDatetime


class AlarmHandedOver(Event, name="alarm.handed-over"):
    """Somebody else has it now."""

    alarm: UUID
    by: UUID
    to: UUID


class AlarmDisowned(Event, name="alarm.disowned"):
    """Whoever had it has gone off shift without handing it over: it belongs to nobody, and is loud at once."""

    alarm: UUID
    was: UUID
    answer_by: AwareDatetime


class AlarmCleared(Event, name="alarm.cleared"):
    """The cause is gone."""

    alarm: UUID
    because: str = Field(max_length=120)
