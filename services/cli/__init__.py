"""The command line, `tillsyn`: one file a command, and `main`, which turns every expected error into one clear line."""

from services.cli.main import main

__all__ = ["main"]
