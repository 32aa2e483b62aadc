"""Notices: what somebody in a role must have been told. They ask for reading, by name, and for nothing else."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from events.base import Event


class NoticeKind(StrEnum):
    """What is told."""

    DEATH = "death"
    DEATH_TAKEN_BACK = "death-taken-back"
    """The person lives: whoever was told of a death is told that it was a mistake."""
    MOVED = "moved"
    DECISION_ENDS = "decision-ends"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    LOOK_TO_REVIEW = "look-to-review"
    BREAK_GLASS_TO_REVIEW = "break-glass-to-review"
    CAMERA_REVOKED = "camera-revoked"
    ABSENCE_TO_REVIEW = "absence-to-review"
    RETURNED = "returned-unannounced"
    VISIT_CALLED_OFF = "visit-called-off"
    """Somebody was on the way there."""


class NoticeSent(Event, name="notice.sent"):
    """Everybody of the unit in role `to_role` is to know this; it counts as told when one of them has read it."""

    notice: UUID
    unit: UUID
    kind: NoticeKind
    to_role: str = Field(max_length=40)
    recipient: UUID | None
    home: UUID | None
    about: UUID
    """The decision, look, access, camera … that it is about; the recipient where it is about nothing else."""


class NoticeRead(Event, name="notice.read"):
    """A named person has read it."""

    notice: UUID
    by: UUID
