"""The watchdog, wired: its rounds, its calls, its memory, and how it is itself. Put together here only."""

import asyncio
import urllib.request
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from events.runtime.clock import Clock, sleep
from events.runtime.health import Check
from events.runtime.settings import BadConfigurationError
from services.watchdog.asking import Answered, ask
from services.watchdog.callers import Caller, callers_of, deliver
from services.watchdog.decide import Begin, Command, Look, Policy, Tell, after, calls_out_at
from services.watchdog.keeping import keep_watches, read_watches
from services.watchdog.settings import WatchdogSettings
from services.watchdog.state import PLANNER, SWEEPER, Call, Watch, due
from services.watchdog.web import NoAnswerError, exchange
from services.watchdog.words import Message, Place, words_for, words_of_a_test

log = structlog.get_logger()

PING_WITHIN_S = 5.0


class Watchdog:
    """One running watchdog."""

    def __init__(self, settings: WatchdogSettings, clock: Clock, metrics: CollectorRegistry | None = None) -> None:
        """Put it together, and remember. BadConfigurationError when the settings call nobody."""
        self._settings = settings
        self._clock = clock
        self._callers: dict[str, Caller] = callers_of(settings)
        joins = {name: caller.joins_at for name, caller in self._callers.items()}
        limits = {SWEEPER: settings.silent_after, PLANNER: settings.planner_silent_after}
        self._policies = {
            name: Policy(limit, settings.again_after, settings.look_interval, joins) for name, limit in limits.items()
        }
        self._place = Place(settings.site, ZoneInfo(settings.zone), settings.contact)
        self.watches: Mapping[str, Watch] = read_watches(settings.state_file, self._policies, self._callers)
        self._unproven: Mapping[str, str] = {}
        self._cannot_keep: str | None = None
        self._rounded = monotonic()
        self.registry = metrics or CollectorRegistry()
        self._age = Gauge(
            "tillsyn_watchdog_proof_age_seconds", "Age of the newest proof.", ["watched"], registry=self.registry
        )
        self._calls = Counter("tillsyn_watchdog_calls", "Calls made.", ["caller", "outcome"], registry=self.registry)

    async def run(self) -> None:
        """Watch until cancelled."""
        now = self._clock.now()
        for name in self._policies:
            self._do(name, Begin(now))
        log.info("watching", addresses=len(self._settings.watch), callers=sorted(self._callers))
        while True:
            began = monotonic()
            try:
                await self.round()
            except Exception:  # whatever it was, the next round must come
                log.exception("a round failed")
            took = timedelta(seconds=monotonic() - began)
            await sleep(self._clock, max(timedelta(), self._settings.look_interval - took))

    async def round(self) -> None:
        """Ask every address, judge, call whoever is to be called, and remember."""
        answers = await self._ask()
        now = self._clock.now()
        for name in self._policies:
            proofs = {address: said.proofs[name] for address, said in answers.items() if name in said.proofs}
            self._look(name, Look(now, proofs))
        self._keep()
        words = _words_of(answers)
        self._unproven = {} if any(SWEEPER in said.proofs for said in answers.values()) else words
        calls = [(name, call) for name in self._policies for call in due(self.watches[name], now)]
        await asyncio.gather(*(self._call(name, call, words) for name, call in calls))
        self._keep()
        self._rounded = monotonic()
        if self.nobody_reached:
            log.critical("NOBODY COULD BE REACHED", callers=sorted(self._callers))
        else:
            await self._ping()

    def require_memory(self) -> None:
        """BadConfigurationError when nothing can be kept: every run would begin its patience anew."""
        self._keep()
        if self._cannot_keep:
            raise BadConfigurationError(f"TILLSYN_DATA: cannot write to {self._settings.data}: {self._cannot_keep}")

    async def call_test(self) -> dict[str, str | None]:
        """A test call over every caller, at the same time; for each why it did not arrive, or None."""
        message = words_of_a_test(self._place)
        names = list(self._callers)
        failures = await asyncio.gather(*(self._deliver(self._callers[name], message) for name in names))
        return dict(zip(names, failures, strict=True))

    @property
    def silent(self) -> bool:
        """Whether an alarm stands."""
        return any(watch.alarm for watch in self.watches.values())

    @property
    def nobody_reached(self) -> bool:
        """Whether there is something to tell, and every caller has failed to."""
        return any(watch.nobody_reached for watch in self.watches.values())

    def waiting(self) -> str | None:
        """That the sweeper gives no proof of life, though not for so long that it is called out; else None."""
        at = calls_out_at(self.watches[SWEEPER], self._policies[SWEEPER])
        if not self._unproven or at is None:
            return None
        said = "; ".join(f"{address}: {words}" for address, words in self._unproven.items())
        return f"no proof of life from {said}; calls out at {at.astimezone(self._place.zone):%H:%M:%S}"

    def checks(self) -> dict[str, Check]:
        """How the watchdog is itself; what it watches is not its own health."""
        return {"rounds": self._in_time, "calling": self._calling, "memory": self._memory}

    async def _ask(self) -> dict[str, Answered]:
        within, addresses = self._settings.answer_within_s, self._settings.watch
        answers = await asyncio.gather(*(ask(address, within) for address in addresses))
        return dict(zip(addresses, answers, strict=True))

    def _look(self, name: str, look: Look) -> None:
        before = self.watches[name]
        self._do(name, look)
        watch = self.watches[name]
        if watch.proven_at is not None:
            self._age.labels(name).set((look.at - watch.proven_at).total_seconds())
        if watch.alarm and not before.alarm:
            log.error("silent", watched=name, since=watch.alarm.since.isoformat())
        if before.alarm and not watch.alarm:
            log.warning("back", watched=name, silent_since=before.alarm.since.isoformat())

    async def _call(self, name: str, call: Call, answers: Mapping[str, str]) -> None:
        why = await self._deliver(self._callers[call.caller], words_for(name, call, self._place, answers))
        newest = self.watches[name].owed.get(call.caller)
        if newest is not None and newest.kind is call.kind:
            self._do(name, Tell(self._clock.now(), call.caller, why is None))

    async def _deliver(self, caller: Caller, message: Message) -> str | None:
        why = await deliver(caller, message, self._settings.attempts, self._settings.attempt_pause_s)
        self._calls.labels(caller.name, "failed" if why else "arrived").inc()
        return why

    async def _ping(self) -> None:
        if self._settings.dead_man_url is None:
            return
        try:
            url = self._settings.dead_man_url.get_secret_value()
            answer = await exchange(urllib.request.Request(url), PING_WITHIN_S)  # noqa: S310 - http and https only
            why = None if answer.good else f"it answers {answer.status}"
        except NoAnswerError as error:
            why = str(error)
        if why:
            log.warning("the dead man's switch could not be told", why=why)

    def _do(self, name: str, command: Command) -> None:
        self.watches = {**self.watches, name: after(self.watches[name], command, self._policies[name])}

    def _keep(self) -> None:
        try:
            self._settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_watches(self._settings.state_file, self.watches)
        except OSError as error:
            self._cannot_keep = error.strerror or type(error).__name__
            log.error("cannot remember", file=str(self._settings.state_file), why=self._cannot_keep)
        else:
            self._cannot_keep = None

    async def _in_time(self) -> str | None:
        since = monotonic() - self._rounded
        return None if since <= self._longest_round() else f"no round for {since:.0f} s"

    def _longest_round(self) -> float:
        """Seconds that two rounds take at most, when everything that has a limit needs all of it."""
        settings = self._settings
        callers = (*settings.webhooks, *settings.mails, *settings.sms, *settings.commands)
        calls = settings.attempts * (settings.attempt_pause_s + max(caller.timeout_s for caller in callers))
        return 2 * (settings.look_interval.total_seconds() + settings.answer_within_s + calls + PING_WITHIN_S)

    async def _calling(self) -> str | None:
        return "nobody could be reached" if self.nobody_reached else None

    async def _memory(self) -> str | None:
        return self._cannot_keep


def _words_of(answers: Mapping[str, Answered]) -> dict[str, str]:
    return {address: said.words for address, said in answers.items()}
