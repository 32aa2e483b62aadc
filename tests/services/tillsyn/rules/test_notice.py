"""Notices: sent once, read once, by name."""

import pytest

from events.types.notice import NoticeKind, NoticeRead, NoticeSent
from services.tillsyn import notice as notices
from services.tillsyn.notice import NoSuchNoticeError, Read, Send, notice_id
from tests.builders import ANNA, BERTIL, CONSENT, RECIPIENT, UNIT, after, at

ID = notice_id(NoticeKind.CONSENT_WITHDRAWN, "assessor", CONSENT, at("01:58"))
SENT = Send(ID, NoticeKind.CONSENT_WITHDRAWN, UNIT, "assessor", RECIPIENT, None, CONSENT)


def test_a_notice_says_what_it_is_about_and_to_whom() -> None:
    (event,) = notices.decide(notices.EMPTY, SENT)

    assert isinstance(event, NoticeSent)
    assert (event.notice, event.kind, event.to_role, event.about) == (ID, SENT.kind, "assessor", CONSENT)


def test_the_same_notice_is_sent_once() -> None:
    sent = after(notices, notices.EMPTY, SENT)

    assert notices.decide(sent, SENT) == []
    assert notices.decide(after(notices, sent, Read(ANNA)), SENT) == [], "read or not"


def test_another_role_or_another_time_is_another_notice() -> None:
    about = (NoticeKind.CONSENT_WITHDRAWN, CONSENT)
    ids = {
        notice_id(about[0], role, about[1], at(when)) for role in ("assessor", "patrol") for when in ("01:58", "02:00")
    }
    assert len(ids) == 4


def test_a_notice_counts_as_read_by_the_first_who_reads_it() -> None:
    sent = after(notices, notices.EMPTY, SENT)

    assert notices.decide(sent, Read(ANNA)) == [NoticeRead(notice=ID, by=ANNA)]
    read = after(notices, sent, Read(ANNA))
    assert read.read_by == ANNA
    assert notices.decide(read, Read(BERTIL)) == []


def test_a_notice_that_was_never_sent_cannot_be_read() -> None:
    with pytest.raises(NoSuchNoticeError):
        notices.decide(notices.EMPTY, Read(ANNA))
