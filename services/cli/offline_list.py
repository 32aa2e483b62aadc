"""`tillsyn offline-list`."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import track
from rich.table import Table

from events.runtime.clock import WallClock
from events.runtime.settings import BadConfigurationError
from events.store import StoreError
from services.cli.dates import a_date
from services.cli.output import aside, complain, on_terminal, people, print_json
from services.cli.reading import Config, Data, Json
from services.offline_list.app import maker
from services.offline_list.asked import Asked, NoSuchListError, Standing, found_in
from services.offline_list.delivering import Deliverer, places_of
from services.offline_list.lists import PatrolList
from services.offline_list.passwords import read_passwords
from services.offline_list.printing import send_to_printer
from services.offline_list.sealing import unseal
from services.offline_list.settings import OfflineListSettings
from services.offline_list.words import Language
from services.opening import opened_ledger

app = typer.Typer(no_args_is_help=True, help="Paper for the night when nothing works: make, check and print the lists.")

Night = Annotated[
    date | None,
    typer.Option(parser=a_date, metavar="DATE", help="The date the night begins on; else tonight."),
]
Unit = Annotated[UUID | None, typer.Option(help="Only this unit.", show_default=False)]
Patrol = Annotated[UUID | None, typer.Option(help="Only this patrol.", show_default=False)]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the encrypted list here, and bring it nowhere.")
]
Spoken = Annotated[Language | None, typer.Option("--language", help="Instead of the configured one.")]
Whose = Annotated[UUID, typer.Option("--patrol", help="Whose list: a patrol, or a unit without patrols.")]
Printer = Annotated[str | None, typer.Option(help="Name of the printer, as `lpstat -p` lists it; else the usual one.")]
Clear = Annotated[
    Path | None,
    typer.Option("--clear", metavar="FILE", help="Do not print: write the DECRYPTED PDF here; - is standard output."),
]


@app.command("make")
def make(
    night: Night = None,
    unit: Unit = None,
    patrol: Patrol = None,
    out: Out = None,
    language: Spoken = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make the lists now, encrypted, and bring them where they go. Exit status 1 if one has not arrived."""
    settings = _settings(config, data, language)
    if out is None:
        settings.require_a_place()
    rows = asyncio.run(_make(settings, night, unit, patrol, out))
    _show(rows, as_json)


@app.command("check")
def check(
    night: Night = None, unit: Unit = None, config: Config = None, data: Data = None, as_json: Json = False
) -> None:
    """Say whether the lists have arrived: each is read back from where it went. Exit status 1 if one is missing."""
    settings = _settings(config, data, None)
    settings.require_a_place()
    _show(asyncio.run(_check(settings, night, unit)), as_json)


@app.command("print")
def print_list(
    patrol: Whose,
    night: Night = None,
    printer: Printer = None,
    clear: Clear = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Print a list: the one in the folder, which takes no database, else one that is made now."""
    settings = _settings(config, data, None)
    pdf, title = asyncio.run(_clear_pdf(settings, patrol, night))
    if clear is None:
        aside.print(f"{title}: {send_to_printer(pdf, title, printer)}")
    elif str(clear) == "-":
        sys.stdout.buffer.write(pdf)
    else:
        _write(clear, pdf)
        aside.print(f"{clear} is NOT encrypted; remove it when it is printed.")


def _settings(config: Path | None, data: Path | None, language: Language | None) -> OfflineListSettings:
    given: dict[str, object] = {} if data is None else {"data": data}
    return OfflineListSettings.load(config, **given, **({} if language is None else {"offline_language": language}))


@asynccontextmanager
async def _asked(settings: OfflineListSettings) -> AsyncIterator[Asked]:
    async with opened_ledger(settings, WallClock()) as ledger:
        yield Asked(ledger, maker(settings, ledger), Deliverer(ledger, places_of(settings)))


async def _make(
    settings: OfflineListSettings, night: date | None, unit: UUID | None, patrol: UUID | None, out: Path | None
) -> list[Standing]:
    async with _asked(settings) as asked:
        lists = await asked.lists(night, unit, patrol)
        if out is not None and len(lists) > 1:
            names = ", ".join(f"{one.title} ({one.patrol or one.unit})" for one in lists)
            raise typer.BadParameter(f"--out is one file, and there are {len(lists)} lists; name one patrol: {names}")
        rows = []
        for one in track(lists, "Making lists", console=aside, disable=not on_terminal(), transient=True):
            made, wrong = await asked.make(one, bring=out is None)
            if out is not None:
                _write(out, made.data)
            says = "not there" if wrong else f"in {out}" if out else "there"
            rows.append(Standing(one.unit, one.patrol, one.title, one.night, len(one.checks), made.file, says, wrong))
        return rows


async def _check(settings: OfflineListSettings, night: date | None, unit: UUID | None) -> list[Standing]:
    async with _asked(settings) as asked:
        lists = await asked.lists(night, unit, None)
        return await asked.standings(lists, before=settings.offline_before)


async def _clear_pdf(settings: OfflineListSettings, whose: UUID, night: date | None) -> tuple[bytes, str]:
    """The decrypted list and its title. On record where the database answers; the paper does not wait for it."""
    file = found_in(settings.offline_folder, whose, night)
    passwords = read_passwords(settings.offline_passwords, settings.offline_passwords_file)
    if file is None:
        async with _asked(settings) as asked:
            one = await _one(asked, whose, night)
            made, _ = await asked.make(one, bring=False)
            await asked.printed(one, made.file)
            return unseal(made.data, passwords[whose].get_secret_value()), made.file
    if whose not in passwords:
        raise BadConfigurationError(f"no password for {whose}; set one in offline_passwords or its file")
    pdf = unseal(file.read_bytes(), passwords[whose].get_secret_value())
    try:
        async with _asked(settings) as asked:
            listed = date.fromisoformat(file.name[8:18])
            await asked.printed(await _one(asked, whose, listed), file.name)
    except (StoreError, NoSuchListError, BadConfigurationError, OSError) as error:
        complain(f"printed without a record of it, the log cannot be written: {error}")
    return pdf, file.name


async def _one(asked: Asked, whose: UUID, night: date | None) -> PatrolList:
    lists = await asked.lists(night, None, None)
    for one in lists:
        if whose == (one.patrol or one.unit):
            return one
    known = ", ".join(f"{one.title} {one.patrol or one.unit}" for one in lists)
    raise NoSuchListError(f"no list of {whose}; there are: {known}")


def _write(path: Path, content: bytes) -> None:
    """Readable by the owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _show(rows: list[Standing], as_json: bool) -> None:
    if as_json:
        names = ("unit", "patrol", "title", "night", "checks", "file", "says", "wrong")
        print_json({"lists": [{name: getattr(row, name) for name in names} for row in rows]})
    else:
        table = Table("list", "night", "checks", "file", "", title="Offline lists", title_justify="left")
        for row in rows:
            says = f"[bold red]{row.says}[/]: {row.wrong}" if row.wrong else f"[green]{row.says}[/]"
            table.add_row(row.title, str(row.night), str(row.checks), row.file or "", says)
        people.print(table)
    raise typer.Exit(1 if any(row.wrong for row in rows) else 0)
