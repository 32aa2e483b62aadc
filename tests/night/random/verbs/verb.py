"""What a verb is, and picking what there is."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from tests.night.random.hours import Hours
from tests.night.random.plan import Act

Verb = Callable[[Hours, Act], Awaitable[None]]
T = TypeVar("T")


def nth(things: Sequence[T], n: int) -> T:
    """The n-th, counted round; there must be one."""
    return things[n % len(things)]
