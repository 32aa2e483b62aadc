"""`tillsyn up`."""

import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.live import Live

from events.runtime.logging import configure_logging
from services.cli.output import on_terminal, people
from services.cli.reading import Config, Data, settings_for
from services.registering.description import Description, read_description
from services.up.household import Household, Surroundings
from services.up.lock import locked
from services.up.preparing import prepare
from services.up.stopping import run_until_told
from services.up.table import table_of

log = structlog.get_logger()

Homes = Annotated[
    Path | None, typer.Option(help="Enter this file first, as `tillsyn register` does.", show_default=False)
]

NOBODY = (
    "nobody is registered yet: `tillsyn register --example` prints a file to begin with, `tillsyn register` enters it"
)
STOPS_WITHIN_S = 60
REFRESHED_EVERY_S = 0.5


def command(homes: Homes = None, config: Config = None, data: Data = None) -> None:
    """Run everything on this machine, on the wall clock: NATS, the service, the relay, every registered gateway.

    Keys and database are made in the data folder. What ends is begun again. Ctrl-C stops all in order. On a terminal
    it shows a table, and the parts' log lines go to `logs/` in the data folder; elsewhere they go to standard error.
    """
    settings = settings_for(config, data)
    description = read_description(homes) if homes is not None else None
    with locked(settings.data) as lock, ExitStack() as files:
        logs, stream = None, sys.stderr
        if on_terminal():
            logs = settings.data.absolute() / "logs"
            logs.mkdir(exist_ok=True)
            stream = files.enter_context((logs / "up.log").open("a"))
        configure_logging(settings.log_level, "json", "up", stream)
        around = Surroundings(settings, config.absolute() if config else None, logs, lock)
        run_until_told(_up(around, description), within_s=STOPS_WITHIN_S, ask_again_s=None)


async def _up(around: Surroundings, description: Description | None) -> None:
    recipients = await prepare(around.settings, description)
    if not recipients:
        log.warning("nobody is registered", do=NOBODY)
    household = Household(around)
    async with household.running():
        if around.logs is None:
            await household.follow()
        else:
            await asyncio.gather(household.follow(), _show(household, around.logs, "" if recipients else NOBODY))


async def _show(household: Household, logs: Path, remark: str) -> None:
    below = f"{remark}\nCtrl-C stops everything; log lines are in {logs}".strip()
    with Live(console=people, auto_refresh=False) as live:
        while True:
            live.update(table_of(household.parts, "Tillsyn", below), refresh=True)
            await asyncio.sleep(REFRESHED_EVERY_S)


command.__name__ = "up"
