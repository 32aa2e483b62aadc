"""Names, addresses and key codes in clear: for the moment in which a list is made, in this process alone."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from events.keys import KeyRing, PersonErasedError
from events.personal import Personal
from services.offline_list.lists import Line, PatrolList, SealedField

_PERSONAL: TypeAdapter[Personal[str]] = TypeAdapter(Personal[str])


@dataclass(frozen=True, slots=True, repr=False)
class OpenedLine:
    """A line and what it says of people. Never printed by accident: it has no repr of its fields.

    `name` or `address` None: erased. `key_code` None: none was entered, or it is erased.
    """

    line: Line
    name: str | None
    address: str | None
    key_code: str | None


async def open_list(keys: KeyRing, one: PatrolList) -> tuple[OpenedLine, ...]:
    """Every line of the list, opened, in its order."""
    return tuple([await _opened(keys, line) for line in one.lines])


async def _opened(keys: KeyRing, line: Line) -> OpenedLine:
    code = None if line.key_code is None else await _reveal(keys, line.key_code, "code")
    name, address = await _reveal(keys, line.name, "name"), await _reveal(keys, line.address, "address")
    return OpenedLine(line, name, address, code)


async def _reveal(keys: KeyRing, sealed: SealedField, field: str) -> str | None:
    value = _PERSONAL.validate_json(sealed.json)
    try:
        return str(await keys.reveal(sealed.event, field, value, str))
    except PersonErasedError:
        return None
