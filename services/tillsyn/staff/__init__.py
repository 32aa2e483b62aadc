"""What a member of staff may do where and for how long; and what somebody opened beyond that, in an emergency."""

from services.tillsyn.staff.commands import Command, EndRole, GrantRole, OpenBreakGlass, ReviewBreakGlass
from services.tillsyn.staff.decide import decide
from services.tillsyn.staff.roles import (
    AT_WORK,
    BREAK_GLASS,
    EMERGENCY_ROLES,
    MANAGER,
    NIGHT_STAFF,
    NURSE,
    PATROL,
    ROLES,
    plain_role,
)
from services.tillsyn.staff.state import EMPTY, Access, Rights, evolve, stream_of

__all__ = [
    "AT_WORK",
    "BREAK_GLASS",
    "EMERGENCY_ROLES",
    "EMPTY",
    "MANAGER",
    "NIGHT_STAFF",
    "NURSE",
    "PATROL",
    "ROLES",
    "Access",
    "Command",
    "EndRole",
    "GrantRole",
    "OpenBreakGlass",
    "ReviewBreakGlass",
    "Rights",
    "decide",
    "evolve",
    "plain_role",
    "stream_of",
]
