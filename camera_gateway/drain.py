"""Empties the spool into the inbound stream: in order, and marked as sent only after the stream has acknowledged."""

from datetime import timedelta

import structlog
from nats.js import JetStreamContext
from nats.js.api import Header

from camera_gateway.line import LINE_ERRORS, Line, answer_to
from camera_gateway.message import Message
from camera_gateway.metrics import Metrics
from camera_gateway.spool import Spool
from events.runtime.clock import Clock, sleep

log = structlog.get_logger()

BATCH = 50
"""Sent one after another, then marked as sent together. After a crash in between they are sent again, with the same
ids, by which the stream and the service know them."""
PUBLISH_TIMEOUT_S = 5.0
FIRST_PAUSE = timedelta(milliseconds=250)
LOOK_AGAIN = timedelta(hours=6)


class Drain:
    """Sends what the spool holds. `most_pause` is the longest wait between two attempts."""

    def __init__(self, spool: Spool, line: Line, clock: Clock, metrics: Metrics, most_pause: timedelta) -> None:
        self._spool = spool
        self._line = line
        self._clock = clock
        self._metrics = metrics
        self._most_pause = most_pause

    async def run(self, js: JetStreamContext) -> None:
        """Send for ever; sleep when there is nothing, or nobody to take it. A restored line wakes at once."""
        pause = FIRST_PAUSE
        while True:
            if not self._line.connected or not await self.send_some(js):
                waits = self._line.restored
            elif self._spool.waiting:
                pause = FIRST_PAUSE
                continue
            else:
                pause = FIRST_PAUSE
                await sleep(self._clock, LOOK_AGAIN, self._spool.added)
                continue
            await sleep(self._clock, pause, waits)
            pause = min(pause * 2, self._most_pause)

    async def send_some(self, js: JetStreamContext) -> bool:
        """Send the oldest ones, up to a batch; False when the stream did not take one of them."""
        done: list[Message] = []
        try:
            for message in self._spool.unsent(BATCH):
                headers = {Header.MSG_ID.value: str(message.id)}
                publishing = js.publish(message.subject, message.body, timeout=PUBLISH_TIMEOUT_S, headers=headers)
                await answer_to(publishing)
                done.append(message)
        except LINE_ERRORS as error:
            log.warning("messages wait to be sent", waiting=self._spool.waiting, why=str(error) or type(error).__name__)
            return False
        finally:
            self._mark(done)
        return True

    def _mark(self, done: list[Message]) -> None:
        if done:
            self._spool.sent(message.id for message in done)
            self._metrics.sent.inc(len(done))
        self._metrics.spooled.set(self._spool.waiting)
