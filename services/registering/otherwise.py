"""What the file says otherwise than the record, and what cannot be changed by entering a file."""

from services.tillsyn.refused import RefusedError


class RegisteredOtherwiseError(RefusedError):
    """Something is on record otherwise than the file has it, in a way that entering a file cannot change."""


def require_same(what: str, field: str, known: object, wanted: object) -> None:
    """RegisteredOtherwiseError, with both values, unless what is `known` of the field is what is `wanted`."""
    if known != wanted:
        raise RegisteredOtherwiseError(
            f"{what} is registered with {field} {_shown(known)}, the file has {_shown(wanted)}: "
            "that cannot be changed by entering a file"
        )


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
