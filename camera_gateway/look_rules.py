"""Whether a signed grant opens a camera here and now: a pure function of the grant, the schedule and the time."""

from datetime import datetime, timedelta
from uuid import UUID

from camera_gateway.due import camera_of, slots_around
from events.home_schedule import GatewaySchedule, HomeSchedule, RecipientSchedule
from events.looks.grant import BadGrantError, Grant, LookPurpose
from events.looks.messages import LookFault, NoPicture
from events.schedule import PlannedSlot

LOOKS_END_AFTER = timedelta(hours=2, minutes=30)
"""From due to the last instant at which anybody may look: a unit's hard maximum for all extensions (two hours, see
`NightRules.hard_maximum`) and half an hour for a unit that has agreed on a longer one. The schedule says nothing of
extensions, so this is how far the gateway believes the service that there was one."""

CLOCK_DIFFERENCE = timedelta(seconds=5)
"""A grant holds from the moment it is made, by a clock that may be this far ahead of ours."""

CARER_THERE = "the camera is shut: a carer is in the home"


def refusal(grant: Grant, schedule: GatewaySchedule | None, gateway: UUID, now: datetime) -> NoPicture | None:
    """Why the look is refused, or None.

    The service's word alone opens nothing: a grant made with a stolen signing key still finds the camera shut for
    whoever has not agreed, and outside the agreed times.
    """

    def no(fault: LookFault, detail: str) -> NoPicture:
        return NoPicture(grant.look, fault, detail)

    if grant.gateway != gateway:
        return no(LookFault.BAD_GRANT, "the grant is for another gateway")
    try:
        grant.require_valid_at(min(max(now, grant.valid_from), now + CLOCK_DIFFERENCE))
    except BadGrantError as error:
        return no(LookFault.NOT_NOW, str(error))
    if grant.purpose is LookPurpose.COMMISSIONING:
        home = _home_in_test(grant, schedule)
        if home is None or home.in_test_until is None or now >= home.in_test_until:
            return no(LookFault.NOT_NOW, "no test of that camera is known here")
        return no(LookFault.SUSPENDED, CARER_THERE) if home.carer else None
    if is_outdated(grant, schedule):
        return no(LookFault.OUTDATED_SCHEDULE, "the grant relies on a newer schedule than the gateway has")
    found = _at_home(grant, schedule)
    if found is None or camera_of(*found) != grant.camera:
        return no(LookFault.UNKNOWN_CAMERA, "the schedule knows no such camera in that home")
    home, recipient = found
    if not recipient.camera_allowed:
        return no(LookFault.SUSPENDED, "the camera is shut: not all consent, or it is paused or not tested")
    if home.carer:
        return no(LookFault.SUSPENDED, CARER_THERE)
    if grant.purpose is LookPurpose.ALARM:
        return None if recipient.alarm_looks else no(LookFault.SUSPENDED, "nobody agreed to looks at other times")
    if not _within_agreed_time(grant, recipient, now):
        return no(LookFault.NOT_NOW, f"no check that was agreed for that person is open at {now:%H:%M:%S} UTC")
    return None


def is_outdated(grant: Grant, schedule: GatewaySchedule | None) -> bool:
    """Whether the service knew more of the recipient, or of a test, than we do."""
    if grant.purpose is LookPurpose.COMMISSIONING:
        return _home_in_test(grant, schedule) is None
    found = _at_home(grant, schedule)
    return found is None or found[1].version < grant.recipient_version


def looks_end(slot: PlannedSlot) -> datetime:
    """The last instant at which anybody may look at the slot."""
    return max(slot.deadline, slot.due_at + LOOKS_END_AFTER)


def _at_home(grant: Grant, schedule: GatewaySchedule | None) -> tuple[HomeSchedule, RecipientSchedule] | None:
    for home in schedule.homes if schedule else ():
        for recipient in home.recipients:
            if (home.home, recipient.recipient) == (grant.home, grant.recipient):
                return home, recipient
    return None


def _home_in_test(grant: Grant, schedule: GatewaySchedule | None) -> HomeSchedule | None:
    homes = schedule.homes if schedule else ()
    return next((home for home in homes if home.home == grant.home and home.in_test == grant.camera), None)


def _within_agreed_time(grant: Grant, recipient: RecipientSchedule, now: datetime) -> bool:
    """The slot itself has to be open: another one of the same night is no reason to look for a cancelled one."""
    return any(
        slot.slot == grant.slot and slot.opens_at <= now <= looks_end(slot) for _, slot in slots_around(recipient, now)
    )
