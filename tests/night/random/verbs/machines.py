"""Gateways and what they say, late, repeated, out of order, contradicting; a sweeper that is down for a while."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events.store import queries
from events.types.check import CameraTrouble, CameraUnreachable, CheckDue, NoUsablePicture, PictureQuality, report_id
from services.tillsyn.inbound.deciding import SlotNotPlannedYetError, decide_batch
from services.tillsyn.inbound.reading import Known, Report, UnreadableMessageError, accept
from services.tillsyn.kinds import RECIPIENT
from services.tillsyn.recipient import stream_of
from tests.builders import minutes, seconds
from tests.night.random.hours import OWNER, Hours
from tests.night.random.plan import Act
from tests.night.random.town import BEHIND, GATEWAYS, HOMES
from tests.night.random.verbs.verb import Verb, nth

CLOCK_STEPS = (seconds(0), seconds(0), seconds(0), seconds(3), minutes(7), -minutes(2), -minutes(30), minutes(90))
"""By how much a gateway's clock is off when it says something."""


async def report(night: Hours, act: Act) -> None:
    """A gateway says something of a slot: now, or, when it is off, once it is heard of again."""
    slots = [slot for slot in await night.slots() if slot.opens_at <= night.clock.now()]
    if not slots:
        return
    slot = nth(slots, act.which)
    gateway = GATEWAYS[BEHIND[HOMES.index(slot.home)]]
    said = await _said(night, act, slot)
    if said.context.time < slot.opens_at:
        return  # by its own clock, which is behind, the slot is not open yet
    if gateway in night.off:
        night.spool[gateway].append(said)
        return
    await deliver(night, [said] * (1 + (act.how == 7)))


async def outage(night: Hours, act: Act) -> None:
    """No camera of a gateway can be reached: it says so of every slot whose time has come."""
    gateway = nth(GATEWAYS, act.which)
    for slot in await night.slots():
        if slot.opens_at <= night.clock.now() and GATEWAYS[BEHIND[HOMES.index(slot.home)]] == gateway:
            await deliver(night, [_made(night, slot, gateway, 1 + act.who % 2, 2, night.clock.now(), opens=False)])


async def off(night: Hours, act: Act) -> None:
    for gateway in GATEWAYS if act.how % 2 else [nth(GATEWAYS, act.which)]:
        await night.switch_off(gateway)


async def on(night: Hours, act: Act) -> None:
    """Heard of again; what was in the spool comes in another order, and some of it twice."""
    for gateway in GATEWAYS if act.how % 2 else [nth(GATEWAYS, act.which)]:
        await night.switch_on(gateway)
        spooled, night.spool[gateway] = night.spool[gateway], []
        night.chance.shuffle(spooled)
        await deliver(night, [*spooled, *spooled[:1]])


async def sweeper_down(night: Hours, act: Act) -> None:
    """Nobody sweeps for a while."""
    back = night.clock.now() + minutes(10 + 20 * act.how)
    night.pauses.append((night.clock.now(), back))
    night.sweeper_back = back


async def passing(night: Hours, act: Act) -> None:
    """Nothing happens but time: to the next slot that opens."""
    opening = [slot.opens_at for slot in await night.slots() if slot.opens_at > night.clock.now()]
    if opening:
        await night.until(min(opening))


async def to_the_next_slot(night: Hours) -> None:
    """Let time pass until a slot is open whose window has begun, if one will be."""
    slots, now = [slot for slot in await night.slots() if slot.status == "open"], night.clock.now()
    if slots and all(slot.opens_at > now for slot in slots):
        await night.until(min(slot.opens_at for slot in slots))


async def deliver(night: Hours, reports: Sequence[Report]) -> None:
    """As the consumer does it: what may not be said is buried, the rest decided, one by one if need be."""
    known = Known(
        dict.fromkeys(GATEWAYS, OWNER),
        await night.store.query(
            queries.homes_of_recipients,
            [one.event.recipient for one in reports],  # type: ignore[union-attr]
        ),
    )
    accepted = []
    for one in reports:
        try:
            accepted.append(accept(one, known, night.clock.now()))
        except UnreadableMessageError as buried:
            night.told.append(f"  buried: {buried}")
    try:
        await decide_batch(night.ledger, accepted, None)
    except (UnreadableMessageError, SlotNotPlannedYetError) as refused:
        night.told.append(f"  not now: {refused}")
        if len(accepted) > 1:
            for one in accepted:
                await deliver(night, [one])


async def _said(night: Hours, act: Act, slot: queries.SlotRow) -> Report:
    person = RECIPIENT.fold((await night.store.load(stream_of(slot.recipient)))[1])
    opens = "machine-openings" in (person.consent.scope if person.consent else ())
    gateway = GATEWAYS[BEHIND[HOMES.index(slot.home)]]
    at = night.clock.now() + nth(CLOCK_STEPS, act.who * 3 + act.how)
    return _made(night, slot, gateway, 1 + act.how % 2, act.who, at, opens=opens)


def _made(
    night: Hours, slot: queries.SlotRow, gateway: UUID, attempt: int, what: int, at: datetime, *, opens: bool
) -> Report:
    about = {
        "slot": slot.id,
        "recipient": slot.recipient,
        "home": slot.home,
        "night": night.plan.night,
        "attempt": attempt,
    }
    event: CheckDue | NoUsablePicture | CameraUnreachable
    match what:
        case 0:
            event = CheckDue(**about, quality=_quality("usable") if opens else None)
        case 1:
            event = NoUsablePicture(**about, quality=_quality("covered"))
        case _:
            event = CameraUnreachable(**about, trouble=CameraTrouble.TIMED_OUT)
    id_ = report_id(slot.id, type(event), attempt)
    return Report(id_, gateway, event, night.context_of(gateway, at))


def _quality(verdict: str) -> PictureQuality:
    return PictureQuality(verdict=verdict, mean_grey=80, edge_share=12, infrared=True)


VERBS: dict[str, Verb] = {
    "report": report,
    "outage": outage,
    "gateway off": off,
    "gateway on": on,
    "sweeper down": sweeper_down,
    "sweep": passing,
}
