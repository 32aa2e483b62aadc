"""References: by which of the municipality's own numbers a thing of ours is known in lists that come from elsewhere."""

from enum import StrEnum
from uuid import UUID

from events.base import Event
from events.personal import Personal


class Referred(StrEnum):
    """What a reference leads to."""

    STAFF = "staff"
    GATEWAY = "gateway"
    HOME = "home"
    CAMERA = "camera"
    RECIPIENT = "recipient"
    DECISION = "decision"
    CONSENT = "consent"
    SCHEDULE_ENTRY = "schedule-entry"


class ReferenceGiven(Event, name="reference.given"):
    """A thing with a random id of ours is known in a unit's lists by this key: a second list finds the same thing.

    The key may be a personal number, so it is sealed under the key of whom it speaks of, and can be searched for only
    by opening it: nothing derived from it is kept.
    """

    unit: UUID
    kind: Referred
    thing: UUID
    reference: Personal[str]
