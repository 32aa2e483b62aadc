"""`tillsyn migrate`."""

from typing import Annotated

import typer

from events.store import current_revision, migrate, pending, start_epoch
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, settings_for

Restored = Annotated[
    bool,
    typer.Option("--restored", help="Also: this PostgreSQL database was restored into another cluster; go on there."),
]


def command(restored: Restored = False, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Bring the database to the newest schema.

    Safe to run again, and while the version before still runs: schemas first expand, and contract a release later.
    """
    settings = settings_for(config, data)
    settings.data.mkdir(parents=True, exist_ok=True)
    steps = pending(settings.database)
    migrate(settings.database)
    epoch = start_epoch(settings.database) if restored else None
    revision = current_revision(settings.database)
    if as_json:
        print_json({"revision": revision, "applied": list(steps), "epoch": epoch})
    else:
        if epoch is not None:
            people.print(f"epoch {epoch} begins: readers of the log go on after what was restored")
        people.print(f"applied {', '.join(steps)}" if steps else f"nothing to do: the database is at {revision}")


command.__name__ = "migrate"
