"""`tillsyn notices`."""

import asyncio
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from events.schedule import zone_named
from events.store import queries
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for
from services.cli.whose import Unit, whose
from services.registering.description import Role
from services.settings import TillsynSettings

ToRole = Annotated[Role | None, typer.Option(help="Only what is for this role.", show_default=False)]


def command(
    unit: Unit = None, role: ToRole = None, config: Config = None, data: Data = None, as_json: Json = False
) -> None:
    """List what somebody in a role must have been told and nobody has read yet. Times are the unit's own."""
    rows, zones = asyncio.run(_read(settings_for(config, data), unit, role))
    if as_json:
        print_json({"notices": [asdict(row) for row in rows]})
    elif rows:
        people.print(_table(rows, zones))
    else:
        people.print("No notice is unread.")


async def _read(
    settings: TillsynSettings, unit: str | None, role: Role | None
) -> tuple[list[queries.NoticeRow], dict[UUID, str]]:
    async with opened_store(settings) as store:
        wanted = await whose(store, unit)
        return await store.query(queries.unread_notices, wanted.unit, role), await store.query(queries.zones)


def _table(rows: list[queries.NoticeRow], zones: dict[UUID, str]) -> Table:
    table = Table(title="Unread notices", title_justify="left")
    for column in ("what", "sent", "for", "recipient", "home", "about"):
        table.add_column(column, no_wrap=column in ("what", "sent"))
    for row in rows:
        table.add_row(
            row.kind.replace("-", " "),
            row.sent_at.astimezone(zone_named(zones[row.unit])).strftime("%m-%d %H:%M"),
            row.to_role,
            str(row.recipient)[:8] if row.recipient else "",
            str(row.home)[:8] if row.home else "",
            str(row.about),
        )
    return table


command.__name__ = "notices"
