"""The one registry: from a name and schema version on the wire to the class that holds the event today.

An old version is brought up by upcasters, one step each, working on plain JSON. They never look into a personal field.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from events.base import PREFIX, Event

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Data of schema version n → data of version n + 1."""


class UnknownEventError(Exception):
    """No event type of this name and version is registered here."""


class InvalidEventError(Exception):
    """The data do not fit the event type that they claim to be."""


class Registry:
    """Every event type by name, with the upcasters that lead from each old version to the current one."""

    def __init__(
        self, types: Iterable[type[Event]], upcasters: Mapping[tuple[str, int], Upcaster] | None = None
    ) -> None:
        self._types: dict[str, type[Event]] = {}
        self._upcasters = dict(upcasters or {})
        for kind in types:
            self._add(kind)

    def __iter__(self) -> Iterator[type[Event]]:
        return iter(self._types.values())

    def load(self, name: str, version: int, data: bytes | str | dict[str, Any]) -> Event:
        """The event that JSON `data` of schema `version` stands for, in today's form.

        UnknownEventError for a name or version not registered, InvalidEventError for data that do not fit.
        """
        kind = self._types.get(name)
        if kind is None:
            raise UnknownEventError(f"no event type {PREFIX}{name}; see docs/events.md for those there are")
        try:
            if version == kind.VERSION:
                if isinstance(data, dict):
                    return kind.model_validate(data)
                return kind.model_validate_json(data)
            return kind.model_validate(self._upcast(kind, version, data))
        except ValidationError as error:
            raise InvalidEventError(f"not a valid {PREFIX}{name}.v{version}: {first_error(error)}") from None

    def _add(self, kind: type[Event]) -> None:
        if not kind.NAME:
            raise ValueError(f"{kind.__name__} has no name; declare it as class {kind.__name__}(Event, name=…)")
        if not kind.__doc__:
            raise ValueError(f"{kind.__name__} has no docstring; the event catalogue is made from them")
        if kind.NAME in self._types:
            raise ValueError(f"two event types are called {kind.NAME}")
        for version in range(1, kind.VERSION):
            if (kind.NAME, version) not in self._upcasters:
                raise ValueError(f"{kind.NAME} is at version {kind.VERSION} but nothing upcasts version {version}")
        self._types[kind.NAME] = kind

    def _upcast(self, kind: type[Event], version: int, data: bytes | str | dict[str, Any]) -> dict[str, Any]:
        if not 1 <= version <= kind.VERSION:
            raise UnknownEventError(
                f"{PREFIX}{kind.NAME}.v{version} is unknown here; this installation knows v1 to v{kind.VERSION}"
            )
        raw = data if isinstance(data, dict) else _json_object(data)
        for step in range(version, kind.VERSION):
            raw = self._upcasters[kind.NAME, step](raw)
        return raw


def parse_wire_type(wire_type: str) -> tuple[str, int]:
    """Name and schema version of a CloudEvents ``type``: ``se.tillsyn.visit.arrived.v1`` → ("visit.arrived", 1)."""
    name, dot, version = wire_type.removeprefix(PREFIX).rpartition(".v")
    if not wire_type.startswith(PREFIX) or not dot or not version.isdecimal():
        raise UnknownEventError(f"the type {wire_type!r} is not of the form {PREFIX}<subject>.<event>.v<n>")
    return name, int(version)


@cache
def personal_field_names(kind: type[Event]) -> tuple[str, ...]:
    """The names of an event type's personal fields."""
    return tuple(name for name, field in kind.model_fields.items() if "Personal[" in repr(field.annotation))


def _json_object(data: bytes | str) -> dict[str, Any]:
    raw = json.loads(data)
    if not isinstance(raw, dict):
        raise InvalidEventError(f"event data are a JSON object, not {type(raw).__name__}")
    return raw


def first_error(error: ValidationError) -> str:
    """The first thing wrong, with its place, in one line and without the offending personal data."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "data"
    return f"{where}: {first['msg']}"
