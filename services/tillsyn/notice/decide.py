"""A notice's rules. It is sent once, and read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from events.base import Event
from events.types.notice import NoticeKind, NoticeRead, NoticeSent
from services.tillsyn.notice.state import Notice
from services.tillsyn.refused import UnknownError


@dataclass(frozen=True, slots=True)
class Send:
    """Everybody of the unit in a role is to know this."""

    notice: UUID
    kind: NoticeKind
    unit: UUID
    to_role: str
    recipient: UUID | None
    home: UUID | None
    about: UUID


@dataclass(frozen=True, slots=True)
class Read:
    """A named person has read it."""

    by: UUID


Command = Send | Read


class NoSuchNoticeError(UnknownError):
    """There is no notice with this id."""


def decide(notice: Notice, command: Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case Send():
            return [] if notice.notice is not None else [_sent(command)]
        case Read(by):
            if notice.notice is None:
                raise NoSuchNoticeError("there is no such notice; list the notices to see those that are unread")
            return [NoticeRead(notice=notice.notice, by=by)] if notice.read_by is None else []


def _sent(command: Send) -> NoticeSent:
    return NoticeSent(
        notice=command.notice,
        unit=command.unit,
        kind=command.kind,
        to_role=command.to_role,
        recipient=command.recipient,
        home=command.home,
        about=command.about,
    )
