"""What is due when: a pure function of the schedule, of what was reported already, and of the time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from events.home_schedule import GatewaySchedule, HomeSchedule, RecipientSchedule
from events.schedule import PlannedSlot, night_of, zone_named

MOST_ATTEMPTS = 2
"""After no usable picture there is one retry; from then on it is for people to decide."""

ONE_NIGHT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reported:
    """The latest attempt at a slot that is on record: its number, whether it had a usable picture, and when."""

    attempt: int
    picture: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One attempt at one slot that is still to be made, and when."""

    slot: PlannedSlot
    night: date
    recipient: UUID
    home: UUID
    camera: UUID | None
    may_open: bool
    """Consent lets the gateway open the camera by itself, to judge the picture, and no carer is there."""
    attempt: int
    at: datetime


def outstanding(
    schedule: GatewaySchedule, reported: Mapping[UUID, Reported], now: datetime, since: datetime | None = None
) -> tuple[Check, ...]:
    """Every attempt still to be made, of last night, tonight and the next night, in order of time.

    Those whose time is past come first: the gateway was off, and says it late. A slot past its deadline is no longer
    the gateway's: the service has settled it without us. Unless its deadline has passed `since` then because the clock
    was set on, or the box slept: nobody else may know of it, so it is said, too late, without opening the camera.
    """
    awake = min(since or now, now)
    found = (
        check
        for home in schedule.homes
        for recipient in home.recipients
        for check in _of_recipient(home, recipient, schedule.retry_after, reported, now)
        if check.slot.deadline > now or (check.attempt == 1 and check.slot.deadline > awake)
    )
    return tuple(sorted(found, key=lambda check: (check.at, str(check.camera), str(check.slot.slot))))


def as_agreed_now(schedule: GatewaySchedule | None, check: Check, now: datetime) -> Check | None:
    """The check as the schedule has it now; None when the slot is no longer the camera's.

    Asked right before an opening: consent may have been withdrawn while the check waited for its turn.
    """
    for home in schedule.homes if schedule else ():
        for recipient in home.recipients:
            if (home.home, recipient.recipient) != (check.home, check.recipient):
                continue
            if any(slot.slot == check.slot.slot for _, slot in slots_around(recipient, now)):
                return replace(check, camera=camera_of(home, recipient), may_open=_may_open(home, recipient))
    return None


def camera_of(home: HomeSchedule, recipient: RecipientSchedule) -> UUID | None:
    """The camera that shows this person's bed: their own where one is named, else the home's."""
    return recipient.camera or home.camera


def _may_open(home: HomeSchedule, recipient: RecipientSchedule) -> bool:
    """By itself the gateway opens where everybody consents to that, and never while a carer is in the home."""
    return recipient.machine_openings and not home.carer


def by_camera(checks: Iterable[Check]) -> Iterator[tuple[Check, ...]]:
    """Checks that one opening can serve: two people in one home, or two entries that fall together."""

    def key(check: Check) -> str:
        return f"{check.home}/{check.camera}"

    for _, together in groupby(sorted(checks, key=key), key=key):
        yield tuple(together)


def slots_around(recipient: RecipientSchedule, now: datetime) -> Iterator[tuple[date, PlannedSlot]]:
    """The camera's slots of last night, tonight and the next night: windows reach past noon, and retries too."""
    tonight = night_of(now, zone_named(recipient.zone))
    for night in (tonight - ONE_NIGHT, tonight, tonight + ONE_NIGHT):
        for slot in recipient.slots(night):
            yield night, slot


def _of_recipient(
    home: HomeSchedule,
    recipient: RecipientSchedule,
    retry_after: timedelta,
    reported: Mapping[UUID, Reported],
    now: datetime,
) -> Iterator[Check]:
    for night, slot in slots_around(recipient, now):
        match reported.get(slot.slot):
            case None:
                attempt, at = 1, slot.due_at
            case Reported(attempt=before, picture=False, at=then) if before < MOST_ATTEMPTS:
                attempt, at = before + 1, max(then + retry_after, slot.due_at)
            case _:
                continue
        if at < slot.deadline:
            yield Check(
                slot=slot,
                night=night,
                recipient=recipient.recipient,
                home=home.home,
                camera=camera_of(home, recipient),
                may_open=_may_open(home, recipient) and slot.deadline > now,
                attempt=attempt,
                at=at,
            )
