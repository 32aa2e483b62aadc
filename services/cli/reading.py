"""For commands that only read: the configured store, opened and closed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from events.store import EventStore
from events.types import REGISTRY
from services.settings import TillsynSettings
from services.tillsyn.read_models import PROJECTIONS

Config = Annotated[
    Path | None,
    typer.Option("--config", help="TOML file with settings; see docs/configuration.md.", show_default=False),
]
Data = Annotated[Path | None, typer.Option("--data", help="Data folder, instead of TILLSYN_DATA.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]


def settings_for(config: Path | None, data: Path | None) -> TillsynSettings:
    """The service's settings; BadConfigurationError in one line."""
    given = {"data": data} if data is not None else {}
    return TillsynSettings.load(config, **given)


def time_of(at: datetime | None) -> datetime:
    """The time to judge by: what was given, taken as UTC, else now."""
    return at.replace(tzinfo=UTC) if at is not None else datetime.now(UTC)


@asynccontextmanager
async def opened_store(settings: TillsynSettings) -> AsyncIterator[EventStore]:
    """The store, for reading."""
    async with await EventStore.open(
        settings.database, registry=REGISTRY, projections=PROJECTIONS, now=lambda: datetime.now(UTC)
    ) as store:
        yield store
