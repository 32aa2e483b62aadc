"""Answers requests to look: a grant that holds opens the camera once, for one sealed picture that nothing keeps.

One request, one picture. The same look may ask again until its frames, its seconds or its window are used up.
"""

import asyncio
import sqlite3
from datetime import timedelta

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from camera_gateway.cameras import Camera, CameraUnavailableError
from camera_gateway.keeper import Keeper
from camera_gateway.line import LINE_ERRORS
from camera_gateway.look_rules import is_outdated, refusal
from camera_gateway.metrics import Metrics
from camera_gateway.openings import Openings
from camera_gateway.pictures import LivePicture, live_picture
from camera_gateway.settings import GatewaySettings
from camera_gateway.spool import Spool
from events.looks.grant import BadGrantError, Grant, GrantVerifier
from events.looks.messages import LookFault, NoPicture, reply_headers
from events.looks.picture import BadPictureError, SealedPicture, seal_picture
from events.runtime.clock import Clock
from events.transport import subjects

log = structlog.get_logger()


class LookRefusedError(Exception):
    """A look that shows nothing, with the reply that says why."""

    def __init__(self, reply: NoPicture) -> None:
        super().__init__(reply.detail)
        self.reply = reply


class Looks:
    """Serves looks while there is a line."""

    def __init__(
        self,
        settings: GatewaySettings,
        clock: Clock,
        keeper: Keeper,
        spool: Spool,
        openings: Openings,
        metrics: Metrics,
        verifier: GrantVerifier,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._keeper = keeper
        self._spool = spool
        self._openings = openings
        self._metrics = metrics
        self._verifier = verifier
        self._at_work: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """Nobody waits for a picture."""
        return not self._at_work

    async def listen(self, client: Client) -> None:
        """Answer every request that comes over this connection, each by itself: a hung camera holds up no other."""

        async def asked(message: Msg) -> None:
            if message.reply:
                task = asyncio.create_task(self._serve(client, message))
                self._at_work.add(task)
                task.add_done_callback(self._at_work.discard)

        await client.subscribe(subjects.look(self._settings.organisation, self._settings.gateway), cb=asked)

    async def stop(self) -> None:
        """Drop what is being served: whoever waits hears nothing, and asks again."""
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _serve(self, client: Client, message: Msg) -> None:
        reply = await self.answer(message.data, client)
        body = reply.ciphertext if isinstance(reply, SealedPicture) else b""
        try:
            await client.publish(message.reply, body, headers=reply_headers(reply))
        except LINE_ERRORS as error:
            log.warning("a look could not be answered", look=str(reply.look), why=type(error).__name__)

    async def answer(self, token: bytes, client: Client) -> SealedPicture | NoPicture:
        """The picture that the grant in `token` allows, or why there is none."""
        try:
            grant = self._verified(token)
            await self._require_allowed(grant, client)
            picture = await self._look(grant)
        except LookRefusedError as refused:
            self._metrics.refused.labels(fault=refused.reply.fault.value).inc()
            log.warning("look refused", look=str(refused.reply.look), fault=refused.reply.fault, detail=str(refused))
            return refused.reply
        self._metrics.looks.inc()
        return picture

    def _verified(self, token: bytes) -> Grant:
        if len(self._at_work) > self._settings.looks_at_once:
            raise LookRefusedError(NoPicture(None, LookFault.CAMERA, "the gateway serves as many looks as it can"))
        try:
            return self._verifier.verify(token.decode("ascii"))
        except (BadGrantError, UnicodeDecodeError) as error:
            raise LookRefusedError(NoPicture(None, LookFault.BAD_GRANT, _one_line(error))) from None

    async def _require_allowed(self, grant: Grant, client: Client) -> None:
        if is_outdated(grant, self._keeper.current):
            await self._keeper.try_to_catch_up(client)
        self._require_agreed(grant)
        if grant.camera not in self._openings:
            raise self._refused(grant, LookFault.UNKNOWN_CAMERA, "the gateway has no such camera")

    def _require_agreed(self, grant: Grant) -> None:
        if (reply := self._refusal(grant)) is not None:
            raise LookRefusedError(reply)

    def _refusal(self, grant: Grant) -> NoPicture | None:
        return refusal(grant, self._keeper.current, self._settings.gateway, self._clock.now())

    async def _look(self, grant: Grant) -> SealedPicture:
        frame = self._use_frame(grant)
        privacy = self._settings.privacy_of(grant.camera)

        def work(source: Camera) -> LivePicture | NoPicture:
            if (now_refused := self._refusal(grant)) is not None:  # it may have waited for its turn
                return now_refused
            log.info("look", look=str(grant.look), slot=str(grant.slot), viewer=str(grant.viewer), frame=frame)
            return live_picture(source, privacy, self._settings.stale_after_s, self._settings.most_picture_bytes)

        self._metrics.openings.labels(by="staff").inc()
        try:
            picture = await self._openings.use(grant.camera, work, self._settings.look_limit_s)
            if isinstance(picture, NoPicture):
                raise LookRefusedError(picture)
            self._require_agreed(grant)  # consent may have gone while the camera was open
            return seal_picture(picture.jpeg, grant.viewer_key, grant.look, frame, picture.taken_at)
        except CameraUnavailableError as error:
            self._metrics.faults.labels(reason=error.reason.value).inc()
            raise self._refused(grant, LookFault.CAMERA, f"{error.reason.value}: {error.detail}") from None
        except BadPictureError as error:
            raise self._refused(grant, LookFault.BAD_GRANT, str(error)) from None

    def _use_frame(self, grant: Grant) -> int:
        longest = timedelta(seconds=grant.max_seconds)
        try:
            frame = self._spool.use_frame(grant.look, grant.max_frames, longest, self._clock.now())
        except sqlite3.Error as error:
            log.error("the look cannot be put on record", look=str(grant.look), why=str(error))
            raise self._refused(grant, LookFault.CAMERA, "the gateway cannot put the look on record") from None
        if frame is None:
            raise self._refused(grant, LookFault.USED_UP, "the look has shown all that its grant allows")
        return frame

    def _refused(self, grant: Grant, fault: LookFault, detail: str) -> LookRefusedError:
        return LookRefusedError(NoPicture(grant.look, fault, " ".join(detail.split())))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) if isinstance(error, BadGrantError) else "the grant is not text"
