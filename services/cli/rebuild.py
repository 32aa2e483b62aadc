"""`tillsyn rebuild`."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from events.store import Difference, Rebuilt
from events.store import Progress as Step
from services.cli.output import aside, people, print_json
from services.cli.reading import Config, Data, Json, opened_store, settings_for
from services.settings import TillsynSettings

Tables = Annotated[
    list[str] | None, typer.Option("--table", metavar="NAME", help="Only this read model; may be given more than once.")
]
Check = Annotated[bool, typer.Option("--check", help="Change nothing; say which rows differ. Status 1 if any does.")]


def command(
    table: Tables = None, check: Check = False, config: Config = None, data: Data = None, as_json: Json = False
) -> None:
    """Make the read models again from the log, while the service runs on.

    The log is replayed beside the tables in service, and rows that differ are mended, in portions; appends wait
    a moment for each. Stopped half-way it leaves nothing behind, and can be run again.
    """
    rebuilt = asyncio.run(_rebuild(settings_for(config, data), table or [], check))
    if as_json:
        print_json(_as_json(rebuilt, check))
    elif check:
        _show_rows(rebuilt)
    else:
        _show_tables(rebuilt)
    raise typer.Exit(1 if check and rebuilt.differences else 0)


async def _rebuild(settings: TillsynSettings, tables: list[str], check: bool) -> Rebuilt:
    async with opened_store(settings) as store:
        with _progress() as told:
            return await store.rebuild(tables, check=check, told=told)


@contextmanager
def _progress() -> Iterator[Callable[[Step], None]]:
    columns = (TextColumn("{task.description:<18}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    quiet = not aside.is_terminal
    with Progress(*columns, TimeRemainingColumn(), console=aside, transient=True, disable=quiet) as progress:
        task = progress.add_task("beginning")

        def told(step: Step) -> None:
            progress.update(task, description=step.doing, completed=step.done, total=step.total)

        yield told


def _as_json(rebuilt: Rebuilt, check: bool) -> dict[str, Any]:
    rows = [
        {"table": each.table, "key": _shown(each), "how": each.how, "columns": list(each.columns)}
        for each in rebuilt.differences
    ]
    whole = {"tables": list(rebuilt.tables), "differing": len(rows), "mended": 0 if check else len(rows)}
    return whole | ({"rows": rows} if check else {"longest_pause_s": round(rebuilt.longest_pause, 4)})


def _show_rows(rebuilt: Rebuilt) -> None:
    if not rebuilt.differences:
        people.print(f"{len(rebuilt.tables)} read models say what the log says")
        return
    table = Table("table", "key", "row is", "columns", title="Rows that differ from the log", title_justify="left")
    for each in rebuilt.differences:
        table.add_row(each.table, _shown(each), each.how, ", ".join(each.columns))
    people.print(table)
    people.print(f"{len(rebuilt.differences)} rows differ; `tillsyn rebuild` mends them")


def _show_tables(rebuilt: Rebuilt) -> None:
    counted = Counter((each.table, each.how) for each in rebuilt.differences)
    if not counted:
        people.print(f"{len(rebuilt.tables)} read models say what the log says; nothing was changed")
        return
    table = Table("table", title="Rows mended", title_justify="left")
    for how in ("missing", "different", "surplus"):
        table.add_column(how, justify="right")
    for name in rebuilt.tables:
        table.add_row(name, *(str(counted[name, how] or "") for how in ("missing", "different", "surplus")))
    people.print(table)
    people.print(f"[dim]the longest that appends had to wait: {rebuilt.longest_pause * 1000:.0f} ms[/]")


def _shown(difference: Difference) -> str:
    key = difference.key
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


command.__name__ = "rebuild"
