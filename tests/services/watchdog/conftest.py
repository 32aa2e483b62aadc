"""Servers elsewhere, and a watchdog's settings."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from services.watchdog.settings import WatchdogSettings, WebhookSettings
from tests.services.watchdog.elsewhere import Elsewhere, Post, alive_body, elsewhere, post_office

Settings = Callable[..., WatchdogSettings]


@pytest.fixture
def service() -> Iterator[Elsewhere]:
    """What is watched: a server that gives proof of life."""
    with elsewhere() as server:
        server.body = alive_body()
        yield server


@pytest.fixture
def hook() -> Iterator[Elsewhere]:
    """Who is called."""
    with elsewhere() as server:
        yield server


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, service: Elsewhere, hook: Elsewhere) -> Settings:
    """Settings whose limits are seconds; what is given beats them."""

    def made(**given: Any) -> WatchdogSettings:
        ours: dict[str, Any] = {
            "data": tmp_path / "watchdog",
            "watch": (f"{service.url}/alive",),
            "look_interval": 0.1,
            "answer_within_s": 1,
            "silent_after": 2,
            "planner_silent_after": 60,
            "again_after": (1, 0.5),
            "attempts": 1,
            "attempt_pause_s": 0,
            "webhooks": (WebhookSettings(name="desk", url=SecretStr(f"{hook.url}/call"), timeout_s=2),),
        }
        return WatchdogSettings.load(**(ours | given))

    return made


@pytest.fixture(autouse=True)
async def nothing_is_left() -> AsyncIterator[None]:
    """Threads that were given up have ended before the next test: their servers are gone."""
    yield
    await asyncio.sleep(0)
