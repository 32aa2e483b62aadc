"""Night staff at the desk: claim, look, answer; second thoughts; looks for two; alarms by hand; reviews."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from events.looks.messages import LookFault
from events.store import queries
from events.types.night import AlarmCaller, ReviewVerdict
from tests.builders import ASSESSOR, MANAGER, UNIT, minutes, seconds
from tests.night.random.hours import Hours
from tests.night.random.plan import Act
from tests.night.random.town import NURSES, PEOPLE
from tests.night.random.verbs import agreements, machines
from tests.night.random.verbs.verb import Verb, nth
from tests.services.tillsyn.house import VIEWER_KEY

Answer = Callable[[UUID, UUID], Awaitable[None]]


async def _slot(night: Hours, act: Act) -> queries.SlotRow | None:
    """One of the slots that are open now, or else any."""
    slots, now = await night.slots(), night.clock.now()
    under_way = [slot for slot in slots if slot.status == "open" and slot.opens_at <= now]
    return nth(under_way or slots, act.which) if slots else None


async def check(night: Hours, act: Act) -> None:
    """Claim, look, answer, once a slot has opened; the camera may fail, or much may happen before it answers."""
    await machines.to_the_next_slot(night)
    slot, nurse = await _slot(night, act), nth(NURSES, act.who)
    if slot is None or not await night.ask(lambda: night.desk.claim(slot.id, nurse)):
        return
    await _look(night, act, nurse, slot.id)
    await answer(night, act)


async def claim(night: Hours, act: Act) -> None:
    slot = await _slot(night, act)
    if slot is not None:
        await night.ask(lambda: night.desk.claim(slot.id, nth(NURSES, act.who)))


async def release(night: Hours, act: Act) -> None:
    slot = await _slot(night, act)
    if slot is not None:
        await night.ask(lambda: night.desk.release(slot.id, nth(NURSES, act.who)))


async def look(night: Hours, act: Act) -> None:
    slot = await _slot(night, act)
    if slot is not None:
        await _look(night, act, nth(NURSES, act.who), slot.id)


async def answer(night: Hours, act: Act) -> None:
    """What whoever looked says of it; whether they may is for the desk."""
    slot, nurse = await _slot(night, act), nth(NURSES, act.who)
    answers = (night.desk.all_well,) * 4 + (night.desk.not_seen, night.desk.uncertain, night.desk.concern)
    said: Answer = nth([*answers, night.desk.not_seen], act.how)
    if slot is not None:
        await night.ask(lambda: said(slot.id, nurse))


async def undo(night: Hours, act: Act) -> None:
    await _of_any(night, act, night.desk.undo)


async def concern(night: Hours, act: Act) -> None:
    await _of_any(night, act, lambda slot, by: night.desk.concern(slot, by, "pale"))


async def reopen(night: Hours, act: Act) -> None:
    await _of_any(night, act, lambda slot, by: night.desk.reopen(slot, by, "he coughed"))


async def both(night: Hours, act: Act) -> None:
    """Claim two slots of a home, and look once for both; each is answered by itself."""
    slots, nurse = await night.slots(), nth(NURSES, act.who)
    first = await _slot(night, act)
    others = [slot for slot in slots if first and slot.home == first.home and slot.recipient != first.recipient]
    if first is None or not others:
        return
    pair = [first.id, nth(others, act.how).id]
    for id_ in pair:
        await night.ask(lambda id_=id_: night.desk.claim(id_, nurse))  # type: ignore[misc]
    await _look(night, act, nurse, pair[0], pair[1])
    for id_, said in zip(
        pair, (night.desk.all_well, nth((night.desk.all_well, night.desk.not_seen), act.how)), strict=True
    ):
        await night.ask(lambda id_=id_, said=said: said(id_, nurse))  # type: ignore[misc]


async def alarm(night: Hours, act: Act) -> None:
    person, caller = nth(PEOPLE, act.which), nth(list(AlarmCaller), act.how)
    camera = act.how % 3 != 0
    await night.ask(lambda: night.desk.alarm(person, nth(NURSES, act.who), caller, "does not answer", camera=camera))


async def review(night: Hours, act: Act) -> None:
    looks = await night.reviews.looks_to_review(UNIT)
    if looks:
        looked, by = nth(looks, act.which), nth((MANAGER, ASSESSOR, NURSES[0]), act.who)
        await night.ask(lambda: night.reviews.review_look(looked.slot, looked.id, by, ReviewVerdict.IN_ORDER))


async def _look(night: Hours, act: Act, nurse: UUID, slot: UUID, *also: UUID) -> None:
    """Most looks are answered at once. Some fail; some take longer than the lease; some are overtaken by a no."""
    what = night.chance.randrange(10)
    night.fault = (LookFault.CAMERA, LookFault.NOT_NOW, LookFault.GATEWAY_SILENT)[act.how % 3] if what == 0 else None
    if what == 1:
        night.meanwhile = lambda: night.until(night.clock.now() + minutes(2))
    elif what == 2:
        nos = (agreements.withdraw, agreements.pause, agreements.dies, agreements.cohabitant_withdraws, agreements.stop)
        night.meanwhile = lambda: nth(nos, act.how)(night, act)
    elif what == 3:
        night.meanwhile = lambda: night.until(night.clock.now() + seconds(20))
    await night.ask(lambda: night.desk.look(slot, nurse, VIEWER_KEY, also), whole=night.meanwhile is None)
    night.fault = night.meanwhile = None


async def _of_any(night: Hours, act: Act, asked: Answer) -> None:
    """Of any slot, settled or not."""
    slots = await night.slots()
    if slots:
        slot = nth(slots, act.which)
        await night.ask(lambda: asked(slot.id, nth(NURSES, act.who)))


VERBS: dict[str, Verb] = {
    "check": check,
    "claim": claim,
    "release": release,
    "look": look,
    "answer": answer,
    "undo": undo,
    "concern": concern,
    "reopen": reopen,
    "look for two": both,
    "manual alarm": alarm,
    "review": review,
}
