"""`tillsyn`: the commands put together, and the one place where errors become an exit status.

0 it worked; 1 it ran and found something wrong (`verify`); 2 arguments, configuration or surroundings do not allow it,
said in one line; 130 interrupted.
"""

import os
import sys
from typing import NoReturn

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from events.keys import BadMasterKeyError
from events.runtime.settings import BadConfigurationError
from events.transport.connect import TransportUnreachableError
from events.transport.server import NatsServerError
from events.transport.users import BadNatsKeyError
from services.cli.commands import Commands
from services.cli.output import complain
from services.tillsyn.refused import RefusedError
from services.up.lock import AlreadyUpError

EXPECTED: tuple[type[Exception], ...] = (
    AlreadyUpError,
    BadConfigurationError,
    BadMasterKeyError,
    BadNatsKeyError,
    NatsServerError,
    RefusedError,
    TransportUnreachableError,
)
"""What a user can bring about and mend: told in one line, without a traceback."""
LOADED_LATER = (("events.store", "StoreError"), ("services.demo.director", "NoVideoError"))
"""The same, from modules that only some commands load."""

app = typer.Typer(
    name="tillsyn",
    cls=Commands,
    help="Night-time remote checks in home care. Begin with `tillsyn demo`: a whole night in under a minute.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _all() -> None:
    """Makes it a group: the commands are found by `Commands`."""


def main() -> NoReturn:
    """Run the command that the arguments name, and exit. What it writes is the owner's alone to read."""
    os.umask(0o077)
    try:
        status = app(standalone_mode=False)
    except typer.Exit as wanted:
        sys.exit(wanted.exit_code)
    except NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except ClickException as error:
        complain(f"{error.format_message()} (see `{_usage(error)} --help`)")
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
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        complain(str(error))
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def _expected() -> tuple[type[Exception], ...]:
    loaded = [getattr(sys.modules[module], name) for module, name in LOADED_LATER if module in sys.modules]
    return (*EXPECTED, *loaded)


def _usage(error: ClickException) -> str:
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "tillsyn"
