"""What the commands share: where people and programs read, and how a line of complaint looks."""

import json
import sys
from typing import Any

from rich.console import Console

people = Console(highlight=False)
"""Tables and words for people, on standard output."""
aside = Console(stderr=True, highlight=False)
"""Progress and remarks, on standard error, so that standard output stays clean for programs."""


def complain(text: str) -> None:
    """One line on standard error."""
    line = " ".join(text.split())
    aside.print(f"[bold red]tillsyn:[/] {_plain(line)}", soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON object (or line) on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def on_terminal() -> bool:
    """Whether a person is watching standard output."""
    return sys.stdout.isatty()


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
