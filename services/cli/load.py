"""`tillsyn load`."""

import asyncio
from dataclasses import asdict
from datetime import date
from uuid import UUID

from rich.table import Table

from events.runtime.clock import WallClock
from events.store import queries
from services.cli.dates import Day
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, settings_for
from services.cli.whose import Unit, whose
from services.opening import opened_ledger
from services.settings import TillsynSettings
from services.tillsyn.desk import Load
from services.tillsyn.desk.load import NightLoad
from services.tillsyn.load import Quarter

WIDEST = 40
"""Slots that a bar shows one by one; longer bars are cut, and the number says the rest."""


def command(night: Day, unit: Unit = None, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Show a night's slots by quarter of an hour against its staff, and what spreading them would give."""
    loads = asyncio.run(_read(settings_for(config, data), night, unit))
    if as_json:
        print_json([{"unit": unit_, "night": night, **_plain(load)} for unit_, load in loads.items()])
        return
    for unit_, load in loads.items():
        people.print(_table(f"Unit {str(unit_)[:8]}, the night of {night}", load))
        people.print(_advice(load))


async def _read(settings: TillsynSettings, night: date, unit: str | None) -> dict[UUID, NightLoad]:
    async with opened_ledger(settings, WallClock()) as ledger:
        zones = await ledger.store.query(queries.zones)
        one = (await whose(ledger.store, unit)).unit
        load = Load(ledger)
        return {id_: await load.night_load(id_, night) for id_ in ([one] if one is not None else sorted(zones))}


def _table(title: str, load: NightLoad) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("quarter", "staff", "slots", "", "spread"):
        table.add_column(column, no_wrap=True)
    due, spread = ({quarter.start: quarter for quarter in each} for each in (load.due, load.spread))
    for start in sorted({*due, *spread}):
        here = due.get(start, Quarter(start, 0, 0))
        then = spread.get(start, Quarter(start, 0, 0))
        if here.slots or then.slots:
            change = str(then.slots) if then.slots != here.slots else ""
            over = f" [bold red]{then.over} over[/]" if then.over else ""
            clock = start.astimezone(load.zone).strftime("%H:%M")
            table.add_row(clock, str(load.staff(start)), str(here.slots), _bar(here), change + over)
    return table


def _bar(quarter: Quarter) -> str:
    within = min(quarter.slots - quarter.over, WIDEST)
    over = min(quarter.over, WIDEST - within)
    return f"[green]{'█' * within}[/][bold red]{'█' * over}[/]"


def _advice(load: NightLoad) -> str:
    over, left = (sum(quarter.over for quarter in each) for each in (load.due, load.spread))
    if not load.due:
        return "No slots for the camera."
    if not over:
        return "Every quarter of an hour can be managed as agreed."
    rest = f"{left} stay too many: more staff, or other times" if left else "then every quarter can be managed"
    return f"{over} too many at their times. Looked at within their windows as suggested, {rest}."


def _plain(load: NightLoad) -> dict[str, object]:
    return {
        "quarters": [asdict(quarter) | {"over": quarter.over} for quarter in load.due],
        "spread": [asdict(quarter) | {"over": quarter.over} for quarter in load.spread],
        "look_at": {str(slot): at for slot, at in load.look_at.items()},
    }


command.__name__ = "load"
