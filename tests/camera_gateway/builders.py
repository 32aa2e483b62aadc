"""A schedule, a picture, a grant or a whole installation in one line."""

import asyncio
import datetime as dt
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import cv2
import numpy as np
from nats.aio.client import Client
from nats.js import JetStreamContext

from camera_gateway import Gateway, GatewaySettings
from events.cloudevents import WireEvent, decode
from events.home_schedule import GatewaySchedule, GrantedNights, HomeSchedule, RecipientSchedule, SchedulePeriod
from events.looks.grant import Grant, GrantSigner
from events.looks.messages import NoPicture, read_reply
from events.looks.picture import SealedPicture, ViewerKey
from events.schedule import PlannedSlot, ScheduleEntry, instant_of
from events.transport import subjects
from events.transport.server import EmbeddedNats
from events.types import REGISTRY
from events.types.check import Heartbeat

NIGHT = date(2026, 11, 14)
LONG_AGO = datetime(2026, 1, 1, 12, tzinfo=UTC)
ZONE = "Europe/Stockholm"
GATEWAY = UUID("6a7e0000-0000-4000-8000-000000000001")
OTHER_GATEWAY = UUID("6a7e0000-0000-4000-8000-000000000002")
ORGANISATION = UUID("0a6a0000-0000-4000-8000-000000000001")
UNIT = UUID("e1e10000-0000-4000-8000-000000000001")
WITHIN_S = 15.0


def home_id(number: int) -> UUID:
    return UUID(int=0xA000 + number)


def camera_id(number: int) -> UUID:
    return UUID(int=0xC000 + number)


def recipient_id(number: int) -> UUID:
    return UUID(int=0xB000 + number)


def at(time: str, night: date = NIGHT) -> datetime:
    """A wall-clock time of the night as an instant: 23:00 lies on its date, 03:00 on the next."""
    wall = dt.time.fromisoformat(time)
    day = night if wall.hour >= 12 else night + timedelta(days=1)
    return instant_of(datetime.combine(day, wall), ZoneInfo(ZONE))


def granted(first: date = date(2026, 1, 1), last: date | None = None) -> GrantedNights:
    """A decision for these nights, made long ago."""
    return GrantedNights(first_night=first, last_night=last, holds_from=LONG_AGO)


def recipient(number: int = 1, *times: str, **changes: Any) -> RecipientSchedule:
    """Somebody with these times every night, who has agreed to everything."""
    entries = tuple(
        ScheduleEntry(id=UUID(int=0xE000 + 16 * number + n), time=dt.time.fromisoformat(time))
        for n, time in enumerate(times)
    )
    agreed: dict[str, Any] = {
        "recipient": recipient_id(number),
        "version": 3,
        "zone": ZONE,
        "granted": (granted(),),
        "camera_allowed": True,
        "machine_openings": True,
        "extra_look_consented": False,
        "periods": (SchedulePeriod(from_night=date(2026, 1, 1), entries=entries, holds_from=LONG_AGO),),
    }
    return RecipientSchedule(**(agreed | changes))


def home(number: int, *recipients: RecipientSchedule) -> HomeSchedule:
    return HomeSchedule(home=home_id(number), camera=camera_id(number), recipients=recipients)


def schedule(*homes: HomeSchedule, revision: int = 1, **changes: Any) -> GatewaySchedule:
    stated: dict[str, Any] = {
        "gateway": GATEWAY,
        "organisation": ORGANISATION,
        "unit": UNIT,
        "revision": revision,
        "made_at": at("12:00"),
        "retry_after": timedelta(minutes=2),
        "homes": homes,
    }
    return GatewaySchedule(**(stated | changes))


def slots(someone: RecipientSchedule, night: date = NIGHT) -> tuple[PlannedSlot, ...]:
    return someone.slots(night)


def bedroom(folder: Path, name: str = "bedroom.png") -> Path:
    """A still picture with enough in it to be usable; no run of its bytes occurs anywhere else."""
    noise = np.random.default_rng(7).integers(40, 200, size=(48, 64, 3), dtype=np.uint8)
    picture = cv2.resize(noise, (640, 480), interpolation=cv2.INTER_NEAREST)
    return _written(folder / name, np.asarray(picture, dtype=np.uint8))


