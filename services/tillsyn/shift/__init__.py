"""A unit's night at work: who is to come, who is there, who hands over to whom; and that somebody must be there."""

from services.tillsyn.shift.commands import CheckStaffed, Command, EnterShift, RemoveShift, SignIn, SignOut
from services.tillsyn.shift.covering import covering
from services.tillsyn.shift.decide import decide, require_signed_in
from services.tillsyn.shift.state import EMPTY, Line, Shift, evolve, shift_id, stream_of

__all__ = [
    "EMPTY",
    "CheckStaffed",
    "Command",
    "EnterShift",
    "Line",
    "RemoveShift",
    "Shift",
    "SignIn",
    "SignOut",
    "covering",
    "decide",
    "evolve",
    "require_signed_in",
    "shift_id",
    "stream_of",
]
