"""Says at regular times that the gateway is alive, and how it is. Never spooled: an old one says nothing."""

from datetime import timedelta

import structlog
from nats.js import JetStreamContext
from nats.js.api import Header

from camera_gateway.keeper import Keeper
from camera_gateway.line import LINE_ERRORS, Line, answer_to
from camera_gateway.reports import Sender
from camera_gateway.settings import GatewaySettings
from camera_gateway.spool import Spool
from events.envelope import Owner
from events.runtime.clock import Clock, sleep
from events.runtime.ids import Ids
from events.transport import subjects
from events.types.check import Heartbeat

log = structlog.get_logger()

PUBLISH_TIMEOUT_S = 2.0


class Heart:
    """Beats while there is a line."""

    def __init__(
        self, settings: GatewaySettings, clock: Clock, keeper: Keeper, spool: Spool, line: Line, ids: Ids
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._keeper = keeper
        self._spool = spool
        self._line = line
        self._ids = ids
        self._started_at = clock.now()

    async def run(self, js: JetStreamContext) -> None:
        """Beat for ever, and at once when the line is restored."""
        while True:
            await sleep(self._clock, timedelta(seconds=self._settings.heartbeat_s), self._line.restored)
            if self._line.connected:
                await self.beat(js)

    async def beat(self, js: JetStreamContext) -> None:
        """Say it once."""
        event_id = self._ids.event()
        schedule = self._keeper.current
        owner = Owner(self._settings.organisation, schedule.unit if schedule else self._settings.unit)
        sender = Sender(self._settings.gateway, owner)
        event = Heartbeat(
            gateway=self._settings.gateway,
            started_at=self._started_at,
            spooled=self._spool.waiting,
            schedule_revision=self._keeper.revision,
        )
        subject = subjects.heartbeat(self._settings.organisation, self._settings.gateway)
        message = sender.message(event_id, event, subject, sender.context(self._clock.now(), event_id))
        try:
            headers = {Header.MSG_ID.value: str(event_id)}
            await answer_to(js.publish(subject, message.body, timeout=PUBLISH_TIMEOUT_S, headers=headers))
        except LINE_ERRORS as error:
            log.warning("heartbeat not taken", why=str(error) or type(error).__name__)
