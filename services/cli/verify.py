"""`tillsyn verify`."""

import asyncio
from datetime import datetime

import typer
from rich.table import Table

from services.cli.dates import At
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for, time_of
from services.cli.whose import Organisation, Unit, Whose, whose
from services.settings import TillsynSettings
from services.tillsyn.invariants import RULES, Breach, World, read_world


def command(
    at: At = None,
    unit: Unit = None,
    organisation: Organisation = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Hold the whole log against what must never break, and say what breaks it and where.

    Exit status 1 if anything is broken. What was late and is mended is listed, and breaks nothing. A database whose
    clock has stopped (a demo's, a restored backup's) is judged with `--at`.
    """
    now = time_of(at)
    breaches = asyncio.run(_breaches(settings_for(config, data), now, unit, organisation))
    broken = [breach for breach in breaches if not breach.late]
    if as_json:
        listed = [
            {"rule": breach.rule, "stream": breach.stream, "what": breach.what, "late": breach.late}
            for breach in breaches
        ]
        print_json({"rules": [rule.name for rule in RULES], "broken": len(broken), "breaches": listed})
    else:
        _show(breaches)
        if broken and at is None:
            people.print("A log whose clock has stopped (a demo's, a backup's) is judged with --at; see --help.")
    raise typer.Exit(1 if broken else 0)


async def _breaches(
    settings: TillsynSettings, now: datetime, unit: str | None, organisation: str | None
) -> list[Breach]:
    async with opened_store(settings) as store:
        told = await whose(store, unit, organisation)
        world = await read_world(store, now)
        breaches = [breach for rule in RULES for breach in rule.check(world)]
    return [breach for breach in breaches if _told(breach, world, told)]


def _told(breach: Breach, world: World, told: Whose) -> bool:
    """What breaks in a stream is told to whoever answers for it; what has no stream of its own, to everybody."""
    history = world.histories.get(breach.stream, ())
    return not history or any(told.includes(recorded.context.owner) for recorded in history)


def _show(breaches: list[Breach]) -> None:
    table = Table("rule", "", "stream", "what", title="What must never break", title_justify="left")
    for rule in RULES:
        found = [breach for breach in breaches if breach.rule == rule.name]
        if not found:
            table.add_row(rule.name, "[green]holds[/]", "", "")
        for breach in found:
            table.add_row(
                rule.name, "[yellow]late[/]" if breach.late else "[bold red]BROKEN[/]", breach.stream, breach.what
            )
    people.print(table)


command.__name__ = "verify"
