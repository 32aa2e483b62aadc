"""Looking: the signed grant goes to the gateway on core NATS, a sealed picture comes back; nothing is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from events.envelope import Owner
from events.looks.grant import Grant, GrantSigner, LookPurpose
from events.looks.messages import LookFault, NoPicture, read_reply
from events.looks.picture import SealedPicture
from events.store.queries import SlotRow
from events.transport import subjects
from events.types.home import CommissioningLookGranted
from events.types.night import LookGranted
from services.tillsyn.home.state import Camera

MAX_FRAMES = 300
"""What one grant allows: 30 s at 10 pictures a second."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""The gateway's clock and ours may differ by so much before a live picture counts as old."""
REPLY_WITHIN_S = 8.0
"""How long a gateway may take to its first picture; then it counts as silent."""


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """A look that is on record and not yet asked for."""

    grant: Grant
    owner: Owner

    @classmethod
    def of(cls, granted: Sequence[LookGranted], row: SlotRow, camera: Camera, viewer_key: str) -> "GrantRequest":
        """From what is on record of one look: the first of `granted`, at the slot of `row`, is what the gateway hears.

        Those that came with it (others of the home) open nothing by themselves, but may end it sooner.
        """
        first = granted[0]
        valid_until = min(each.valid_until for each in granted)
        grant = Grant(
            look=first.look,
            purpose=first.purpose,
            slot=first.slot,
            home=row.home,
            camera=camera.camera,
            gateway=camera.gateway,
            viewer=first.by,
            viewer_key=viewer_key,
            valid_from=first.valid_from,
            valid_until=valid_until,
            max_seconds=(valid_until - first.valid_from).total_seconds(),
            max_frames=MAX_FRAMES,
            recipient=row.recipient,
            recipient_version=first.recipient_version,
        )
        return cls(grant, Owner(row.organisation, row.unit))

    @classmethod
    def of_test(
        cls, granted: CommissioningLookGranted, camera: Camera, owner: Owner, viewer_key: str
    ) -> "GrantRequest":
        """From a look that was granted to read the code in a camera's test."""
        grant = Grant(
            look=granted.look,
            purpose=LookPurpose.COMMISSIONING,
            slot=granted.commissioning,
            home=granted.home,
            camera=camera.camera,
            gateway=camera.gateway,
            viewer=granted.by,
            viewer_key=viewer_key,
            valid_from=granted.valid_from,
            valid_until=granted.valid_until,
            max_seconds=(granted.valid_until - granted.valid_from).total_seconds(),
            max_frames=MAX_FRAMES,
            recipient=None,
            recipient_version=0,
        )
        return cls(grant, owner)


def checked(reply: SealedPicture | NoPicture, grant: Grant, now: datetime) -> SealedPicture | NoPicture:
    """`reply`, unless it is a picture that this grant cannot have led to: another look's, an old one, or empty."""
    if isinstance(reply, NoPicture):
        return reply
    if reply.look != grant.look or not 1 <= reply.frame <= grant.max_frames or not reply.ciphertext:
        return NoPicture(grant.look, LookFault.GATEWAY_SILENT, "the gateway answered with something else")
    if reply.taken_at.tzinfo is None or not grant.valid_from - CLOCKS_DIFFER <= reply.taken_at <= now + CLOCKS_DIFFER:
        return NoPicture(grant.look, LookFault.CAMERA, f"the picture is not of now: it was taken at {reply.taken_at}")
    return reply


class Looking(Protocol):
    """How a granted look reaches the camera."""

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        """The first picture of the look, or why there is none. Never raises for a camera's or a network's sake."""
        ...


class NatsLooking:
    """Asks the gateway on core NATS: JetStream never sees a picture."""

    def __init__(self, nats: Client, signer: GrantSigner, now: Callable[[], datetime]) -> None:
        self._nats = nats
        self._signer = signer
        self._now = now

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        look = request.grant.look
        subject = subjects.look(request.owner.organisation, request.grant.gateway)
        try:
            token = self._signer.sign(request.grant).encode()
            reply = await self._nats.request(subject, token, timeout=REPLY_WITHIN_S)
        except NoRespondersError:
            return NoPicture(look, LookFault.GATEWAY_SILENT, "the gateway is not connected")
        except (TimeoutError, NatsError) as error:
            return NoPicture(look, LookFault.GATEWAY_SILENT, str(error) or "no answer in time")
        return checked(read_reply(reply.headers, reply.data), request.grant, self._now())
