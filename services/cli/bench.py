"""`tillsyn bench`: how fast, beside a peer. Needs a checkout with the development requirements."""

from typing import Annotated

import typer
from rich.table import Table

from events.runtime.settings import BadConfigurationError
from services.cli.output import people, print_json
from services.cli.reading import Json

app = typer.Typer(help="Measure, beside a peer in the same run: append, replay, consume.", no_args_is_help=True)

Seconds = Annotated[float, typer.Option(help="About how long to measure, seconds.", min=1, max=600)]
Postgres = Annotated[bool, typer.Option("--postgres/--no-postgres", help="Also on a private PostgreSQL cluster.")]


@app.command()
def append(seconds: Seconds = 50.0, postgres: Postgres = True, as_json: Json = False) -> None:
    """Events appended a second: single, in hundreds, by many writers."""
    _measure("append", seconds, postgres, as_json)


@app.command()
def replay(seconds: Seconds = 50.0, postgres: Postgres = True, as_json: Json = False) -> None:
    """Events folded, and read in the log's order, a second."""
    _measure("replay", seconds, postgres, as_json)


@app.command()
def consume(seconds: Seconds = 30.0, postgres: Postgres = True, as_json: Json = False) -> None:
    """Messages a second from JetStream to committed and acknowledged, and how long one takes."""
    _measure("consume", seconds, postgres, as_json)


def _measure(name: str, seconds: float, postgres: bool, as_json: bool) -> None:
    try:
        from bench import BENCHES
    except ImportError as error:
        raise BadConfigurationError(
            f"the benches are not installed ({error.name}): run `make setup` in a checkout"
        ) from None
    report = BENCHES[name](seconds, postgres=postgres, progress=None)
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    table = Table("figure", "value", "unit", title=f"bench {name}", title_justify="left")
    for figure, measured in report.figures.items():
        table.add_row(figure, f"{measured.value:,.1f}", measured.unit)
    for ratio, value in report.ratios.items():
        table.add_row(f"{ratio} (ours ÷ the peer's)", f"{value:.2f}", "×")
    people.print(table)
