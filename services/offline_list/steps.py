"""What is to be done about one list now. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from services.tillsyn.paper import OnPaper


class Step(StrEnum):
    """The next thing to do."""

    WAIT = "wait"
    """It is not evening yet."""
    MAKE = "make"
    """There is none, or it says something else than it should by now."""
    BRING = "bring"
    """It is made, and has not arrived."""
    LOOK = "look"
    """It has arrived: see that it is still there."""
    REST = "rest"
    """The night has begun, and the list was there."""


def next_step(on_paper: OnPaper | None, edition: str, now: datetime, first: datetime, before: timedelta) -> Step:
    """`first` is when the unit's first slot opens, `before` how long ahead of it the list is made.

    Until then a list is made anew when it would say something else; afterwards only what never arrived is tried on:
    paper that changes under way would be worse than paper that is an hour old.
    """
    if now < first - before:
        return Step.WAIT
    if on_paper is None or (on_paper.edition != edition and (now < first or not on_paper.arrived)):
        return Step.MAKE
    if not on_paper.arrived:
        return Step.BRING
    return Step.LOOK if now < first else Step.REST
