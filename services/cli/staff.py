"""`tillsyn staff`: roles, and emergency access that waits for its review."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from events.runtime.clock import WallClock
from events.schedule import instant_of, zone_named
from events.store import queries
from events.types.night import ReviewVerdict
from services.cli.dates import AS_TIME, an_instant
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for
from services.cli.whose import Unit as OneUnit
from services.cli.whose import whose
from services.opening import opened_ledger
from services.settings import TillsynSettings
from services.tillsyn.desk import Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.ledger import Ledger
from services.tillsyn.unit import NoSuchUnitError

Member = Annotated[UUID, typer.Argument(metavar="STAFF", help="The id under which they are registered.")]
Role = Annotated[str, typer.Argument(help="night-staff, patrol, manager, assessor, nurse or installer.")]
Unit = Annotated[UUID, typer.Option(help="The unit in which the role holds.")]
Instant = Annotated[
    datetime | None,
    typer.Option(parser=an_instant, metavar="TIME", help=f"The unit's local time, {AS_TIME}.", show_default=False),
]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from", parser=an_instant, metavar="TIME", help=f"As {AS_TIME}, local; else now.", show_default=False
    ),
]
Agency = Annotated[bool, typer.Option("--agency", help="They come from an agency: --until is needed.")]
By = Annotated[UUID | None, typer.Option(help="The manager who does it; else the installer.", show_default=False)]

app = typer.Typer(help="What staff may do where, and what was opened in an emergency.", no_args_is_help=True)


@app.command("list")
def list_(unit: Unit, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Every role in a unit, with its end. Names stay sealed."""
    rows, zones = asyncio.run(_roles(settings_for(config, data), unit))
    if unit not in zones:
        raise NoSuchUnitError(f"no unit {unit} is registered; register the unit first")
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    now, zone = datetime.now(UTC), zone_named(zones[unit])
    table = Table(title="Roles", title_justify="left")
    for column in ("staff", "role", "from", "until", ""):
        table.add_column(column, overflow="fold")
    for row in rows:
        until = f"{row.until.astimezone(zone):%Y-%m-%d %H:%M}" if row.until is not None else ""
        holds = "[green]holds[/]" if row.holds(now) else "[dim]does not hold[/]"
        said = f"{holds}{', agency' if row.agency else ''}"
        table.add_row(str(row.staff), row.role, f"{row.holds_from.astimezone(zone):%Y-%m-%d %H:%M}", until, said)
    people.print(table)


@app.command()
def grant(
    member: Member,
    role: Role,
    unit: Unit,
    holds_from: From = None,
    until: Instant = None,
    agency: Agency = False,
    by: By = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Let somebody who is registered, here or in another unit or organisation, act in a role in a unit."""

    async def use_case(ledger: Ledger) -> None:
        zone = zone_named((await ledger.store.query(queries.zones)).get(unit, "UTC"))
        times = {
            "holds_from": instant_of(holds_from, zone) if holds_from is not None else None,
            "until": instant_of(until, zone) if until is not None else None,
        }
        await Staffing(ledger).grant_role(member, unit, role, by or INSTALLER, agency=agency, **times)

    _change(settings_for(config, data), use_case)


@app.command()
def end(member: Member, role: Role, unit: Unit, by: By = None, config: Config = None, data: Data = None) -> None:
    """Their role in the unit is over now."""
    _change(settings_for(config, data), lambda ledger: Staffing(ledger).end_role(member, unit, role, by or INSTALLER))


@app.command()
def accesses(unit: OneUnit = None, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Emergency accesses (break-glass) that nobody has reviewed yet."""
    rows = asyncio.run(_accesses(settings_for(config, data), unit))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    table = Table("access", "staff", "role", "unit", "opened (UTC)", title="To be reviewed", title_justify="left")
    for row in rows:
        table.add_row(str(row.id), str(row.staff)[:8], row.role, str(row.unit)[:8], f"{row.opened_at:%Y-%m-%d %H:%M}")
    people.print(table)


@app.command()
def review(
    access: Annotated[UUID, typer.Argument(help="The access; see `tillsyn staff accesses`.")],
    verdict: Annotated[ReviewVerdict, typer.Argument(help="What the review came to.")],
    by: Annotated[UUID, typer.Option(help="The manager who reviewed it, who is somebody else.")],
    note: Annotated[str | None, typer.Option(help="Words about it; kept sealed.", show_default=False)] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Record that a manager of the unit has looked at what was done under an emergency access."""
    _change(settings_for(config, data), lambda ledger: Staffing(ledger).review_access(access, by, verdict, note))


def _change(settings: TillsynSettings, use_case: Callable[[Ledger], Awaitable[None]]) -> None:
    async def change() -> bool:
        async with opened_ledger(settings, WallClock()) as ledger:
            before = ledger.changed.count
            await use_case(ledger)
            return ledger.changed.count > before

    people.print("entered" if asyncio.run(change()) else "nothing to enter: it is on record already")


async def _roles(settings: TillsynSettings, unit: UUID) -> tuple[list[queries.RoleRow], dict[UUID, str]]:
    async with opened_store(settings) as store:
        return await store.query(queries.roles_in, unit), await store.query(queries.zones)


async def _accesses(settings: TillsynSettings, unit: str | None) -> list[queries.AccessRow]:
    async with opened_store(settings) as store:
        return await store.query(queries.accesses_to_review, (await whose(store, unit)).unit)
