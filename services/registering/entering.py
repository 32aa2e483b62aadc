"""Entering a description: found out whole, then entered step by step through the desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.registering.description import Description
from services.registering.differences import Step, differences
from services.registering.gateways import gateway_keys, write_gateways
from services.settings import TillsynSettings
from services.tillsyn.desk import Care
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered (or would be), in words without names, and the gateways' files."""

    steps: tuple[str, ...]
    gateways: tuple[Path, ...]


async def enter(
    description: Description, settings: TillsynSettings, ledger: Ledger, *, dry_run: bool = False
) -> Entered:
    """Enter what the log does not say yet. RefusedError, before anything is entered, when a rule forbids some of it."""
    keys = gateway_keys(description, settings.data, make=not dry_run)
    steps = await differences(description, ledger, keys)
    what = tuple(step.what for step in steps)
    if dry_run:
        return Entered(what, ())
    await enter_steps(steps, ledger)
    return Entered(what, tuple(write_gateways(description, settings)))


async def enter_steps(steps: Sequence[Step], ledger: Ledger, on_step: Callable[[], None] = lambda: None) -> None:
    """Enter steps one after the other, each whole; `on_step` is told after each."""
    care = Care(ledger, INSTALLER)
    for step in steps:
        await step.enter(care)
        on_step()
