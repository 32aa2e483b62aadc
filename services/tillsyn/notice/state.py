"""The state of one notice, folded from its events."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from events.base import Event
from events.types.notice import NoticeKind, NoticeRead, NoticeSent


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: sent once, read once."""

    notice: UUID | None = None
    read_by: UUID | None = None


EMPTY = Notice()


def notice_id(kind: NoticeKind, role: str, about: UUID, occasion: datetime) -> UUID:
    """The id of a notice to a role about something, at an instant: found again whenever that is told again."""
    return uuid5(about, f"notice/{kind.value}/{role}/{occasion.isoformat()}")


def stream_of(notice: UUID) -> str:
    """The stream of one notice."""
    return f"notice-{notice}"


def evolve(notice: Notice, event: Event) -> Notice:
    """The notice after `event`. Events of other streams change nothing."""
    match event:
        case NoticeSent(notice=id_):
            return Notice(id_)
        case NoticeRead(by=by):
            return replace(notice, read_by=by)
        case _:
            return notice
