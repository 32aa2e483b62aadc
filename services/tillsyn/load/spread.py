"""Times to look that spread the slots: inside each slot's own window, so that no quarter of an hour holds more than the
staff there manage, if that can be; moved as little as possible, all together.

Slots and quarters are a flow: a slot may leave its quarter for any that its window reaches, at the price of the time it
moves. The slots that are too many in a quarter are sent along the cheapest chain of moves to one with room, one after
the other, until no chain leads on (successive shortest paths; Ahuja, Magnanti, Orlin: Network Flows, 9.7). What is over
then is over in every other choice of times, and no choice with as little over moves less.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.tillsyn.load.quarters import QUARTER, Look, quarter_of

_LAST = timedelta(seconds=1)
"""The last instant of a quarter is so long before the next one."""
_MICROSECOND = timedelta(microseconds=1)
_DEAR = (2**62, UUID(int=2**128 - 1))
"""No move costs so much."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A slot in a quarter: when it would be looked at, and by how much that moves it, in microseconds."""

    at: datetime
    moved: int


_Choices = Mapping[UUID, Mapping[datetime, _Choice]]
"""Of each slot, the quarters that its window reaches."""


def spread(slots: Iterable[Look], capacity: Callable[[datetime], int], zone: ZoneInfo) -> dict[UUID, datetime]:
    """When to look at each slot; its `due_at` where it need not move. The same slots give the same times.

    `capacity` is how many slots can be managed in the quarter that starts at an instant. Every time lies within
    `opens_at` and `late_at`. Quarters that hold more than their capacity all the same cannot be helped by moving.
    """
    looks = sorted(slots, key=lambda look: (look.due_at, look.slot))
    choices = {look.slot: _choices(look, zone) for look in looks}
    place = {look.slot: quarter_of(look.due_at, zone) for look in looks}
    room = {quarter: capacity(quarter) for quarter in sorted({one for each in choices.values() for one in each})}
    while chain := _cheapest_chain(place, choices, room):
        place.update(chain)
    return {slot: choices[slot][quarter].at for slot, quarter in place.items()}


def _choices(look: Look, zone: ZoneInfo) -> Mapping[datetime, _Choice]:
    """In each quarter the instant of the window that is nearest to when the slot is due."""
    found = {}
    start = quarter_of(look.opens_at, zone)
    while start <= look.late_at:
        earliest, latest = max(look.opens_at, start), min(look.late_at, start + QUARTER - _LAST)
        if earliest <= latest:
            at = min(max(look.due_at, earliest), latest)
            found[start] = _Choice(at, abs(at - look.due_at) // _MICROSECOND)
        start += QUARTER
    found[quarter_of(look.due_at, zone)] = _Choice(look.due_at, 0)
    return found


def _cheapest_chain(
    place: Mapping[UUID, datetime], choices: _Choices, room: Mapping[datetime, int]
) -> dict[UUID, datetime]:
    """The moves that take one slot too many out of a quarter, and one into a quarter with room; none if none can."""
    held = Counter(place.values())
    cost = {quarter: 0 for quarter in room if held[quarter] > room[quarter]}
    came: dict[datetime, tuple[datetime, UUID]] = {}
    moves = _cheapest_moves(place, choices)
    for _ in room:  # Bellman and Ford, for a slot that moves back towards its time costs less than nothing
        better = False
        for (origin, target), (price, slot) in moves.items():
            if origin in cost and (target not in cost or cost[origin] + price < cost[target]):
                cost[target], came[target], better = cost[origin] + price, (origin, slot), True
        if not better:
            break
    ends = [quarter for quarter in cost if held[quarter] < room[quarter]]
    return _back_from(min(ends, key=lambda end: (cost[end], end)), came) if ends else {}


def _back_from(quarter: datetime, came: Mapping[datetime, tuple[datetime, UUID]]) -> dict[UUID, datetime]:
    chain = {}
    while quarter in came:
        origin, slot = came[quarter]
        chain[slot] = quarter
        quarter = origin
    return chain


def _cheapest_moves(
    place: Mapping[UUID, datetime], choices: _Choices
) -> Mapping[tuple[datetime, datetime], tuple[int, UUID]]:
    """From quarter to quarter: what it costs, and the slot that moves for it."""
    found: dict[tuple[datetime, datetime], tuple[int, UUID]] = {}
    for slot, origin in place.items():
        for target, choice in choices[slot].items():
            move = (choice.moved - choices[slot][origin].moved, slot)
            if target != origin and move < found.get((origin, target), _DEAR):
                found[origin, target] = move
    return dict(sorted(found.items()))
