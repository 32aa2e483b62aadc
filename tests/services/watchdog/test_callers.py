"""Webhook, SMS gateway and program: what is sent, what counts as arrived; a failure is told without secrets."""

import sys
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from events.runtime.settings import BadConfigurationError
from services.watchdog.callers import CallFailedError, deliver
from services.watchdog.callers.command import Program
from services.watchdog.callers.sms import Sms
from services.watchdog.callers.webhook import Webhook
from services.watchdog.settings import CommandSettings, SmsSettings, WebhookSettings
from services.watchdog.state import SWEEPER, Call, Kind
from services.watchdog.words import Place, words_for
from tests.builders import at, minutes
from tests.services.watchdog.elsewhere import Elsewhere, dead_port

MESSAGE = words_for(
    SWEEPER, Call("any", Kind.SILENT, at("01:14"), minutes(3), 1), Place("Åby & co", ZoneInfo("UTC"), ""), {}
)


def webhook(url: str, **given: Any) -> Webhook:
    return Webhook(WebhookSettings(name="desk", url=SecretStr(url), timeout_s=1, **given))


def sms(url: str, **given: Any) -> list[Sms]:
    numbers = (SecretStr("+46701740605"), SecretStr("+46701740606"))
    settings = SmsSettings(name="sms", url=SecretStr(url), recipients=numbers, timeout_s=1, **given)
    return [Sms(settings, 1), Sms(settings, 2)]


def program(*words: str | Path, timeout_s: float = 20) -> Program:
    return Program(CommandSettings(name="modem", program=tuple(map(str, words)), timeout_s=timeout_s))


# Webhook.


async def test_a_webhook_gets_the_message_as_json_with_its_headers(hook: Elsewhere) -> None:
    await webhook(f"{hook.url}/call?key=k", headers={"X-Key": SecretStr("s3cret")}).call(MESSAGE)

    (request,) = hook.taken
    assert (request.method, request.path) == ("POST", "/call?key=k")
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Key"] == "s3cret"
    assert request.json["kind"] == "silent"
    assert request.json["text"] == MESSAGE.text


@pytest.mark.parametrize("status", [302, 401, 500])
async def test_anything_but_a_good_answer_is_a_failure(hook: Elsewhere, status: int) -> None:
    hook.status, hook.headers = status, {"Location": "/elsewhere"}

    with pytest.raises(CallFailedError, match=f"it answers {status}"):
        await webhook(hook.url).call(MESSAGE)
    assert len(hook.taken) == 1


async def test_a_webhook_that_hangs_is_a_failure_in_time(hook: Elsewhere) -> None:
    hook.pause_s = 30
    begun = time.monotonic()

    with pytest.raises(CallFailedError):
        await webhook(hook.url).call(MESSAGE)
    assert time.monotonic() - begun < 10


async def test_a_failure_names_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    failed = await deliver(webhook(f"http://127.0.0.1:{dead_port()}/s3cret"), MESSAGE, 2, 0)

    assert failed == "Connection refused"
    printed = capsys.readouterr().out
    assert printed.count("could not call out") == 2
    assert "s3cret" not in printed


async def test_a_call_is_tried_again_until_it_gets_across(hook: Elsewhere) -> None:
    hook.status = 500
    hook.body = lambda: b"" if len(hook.taken) < 3 else _mend(hook)

    assert await deliver(webhook(hook.url), MESSAGE, 3, 0.01) is None
    assert len(hook.taken) == 3


async def test_a_fault_in_a_caller_is_a_failure_like_any_other() -> None:
    class Broken:
        name, joins_at = "broken", 1

        async def call(self, message: object) -> None:
            raise LookupError("+46701740605")

    assert await deliver(Broken(), MESSAGE, 1, 0) == "LookupError"


# SMS.


async def test_a_form_is_sent_to_each_number_with_login(hook: Elsewhere) -> None:
    given = {"form": {"from": "Tillsyn", "to": "$to", "message": "$text"}, "user": "u", "password": SecretStr("p")}
    for recipient in sms(f"{hook.url}/sms", **given):
        await recipient.call(MESSAGE)

    assert [request.form["to"] for request in hook.taken] == [["+46701740605"], ["+46701740606"]]
    assert hook.taken[0].form["message"] == [MESSAGE.short]
    assert hook.taken[0].form["from"] == ["Tillsyn"]
    assert hook.taken[0].headers["Authorization"] == "Basic dTpw"


async def test_json_is_filled_at_any_depth_and_stays_json(hook: Elsewhere) -> None:
    await sms(hook.url, body='{"messages": [{"to": ["$to"], "body": "$text", "retries": 3}]}')[0].call(MESSAGE)

    assert hook.taken[0].json == {"messages": [{"to": ["+46701740605"], "body": MESSAGE.short, "retries": 3}]}


async def test_without_a_body_the_address_carries_number_and_words(hook: Elsewhere) -> None:
    await sms(f"{hook.url}/send?to=$to&text=$text")[0].call(MESSAGE)

    (request,) = hook.taken
    assert request.method == "GET"
    assert request.query == {"to": ["+46701740605"], "text": [MESSAGE.short]}


BAD_TEMPLATES = [({"body": "{to: $to}"}, "JSON"), ({"body": "{}", "form": {"a": "b"}}, "both")]


@pytest.mark.parametrize(("given", "told"), BAD_TEMPLATES)
def test_a_template_that_cannot_be_is_refused_at_the_start(given: dict[str, Any], told: str) -> None:
    with pytest.raises(BadConfigurationError, match=told):
        sms("http://gateway", **given)


# A program.


async def test_a_program_gets_the_short_text_and_none_of_our_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILLSYN_WEBHOOKS", "s3cret")
    script = tmp_path / "modem.py"
    script.write_text(
        "import os, sys, pathlib\npathlib.Path(sys.argv[1]).write_text(sys.stdin.read() + str(sorted(os.environ)))\n"
    )

    await program(sys.executable, script, tmp_path / "sent").call(MESSAGE)

    sent = (tmp_path / "sent").read_text()
    assert sent.startswith(f"{MESSAGE.short}\n")
    assert "TILLSYN_CALL_KIND" in sent
    assert "TILLSYN_WEBHOOKS" not in sent


async def test_a_program_that_fails_or_is_not_there_is_a_failure() -> None:
    with pytest.raises(CallFailedError, match="status 3"):
        await program(sys.executable, "-c", "raise SystemExit(3)").call(MESSAGE)
    with pytest.raises(CallFailedError, match="cannot be run"):
        await program("/nowhere/modem").call(MESSAGE)


async def test_a_program_that_hangs_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"

    with pytest.raises(CallFailedError, match="longer than"):
        await program("/bin/sh", "-c", script, timeout_s=1).call(MESSAGE)

    child = int((tmp_path / "child").read_text())
    assert not _runs(child)


def _mend(hook: Elsewhere) -> bytes:
    hook.status = 200
    return b""


def _runs(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
