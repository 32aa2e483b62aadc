"""The watchdog's rounds: one caller that fails stops no other, everything is remembered, and its own health is true."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from events.runtime.clock import WallClock
from events.runtime.settings import BadConfigurationError
from services.watchdog.app import Watchdog
from services.watchdog.settings import CommandSettings, WatchdogSettings, WebhookSettings
from tests.services.watchdog.conftest import Settings
from tests.services.watchdog.elsewhere import Elsewhere, alive_body, dead_port
from tests.waiting import until


def a_hook(name: str, url: str, **given: int) -> WebhookSettings:
    return WebhookSettings(name=name, url=SecretStr(url), timeout_s=1, **given)


def dead_hook(name: str = "dead") -> WebhookSettings:
    return a_hook(name, f"http://127.0.0.1:{dead_port()}")


@asynccontextmanager
async def watching(settings: WatchdogSettings) -> AsyncIterator[Watchdog]:
    watchdog = Watchdog(settings, WallClock())
    running = asyncio.create_task(watchdog.run())
    try:
        yield watchdog
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_silence_is_called_out_again_and_again_and_its_end_is_told(
    settings: Settings, service: Elsewhere, hook: Elsewhere
) -> None:
    async with watching(settings()) as watchdog:
        await until(lambda: len(service.taken) > 3)
        assert hook.taken == []
        service.status = 503
        await until(lambda: len(hook.taken) >= 3)
        assert hook.kinds()[:3] == ["silent", "still", "still"]
        assert hook.taken[0].json["seconds"] in (2, 3)
        assert hook.taken[0].json["answers"] == {f"{service.url}/alive": "answers 503"}
        assert not watchdog.nobody_reached
        service.status = 200
        await until(lambda: hook.kinds()[-1] == "back")

    assert hook.kinds().count("back") == 1


async def test_one_of_several_instances_that_is_alive_is_enough(
    settings: Settings, service: Elsewhere, hook: Elsewhere
) -> None:
    gone = f"http://127.0.0.1:{dead_port()}/alive"
    async with watching(settings(watch=(gone, f"{service.url}/alive"), silent_after=1)):
        await until(lambda: len(service.taken) > 20)

    assert hook.taken == []


async def test_a_planner_at_a_standstill_is_told_while_the_sweeper_lives(
    settings: Settings, service: Elsewhere, hook: Elsewhere
) -> None:
    service.body = alive_body(planner_age_s=100)
    async with watching(settings()):
        await until(lambda: len(hook.taken) > 0)

    assert {request.json["watched"] for request in hook.taken} == {"planner"}


async def test_a_caller_that_fails_or_hangs_stops_no_other(
    settings: Settings, service: Elsewhere, hook: Elsewhere
) -> None:
    service.status = 500
    hangs = CommandSettings(name="modem", program=("/bin/sleep", "60"), timeout_s=0.5)
    given = {"webhooks": (dead_hook(), a_hook("desk", hook.url)), "commands": (hangs,)}
    async with watching(settings(**given, silent_after=0.3)) as watchdog:
        await until(lambda: len(hook.taken) >= 2)
        assert not watchdog.nobody_reached
        assert await watchdog.checks()["calling"]() is None


async def test_when_nobody_can_be_reached_its_health_says_so_and_the_dead_mans_switch_is_not_told(
    settings: Settings, service: Elsewhere, hook: Elsewhere
) -> None:
    switch = SecretStr(f"{hook.url}/switch")
    async with watching(settings(webhooks=(dead_hook(),), dead_man_url=switch, silent_after=1)) as watchdog:
        await until(lambda: len(hook.taken) > 2)
        service.status = 500
        await until(lambda: watchdog.nobody_reached)
        assert await watchdog.checks()["calling"]() == "nobody could be reached"
        told = len(hook.taken)
        tried = watchdog.registry.get_sample_value
        before = tried("tillsyn_watchdog_calls_total", {"caller": "dead", "outcome": "failed"}) or 0
        await until(
            lambda: (tried("tillsyn_watchdog_calls_total", {"caller": "dead", "outcome": "failed"}) or 0) > before
        )
        assert len(hook.taken) <= told + 1  # one may have been under way

    assert {request.path for request in hook.taken} == {"/switch"}


async def test_a_dead_mans_switch_that_fails_stops_nothing(settings: Settings, service: Elsewhere) -> None:
    switch = SecretStr(f"http://127.0.0.1:{dead_port()}")
    async with watching(settings(dead_man_url=switch)):
        await until(lambda: len(service.taken) > 5)


async def test_it_goes_on_where_it_was_when_it_begins_again(
    settings: Settings, service: Elsewhere, hook: Elsewhere
) -> None:
    given = settings(silent_after=0.5, again_after=(3600,))

    def told_on_file() -> list[str]:
        if not given.state_file.exists():
            return []
        found: list[str] = json.loads(given.state_file.read_bytes())["sweeper"]["told"]
        return found

    service.status = 500
    async with watching(given):
        await until(lambda: told_on_file() == ["desk"])
    async with watching(given):
        asked = len(service.taken)
        await until(lambda: len(service.taken) > asked + 5)
        service.status = 200
        await until(lambda: "back" in hook.kinds())

    assert hook.kinds() == ["silent", "back"]


async def test_what_it_remembers_and_cannot_read_is_begun_anew(settings: Settings, service: Elsewhere) -> None:
    given = settings()
    given.data.mkdir()
    given.state_file.write_bytes(b'{"sweeper": 7}')

    async with watching(given):
        await until(lambda: len(service.taken) > 2)

    assert json.loads(given.state_file.read_bytes())["sweeper"]["seen"]


async def test_what_it_cannot_write_is_on_its_health_page_and_it_watches_on(
    settings: Settings, service: Elsewhere, hook: Elsewhere
) -> None:
    given = settings(silent_after=0.5)
    async with watching(given) as watchdog:
        await until(lambda: len(service.taken) > 1)
        given.state_file.unlink()
        given.state_file.mkdir()  # nobody can write a file there, root neither
        await until(lambda: watchdog.checks()["memory"]())  # type: ignore[arg-type, return-value]
        service.status = 500
        await until(lambda: len(hook.taken) > 0)


async def test_a_round_that_hangs_is_on_its_health_page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    watchdog = Watchdog(settings(), WallClock())
    assert await watchdog.checks()["rounds"]() is None

    monkeypatch.setattr("services.watchdog.app.monotonic", lambda: 1e9)

    assert "no round for" in str(await watchdog.checks()["rounds"]())


def test_a_watchdog_that_calls_nobody_is_refused(settings: Settings) -> None:
    with pytest.raises(BadConfigurationError, match="calls nobody"):
        Watchdog(settings(webhooks=()), WallClock())


def test_a_watchdog_that_calls_nobody_the_first_time_is_refused(settings: Settings, hook: Elsewhere) -> None:
    with pytest.raises(BadConfigurationError, match="calls nobody"):
        Watchdog(settings(webhooks=(a_hook("desk", hook.url, joins_at=2),)), WallClock())


def test_two_callers_of_one_name_are_refused(settings: Settings, hook: Elsewhere) -> None:
    with pytest.raises(BadConfigurationError, match="two callers are named 'desk'"):
        Watchdog(settings(webhooks=(a_hook("desk", hook.url), a_hook("desk", hook.url))), WallClock())


def test_nothing_can_be_remembered_where_nothing_can_be_written(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(BadConfigurationError, match="cannot"):
        Watchdog(settings(data=tmp_path / "file" / "below"), WallClock()).require_memory()
