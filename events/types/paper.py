"""Paper for the night when nothing works: the list of each patrol, made, arrived, printed, removed again.

A list opens names and addresses, so these events are the access log of paper: whose list, when, of how many persons.
"""

from datetime import date
from uuid import UUID

from pydantic import Field

from events.base import Event


class OfflineListMade(Event, name="offline-list.made"):
    """The list of a night was made, and for that names, addresses and key codes were opened."""

    unit: UUID
    night: date
    patrol: UUID | None
    """None: the unit has no patrols, and one list."""
    edition: str = Field(max_length=64)
    """The same as long as the list says the same; made of ids and times, not of names."""
    file: str = Field(max_length=160)
    persons: int = Field(ge=0)
    checks: int = Field(ge=0)
    size: int = Field(ge=1)
    """Bytes of the encrypted file."""
    sha256: str = Field(max_length=64)
    """Of the encrypted file."""


class OfflineListArrived(Event, name="offline-list.arrived"):
    """The list was read back from every place it goes to, whole."""

    unit: UUID
    night: date
    patrol: UUID | None
    sha256: str = Field(max_length=64)


class OfflineListFailed(Event, name="offline-list.failed"):
    """The night's first slot has opened, and the list is not where it should be. It is tried on."""

    unit: UUID
    night: date
    patrol: UUID | None
    why: str = Field(max_length=200)
    """The place and what was wrong there; no name, no address, no password."""


class OfflineListPrinted(Event, name="offline-list.printed"):
    """The list was decrypted, for a printer or to be shown."""

    unit: UUID
    night: date
    patrol: UUID | None
    file: str = Field(max_length=160)


class OfflineListRemoved(Event, name="offline-list.removed"):
    """The list of a night long over was removed from every place it had gone to."""

    unit: UUID
    night: date
    file: str = Field(max_length=160)
