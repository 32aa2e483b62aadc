"""A no at 02:00, through everything that is real: the service refuses at once, the gateway by itself within seconds."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from camera_gateway import Gateway, GatewaySettings
from events.looks.messages import LookFault, NoPicture, read_reply
from events.looks.picture import SealedPicture, ViewerKey
from events.transport import subjects
from events.types.night import LookFailed, LookServed
from services.secrets import grant_signer, nats_keys
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import NightStaff
from services.tillsyn.desk.night_staff import CameraShutError
from services.tillsyn.looking import GrantRequest, Looking, NatsLooking
from tests.builders import ANNA, CAMERA, COHABITANT, GATEWAY, HOME, ORGANISATION, SLOT, UNIT, secret
from tests.camera_gateway.builders import bedroom
from tests.services.relay.running import relaying
from tests.services.tillsyn.house import House, night_stream, of_type, register_home
from tests.services.tillsyn.plant import Plant
from tests.waiting import until

WITHIN_S = 5.0


class Remembering:
    """The real way to the gateway, and what was asked of it last; `then` happens while a picture is under way."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking
        self.asked: GrantRequest | None = None
        self.then: House | None = None

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        self.asked = request
        reply = await self._looking.look(request)
        if self.then is not None:
            await no_of_the_recipient(self.then)
        return reply


async def no_of_the_recipient(house: House) -> None:
    await house.tell(recipients.WithdrawConsent(secret("vill inte")))


async def a_cohabitant_who_was_not_asked(house: House) -> None:
    await house.care.home(HOME, UNIT, homes.CohabitantMovesIn(COHABITANT, secret("Sven")))


@dataclass
class AtTwo:
    """Two o'clock: ANNA has the slot, and the gateway its schedule."""

    plant: Plant
    looking: Remembering
    desk: NightStaff

    async def asked_again(self) -> SealedPicture | NoPicture:
        """What the gateway itself answers to the grant that was signed before the no."""
        assert self.looking.asked is not None
        token = grant_signer(self.plant.settings).sign(self.looking.asked.grant).encode()
        reply = await self.plant.nats.request(subjects.look(ORGANISATION, GATEWAY), token, timeout=WITHIN_S)
        return read_reply(reply.headers, reply.data)


@pytest.fixture
async def at_two(plant: Plant, tmp_path: Path) -> AsyncIterator[AtTwo]:
    house = plant.house
    await register_home(house)
    await house.planner.plan_all()
    signer = grant_signer(plant.settings)
    settings = GatewaySettings(
        gateway=GATEWAY,
        organisation=ORGANISATION,
        unit=UNIT,
        nats_url=plant.server.url,
        nats_seed_file=nats_keys(plant.settings.data) / "gateway.nk",
        grant_key_file=plant.settings.data / "keys" / "grant.pub",
        data=tmp_path / "gateway",
        cameras={CAMERA: str(bedroom(tmp_path))},  # type: ignore[dict-item]
        heartbeat_s=3600,
        schedule_check_s=3600,
    )
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(relaying(plant))
        gateway = Gateway(settings, house.clock)
        await gateway.start()
        stack.push_async_callback(gateway.stop)
        await until(running.schedules.at_rest)
        await until(gateway.at_rest)
        await house.time("02:00")
        looking = Remembering(NatsLooking(plant.nats, signer, house.clock.now))
        desk = NightStaff(house.ledger, looking)
        await desk.claim(SLOT, ANNA)
        yield AtTwo(plant, looking, desk)


@pytest.mark.parametrize("no", [no_of_the_recipient, a_cohabitant_who_was_not_asked])
async def test_after_a_no_the_service_refuses_at_once_and_the_gateway_within_seconds(at_two: AtTwo, no: object) -> None:
    assert isinstance(await at_two.desk.look(SLOT, ANNA, ViewerKey().public()), SealedPicture)
    assert isinstance(await at_two.asked_again(), SealedPicture), "the grant still holds: only the no is in its way"

    await no(at_two.plant.house)  # type: ignore[operator]
    said = time.monotonic()

    with pytest.raises(CameraShutError):
        await at_two.desk.look(SLOT, ANNA, ViewerKey().public())

    async def refused() -> bool:
        reply = await at_two.asked_again()
        return isinstance(reply, NoPicture) and reply.fault is LookFault.SUSPENDED

    await until(refused, WITHIN_S)
    assert time.monotonic() - said < WITHIN_S


async def test_a_picture_under_way_when_the_no_comes_is_not_handed_on(at_two: AtTwo) -> None:
    at_two.looking.then = at_two.plant.house
    reply = await at_two.desk.look(SLOT, ANNA, ViewerKey().public())
    assert isinstance(reply, NoPicture)
    events = await at_two.plant.house.events(night_stream())
    assert of_type(events, LookServed) == []
    assert len(of_type(events, LookFailed)) == 1
