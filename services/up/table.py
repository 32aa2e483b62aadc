"""What a person sees while everything runs: one line a part."""

from collections.abc import Iterable

from rich.table import Table

from services.up.supervised import Supervised

MOST_OF_A_STATE = 60


def table_of(parts: Iterable[Supervised], title: str, below: str) -> Table:
    """The parts as they are now."""
    table = Table("part", "pid", "state", "restarts", "health", title=title, title_justify="left", caption=below)
    table.caption_justify = "left"
    for part in parts:
        style = "green" if part.health == "ready" else "yellow"
        table.add_row(
            part.name,
            str(part.process.pid or ""),
            part.state[:MOST_OF_A_STATE],
            str(part.restarts or ""),
            f"[{style}]{part.health}[/]",
        )
    return table
