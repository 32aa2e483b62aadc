"""Refusals: a command that a rule forbids. Nothing of it reaches the log.

Each refusal is a type named after its rule; its message holds the offending value and says what would be allowed.
"""


class RefusedError(Exception):
    """A rule forbids this. `rule` names it for programs; the message is for people."""

    @property
    def rule(self) -> str:
        """The rule's name: the type's, without the ending."""
        return type(self).__name__.removesuffix("Error")


class UnknownError(RefusedError):
    """What the command speaks of does not exist here."""
