"""Mail, to a real mail server: STARTTLS with a certificate that is checked, login, and one letter a recipient."""

import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from pydantic import SecretStr

from services.watchdog.callers import CallFailedError
from services.watchdog.callers.mail import Mail
from services.watchdog.settings import MailSettings
from tests.services.watchdog.elsewhere import Elsewhere, Post, dead_port, make_certificate, post_office
from tests.services.watchdog.test_callers import MESSAGE


def mail(port: int, **given: Any) -> list[Mail]:
    ours: dict[str, Any] = {"security": "none", "sender": "vakthund@example.se", "timeout_s": 10}
    recipients = (SecretStr("natt@example.se"), SecretStr("chef@example.se"))
    settings = MailSettings(name="mail", host="127.0.0.1", port=port, recipients=recipients, **(ours | given))
    return [Mail(settings, 1), Mail(settings, 2)]


def read(letter: Envelope) -> EmailMessage:
    assert isinstance(letter.content, bytes)
    parsed = message_from_bytes(letter.content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


async def test_each_recipient_gets_a_letter_of_their_own(post: Post) -> None:
    for recipient in mail(post.port):
        await recipient.call(MESSAGE)

    assert [letter.rcpt_tos for letter in post.letters] == [["natt@example.se"], ["chef@example.se"]]
    letter = read(post.letters[0])
    assert letter["To"] == "natt@example.se"
    assert letter["Subject"] == MESSAGE.subject
    assert letter.get_content().splitlines() == MESSAGE.text.splitlines()
    assert letter["Importance"] == "high"
    assert letter["Message-ID"].endswith("@example.se>")


async def test_over_starttls_it_logs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # as a machine that trusts the municipality's own authority
    with post_office(certificate) as post:
        login = {"security": "starttls", "user": "vakthund"}
        await mail(post.port, **login, password=SecretStr("right"))[0].call(MESSAGE)
        with pytest.raises(CallFailedError, match="refuses the login"):
            await mail(post.port, **login, password=SecretStr("wrong"))[0].call(MESSAGE)

    assert len(post.letters) == 1
    assert post.logins[0] == ("vakthund", "right")


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with post_office(make_certificate(tmp_path)) as post, pytest.raises(CallFailedError, match="not trusted"):
        await mail(post.port, security="starttls")[0].call(MESSAGE)

    assert post.letters == []


async def test_a_server_that_offers_no_starttls_is_not_spoken_to_in_clear(post: Post) -> None:
    with pytest.raises(CallFailedError, match="refuses"):
        await mail(post.port, security="starttls")[0].call(MESSAGE)

    assert post.letters == []


async def test_a_recipient_that_is_refused_is_told_and_the_other_gets_it(post: Post) -> None:
    post.refused = ("natt@example.se",)
    first, second = mail(post.port)

    with pytest.raises(CallFailedError) as failed:
        await first.call(MESSAGE)
    await second.call(MESSAGE)

    assert "natt@example.se" not in str(failed.value)
    assert len(post.letters) == 1


async def test_a_server_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(CallFailedError, match="Connection refused"):
        await mail(dead_port())[0].call(MESSAGE)


async def test_a_server_that_says_nothing_is_given_up_in_time(hook: Elsewhere) -> None:
    begun = time.monotonic()  # a web server waits for us to speak first

    with pytest.raises(CallFailedError, match=r"longer than|no mail server"):
        await mail(int(hook.url.rpartition(":")[2]), timeout_s=0.5)[0].call(MESSAGE)
    assert time.monotonic() - begun < 10
