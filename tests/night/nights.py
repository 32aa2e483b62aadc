"""A night that was played, with everything that it left behind."""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import structlog

from events.store import EventStore
from events.types import REGISTRY
from services.demo.registering import STAFF_NAMES
from services.demo.script import Script, write_script
from services.demo.stage import set_stage
from services.demo.summary import Summary, summarise
from services.tillsyn.read_models import PROJECTIONS
from tests.logs import plain_tracebacks

NIGHT = date(2026, 11, 3)


@dataclass(frozen=True)
class Played:
    """A night that is over, and stopped."""

    script: Script
    folder: Path
    summary: Summary
    logged: str
    ended: datetime

    async def store(self) -> EventStore:
        """Its database, opened anew."""
        url = f"sqlite:///{self.folder / 'tillsyn.db'}"
        return await EventStore.open(url, registry=REGISTRY, projections=PROJECTIONS, now=lambda: self.ended)

    def names(self) -> list[str]:
        """Every name and address that the night knows."""
        people = [name for home in self.script.homes for name in (home.name, home.name.split()[1], home.address)]
        return [*people, *STAFF_NAMES]


async def play(
    seed: int, recipients: int, folder: Path, *, videos: Sequence[Path] = (), database_url: str = ""
) -> Played:
    """One night, from three in the afternoon until noon."""
    script = write_script(seed, recipients, NIGHT)
    with logged() as told:
        async with set_stage(script, folder, videos=videos, database_url=database_url) as stage:
            await stage.play(lambda _: None)
            summary = await summarise(stage)
    return Played(script, folder, summary, told.getvalue(), script.ends)


def require_sound(played: Played) -> None:
    """The figures agree with each other, and nothing is broken."""
    figures = played.summary
    assert figures.slots == figures.completed + sum(figures.escalated.values()) + figures.cancelled
    assert figures.slots == sum(len(home.entries) for home in played.script.homes)
    assert (figures.silent_misses, figures.broken_invariants) == (0, 0)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """All log lines, down to the least, as JSON."""
    told = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(told),
        cache_logger_on_first_use=False,
    )
    try:
        yield told
    finally:
        plain_tracebacks()


def found_in(folder: Path, words: Sequence[str], more: bytes = b"") -> list[tuple[str, str]]:
    """Where any of `words` lies, in any file below `folder` or in `more`: as UTF-8, or as JSON escapes it."""
    wanted = {form: word for word in words for form in (word.encode(), json.dumps(word)[1:-1].encode())}
    places = [(str(file), file.read_bytes()) for file in sorted(folder.rglob("*")) if file.is_file()]
    return [
        (where, word)
        for where, content in [*places, ("log lines", more)]
        for form, word in wanted.items()
        if form in content
    ]
