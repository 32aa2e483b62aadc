"""Absences: there is always an end, or a time at which somebody asks where the recipient is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from events.base import Event
from events.personal import Personal
from events.types.recipient import AbsenceEnded, AbsenceReported, AbsenceReviewed
from services.tillsyn.recipient import commands as asked
from services.tillsyn.recipient.errors import (
    AbsenceOverError,
    AskedTooLateError,
    EndsBeforeItBeginsError,
    NeitherEndNorReviewError,
    NoSuchAbsenceError,
)
from services.tillsyn.recipient.state import FAR_AWAY, Absence, Recipient

ASKED_WITHIN = timedelta(days=14)
"""The longest time for which somebody can be away before somebody asks where they are."""


def decide_absence(
    recipient: Recipient, id_: UUID, command: asked.ReportAbsence | asked.ReviewAbsence | asked.EndAbsence
) -> Sequence[Event]:
    """The events that follow from where the recipient is."""
    match command:
        case asked.ReportAbsence():
            return _report(recipient, id_, command)
        case asked.ReviewAbsence(absence, by, review_at, at):
            known = _known(recipient, absence)
            if known.returned:
                raise AbsenceOverError(f"absence {absence} is over since {known.ends_at:%F %H:%M} UTC; report another")
            if review_at <= at:
                raise EndsBeforeItBeginsError(f"{review_at:%F %H:%M} UTC is past; say when to ask next")
            if known.review_at == review_at:
                return []
            _require_asked_soon(at, review_at)
            return [AbsenceReviewed(recipient=id_, absence=absence, by=by, review_at=review_at)]
        case asked.EndAbsence(absence, ended_at, announced):
            named = {absence: _known(recipient, absence)}
            covering = {one: known for one, known in recipient.absences.items() if known.starts_at <= ended_at}
            return [
                AbsenceEnded(recipient=id_, absence=one, ended_at=ended_at, announced=announced)
                for one, known in (named | covering).items()
                if ended_at < known.ends_at
            ]


def _report(recipient: Recipient, id_: UUID, command: asked.ReportAbsence) -> Sequence[Event]:
    if command.ends_at is None and command.review_at is None:
        raise NeitherEndNorReviewError(
            f"absence {command.absence} has no end; say when it ends, or when somebody asks where the recipient is"
        )
    wanted = Absence(command.starts_at, command.ends_at or FAR_AWAY, command.review_at)
    if recipient.absences.get(command.absence) == wanted:
        return []
    for what, instant in (("end", command.ends_at), ("be asked about", command.review_at)):
        if instant is not None and instant <= command.starts_at:
            raise EndsBeforeItBeginsError(f"the absence would {what} at {instant:%F %H:%M} UTC, before it begins")
    _require_asked_soon(_asked_at(recipient, command), command.review_at or command.ends_at or FAR_AWAY)
    return [
        AbsenceReported(
            recipient=id_,
            absence=command.absence,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            reason=Personal.of(command.reason, id_),
            review_at=command.review_at,
        )
    ]


def _asked_at(recipient: Recipient, command: asked.ReportAbsence) -> datetime:
    """When somebody asked last where they are, or else when they left: a question still to come is none yet."""
    before = recipient.absences.get(command.absence)
    to_ask = before.review_at if before is not None else None
    if to_ask is None or command.at is None or to_ask > command.at:
        return command.starts_at
    return max(command.starts_at, to_ask)


def _require_asked_soon(since: datetime, asked_at: datetime) -> None:
    latest = since + ASKED_WITHIN
    if asked_at > latest:
        raise AskedTooLateError(
            f"{asked_at:%F %H:%M} UTC is too long a time without a question; somebody asks by {latest:%F %H:%M} UTC"
        )


def _known(recipient: Recipient, absence: UUID) -> Absence:
    known = recipient.absences.get(absence)
    if known is None:
        raise NoSuchAbsenceError(f"the recipient has no absence {absence}")
    return known
