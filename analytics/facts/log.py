"""From the log to facts, whatever the order in which it is read and however often an event comes again."""

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.facts.slot import SlotFact
from analytics.facts.slots import NightFold
from analytics.facts.visit import VisitFact
from analytics.facts.visits import VisitFold
from events.envelope import Recorded

_FOLDS: dict[str, type[NightFold] | type[VisitFold]] = {"night": NightFold, "visit": VisitFold}
"""By the first part of an event type's name."""

_Stream = dict[int, Recorded]
"""One stream's events by version."""


class IncompleteStreamError(Exception):
    """A stream has a hole: figures from it would be wrong. Read the log from its beginning, without leaving out."""


class ConflictingEventsError(Exception):
    """Two different events claim the same place in a stream. Events of one log only can be folded together."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One fact for each slot and each visit, in order of night, time and id."""

    slots: tuple[SlotFact, ...]
    visits: tuple[VisitFact, ...]


def fold_facts(log: Iterable[Recorded]) -> Facts:
    """The facts of every night and visit in `log`.

    Streams may come in any order and mixed, events of a stream in any order, and each of them more than once; events
    that are about neither nights nor visits are passed over. Personal fields are never looked into.

    Raises IncompleteStreamError or ConflictingEventsError when `log` cannot be one whole log.
    """
    slots: list[SlotFact] = []
    visits: list[VisitFact] = []
    for name, stream in _streams(log).items():
        match _fold(name, stream):
            case NightFold() as night:
                slots += night.facts()
            case VisitFold() as visit:
                visits += visit.facts()
    return Facts(
        slots=tuple(sorted(slots, key=lambda fact: (fact.night, fact.due_at, fact.slot))),
        visits=tuple(sorted(visits, key=lambda fact: (fact.night, fact.requested_at, fact.visit))),
    )


def _streams(log: Iterable[Recorded]) -> dict[str, _Stream]:
    streams: dict[str, _Stream] = {}
    for recorded in log:
        if _subject(recorded) not in _FOLDS:
            continue
        kept = streams.setdefault(recorded.stream, {}).setdefault(recorded.version, recorded)
        if kept.id != recorded.id:
            raise ConflictingEventsError(
                f"the events {kept.id} and {recorded.id} both claim version {recorded.version} of {recorded.stream}; "
                "fold the events of one log only"
            )
    return streams


def _fold(name: str, stream: _Stream) -> NightFold | VisitFold:
    fold = _FOLDS[_subject(next(iter(stream.values())))]()
    for expected, (version, recorded) in enumerate(sorted(stream.items()), start=1):
        if version != expected:
            raise IncompleteStreamError(
                f"version {expected} of {name} is missing; read the log from its beginning, without leaving out"
            )
        fold.add(recorded)
    return fold


def _subject(recorded: Recorded) -> str:
    return recorded.event.NAME.partition(".")[0]