def dark_room(folder: Path) -> Path:
    """A picture that is of no use."""
    return _written(folder / "dark.png", np.zeros((480, 640, 3), dtype=np.uint8))


def _written(file: Path, picture: "np.ndarray[Any, np.dtype[np.uint8]]") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(file), picture)
    return file


async def eventually(condition: Callable[[], bool]) -> None:
    """Return when it holds; TimeoutError when it does not in any reasonable time."""
    async with asyncio.timeout(WITHIN_S):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.005)


@dataclass(frozen=True)
class Received:
    """One message of the inbound stream."""

    message_id: str
    wire: WireEvent
    event: Any


@dataclass
class Installation:
    """A NATS server with its streams, the service's side of it, and what a gateway needs to join."""

    server: EmbeddedNats
    service: Client
    js: JetStreamContext
    signer: GrantSigner
    viewer: ViewerKey
    service_seed: str
    seed_file: Path
    folder: Path

    def settings(self, **changes: Any) -> GatewaySettings:
        """A gateway's settings; `cameras` and all the rest as changes."""
        key = self.folder / "grant-key.json"
        key.write_text(self.signer.public_key())
        given: dict[str, Any] = {
            "gateway": GATEWAY,
            "organisation": ORGANISATION,
            "unit": UNIT,
            "nats_url": self.server.url,
            "nats_seed_file": self.seed_file,
            "grant_key_file": key,
            "data": self.folder / "data",
            "heartbeat_s": 3600,
            "schedule_check_s": 3600,
        }
        return GatewaySettings(**(given | changes))

    async def put(self, schedule: GatewaySchedule) -> None:
        """Publish a schedule as the projector does."""
        bucket = await self.js.key_value(subjects.SCHEDULES_BUCKET)
        await bucket.put(str(schedule.gateway), schedule.model_dump_json().encode())

    async def received(self) -> list[Received]:
        """Everything in the inbound stream, oldest first."""
        state = (await self.js.stream_info(subjects.INBOUND_STREAM)).state
        found = []
        for number in range(state.first_seq, state.last_seq + 1):
            message = await self.js.get_msg(subjects.INBOUND_STREAM, number)
            wire, event = decode(REGISTRY, message.data or b"")
            found.append(Received((message.headers or {})["Nats-Msg-Id"], wire, event))
        return found

    async def reports(self) -> list[Received]:
        """What was said of slots."""
        return [message for message in await self.received() if not isinstance(message.event, Heartbeat)]

    def grant(self, someone: RecipientSchedule, slot: PlannedSlot, now: datetime, **changes: Any) -> Grant:
        """A grant that holds now for somebody who lives alone in the home of the same number."""
        number = someone.recipient.int - recipient_id(0).int
        stated: dict[str, Any] = {
            "look": UUID(bytes=os.urandom(16), version=4),
            "slot": slot.slot,
            "home": home_id(number),
            "camera": camera_id(number),
            "gateway": GATEWAY,
            "viewer": UUID(int=0xF00),
            "viewer_key": self.viewer.public(),
            "valid_from": now,
            "valid_until": now + timedelta(minutes=1),
            "max_seconds": 30,
            "max_frames": 2,
            "recipient": someone.recipient,
            "recipient_version": someone.version,
        }
        return Grant(**(stated | changes))

    async def ask(self, grant: Grant | bytes) -> SealedPicture | NoPicture:
        """Ask for a look, as the service does."""
        token = grant if isinstance(grant, bytes) else self.signer.sign(grant).encode()
        subject = subjects.look(ORGANISATION, GATEWAY)
        reply = await self.service.request(subject, token, timeout=WITHIN_S)
        return read_reply(reply.headers, reply.data)


@asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[Gateway]:
    """Started at the beginning, stopped at the end."""
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.stop()


async def settled(gateway: Gateway) -> None:
    """Return when the gateway is connected, up to date, and has nothing left to do or send."""
    async with asyncio.timeout(WITHIN_S):
        while not await gateway.at_rest():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)
