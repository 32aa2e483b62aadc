"""Asking one instance of the service for its proofs of life: ``GET /alive``.

The answer holds the proofs and the service's own time, so that a difference between its clock and ours does not matter:

    {"now": "2026-11-03T01:20:05+00:00", "sweeper": "2026-11-03T01:20:03+00:00", "planner": null}
"""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.watchdog.decide import Proof
from services.watchdog.state import WATCHED
from services.watchdog.web import NoAnswerError, exchange


@dataclass(frozen=True, slots=True)
class Answered:
    """What one address gave: a proof for each thing watched that has one, and a few words for people."""

    words: str
    proofs: Mapping[str, Proof] = field(default_factory=dict)


async def ask(address: str, within_s: float) -> Answered:
    """Ask. Whatever is no proof is told in words; nothing is raised."""
    request = urllib.request.Request(address, headers={"Accept": "application/json", "Cache-Control": "no-cache"})  # noqa: S310 - the settings allow http and https only
    try:
        answer = await exchange(request, within_s)
    except NoAnswerError as error:
        return Answered(str(error))
    return parse(answer.body) if answer.good else Answered(f"answers {answer.status}")


def parse(body: bytes) -> Answered:
    """The proofs in an answer; none when it is not such an answer."""
    try:
        said = json.loads(body)
        now = _instant(said["now"])
        instants = {name: _instant(said[name]) for name in WATCHED if said.get(name) is not None}
        proofs = {name: Proof(instant, now - instant) for name, instant in instants.items()}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError):
        return Answered("answers what is no proof of life")
    return Answered(_in_words(proofs), proofs)


def _instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None or not 2000 <= instant.year < 3000:
        raise ValueError(value)
    return instant


def _in_words(proofs: Mapping[str, Proof]) -> str:
    ages = (f"{name} {proof.age.total_seconds():.0f} s ago" for name, proof in sorted(proofs.items()))
    return ", ".join(ages) or "answers, and has no proof of life"
