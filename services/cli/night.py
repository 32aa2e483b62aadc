"""`tillsyn night`."""

import asyncio
import os
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from events.envelope import Owner
from events.schedule import zone_named
from events.store import queries
from services.cli.dates import Day
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for
from services.cli.whose import Organisation, Unit, whose
from services.settings import TillsynSettings
from services.telling import Language, Line, Names, counted, names_by_kind, said
from services.telling.night import story_of

In = Annotated[
    Language | None,
    typer.Option("--language", help="sv or en; not given: what LANG says, else en.", show_default=False),
]

LOUD = ("alarm.raised", "alarm.repeated", "incident.opened", "incident.limit-passed", "night.slot-escalated")
AMISS = ("visit.limit-passed", "visit.declined", "visit.found-nobody", "night.not-seen", "night.picture-missing")
HEADINGS = {
    Language.SV: ("Natten", ("tid", "brukare", "läge", "kl.", "varför", "besök")),
    Language.EN: ("The night of", ("due", "recipient", "state", "at", "why", "visit")),
}
_STYLE = {"completed": "green", "escalated": "bold red", "cancelled": "dim", "open": "yellow"}


@dataclass(frozen=True, slots=True)
class _Night:
    slots: list[queries.SlotRow]
    visits: list[queries.VisitRow]
    zones: dict[UUID, str]
    stories: dict[UUID, list[Line]]
    names: Names


def command(
    night: Day,
    unit: Unit = None,
    organisation: Organisation = None,
    language: In = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell a night: every slot and how it ended, then what happened, line by line. Times are the unit's own.

    People and things go by what they are and the beginning of their ids, recipients by that alone: names are sealed.
    """
    language = language or _language_here()
    found = asyncio.run(_read(settings_for(config, data), night, unit, organisation, language))
    if as_json:
        print_json(_as_json(night, found))
        return
    if not found.slots and not any(found.stories.values()):
        people.print(f"Nothing is planned and nothing happened in the night of {night}.")
        return
    people.print(_table(night, found, language))
    for told_of, lines in found.stories.items():
        people.print(f"\n[bold]{escape(found.names(told_of))}[/]  {_ended(found.slots, told_of, language)}")
        for line in lines:
            people.print(_shown(line), soft_wrap=True)


async def _read(
    settings: TillsynSettings, night: date, unit: str | None, organisation: str | None, language: Language
) -> _Night:
    async with opened_store(settings) as store:
        told = await whose(store, unit, organisation)
        slots = await store.query(queries.slots_of_night, night, told.unit)
        visits = await store.query(queries.visits_of_night, night, told.unit)
        zones = await store.query(queries.zones)
        owners = await store.query(queries.owners_of_units)
        units = [id_ for id_, owner in owners.items() if told.includes(owner)]
        names = names_by_kind(await store.query(queries.kinds_of_things), language)
        stories = {id_: await story_of(store, night, id_, zones[id_], language, names) for id_ in units}
        return _Night(
            [row for row in slots if told.includes(Owner(row.organisation, row.unit))],
            [row for row in visits if told.includes(Owner(row.organisation, row.unit))],
            zones,
            stories,
            names,
        )


def _as_json(night: date, found: _Night) -> dict[str, Any]:
    lines = [
        {"unit": unit, "at": line.at, "about": line.about, "text": line.text, "event": line.event}
        for unit, story in found.stories.items()
        for line in story
    ]
    rows = {"slots": [asdict(row) for row in found.slots], "visits": [asdict(row) for row in found.visits]}
    return {"night": night, **rows, "story": lines}


def _ended(slots: list[queries.SlotRow], unit: UUID, language: Language) -> str:
    """How the unit's slots ended, in one line: `17 gjorda, 5 eskalerade`."""
    ends = Counter(row.status for row in slots if row.unit == unit)
    return ", ".join(counted(times, status, language) for status, times in ends.most_common())


def _shown(line: Line) -> str:
    style = "bold red" if line.event.startswith(LOUD) else "yellow" if line.event.startswith(AMISS) else ""
    about = f"[cyan]{escape(line.about):<14}[/]"
    text = escape(line.text)
    return f"[dim]{line.at:%H:%M:%S}[/] {about} {f'[{style}]{text}[/]' if style else text}"


def _label(id_: UUID) -> str:
    return str(id_)[:8]


def _language_here() -> Language:
    return Language.SV if os.environ.get("LANG", "").startswith("sv") else Language.EN


def _table(night: date, found: _Night, language: Language) -> Table:
    by_id = {visit.id: visit for visit in found.visits}
    title, columns = HEADINGS[language]
    table = Table(title=f"{title} {night}", title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in found.slots:
        zone = zone_named(found.zones[row.unit])
        visit = by_id.get(row.visit) if row.visit else None
        style = _STYLE.get(row.status, "")
        why = row.reason or ("second-look" if row.second_look_at else "")
        minutes = f", {visit.minutes} min" if visit and visit.minutes else ""
        table.add_row(
            _clock(row.due_at, zone),
            _label(row.recipient),
            f"[{style}]{said(row.status, language)}[/]",
            _clock(row.settled_at, zone),
            said(why, language),
            f"{said(visit.stage, language)}{minutes}" if visit else "",
        )
    return table


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M") if at else ""


command.__name__ = "night"
