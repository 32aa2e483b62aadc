"""`tillsyn`: the commands put together, and the one place where errors become an exit status.

0 it worked; 1 it ran and found something wrong (`verify`); 2 arguments, configuration or surroundings do not allow it,
said in one line; 130 interrupted.
"""

import sys
from typing import NoReturn

import typer
from typer._click.exceptions import ClickException

from events.keys import BadMasterKeyError
from events.runtime.settings import BadConfigurationError
from events.store import StoreError
from events.transport.connect import TransportUnreachableError
from events.transport.server import NatsServerError
from events.transport.users import BadNatsKeyError
from services.cli import bench, demo, log, migrate, night, verify
from services.cli.output import complain
from services.demo.director import NoVideoError
from services.tillsyn.refused import RefusedError

EXPECTED = (
    BadConfigurationError,
    BadMasterKeyError,
    BadNatsKeyError,
    NatsServerError,
    NoVideoError,
    RefusedError,
    StoreError,
    TransportUnreachableError,
)
"""What a user can bring about and mend: told in one line, without a traceback."""

app = typer.Typer(
    name="tillsyn",
    help="Night-time remote checks in home care. Begin with `tillsyn demo`: a whole night in under a minute.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (demo, migrate, night, log, verify):
    app.command()(command.command)
app.add_typer(bench.app, name="bench")


def main() -> NoReturn:
    """Run the command that the arguments name, and exit."""
    try:
        status = app(standalone_mode=False)
    except typer.Exit as wanted:
        sys.exit(wanted.exit_code)
    except ClickException as error:
        complain(f"{error.format_message()} (see `{_usage(error)} --help`)")
        sys.exit(2)
    except EXPECTED as error:
        complain(str(error))
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.filename is None:
            raise
        complain(f"{error.filename}: {error.strerror}")
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def _usage(error: ClickException) -> str:
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "tillsyn"
