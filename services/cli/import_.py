"""`tillsyn import`."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from events.runtime.clock import WallClock
from services.cli.output import aside, people, print_json
from services.cli.reading import Config, Data, Json, settings_for
from services.opening import opened_ledger
from services.registering.paper.importing import Found, Import
from services.registering.paper.template import write_template
from services.settings import TillsynSettings

BAD_LISTS = 2
Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FOLDER|FILE…", help="Workbooks and CSV files, or a folder of them.", show_default=False),
]
Enter = Annotated[bool, typer.Option("--enter", help="Enter it. Without this, only say what would be entered.")]
Template = Annotated[
    Path | None,
    typer.Option("--template", metavar="FILE.xlsx", help="Write a workbook to fill in, and do nothing else."),
]


def command(
    paths: Paths = None,
    enter: Enter = False,
    template: Template = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fill a unit from its own lists: CSV or Excel, with Swedish or English headings. See docs/paper-nights.md.

    Says what would be entered, and every problem with its row; nothing is entered without `--enter`, nor while there is
    a problem. Entering the same lists again enters nothing new.
    """
    if template is not None:
        write_template(template)
        people.print(f"wrote {template}", soft_wrap=True, markup=False)
        return
    if not paths:
        raise typer.BadParameter("name the lists, or a folder of them; `--template FILE.xlsx` writes some to fill in")
    asyncio.run(_import(paths, settings_for(config, data), enter, as_json))


async def _import(paths: list[Path], settings: TillsynSettings, enter: bool, as_json: bool) -> None:
    async with opened_ledger(settings, WallClock()) as ledger:
        found = await Import(settings, ledger).find(paths)
        gateways: list[Path] = []
        if enter and found.ready is not None:
            with _progress(len(found.steps)) as on_step:
                gateways = await found.ready.enter(settings, ledger, on_step)
    if as_json:
        print_json(_for_programs(found, enter, gateways))
    else:
        _show(found, enter, gateways)
    if found.count:
        raise typer.Exit(BAD_LISTS)


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, gone afterwards; what is yielded moves it on."""
    columns = (TextColumn("entering"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=aside, transient=True, disable=not aside.is_terminal) as bar:
        task = bar.add_task("", total=steps)
        yield lambda: bar.advance(task)


def _for_programs(found: Found, enter: bool, gateways: list[Path]) -> dict[str, Any]:
    return {
        "dry_run": not enter,
        "lists": [{"name": sheet.name, "list": sheet.table.name, "read_as": sheet.form} for sheet in found.sheets],
        "examples_left_out": found.examples,
        "problems": [problem.for_programs() for problem in found.problems],
        "problem_count": found.count,
        "held_against_log": found.held_against_log,
        "recipients_without_number": found.without_number,
        "entered": [] if found.count else [found.what(step, entered=enter) for step in found.steps],
        "gateways": [str(path) for path in gateways],
    }


def _show(found: Found, enter: bool, gateways: list[Path]) -> None:
    for sheet in found.sheets:
        _say(f"{sheet.name}: {sheet.table.sheets[0]} ({sheet.table.sheets[1]}), {sheet.form}")
    if found.examples:
        _say(f"{found.examples} example rows left out")
    if found.without_number:
        _say(f"{found.without_number} recipients of the unit were registered otherwise and have no number in lists")
    for problem in found.problems:
        _say(str(problem), aside)
    if found.count:
        more = f", the first {len(found.problems)} of them shown" if found.count > len(found.problems) else ""
        checked = "" if found.held_against_log else "; not held against what is registered yet"
        problems = "1 problem" if found.count == 1 else f"{found.count} problems"
        _say(f"{problems}{more}{checked}: nothing was entered", aside)
        return
    verb = "entered" if enter else "would enter"
    for step in found.steps:
        _say(f"{verb} {found.what(step, entered=enter)}")
    if not found.steps:
        _say("nothing to enter: all of it is on record")
    elif not enter:
        _say("nothing was entered: --enter does it")
    for path in gateways:
        _say(f"a gateway's settings: {path}", aside)


def _say(line: str, where: Console = people) -> None:
    where.print(line, soft_wrap=True, markup=False)


command.__name__ = "import"
