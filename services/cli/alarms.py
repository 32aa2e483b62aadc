"""`tillsyn alarms`."""

import asyncio
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from rich.table import Table

from events.schedule import zone_named
from events.store import EventStore, queries
from services.cli.dates import At
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for, time_of
from services.cli.whose import Unit, whose
from services.settings import TillsynSettings
from services.tillsyn.alarm import roles_reached, still
from services.tillsyn.watches import concerns_of

_STYLE = {"open": "bold red", "acknowledged": "yellow"}


def command(unit: Unit = None, at: At = None, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """List the alarms that stand: what, since when, who has it. Times are the unit's own.

    Acknowledging does not close one: it is gone when its cause is.
    """
    now = time_of(at)
    rows, why, zones = asyncio.run(_read(settings_for(config, data), unit, now))
    if as_json:
        told = [{**asdict(row), "still": still(row, now), "why": why.get(row.id, ())} for row in rows]
        print_json({"alarms": told})
    elif rows:
        people.print(_table(rows, why, zones, now))
    else:
        people.print("No alarm stands.")


async def _read(
    settings: TillsynSettings, unit: str | None, now: datetime
) -> tuple[list[queries.AlarmRow], dict[UUID, tuple[str, ...]], dict[UUID, str]]:
    async with opened_store(settings) as store:
        rows = await store.query(queries.open_alarms, (await whose(store, unit)).unit)
        zones = await store.query(queries.zones)
        return rows, await _why(store, rows, zones, now), zones


async def _why(
    store: EventStore, rows: list[queries.AlarmRow], zones: dict[UUID, str], now: datetime
) -> dict[UUID, tuple[str, ...]]:
    """What a plan lacks, of each alarm that there is none."""
    without = {row.recipient: row.id for row in rows if row.kind == "no-plan"}
    if not without:
        return {}
    plans = [row for row in await store.query(queries.plan_rows) if row.id in without]
    found = await concerns_of(store, plans, {unit: zone_named(name) for unit, name in zones.items()}, now)
    return {without[recipient]: tuple(concern.value for concern in concerns) for recipient, concerns in found.items()}


def _table(
    rows: list[queries.AlarmRow], why: dict[UUID, tuple[str, ...]], zones: dict[UUID, str], now: datetime
) -> Table:
    table = Table(title="Alarms", title_justify="left")
    for column in ("what", "since", "", "state", "owner", "for", "cause"):
        table.add_column(column, no_wrap=column in ("what", "since"))
    for row in rows:
        style = _STYLE.get(row.state, "")
        missing = ", ".join(why.get(row.id, ()))
        table.add_row(
            row.kind.replace("-", " "),
            row.raised_at.astimezone(zone_named(zones[row.unit])).strftime("%m-%d %H:%M"),
            still(row, now),
            f"[{style}]{row.state}[/]",
            str(row.owner)[:8] if row.owner else "nobody",
            ", ".join(roles_reached(row.role, row.repeats)),
            f"{row.cause} ({missing})" if missing else row.cause,
        )
    return table


command.__name__ = "alarms"
