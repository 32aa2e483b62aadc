"""`tillsyn migrate`."""

from events.store import current_revision, migrate, pending
from services.cli.output import people, print_json
from services.cli.reading import Config, Data, Json, settings_for


def command(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Bring the database to the newest schema.

    Safe to run again, and while the version before still runs: schemas first expand, and contract a release later.
    """
    settings = settings_for(config, data)
    settings.data.mkdir(parents=True, exist_ok=True)
    steps = pending(settings.database)
    migrate(settings.database)
    revision = current_revision(settings.database)
    if as_json:
        print_json({"revision": revision, "applied": list(steps)})
    else:
        people.print(f"applied {', '.join(steps)}" if steps else f"nothing to do: the database is at {revision}")


command.__name__ = "migrate"
