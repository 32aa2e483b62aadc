"""`tillsyn-watchdog` as a process: one round for a timer, the test call, what it refuses, and how little it needs."""

import asyncio
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.cli.running import environment, refused, tillsyn
from tests.services.watchdog.elsewhere import Elsewhere, Post, dead_port
from tests.waiting import wait_until

WITHIN_S = 60.0
WORDS = (sys.executable, "-m", "services.watchdog")
BARE = ("sqlalchemy", "alembic", "psycopg", "faststream", "cv2", "numpy", "nats", "aiosmtpd")
"""What a bare machine lacks, and NATS, which the watchdog does not speak."""


def a_file(folder: Path, service: Elsewhere, callers: str, **more: object) -> Path:
    given = {"silent_after": 1, "planner_silent_after": 60, "attempts": 1, "answer_within_s": 1} | more
    lines = "\n".join(f"{name} = {value}" for name, value in given.items())
    file = folder / "watchdog.toml"
    data = folder / "kept"
    file.write_text(f'[watchdog]\nwatch = ["{service.url}/alive"]\ndata = "{data}"\n{lines}\n{callers}\n')
    return file


def a_webhook(url: str, name: str = "desk") -> str:
    return f'[[watchdog.webhooks]]\nname = "{name}"\nurl = "{url}/s3cret"\ntimeout_s = 2\n'


def run(*arguments: str | Path, **given: str) -> "subprocess.CompletedProcess[str]":
    words = [*WORDS, *map(str, arguments)]
    return subprocess.run(words, env=environment(given), capture_output=True, text=True, check=False, timeout=WITHIN_S)


def complaint(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 2, done
    (line,) = done.stderr.splitlines()
    assert line.startswith("tillsyn-watchdog: ")
    return line


def test_one_round_with_proof_of_life_ends_with_0(tmp_path: Path, service: Elsewhere, hook: Elsewhere) -> None:
    done = run("--config", a_file(tmp_path, service, a_webhook(hook.url)), "--once")

    assert done.returncode == 0, done.stderr
    assert hook.taken == []


def test_one_round_without_proof_says_so_before_it_calls_out_and_when_it_will(
    tmp_path: Path, service: Elsewhere, hook: Elsewhere
) -> None:
    file = a_file(tmp_path, service, a_webhook(hook.url), silent_after=120)
    assert run("--config", file, "--once").stdout == ""
    service.status = 500

    done = run("--config", file, "--once")

    assert (done.returncode, hook.taken) == (0, [])
    (line,) = done.stdout.splitlines()
    assert re.fullmatch(
        rf"no proof of life from {service.url}/alive: answers 500; calls out at \d\d:\d\d:\d\d", line
    ), line


def test_single_rounds_remember_call_out_once_and_say_when_it_is_over(
    tmp_path: Path, service: Elsewhere, hook: Elsewhere
) -> None:
    file = a_file(tmp_path, service, a_webhook(hook.url), silent_after=0.5)
    assert run("--config", file, "--once").returncode == 0
    service.status = 500
    wait_until(lambda: run("--config", file, "--once").returncode == 1)
    assert run("--config", file, "--once").returncode == 1
    assert hook.kinds() == ["silent"]
    service.status = 200
    assert run("--config", file, "--once").returncode == 0
    assert hook.kinds() == ["silent", "back"]


def test_one_round_that_reaches_nobody_ends_with_3_and_is_loud(tmp_path: Path, service: Elsewhere) -> None:
    service.body = lambda: b'{"now": "2026-11-03T02:00:00Z", "sweeper": "2026-11-03T01:00:00Z"}'
    done = run("--config", a_file(tmp_path, service, a_webhook(f"http://127.0.0.1:{dead_port()}")), "--once")

    assert done.returncode == 3
    assert "NOBODY COULD BE REACHED" in done.stderr
    assert "s3cret" not in done.stderr


def test_a_test_call_goes_over_every_caller_and_says_for_each_whether_it_arrived(
    tmp_path: Path, service: Elsewhere, hook: Elsewhere, post: Post
) -> None:
    mail = (
        f'[[watchdog.mails]]\nname = "mail"\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\n'
        'sender = "v@example.se"\nrecipients = ["natt@example.se"]\n'
    )
    sms = f'[[watchdog.sms]]\nname = "sms"\nurl = "{hook.url}/?to=$to&text=$text"\nrecipients = ["+4670"]\n'
    program = '[[watchdog.commands]]\nname = "modem"\nprogram = ["cat"]\n'
    good = a_webhook(hook.url) + mail + sms + program

    done = run("--config", a_file(tmp_path, service, good), "--test-call")

    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines()] == [
        [name, "arrived"] for name in ("desk", "mail-1", "sms-1", "modem")
    ]
    assert len(hook.taken) == 2
    assert len(post.letters) == 1

    bad = good + a_webhook(f"http://127.0.0.1:{dead_port()}", "other")
    done = run("--config", a_file(tmp_path, service, bad), "--test-call")
    assert done.returncode == 1
    assert "other   FAILED: Connection refused" in done.stdout
    assert done.stdout.count("arrived") == 4


