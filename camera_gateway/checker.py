"""Does each check at its time: opens the camera where that is agreed, has the pictures judged, and writes the report.

What is due when is said by `camera_gateway.due`; here it is carried out.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from camera_gateway.cameras import Camera, CameraFault, CameraUnavailableError
from camera_gateway.due import Check, Reported, as_agreed_now, by_camera, outstanding
from camera_gateway.keeper import Keeper
from camera_gateway.metrics import Metrics
from camera_gateway.openings import Openings
from camera_gateway.pictures import Finding, judge_now
from camera_gateway.references import kept_reference
from camera_gateway.reports import Sender
from camera_gateway.settings import GatewaySettings
from camera_gateway.spool import Spool
from events.envelope import Owner
from events.home_schedule import GatewaySchedule
from events.runtime.clock import Clock, Signal
from events.runtime.ids import Ids
from events.types.check import CheckDue

log = structlog.get_logger()

LOOK_AGAIN = timedelta(hours=1)
"""With nothing ahead the schedule is gone through this often: the night after next becomes the next."""


class Checker:
    """The gateway's own work. `wake` is notified when there may be something new to do."""

    def __init__(
        self,
        settings: GatewaySettings,
        clock: Clock,
        keeper: Keeper,
        spool: Spool,
        openings: Openings,
        metrics: Metrics,
        ids: Ids,
        wake: Signal,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._keeper = keeper
        self._spool = spool
        self._openings = openings
        self._metrics = metrics
        self._ids = ids
        self._wake = wake
        self._room = asyncio.Semaphore(settings.checks_at_once)
        self._at_work: set[UUID] = set()
        self._begun = 0

    @property
    def idle(self) -> bool:
        """No check is being made. One that is due and not yet begun has its timer on the clock."""
        return not self._begun

    async def run(self) -> None:
        """Make every check at its time, for ever."""
        async with asyncio.TaskGroup() as checks:
            looked_until: datetime | None = None
            while True:
                now = self._clock.now()
                waiting = self._waiting(now, looked_until)
                for together in by_camera(check for check in waiting if check.at <= now):
                    self._at_work.update(check.slot.slot for check in together)
                    checks.create_task(self._check(together))
                later = (check.at for check in waiting if check.at > now)
                looked_until = min([*later, now + LOOK_AGAIN])
                await self._clock.sleep_until(looked_until, self._wake)

    def _waiting(self, now: datetime, looked_until: datetime | None) -> list[Check]:
        schedule = self._keeper.current
        if schedule is None:
            return []
        checks = outstanding(schedule, self._spool.reported, now, looked_until)
        return [check for check in checks if check.slot.slot not in self._at_work]

    async def _check(self, together: Sequence[Check]) -> None:
        try:
            # Having slept on it, this task counts as working for a stepped clock until it is done.
            await self._clock.sleep_until(self._clock.now())
            self._begun += 1
            try:
                await self._make(together)
            finally:
                self._begun -= 1
        finally:
            self._at_work.difference_update(check.slot.slot for check in together)
            self._wake.notify()

    async def _make(self, together: Sequence[Check]) -> None:
        for_opening = [check for check in together if self._opens(check)]
        finding = await self._open(for_opening) if for_opening else Finding()
        for check in together:
            await self._report(check, finding if check in for_opening else self._unopened(check))

    def _opens(self, check: Check) -> bool:
        return check.may_open and check.camera in self._openings

    def _unopened(self, check: Check) -> Finding:
        """A camera that is not ours to open needs no opening to be known as out of reach."""
        return Finding() if check.camera in self._openings else Finding(fault=CameraFault.UNREACHABLE)

    async def _open(self, checks: Sequence[Check]) -> Finding:
        camera, opening = checks[0].camera, self._ids.event()
        assert camera is not None  # noqa: S101 - `_opens` has seen it among the gateway's cameras
        slots = [str(check.slot.slot) for check in checks]

        def work(source: Camera) -> Finding:
            if not any(self._agreed(check) for check in checks):
                return Finding()
            log.info("machine opening", opening=str(opening), camera=str(camera), slots=slots)
            known = kept_reference(self._settings.folder, camera)
            return judge_now(source, self._settings.frames_judged, self._settings.privacy_of(camera), opening, known)

        try:
            async with self._room:
                finding = await self._openings.use(camera, work, self._settings.opening_limit_s)
        except CameraUnavailableError as error:
            log.warning("camera gave no picture", camera=str(camera), reason=error.reason.value, detail=error.detail)
            self._metrics.faults.labels(reason=error.reason.value).inc()
            finding = Finding(fault=error.reason, opening=opening)
        if finding.opening is not None:
            self._metrics.openings.labels(by="machine").inc()
        return finding

    def _agreed(self, check: Check) -> bool:
        agreed = as_agreed_now(self._keeper.current, check, self._clock.now())
        return agreed is not None and agreed.may_open and agreed.camera == check.camera

    async def _report(self, check: Check, finding: Finding) -> None:
        schedule, now = self._keeper.current, self._clock.now()
        if schedule is None or as_agreed_now(schedule, check, now) is None:
            log.info("slot is no longer the camera's", slot=str(check.slot.slot))
            return
        sender = Sender(self._settings.gateway, Owner(schedule.organisation, schedule.unit))
        message, event = sender.report(check, finding, now, clock_trusted=self._clock_is_plausible(schedule, now))
        attempt = Reported(check.attempt, isinstance(event, CheckDue), now)
        if self._spool.report(message, check.slot.slot, attempt, check.slot.deadline):
            self._metrics.reports.labels(kind=event.NAME).inc()
            log.info("report", kind=event.NAME, slot=str(check.slot.slot), attempt=check.attempt)

    def _clock_is_plausible(self, schedule: GatewaySchedule, now: datetime) -> bool:
        """A clock that stands before the schedule was made is wrong; a box without a battery begins in the past."""
        return now >= schedule.made_at - timedelta(seconds=self._settings.clock_tolerance_s)
