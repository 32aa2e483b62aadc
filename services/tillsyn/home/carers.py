"""Carers in the home: while one is there nobody looks. Pure: a home and what somebody says, to events.

It never ends by itself: only who is there can know. Somebody who forgets to say that they left keeps the cameras shut,
and that is loud: a slot that nobody can look at is escalated at its deadline, and somebody goes. Any colleague may say
it for them, by name.
"""

from collections.abc import Sequence
from uuid import UUID

from events.base import Event
from events.types.home import CarerArrived, CarerLeft
from services.tillsyn.home.errors import NoSuchHomeError
from services.tillsyn.home.state import Home
from services.tillsyn.refused import RefusedError


class NotInTheHomeNowError(RefusedError):
    """Only who is in a home can leave it."""


def enter(home: Home, by: UUID, visit: UUID | None = None) -> Sequence[Event]:
    """`by` (a patrol or a person) is in the home from now on. Saying it again changes nothing."""
    id_ = _known(home)
    there_already = by in home.carers and visit in (None, home.carers[by])
    return [] if there_already else [CarerArrived(home=id_, by=by, visit=visit)]


def leave(home: Home, by: UUID) -> Sequence[Event]:
    """`by` has left. Who stays is told of again, so that the home never looks empty while it is not."""
    id_ = _known(home)
    if by not in home.carers:
        there = ", ".join(map(str, home.carers)) or "nobody"
        raise NotInTheHomeNowError(f"{by} is not in home {id_}; in it is {there}")
    stays = [CarerArrived(home=id_, by=one, visit=visit) for one, visit in home.carers.items() if one != by]
    return [CarerLeft(home=id_, by=by, visit=home.carers[by]), *stays[-1:]]


def leave_visit(home: Home, visit: UUID, by: UUID | None = None) -> Sequence[Event]:
    """Those who were there for `visit` have left; only `by` if it is given."""
    left = [one for one, for_visit in home.carers.items() if for_visit == visit and by in (None, one)]
    if not left or home.home is None:
        return []
    stays = [(one, for_visit) for one, for_visit in home.carers.items() if one not in left]
    told = [CarerArrived(home=home.home, by=one, visit=for_visit) for one, for_visit in stays[-1:]]
    return [*(CarerLeft(home=home.home, by=one, visit=visit) for one in left), *told]


def stay_behind(home: Home, visit: UUID) -> Sequence[Event]:
    """The visit is to be made elsewhere: whoever came here for it is here for none, and may still be here."""
    came = [one for one, for_visit in home.carers.items() if for_visit == visit]
    return [CarerArrived(home=home.home, by=one, visit=None) for one in came] if home.home is not None else []


def _known(home: Home) -> UUID:
    if home.home is None:
        raise NoSuchHomeError("no home is registered with this id; register the home first")
    return home.home