@pytest.mark.parametrize(
    ("callers", "told"),
    [
        ("", "calls nobody"),
        ('[[watchdog.webhooks]]\nname = "desk"\nurl = "ftp://s3cret"', "TILLSYN_WEBHOOKS 0.url"),
        ('[[watchdog.webhooks]]\nname = "desk"', "TILLSYN_WEBHOOKS 0.url: Field required"),
        ('[[watchdog.sms]]\nname = "sms"\nurl = "http://a"\nnumbers = ["s3cret"]', "TILLSYN_SMS 0."),
        ('[[watchdog.pigeons]]\nname = "p"', "has no setting 'pigeons'"),
    ],
)
def test_bad_settings_are_refused_in_one_line_without_secrets(
    tmp_path: Path, service: Elsewhere, callers: str, told: str
) -> None:
    file = a_file(tmp_path, service, callers)

    for words in ([], ["--once"], ["--test-call"]):
        line = complaint(run("--config", file, *words))
        assert told in line
        assert "s3cret" not in line


def test_bad_arguments_are_refused_in_one_line(tmp_path: Path) -> None:
    assert "--frequently" in complaint(run("--frequently"))
    assert "not allowed with" in complaint(run("--once", "--test-call"))
    assert "nowhere.toml" in complaint(run("--config", tmp_path / "nowhere.toml"))
    assert "TILLSYN_WATCH: Field required" in complaint(run("--once"))
    assert "TILLSYN_WATCH 0" in complaint(run("--once", TILLSYN_WATCH='["tillsyn.example.se"]'))


@pytest.mark.parametrize("program", ["services.watchdog.__main__", "services.cli"])
def test_a_bare_machine_is_enough(program: str) -> None:
    """What a watchdog's machine lacks is here as if it were not installed."""
    bare = tuple(name for name in BARE if program != "services.cli" or name != "nats")  # its errors are named there
    code = f"import sys; sys.modules.update(dict.fromkeys({bare!r})); from {program} import main; main()"
    words = [sys.executable, "-c", code, *(["run", "watchdog"] if program == "services.cli" else [])]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False, timeout=WITHIN_S)

    assert "TILLSYN_WATCH: Field required" in (refused(done) if program == "services.cli" else complaint(done))


def test_the_settings_of_tillsyn_run_are_the_same(tmp_path: Path, service: Elsewhere) -> None:
    assert "calls nobody" in refused(tillsyn("run", "watchdog", "--config", a_file(tmp_path, service, "")))


async def test_it_runs_until_told_and_two_do_not_share_a_folder(
    tmp_path: Path, service: Elsewhere, hook: Elsewhere
) -> None:
    file = a_file(tmp_path, service, a_webhook(hook.url))
    words = [*WORDS, "--config", str(file)]
    process = await asyncio.create_subprocess_exec(*words, env=environment(), stderr=asyncio.subprocess.DEVNULL)
    try:
        await asyncio.to_thread(wait_until, lambda: len(service.taken) > 0)
        second = await asyncio.to_thread(run, "--config", file, "--once")
        assert "another watchdog works in" in complaint(second)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(WITHIN_S):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (tmp_path / "kept" / "watchdog.json").stat().st_mode & 0o077 == 0
