"""What must hold when the night is over, whatever was killed in it."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from nats.js.api import Header

from events.cloudevents import decode
from events.transport import subjects
from events.types import REGISTRY
from events.types.check import CheckDue, SlotReport
from events.types.night import CheckDueReported, LateReportReceived, PictureMissing, SlotCompleted, SlotEscalated
from services.tillsyn.invariants import RULES, read_world
from tests.chaos.night import Night

Said = tuple[UUID, int, bool]
"""A gateway's report: slot, attempt, whether there was a usable picture."""


async def nothing_is_lost_and_nothing_twice(night: Night) -> None:
    """Every slot ended once, every report is kept once, the feed is the log, and no invariant is broken."""
    await every_slot_ended_once(night)
    await every_report_is_kept_once(night)
    await the_feed_is_the_log(night)
    await no_invariant_is_broken(night)


async def every_slot_ended_once(night: Night) -> None:
    slots = await night.slots()
    assert len(slots) == len(night.due)
    assert {slot.status for slot in slots} <= {"completed", "escalated"}
    completed = Counter(event.slot for event in await _events(night) if isinstance(event, SlotCompleted))
    escalated = Counter(event.slot for event in await _events(night) if isinstance(event, SlotEscalated))
    assert completed.keys() | escalated.keys() == {slot.id for slot in slots}
    assert max((completed + escalated).values()) <= 2, "an escalated slot may be completed by its visit, once"
    assert max([*completed.values(), *escalated.values()]) == 1


async def every_report_is_kept_once(night: Night) -> None:
    """What the stream has taken from a gateway is in the log. (A retry of a slot that has ended may still come.)"""

    async def all_is_kept() -> bool:
        sent = {await _report(night, sequence) for sequence in await _sequences(night, subjects.INBOUND_STREAM)}
        return set(await _kept_reports(night)) == sent - {None}

    await night.until(all_is_kept, "every report is kept")
    kept = await _kept_reports(night)
    assert max(kept.values()) == 1
    assert {slot for slot, _, _ in kept} >= {slot.id for slot in await night.slots() if slot.reported}
    assert (await night.js.stream_info(subjects.DEAD_STREAM)).state.messages == 0


async def the_feed_is_the_log(night: Night) -> None:
    log = [str(recorded.id) for recorded in await night.log()]

    async def all_is_said() -> bool:
        return await night.fed() >= len(log)

    await night.until(all_is_said, "the relay has published the log")
    feed = [await _message_id(night, sequence) for sequence in await _sequences(night, subjects.FEED_STREAM)]
    apart = [place for place, (said, kept) in enumerate(zip(feed, log, strict=False)) if said != kept]
    assert not apart, f"feed and log differ at {apart}"
    assert len(set(feed)) == len(feed)


async def no_invariant_is_broken(night: Night) -> None:
    world = await read_world(night.ledger.store, datetime.now(UTC))
    breaches = [breach for rule in RULES for breach in rule.check(world)]
    assert breaches == []


async def _events(night: Night) -> list[object]:
    return [recorded.event for recorded in await night.log()]


async def _sequences(night: Night, stream: str) -> range:
    state = (await night.js.stream_info(stream)).state
    return range(state.first_seq, state.last_seq + 1)


async def _report(night: Night, sequence: int) -> Said | None:
    message = await night.js.get_msg(subjects.INBOUND_STREAM, sequence)
    _, event = decode(REGISTRY, message.data or b"")
    return (event.slot, event.attempt, isinstance(event, CheckDue)) if isinstance(event, SlotReport) else None


async def _kept_reports(night: Night) -> Counter[Said]:
    return Counter(said for event in await _events(night) if (said := _kept(event)) is not None)


async def _message_id(night: Night, sequence: int) -> str:
    message = await night.js.get_msg(subjects.FEED_STREAM, sequence)
    return str((message.headers or {})[Header.MSG_ID.value])


def _kept(event: object) -> Said | None:
    match event:
        case CheckDueReported(slot=slot, attempt=attempt):
            return slot, attempt, True
        case PictureMissing(slot=slot, attempt=attempt):
            return slot, attempt, False
        case LateReportReceived(slot=slot, attempt=attempt, report=report):
            return slot, attempt, report == "due"
        case _:
            return None
