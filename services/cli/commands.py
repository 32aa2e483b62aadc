"""Which commands there are. Each is imported when it is asked for, so that a gateway's box, which has no database, can
run its gateway, and so that no command waits for the libraries of another.
"""

from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword

import typer
from typer._click.core import Command, Context
from typer.core import TyperGroup
from typer.main import get_group

ON_EVERY_BOX = ("run",)
WITH_THE_SERVICE = (
    "demo",
    "up",
    "register",
    "import",
    "commission",
    "migrate",
    "roster",
    "staff",
    "load",
    "night",
    "alarms",
    "notices",
    "log",
    "verify",
    "offline-list",
    "rebuild",
    "deadletters",
    "bench",
)
"""Need what the extra `services` installs."""


class Commands(TyperGroup):
    """The commands of this installation; each is `command`, or `app` where it has some of its own, in its module."""

    def list_commands(self, ctx: Context) -> list[str]:
        """By name, in the order in which a newcomer meets them."""
        return [*WITH_THE_SERVICE, *ON_EVERY_BOX] if find_spec("sqlalchemy") else [*ON_EVERY_BOX]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command, loaded."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"services.cli.{cmd_name.replace('-', '_')}{'_' * iskeyword(cmd_name)}")
        loaded = typer.Typer(rich_markup_mode="markdown", add_completion=False)
        loaded.callback()(_group)
        if hasattr(module, "app"):
            loaded.add_typer(module.app, name=cmd_name)
        else:
            loaded.command(cmd_name)(module.command)
        group = get_group(loaded)
        return group.commands[cmd_name]


def _group() -> None:
    """What makes Typer keep a lone command inside its group."""
