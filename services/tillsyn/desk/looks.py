"""The look: granted to the holder of the lease while nothing keeps the camera shut, and what came of it.

One opening can be for two recipients of a home: it is one look on the wire, on record in both their nights, and each
slot is answered by itself.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.looks.grant import LookPurpose
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture
from events.types.night import MOST_WORDS, AlarmCaller, EscalationReason, LookGranted, VisitInstead
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.follow import record_night
from services.tillsyn.desk.outside_times import require_alarm_consent, require_consent_to_more
from services.tillsyn.desk.place import Place, place_of
from services.tillsyn.home.state import Camera
from services.tillsyn.household import Household, load_household
from services.tillsyn.kinds import RECIPIENT
from services.tillsyn.ledger import Transaction
from services.tillsyn.looking import GrantRequest
from services.tillsyn.night.errors import NotForTheCameraError
from services.tillsyn.refused import RefusedError

FOUND_FAULTS = (LookFault.CAMERA, LookFault.GATEWAY_SILENT, LookFault.UNKNOWN_CAMERA)
"""A look that fails so has found a fault: somebody is sent within the unit's grace."""


CARER_THERE = "a carer is in the home"


class CameraShutError(RefusedError):
    """Consent, a pause, a carer or a missing camera keeps the camera shut."""


class NotOneOpeningError(RefusedError):
    """One opening shows the recipients of one home, at agreed times."""


async def grant(tx: Transaction, slots: Sequence[UUID], by: UUID, viewer_key: str) -> GrantRequest:
    """Put one look at `slots` on record, and make its grant. It is counted for the first of them."""
    places = [await place_of(tx, slot, by) for slot in dict.fromkeys(slots)]
    first, look = places[0], tx.ledger.ids.thing()
    camera = (await load_household(tx, first.row.home)).camera_of(first.row.recipient)
    if camera is None:
        raise NotForTheCameraError(first.row.id)
    granted: list[Event] = []
    for place in places:
        if place.row.home != first.row.home:
            raise NotOneOpeningError(
                f"slots {first.row.id} and {place.row.id} are of two homes; look at each by itself"
            )
        granted += await _grant_one(tx, place, by, look, camera, first)
    return GrantRequest.of(
        [event for event in granted if isinstance(event, LookGranted)], first.row, camera, viewer_key
    )


async def _grant_one(
    tx: Transaction, place: Place, by: UUID, look: UUID, camera: Camera, first: Place
) -> Sequence[Event]:
    person = await tx.load(RECIPIENT, recipients.stream_of(place.row.recipient), rely=True)
    household = await load_household(tx, place.row.home)
    shut = kept_shut(household, place.row.recipient, place.context.time)
    if shut is not None:
        raise CameraShutError(f"the camera of slot {place.row.id} stays shut: {shut}")
    if household.camera_of(place.row.recipient) != camera:
        raise NotOneOpeningError(
            f"the camera of slot {first.row.id} does not show slot {place.row.id}; look at it alone"
        )
    command = nights.GrantLook(
        slot=place.row.id,
        look=look,
        by=by,
        camera=camera.camera,
        recipient_version=person.version,
        at=place.context.time,
        with_slot=None if place is first else first.row.id,
    )
    state = place.night.state
    events = nights.decide(state, command)
    if any(event.purpose is LookPurpose.ALARM for event in events if isinstance(event, LookGranted)):
        if place is not first:
            raise NotOneOpeningError(f"slot {place.row.id} is outside the agreed times; look at it by itself")
        slot = state.slots[place.row.id]
        if slot.looked_enough:
            require_consent_to_more(household, place.row.recipient, slot)
        require_alarm_consent(household, place.row.recipient, slot.caller or AlarmCaller.STAFF)
    await record_night(tx, place.night, events, place.context)
    return events


async def record_reply(
    tx: Transaction, slots: Sequence[UUID], by: UUID, look: UUID, reply: SealedPicture | NoPicture
) -> SealedPicture | NoPicture:
    """Record what came of the look. A picture that came after somebody said no, or came in, is not handed on."""
    places = [await place_of(tx, slot, by) for slot in dict.fromkeys(slots)]
    for place in places:
        household = await load_household(tx, place.row.home)
        shut = kept_shut(household, place.row.recipient, place.context.time)
        if isinstance(reply, SealedPicture) and shut is not None:
            reply = NoPicture(look, LookFault.SUSPENDED, f"refused while the camera opened: {shut}")
    for place in places:
        command = _outcome(place, look, reply)
        await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)
    return reply


def kept_shut(household: Household, recipient: UUID, at: datetime) -> str | None:
    """Why nobody may look at this person at `at`; None when somebody may."""
    return _in_words(household.shut(recipient, at), household)


def kept_shut_in_test(household: Household, at: datetime) -> str | None:
    """Why no camera of the home may be opened for its test at `at`; None when one may."""
    return _in_words(household.shut_in_test(at), household)


def _in_words(shut: VisitInstead | None, household: Household) -> str | None:
    if shut is not None:
        return shut.value
    return CARER_THERE if household.carer else None


def _outcome(place: Place, look: UUID, reply: SealedPicture | NoPicture) -> nights.Command:
    if isinstance(reply, SealedPicture):
        return nights.RecordServed(place.row.id, look, reply.taken_at, reply.frame)
    fault = f"{reply.fault.value}: {reply.detail}".removesuffix(": ")[:MOST_WORDS]
    trouble = EscalationReason.CAMERA_UNREACHABLE if reply.fault in FOUND_FAULTS else None
    return nights.RecordFailed(place.row.id, look, fault, place.context.time, trouble)
