"""`tillsyn roster import` and `tillsyn roster show`."""

import asyncio
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from events.runtime.clock import WallClock
from events.schedule import zone_named
from events.store import queries
from events.types.shift import RosterSource
from services.cli.dates import Day
from services.cli.output import complain, people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for
from services.opening import opened_ledger
from services.registering.roster import Fault, RosterFile, read_roster
from services.settings import TillsynSettings
from services.tillsyn.desk import Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.desk.staffing import RosterRefusedError
from services.tillsyn.unit import NoSuchUnitError

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV with night, staff, role, from, to; local times.")]
Unit = Annotated[UUID, typer.Option(help="The unit whose roster it is.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be entered, and what is wrong.")]

app = typer.Typer(help="Who is to work in which night: enter it from a file, look at it.", no_args_is_help=True)


@app.command("import")
def import_(
    file: File, unit: Unit, dry_run: DryRun = False, config: Config = None, data: Data = None, as_json: Json = False
) -> None:
    """Enter a roster, whole or not at all. Entering it again changes nothing. Every line that is wrong is told."""
    entered, faults = asyncio.run(_import(settings_for(config, data), file, unit, dry_run))
    if as_json:
        told = [{"line": fault.line, "what": fault.what} for fault in faults]
        print_json({"dry_run": dry_run, "entered": entered, "faults": told})
    else:
        for fault in faults:
            complain(f"{file}, line {fault.line}: {fault.what}")
        if not faults:
            people.print(f"{'would enter' if dry_run else 'entered'} {entered} shifts")
    if faults:
        raise typer.Exit(2)


@app.command()
def show(night: Day, unit: Unit, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Who is to work in a night, who has signed in, and who has gone. Times are the unit's own."""
    asyncio.run(_show(settings_for(config, data), night, unit, as_json))


async def _import(settings: TillsynSettings, file: Path, unit: UUID, dry_run: bool) -> tuple[int, list[Fault]]:
    async with opened_ledger(settings, WallClock()) as ledger:
        zones = await ledger.store.query(queries.zones)
        if unit not in zones:
            raise NoSuchUnitError(f"no unit {unit} is registered; register the unit first")
        roster = read_roster(file, zone_named(zones[unit]))
        if roster.faults and not roster.shifts:
            return 0, list(roster.faults)
        # with a fault anywhere nothing is entered, but what the rules say of the other lines is told with it
        rehearsal = dry_run or bool(roster.faults)
        try:
            entered = await Staffing(ledger).enter_roster(
                unit, roster.shifts, INSTALLER, RosterSource.IMPORTED, dry_run=rehearsal
            )
        except RosterRefusedError as refused:
            return 0, _in_order(roster, refused)
        return (0 if roster.faults else entered), list(roster.faults)


def _in_order(roster: RosterFile, refused: RosterRefusedError) -> list[Fault]:
    by_rule = [Fault(roster.lines[number], str(fault)) for number, fault in refused.faults]
    return sorted([*roster.faults, *by_rule], key=lambda fault: fault.line)


async def _show(settings: TillsynSettings, night: date, unit: UUID, as_json: bool) -> None:
    async with opened_store(settings) as store:
        zones = await store.query(queries.zones)
        roster = await store.query(queries.shifts_of_night, unit, night)
        there = await store.query(queries.signed_in_of_night, unit, night)
    if unit not in zones:
        raise NoSuchUnitError(f"no unit {unit} is registered; register the unit first")
    if as_json:
        print_json({"roster": [asdict(row) for row in roster], "signed_in": [asdict(row) for row in there]})
        return
    zone = zone_named(zones[unit])

    def clock(at: datetime | None) -> str:
        return at.astimezone(zone).strftime("%H:%M") if at is not None else ""

    table = Table(title=f"The night of {night}", title_justify="left")
    for column in ("staff", "role", "from", "to", "signed in", "gone", "line"):
        table.add_column(column, no_wrap=column != "line", overflow="fold")
    came = {row.staff: row for row in there}
    for row in roster:
        seen = came.pop(row.staff, None)
        times = (clock(seen.at), clock(seen.out_at)) if seen is not None else ("", "")
        table.add_row(str(row.staff)[:8], row.role, clock(row.starts_at), clock(row.ends_at), *times, str(row.id))
    for extra in came.values():
        table.add_row(str(extra.staff)[:8], extra.role, "", "", clock(extra.at), clock(extra.out_at), "")
    people.print(table)
