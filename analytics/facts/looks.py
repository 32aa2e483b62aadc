"""From a night's stream to the facts of its looks: when each began, and when its staff time ended."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from analytics.facts.look import LookFact
from events.envelope import ActorKind, Recorded
from events.types.night import (
    AllWellUndone,
    LookFailed,
    LookGranted,
    LookServed,
    NotSeen,
    SeenUncertain,
    SlotBecameVisit,
    SlotCancelled,
    SlotClaimed,
    SlotCompleted,
    SlotEscalated,
    SlotReleased,
)

Looks = dict[UUID, LookFact]
"""By look, in the order they were granted. One look may settle two slots; its time is counted once."""


def add_to_looks(looks: Looks, recorded: Recorded) -> None:
    """Take the next event of a night's stream into `looks`, the looks of that night."""
    at = recorded.context.time
    match recorded.event:
        case LookGranted() as granted:
            _each_of_slot(looks, granted.slot, lambda look: look.left(at))
            begun = LookFact(
                granted.look, granted.slot, granted.by, at, granted.valid_until, counted_at=granted.with_slot
            )
            looks.setdefault(granted.look, begun)
        case LookServed() as served:
            _one(looks, served.look, lambda look: look.served(at))
        case LookFailed() as failed:
            _one(looks, failed.look, lambda look: look.given_up(at))
        case NotSeen() | SeenUncertain() | SlotCompleted() as answer:
            _one(looks, answer.look, lambda look: look.answer(at))
            _each_of_slot(looks, answer.slot, lambda look: look.left(at))
        case AllWellUndone() as undone:
            _take_back_answer(looks, undone, at)
        case SlotEscalated() as escalated:
            _each_of_slot(looks, escalated.slot, lambda look: _escalated(look, recorded))
        case SlotReleased() as released:
            _each_of_slot(looks, released.slot, lambda look: look.given_up(at) if look.by == released.by else look)
        case SlotClaimed(renewed=False) as claimed:
            _each_of_slot(looks, claimed.slot, lambda look: look.left(at))
        case SlotCancelled() | SlotBecameVisit() as ended:
            _each_of_slot(looks, ended.slot, lambda look: look.left(at))


def _escalated(look: LookFact, recorded: Recorded) -> LookFact:
    """The escalation is the answer of whoever had the camera open; the sweeper's answers nobody's look."""
    actor, at = recorded.context.actor, recorded.context.time
    answers = actor.kind is ActorKind.STAFF and actor.id == str(look.by)
    return look.answer(at) if answers else look.left(at)


def _take_back_answer(looks: Looks, undone: AllWellUndone, at: datetime) -> None:
    answered = [look for look in looks.values() if look.slot == undone.slot and look.by == undone.by and look.answered]
    if answered:
        _one(looks, answered[-1].look, lambda look: look.undo(at))


def _one(looks: Looks, look: UUID | None, change: Callable[[LookFact], LookFact]) -> None:
    if look in looks:
        looks[look] = change(looks[look])


def _each_of_slot(looks: Looks, slot: UUID, change: Callable[[LookFact], LookFact]) -> None:
    looks |= {look.look: change(look) for look in looks.values() if look.slot == slot}
