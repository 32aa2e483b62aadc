"""`tillsyn demo`: one whole night, played."""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from events.runtime.logging import configure_logging
from events.runtime.settings import BadConfigurationError
from services.cli.dates import a_date
from services.cli.output import aside, on_terminal, people, print_json
from services.cli.reading import Json
from services.demo.director import footage
from services.demo.script import ZONE, Script, write_script
from services.demo.stage import set_stage
from services.demo.summary import Summary, summarise

A_NIGHT_IN_NOVEMBER = date(2026, 11, 3)
MOST_RECIPIENTS = 500

Once = Annotated[bool, typer.Option("--once", help="End when the night is over, also on a terminal.")]
Recipients = Annotated[int, typer.Option(help="How many homes, one recipient in each.", min=1, max=MOST_RECIPIENTS)]
Speed = Annotated[
    float | None,
    typer.Option(help="Simulated seconds a real second; else as fast as it goes.", min=1, show_default=False),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same night.")]
Video = Annotated[
    Path | None,
    typer.Option(
        help="Your own footage: a video or a folder of them. Simulated staff call any usable picture well.",
        show_default=False,
    ),
]
Night = Annotated[date, typer.Option(parser=a_date, metavar="DATE", help="The date on which the night begins.")]
Keep = Annotated[
    Path | None, typer.Option("--data", help="Keep database and log in this (new) folder.", show_default=False)
]


def command(
    once: Once = False,
    recipients: Recipients = 8,
    speed: Speed = None,
    seed: Seed = 1,
    video: Video = None,
    night: Night = A_NIGHT_IN_NOVEMBER,
    data: Keep = None,
    as_json: Json = False,
) -> None:
    """Play one whole night: real NATS, database, gateways, video; simulated staff, patrol and bedrooms.

    Ends with what became of each slot and what the night saved. On a terminal it then stays until Ctrl-C, so that you
    can look at the night's log; with `--once`, or without a terminal, it ends.
    """
    videos = footage(video) if video is not None else ()
    for stopping in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stopping, _interrupted)
    configure_logging("error", "console", "demo")
    logging.captureWarnings(True)
    script = write_script(seed, recipients, night)
    with _folder(data) as folder:
        summary = asyncio.run(_play(script, folder, speed, videos))
        if as_json:
            print_json(summary.as_json())
        else:
            _show(summary)
            if videos:
                people.print(
                    '[yellow]Nobody judged your footage: simulated staff call any usable picture "all well".[/]'
                )
        if on_terminal() and not once and not as_json:
            _stay(folder, script)
    raise typer.Exit(1 if summary.broken_invariants else 0)


def _interrupted(*_: object) -> None:
    """A terminal that was closed, or a kind kill: end as with Ctrl-C, so that nothing is left behind."""
    raise KeyboardInterrupt


async def _play(script: Script, folder: Path, speed: float | None, videos: tuple[Path, ...]) -> Summary:
    with _progress(script) as (doing, passed):
        doing("setting the stage: NATS, database, gateways, bedrooms")
        async with set_stage(script, folder, pace=speed, videos=videos) as stage:
            doing("the night")
            await stage.play(passed)
            doing("adding up")
            return await summarise(stage)


@contextmanager
def _progress(script: Script) -> Iterator[tuple[Callable[[str], None], Callable[[datetime], None]]]:
    columns = (
        TextColumn("{task.description:<52}"),
        BarColumn(),
        TextColumn("{task.fields[clock]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=aside, transient=True) as progress:
        whole = (script.ends - script.begins).total_seconds()
        task = progress.add_task("", total=whole, clock="")

        def doing(what: str) -> None:
            progress.update(task, description=what)

        def passed(now: datetime) -> None:
            done = (now - script.begins).total_seconds()
            progress.update(task, completed=done, clock=f"{now.astimezone(ZONE):%H:%M}")

        yield doing, passed


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is None:
        with tempfile.TemporaryDirectory(prefix="tillsyn-demo-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    if data.exists() and any(data.iterdir()):
        raise BadConfigurationError(f"{data} is not empty; a demo begins in a new folder, give another --data")
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfigurationError(f"cannot make the folder {data}: {error.strerror}") from None
    yield data


def _show(summary: Summary) -> None:
    table = Table(title=f"The night of {summary.night}, {summary.recipients} homes", title_justify="left")
    table.add_column("what")
    table.add_column("", justify="right")
    table.add_row("slots", str(summary.slots), style="bold")
    table.add_row("completed", str(summary.completed), style="green")
    table.add_row("  of these by a planned visit", str(summary.completed_by_visit))
    for reason, count in summary.escalated.items():
        table.add_row(f"escalated: {reason.replace('-', ' ')}", str(count), style="red")
    table.add_row("cancelled", str(summary.cancelled))
    table.add_row("silent misses", str(summary.silent_misses), style="bold red" if summary.silent_misses else "")
    table.add_section()
    table.add_row("second looks", str(summary.second_looks))
    table.add_row("visits", str(summary.visits))
    table.add_row("events in the log", str(summary.events))
    table.add_row("repeated messages ignored", str(summary.duplicates_ignored))
    table.add_row("unreadable messages set aside", str(summary.dead_letters))
    table.add_section()
    effect = summary.effects
    table.add_row("hours saved *", f"{effect['saved_hours']:.1f}")
    table.add_row("kilometres avoided *", f"{effect['avoided_km']:.1f}")
    table.add_row("kronor saved *", f"{effect['saved_sek']:.0f}")
    people.print(table)
    people.print("[dim]* against the illustrative baseline botkyrka-derived: 20 minutes, 100 kr, 11/9 km a visit[/]")


def _stay(folder: Path, script: Script) -> None:
    program = os.path.relpath(sys.argv[0]) if "/" in sys.argv[0] else sys.argv[0]
    ended = script.ends.astimezone(UTC)
    people.print("\nThe night's database stays until you press Ctrl-C. In another terminal:\n")
    people.print(f"  {program} night {script.night} --data {folder}", soft_wrap=True)
    people.print(f"  {program} log --data {folder}", soft_wrap=True)
    people.print(f"  {program} verify --at {ended:%Y-%m-%dT%H:%M} --data {folder}\n", soft_wrap=True)
    try:
        while True:
            input()
    except (KeyboardInterrupt, EOFError):
        people.print("good morning")


command.__name__ = "demo"
