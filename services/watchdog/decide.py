"""When to call out, when to call again, and when to say that it is over. No clock, no network, no file.

A proof counts once: the same proof seen again proves nothing new, so a clock that is wrong, a cache or a frozen answer
cannot keep a dead sweeper alive. An address that does not answer, or answers nonsense, gave no proof. Of several
addresses the newest proof counts. Who begins knows nothing, and waits as long as a proof may be old before it calls;
a proof that it has read and that is too old needs no waiting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.watchdog.state import Alarm, Kind, Over, Owed, Seen, Watch

RETRY_MOST = timedelta(minutes=5)
"""A caller who fails is tried again, later each time, but no later than this."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of one thing watched, and who is called from which ring on."""

    silent_after: timedelta
    again_after: Sequence[timedelta]
    """Between one ring and the next; the last one repeats."""
    retry_after: timedelta
    callers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Proof:
    """What an address answered: its newest proof, and how old that is by the same machine's clock."""

    proof: datetime
    age: timedelta


@dataclass(frozen=True, slots=True)
class Begin:
    """The watchdog begins, and has seen nothing yet."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """One round: the addresses that gave a proof. The others are not in it."""

    at: datetime
    proofs: Mapping[str, Proof]


@dataclass(frozen=True, slots=True)
class Tell:
    """What became of one call."""

    at: datetime
    caller: str
    arrived: bool


Command = Begin | Look | Tell


@dataclass(frozen=True, slots=True)
class Began:
    at: datetime


@dataclass(frozen=True, slots=True)
class ClockSetBack:
    by: timedelta


@dataclass(frozen=True, slots=True)
class Looked:
    at: datetime
    seen: Mapping[str, Seen]


@dataclass(frozen=True, slots=True)
class Rang:
    at: datetime
    since: datetime
    rings: int
    callers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameBack:
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    caller: str


@dataclass(frozen=True, slots=True)
class Failed:
    caller: str
    next_at: datetime


Event = Began | ClockSetBack | Looked | Rang | CameBack | Arrived | Failed


def decide(watch: Watch, command: Command, policy: Policy) -> list[Event]:
    """What follows from `command`."""
    match command:
        case Begin(at):
            return [Began(at)]
        case Look():
            return _look(watch, command, policy)
        case Tell(at, caller, arrived):
            owed = watch.owed.get(caller)
            if owed is None:
                return []
            return [Arrived(caller)] if arrived else [Failed(caller, at + _pause(owed.failures, policy))]


def evolve(watch: Watch, event: Event) -> Watch:
    """The watch after `event`."""
    match event:
        case Began(at):
            return replace(watch, begun=at)
        case ClockSetBack(by):
            return _moved(watch, by)
        case Looked(at, seen):
            return replace(watch, begun=watch.begun or at, looked_at=at, seen={**watch.seen, **seen})
        case Rang(at, since, rings, callers):
            owed = {caller: Owed(Kind.SILENT if rings == 1 else Kind.STILL, at) for caller in callers}
            told = watch.told if rings > 1 else frozenset(watch.owed)  # who has not yet heard that it was over
            return replace(watch, alarm=Alarm(since, rings, at), owed=owed, told=told, heard=frozenset())
        case CameBack(at):
            return _over(watch, at)
        case Arrived(caller):
            owed = {name: owed for name, owed in watch.owed.items() if name != caller}
            told = watch.told | {caller} if watch.alarm else watch.told
            return replace(watch, owed=owed, told=told, heard=watch.heard | {caller})
        case Failed(caller, next_at):
            failed = watch.owed[caller]
            again = replace(failed, failures=failed.failures + 1, next_at=next_at)
            return replace(watch, owed={**watch.owed, caller: again})


def after(watch: Watch, command: Command, policy: Policy) -> Watch:
    """The watch after all that follows from `command`."""
    for event in decide(watch, command, policy):
        watch = evolve(watch, event)
    return watch


def calls_out_at(watch: Watch, policy: Policy) -> datetime | None:
    """When silence is called out if no address gives proof until then; None when it is, or nothing has been asked."""
    since = max((at for at in (watch.begun, watch.proven_at) if at is not None), default=None)
    return None if since is None or watch.alarm is not None else since + policy.silent_after


def _look(watch: Watch, look: Look, policy: Policy) -> list[Event]:
    events: list[Event] = []
    if watch.looked_at is not None and look.at < watch.looked_at:
        events.append(ClockSetBack(watch.looked_at - look.at))  # a clock set back must not make silence shorter
        watch = evolve(watch, events[0])
    looked = Looked(look.at, _news(watch, look))
    return [*events, looked, *_judged(evolve(watch, looked), look, policy)]


def _news(watch: Watch, look: Look) -> dict[str, Seen]:
    news = {}
    for address, proof in look.proofs.items():
        known = watch.seen.get(address)
        if known is None or known.proof != proof.proof:
            news[address] = Seen(proof.proof, look.at - max(proof.age, timedelta()))
    return news


def _judged(watch: Watch, look: Look, policy: Policy) -> list[Event]:
    proven_at, begun = watch.proven_at, watch.begun or look.at
    alive = proven_at is not None and look.at - proven_at < policy.silent_after
    if watch.alarm is not None:
        if alive:
            return [CameBack(look.at)]
        again = policy.again_after[min(watch.alarm.rings, len(policy.again_after)) - 1]
        if look.at - watch.alarm.rung_at < again:
            return []
        return [_rang(watch.alarm.rings + 1, watch.alarm.since, look, policy)]
    since = begun if proven_at is None else proven_at
    if look.at - (since if look.proofs else max(since, begun)) < policy.silent_after:
        return []
    return [_rang(1, since, look, policy)]


def _rang(rings: int, since: datetime, look: Look, policy: Policy) -> Rang:
    callers = tuple(name for name, joins_at in policy.callers.items() if joins_at <= rings)
    return Rang(look.at, since, rings, callers)


def _over(watch: Watch, at: datetime) -> Watch:
    """Everybody who was to be told of the alarm is told of its end, whoever had not been reached too."""
    since = watch.alarm.since if watch.alarm else at
    callers = sorted(watch.told | watch.owed.keys())
    owed = {caller: Owed(Kind.BACK, at) for caller in callers}
    return replace(watch, alarm=None, over=Over(since, at), owed=owed, told=frozenset(), heard=frozenset())


def _pause(failures: int, policy: Policy) -> timedelta:
    return min(policy.retry_after * (1 << min(failures, 10)), RETRY_MOST)


def _moved(watch: Watch, by: timedelta) -> Watch:
    alarm, over = watch.alarm, watch.over
    return replace(
        watch,
        begun=watch.begun and watch.begun - by,
        looked_at=watch.looked_at and watch.looked_at - by,
        seen={address: replace(seen, proven_at=seen.proven_at - by) for address, seen in watch.seen.items()},
        alarm=alarm and replace(alarm, since=alarm.since - by, rung_at=alarm.rung_at - by),
        over=over and replace(over, since=over.since - by, at=over.at - by),
        owed={caller: replace(owed, next_at=owed.next_at - by) for caller, owed in watch.owed.items()},
    )
