"""`tillsyn register`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from events.runtime.clock import WallClock
from services.cli.output import aside, people, print_json
from services.cli.reading import Config, Data, Json, settings_for
from services.opening import opened_ledger
from services.registering.description import Description, example, read_description
from services.registering.entering import Entered, enter
from services.settings import TillsynSettings

File = Annotated[Path | None, typer.Argument(metavar="FILE", help="TOML file; see --example.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be entered.")]
Example = Annotated[bool, typer.Option("--example", help="Print a file to begin with, explained, and do nothing else.")]


def command(
    file: File = None,
    dry_run: DryRun = False,
    show_example: Example = False,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Enter a unit from a file: staff, gateways, homes, recipients, decisions, consents, schedules.

    Entering it again changes nothing; what is new or different in it is entered, or refused as the rules have it. A
    camera is linked, and not used until its test has passed: until then its slots are visits. It also writes what each
    gateway needs to know: `gateways/<id>.toml` in the data folder.
    """
    if show_example:
        typer.echo(example(), nl=False)
        return
    if file is None:
        raise typer.BadParameter("name the file to enter; `tillsyn register --example` prints one to begin with")
    entered = asyncio.run(_enter(read_description(file), settings_for(config, data), dry_run))
    if as_json:
        print_json({"dry_run": dry_run, "entered": entered.steps, "gateways": [str(path) for path in entered.gateways]})
    else:
        _show(entered, dry_run)


async def _enter(description: Description, settings: TillsynSettings, dry_run: bool) -> Entered:
    async with opened_ledger(settings, WallClock()) as ledger:
        return await enter(description, settings, ledger, dry_run=dry_run)


def _show(entered: Entered, dry_run: bool) -> None:
    verb = "would enter" if dry_run else "entered"
    for what in entered.steps:
        people.print(f"{verb} {what}", soft_wrap=True)
    if not entered.steps:
        people.print("nothing to enter: all of it is on record")
    for path in entered.gateways:
        aside.print(f"a gateway's settings: {path}", soft_wrap=True)


command.__name__ = "register"
