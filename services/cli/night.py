"""`tillsyn night`."""

import asyncio
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from events.envelope import Owner
from events.schedule import zone_named
from events.store import queries
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, Organisation, Unit, Whose, opened_store, settings_for
from services.settings import TillsynSettings

Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DATE", help="The date the night begins on.")]

_STYLE = {"completed": "green", "escalated": "bold red", "cancelled": "dim", "open": "yellow"}


def command(
    day: Day,
    unit: Unit = None,
    organisation: Organisation = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show every slot of a night and how it ended. Times are the unit's own."""
    night = day.date()
    slots, visits, zones = asyncio.run(_read(settings_for(config, data), night, Whose(organisation, unit)))
    if as_json:
        print_json({"night": night, "slots": [asdict(row) for row in slots], "visits": [asdict(row) for row in visits]})
        return
    if not slots:
        people.print(f"No slots in the night of {night}.")
        return
    people.print(_table(night, slots, visits, zones))


async def _read(
    settings: TillsynSettings, night: date, whose: Whose
) -> tuple[list[queries.SlotRow], list[queries.VisitRow], dict[UUID, str]]:
    async with opened_store(settings) as store:
        slots = await store.query(queries.slots_of_night, night, whose.unit)
        visits = await store.query(queries.visits_of_night, night, whose.unit)
        slots = [row for row in slots if whose.includes(Owner(row.organisation, row.unit))]
        visits = [row for row in visits if whose.includes(Owner(row.organisation, row.unit))]
        return slots, visits, await store.query(queries.zones)


def _table(night: date, slots: list[queries.SlotRow], visits: list[queries.VisitRow], zones: dict[UUID, str]) -> Table:
    by_id = {visit.id: visit for visit in visits}
    table = Table(title=f"The night of {night}", title_justify="left")
    for column in ("due", "recipient", "kind", "ended", "at", "why", "visit"):
        table.add_column(column, no_wrap=column in ("due", "at", "ended"))
    for row in slots:
        zone = zone_named(zones[row.unit])
        visit = by_id.get(row.visit) if row.visit else None
        style = _STYLE.get(row.status, "")
        table.add_row(
            _clock(row.due_at, zone),
            str(row.recipient)[:8],
            row.kind,
            f"[{style}]{row.status}[/]",
            _clock(row.settled_at, zone),
            row.reason or ("second look" if row.second_look_at else ""),
            f"{visit.stage}, {visit.minutes} min" if visit and visit.minutes else visit.stage if visit else "",
        )
    return table


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M:%S") if at else ""


command.__name__ = "night"
