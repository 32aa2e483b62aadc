"""``tillsyn-watchdog`` or ``python -m services.watchdog``: the watchdog alone, on a machine that has nothing else.

Exit status of `--once`: 0 there is proof of life, or none but not yet for so long that it is called out, which is said
in one line; 1 there is none, and people are called; 2 arguments or settings do not hold, said in one line; 3 nobody
could be reached. Of `--test-call`: 0 every call arrived, else 1.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from events.runtime.settings import BadConfigurationError
from services.up.stopping import run_until_told
from services.watchdog.running import BAD_CONFIGURATION, run_once, run_test_call, watching
from services.watchdog.settings import WatchdogSettings


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as for settings."""
        _complain(f"{message} (see `{self.prog} --help`)")


def main() -> NoReturn:
    """Run it as the arguments say, and exit. What it writes is the owner's alone to read."""
    os.umask(0o077)
    arguments = _parser().parse_args()
    try:
        settings = WatchdogSettings.load(arguments.config)
        if arguments.test_call:
            sys.exit(run_test_call(settings))
        if arguments.once:
            sys.exit(run_once(settings))
        run_until_told(watching(settings))
    except BadConfigurationError as error:
        _complain(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


_ONCE = (
    "one round, for cron; 0: proof of life, or silence that is told and too short yet to call out, "
    "1: called out, 3: reached nobody"
)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("tillsyn-watchdog", description="Calls out when nobody sweeps the night. See docs/watchdog.md.")
    parser.add_argument("--config", type=Path, help="TOML file with settings, in its table [watchdog]")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help=_ONCE)
    how.add_argument("--test-call", action="store_true", help="call every caller with a test; 1 if one did not arrive")
    return parser


def _complain(text: str) -> NoReturn:
    sys.stderr.write(f"tillsyn-watchdog: {' '.join(text.split())}\n")
    sys.exit(BAD_CONFIGURATION)


if __name__ == "__main__":
    main()
