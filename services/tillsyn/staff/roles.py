"""The roles that there are, and which of them are for what."""

NIGHT_STAFF = "night-staff"
PATROL = "patrol"
MANAGER = "manager"
NURSE = "nurse"
ROLES = (NIGHT_STAFF, PATROL, MANAGER, "assessor", NURSE, "installer")
"""Every role that somebody can have in a unit."""
AT_WORK = frozenset({NIGHT_STAFF, PATROL, NURSE})
"""Who takes something in one of these roles is at work."""
EMERGENCY_ROLES = (NIGHT_STAFF, PATROL, NURSE)
"""What can be taken in an emergency: looking after people. Managing and assessing can wait for those who may."""
BREAK_GLASS = "break-glass:"
"""With this before its name a role stands in the log where it was taken and not given."""


def plain_role(actor_role: str) -> str:
    """The role that an actor acted in, taken in an emergency or not."""
    return actor_role.removeprefix(BREAK_GLASS)
