"""`tillsyn log`."""

import asyncio
import json
from typing import Annotated

import typer
from rich.markup import escape

from events.cloudevents import encode_recorded
from events.envelope import Recorded
from events.store import EventStore
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for
from services.cli.whose import Organisation, Unit, Whose, whose
from services.settings import TillsynSettings

Follow = Annotated[bool, typer.Option("--follow", help="Stay, and show what comes.")]
Stream = Annotated[str | None, typer.Option(help="Only this stream, e.g. visit-ID.", show_default=False)]

PAGE = 1000
LOOK_AGAIN_S = 0.5


def command(
    follow: Follow = False,
    stream: Stream = None,
    unit: Unit = None,
    organisation: Organisation = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show the log, oldest first: when (UTC), what, who, and in which stream. Personal fields stay sealed.

    With `--json`, one CloudEvent a line.
    """
    asyncio.run(_log(settings_for(config, data), stream, follow, unit, organisation, as_json))


async def _log(
    settings: TillsynSettings,
    stream: str | None,
    follow: bool,
    unit: str | None,
    organisation: str | None,
    as_json: bool,
) -> None:
    async with opened_store(settings) as store:
        told = await whose(store, unit, organisation)
        if stream is not None:
            await _one_stream(store, stream, follow, told, as_json)
        else:
            await _whole_log(store, follow, told, as_json)


async def _whole_log(store: EventStore, follow: bool, told: Whose, as_json: bool) -> None:
    checkpoint = None
    while True:
        page = await store.read_all(checkpoint, PAGE)
        for recorded in page.events:
            _show(recorded, told, as_json)
        checkpoint = page.checkpoint
        if page.events:
            continue
        if not follow:
            return
        await asyncio.sleep(LOOK_AGAIN_S)


async def _one_stream(store: EventStore, stream: str, follow: bool, told: Whose, as_json: bool) -> None:
    version = 0
    while True:
        for recorded in await store.read(stream, after=version):
            _show(recorded, told, as_json)
            version = recorded.version
        if not follow:
            if version == 0:
                raise typer.BadParameter(f"there is no stream {stream!r}; `tillsyn log` shows those there are")
            return
        await asyncio.sleep(LOOK_AGAIN_S)


def _show(recorded: Recorded, told: Whose, as_json: bool) -> None:
    if not told.includes(recorded.context.owner):
        return
    if as_json:
        print_json(json.loads(encode_recorded(recorded)))
        return
    context = recorded.context
    who = escape(f"{context.actor.role[:40]} {context.actor.id[:8]}")
    doubt = "" if context.clock_trusted else " [yellow](clock not trusted)[/]"
    people.print(
        f"[dim]{recorded.position:>6}[/] {context.time:%Y-%m-%d %H:%M:%SZ}{doubt} "
        f"[bold]{recorded.event.NAME:<32}[/] {who:<24} [dim]{recorded.stream} v{recorded.version}[/]",
        soft_wrap=True,
    )


command.__name__ = "log"
