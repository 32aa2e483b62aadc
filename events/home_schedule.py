"""The schedule as a gateway keeps it: what it needs to do its checks alone, and no name or address.

One document a gateway, published to the NATS key-value bucket and kept on the gateway's disk. The gateway works out
the night's slots from it with `events.schedule`, by the same rules and with the same ids as the planner.
"""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from events.schedule import PlannedSlot, ScheduleEntry, SlotKind, plan_night


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601")


class SchedulePeriod(_Part):
    """The entries that hold from a night on, until a later period begins."""

    from_night: date
    entries: tuple[ScheduleEntry, ...]
    holds_from: AwareDatetime
    """Slots due before this instant do not exist: the agreement was not made yet."""


class GrantedNights(_Part):
    """A decision: the nights it covers, and the instants between which slots exist under it."""

    first_night: date
    last_night: date | None
    holds_from: AwareDatetime
    ends_at: AwareDatetime | None = None

    def covers(self, night: date) -> bool:
        """Whether the night lies within the granted dates."""
        return self.first_night <= night and (self.last_night is None or night <= self.last_night)


class RecipientSchedule(_Part):
    """One recipient's agreed times, and everything that keeps the camera shut."""

    recipient: UUID
    version: int
    """The version of the recipient's stream that this was made from; grants name the version they relied on."""
    zone: str
    granted: tuple[GrantedNights, ...]
    camera_allowed: bool
    """Everybody who lives there consents, nothing pauses it, its test has passed. False shuts the camera, at once."""
    machine_openings: bool
    """Consent lets the gateway open the camera by itself, to judge the picture."""
    extra_look_consented: bool
    periods: tuple[SchedulePeriod, ...]
    closed_slots: tuple[UUID, ...] = ()
    """Slots of nights already planned that are no longer the camera's: cancelled, or a visit instead."""
    camera: UUID | None = None
    """The camera that shows this person's bed; None: the home's."""
    alarm_looks: bool = False
    """Consent covers looks outside the agreed times, on somebody's word."""

    def slots(self, night: date) -> tuple[PlannedSlot, ...]:
        """The night's slots that are the camera's to do, in order of time."""
        period, grant = period_of(self.periods, night), self._grant_of(night)
        if period is None or grant is None or not self.camera_allowed:
            return ()
        extra, zone = self.extra_look_consented, ZoneInfo(self.zone)
        planned = planned_in(period, self.recipient, zone, night, grant.holds_from, extra_look_consented=extra)
        held = (slot for slot in planned if grant.ends_at is None or slot.due_at < grant.ends_at)
        closed = set(self.closed_slots)
        return tuple(slot for slot in held if slot.kind is SlotKind.REMOTE and slot.slot not in closed)

    def _grant_of(self, night: date) -> GrantedNights | None:
        """The decision that a night stands under, as the service sees it: the latest, one not ended first."""
        covering = [grant for grant in self.granted if grant.covers(night)]
        standing = [grant for grant in covering if grant.ends_at is None]
        return next(reversed(standing or covering), None)


class HomeSchedule(_Part):
    """One home: its camera, and those who live there, are checked on, and have a camera behind this gateway."""

    home: UUID
    camera: UUID | None
    recipients: tuple[RecipientSchedule, ...]
    in_test: UUID | None = None
    """The camera that an installer is testing now; grants for a test open it, and nothing else does."""
    in_test_until: AwareDatetime | None = None
    """When the test is over; without it nothing is in test."""
    carer: bool = False
    """A carer is in the home: nobody looks, and the gateway opens nothing."""


class GatewaySchedule(_Part):
    """Everything one gateway is to do. `revision` grows with every change."""

    gateway: UUID
    organisation: UUID
    unit: UUID
    revision: int = Field(ge=0)
    made_at: AwareDatetime
    retry_after: timedelta
    """From a picture that was no use to the one retry."""
    homes: tuple[HomeSchedule, ...]


def period_of(periods: tuple[SchedulePeriod, ...], night: date) -> SchedulePeriod | None:
    """The period whose entries hold in `night`: the latest that has begun by then."""
    begun = [period for period in periods if period.from_night <= night]
    return max(begun, key=lambda period: period.from_night, default=None)


def planned_in(
    period: SchedulePeriod,
    recipient: UUID,
    zone: ZoneInfo,
    night: date,
    holds_from: datetime,
    *,
    extra_look_consented: bool,
) -> tuple[PlannedSlot, ...]:
    """A night's slots, less those due before decision (`holds_from`) and schedule were there."""
    since = max(holds_from, period.holds_from)
    slots = plan_night(recipient, period.entries, zone, night, extra_look_consented=extra_look_consented)
    return tuple(slot for slot in slots if slot.due_at >= since)
