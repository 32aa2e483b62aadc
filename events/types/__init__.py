"""The event types, in files named after what they speak of, and the registry that holds them all."""

from events.base import Event
from events.registry import Registry
from events.types import (
    alarm,
    camera,
    check,
    dead_letter,
    home,
    incident,
    notice,
    paper,
    patrol,
    recipient,
    reference,
    shift,
    staff,
    unit,
    visit,
)
from events.types.night import looks as night_looks
from events.types.night import slots as night_slots
from events.types.upcasters import UPCASTERS

_MODULES = (
    unit,
    staff,
    patrol,
    shift,
    home,
    camera,
    recipient,
    night_slots,
    night_looks,
    visit,
    incident,
    alarm,
    notice,
    check,
    paper,
    dead_letter,
    reference,
)


def _declared(module: object) -> list[type[Event]]:
    found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Event)]
    return [kind for kind in found if kind.NAME and kind.__module__ == getattr(module, "__name__", None)]


REGISTRY = Registry((kind for module in _MODULES for kind in _declared(module)), UPCASTERS)
"""Every event type of this version, by name."""
