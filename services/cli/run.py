"""`tillsyn run`."""

from pathlib import Path
from typing import Annotated

import typer

from services.up.part import Part, run_part

Which = Annotated[Part, typer.Argument(help="Which part.", show_default=False)]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="TOML file with settings; see docs/configuration.md.", show_default=False),
]


def command(part: Which, config: Config = None) -> None:
    """Run one part alone, as in production: `tillsyn` (the service), `relay`, `gateway`, `watchdog` or
    `offline-list`.

    Settings come from variables `TILLSYN_…` and the file; log lines go to standard error as JSON. SIGTERM or Ctrl-C
    stops it in order. Service, relay and offline list need a database that `tillsyn migrate` has brought up to date.
    """
    run_part(part, config)


command.__name__ = "run"
