"""Looks over a real NATS server: a picture for whoever may see it, and a clear word for everybody else."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest
from prometheus_client import CollectorRegistry

from camera_gateway import Gateway
from camera_gateway.keeper import Keeper
from camera_gateway.looks import Looks
from camera_gateway.metrics import Metrics
from camera_gateway.openings import Openings
from camera_gateway.privacy import PrivacySetting, Zone, apply, encode_jpeg
from camera_gateway.spool import Spool
from events.looks.grant import GrantSigner, GrantVerifier
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture, ViewerKey
from events.runtime.clock import Signal
from events.runtime.stepped_clock import SteppedClock
from events.transport.connect import connect
from tests.camera_gateway.builders import (
    GATEWAY,
    ORGANISATION,
    Installation,
    at,
    bedroom,
    camera_id,
    home,
    recipient,
    running,
    schedule,
    slots,
)
from tests.camera_gateway.rtsp_server import Behaviour, RtspServer

SOMEONE = recipient(1, "23:00", "03:00")
FIRST = slots(SOMEONE)[0]
NOW = at("23:05")
WITH_A_ZONE = PrivacySetting(zones=(Zone(left=0.5, top=0.0, right=1.0, bottom=1.0),))

Opened = Callable[..., Awaitable[tuple[Gateway, SteppedClock]]]


@pytest.fixture
async def opened(installation: Installation, tmp_path: Path) -> AsyncIterator[Opened]:
    """Starts a gateway at five past eleven, with a camera and somebody who agreed to it."""
    async with AsyncExitStack() as stack:

        async def start(**changes: object) -> tuple[Gateway, SteppedClock]:
            await installation.put(schedule(home(1, SOMEONE)))
            clock = SteppedClock(at("22:59"))
            cameras = {camera_id(1): str(bedroom(tmp_path))}
            gateway = Gateway(installation.settings(**({"cameras": cameras} | changes)), clock)
            clock.add_probe(gateway.at_rest)
            await stack.enter_async_context(running(gateway))
            await clock.run(NOW)
            return gateway, clock

        yield start


def fault(reply: SealedPicture | NoPicture) -> LookFault:
    assert isinstance(reply, NoPicture), "a picture was shown"
    return reply.fault


async def test_the_viewer_alone_gets_a_filtered_picture_of_this_moment(
    installation: Installation, opened: Opened, tmp_path: Path
) -> None:
    await opened(privacy={camera_id(1): WITH_A_ZONE})
    reply = await installation.ask(installation.grant(SOMEONE, FIRST, NOW))
    assert isinstance(reply, SealedPicture)
    assert (reply.frame, reply.taken_at) == (1, NOW)
    jpeg = installation.viewer.open(reply)
    original = np.asarray(cv2.imread(str(bedroom(tmp_path))), dtype=np.uint8)
    assert jpeg == encode_jpeg(apply(original, WITH_A_ZONE))
    shown = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
    assert shown[:, 330:].max() < 10 < shown[:, :310].mean()
    assert jpeg not in reply.ciphertext
    with pytest.raises(Exception, match="cannot be opened"):
        ViewerKey().open(reply)


async def test_a_look_shows_as_many_pictures_as_its_grant_says_also_across_a_restart(
    installation: Installation, opened: Opened
) -> None:
    gateway, _ = await opened()
    grant = installation.grant(SOMEONE, FIRST, NOW)
    frames = [reply.frame for _ in range(2) if isinstance(reply := await installation.ask(grant), SealedPicture)]
    assert frames == [1, 2]
    assert fault(await installation.ask(grant)) is LookFault.USED_UP
    await gateway.stop()
    await opened()
    assert fault(await installation.ask(grant)) is LookFault.USED_UP
    other = installation.grant(SOMEONE, FIRST, NOW)
    assert isinstance(await installation.ask(other), SealedPicture)


async def test_a_look_ends_when_its_seconds_are_over(installation: Installation, opened: Opened) -> None:
    _, clock = await opened()
    grant = installation.grant(SOMEONE, FIRST, NOW, max_frames=100, max_seconds=20)
    await installation.ask(grant)
    await clock.run(NOW + timedelta(seconds=20))
    assert isinstance(await installation.ask(grant), SealedPicture)
    await clock.run(NOW + timedelta(seconds=21))
    assert fault(await installation.ask(grant)) is LookFault.USED_UP


async def test_what_the_service_did_not_sign_opens_nothing(installation: Installation, opened: Opened) -> None:
    gateway, _ = await opened()
    grant = installation.grant(SOMEONE, FIRST, NOW)
    token = installation.signer.sign(grant)
    head, payload, signature = token.split(".")
    stranger = GrantSigner.from_seed(os.urandom(32)).sign(grant)
    changed = installation.signer.sign(grant.model_copy(update={"max_frames": 2000})).split(".")[1]
    for forged in (stranger, f"{head}.{changed}.{signature}", f"{head}.{payload}.", "", "x" * 5000, "é", "a.b.c"):
        assert fault(await installation.ask(forged.encode())) is LookFault.BAD_GRANT
    assert gateway.metrics.registry.get_sample_value("tillsyn_gateway_openings_total", {"by": "staff"}) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"gateway": UUID(int=9)}, LookFault.BAD_GRANT),
        ({"viewer_key": "bm8ga2V5"}, LookFault.BAD_GRANT),
        ({"valid_until": NOW}, LookFault.NOT_NOW),
        ({"slot": slots(SOMEONE)[1].slot}, LookFault.NOT_NOW),
        ({"recipient_version": 99}, LookFault.OUTDATED_SCHEDULE),
        ({"camera": camera_id(2)}, LookFault.UNKNOWN_CAMERA),
    ],
)
async def test_each_refusal_says_what_it_is(
    installation: Installation, opened: Opened, changes: dict[str, object], expected: LookFault
) -> None:
    await opened()
    grant = installation.grant(SOMEONE, FIRST, NOW).model_copy(update=changes)
    reply = await installation.ask(grant)
    assert fault(reply) is expected
    assert isinstance(reply, NoPicture)
    assert reply.look == grant.look
    assert reply.detail


async def test_a_camera_that_the_gateway_does_not_have_is_unknown(installation: Installation, opened: Opened) -> None:
    await opened(cameras={})
    reply = await installation.ask(installation.grant(SOMEONE, FIRST, NOW))
    assert fault(reply) is LookFault.UNKNOWN_CAMERA


async def test_a_withdrawal_shuts_the_camera_for_a_grant_already_given(
    installation: Installation, opened: Opened
) -> None:
    _, clock = await opened()
    grant = installation.grant(SOMEONE, FIRST, NOW)
    withdrawn = recipient(1, "23:00", "03:00", camera_allowed=False, version=4)
    await installation.put(schedule(home(1, withdrawn), revision=2))
    await clock.run(NOW)
    assert fault(await installation.ask(grant)) is LookFault.SUSPENDED


async def test_a_camera_that_does_not_answer_is_said_to_and_harms_no_other(
    installation: Installation, opened: Opened, tmp_path: Path
) -> None:
    neighbour = recipient(2, "23:00")
    with RtspServer([], Behaviour(answers=False)) as hung:
        cameras = {camera_id(1): hung.url(), camera_id(2): str(bedroom(tmp_path))}
        gateway, clock = await opened(cameras=cameras, look_limit_s=0.5, opening_limit_s=0.5, looks_at_once=2)
        await installation.put(schedule(home(1, SOMEONE), home(2, neighbour), revision=2))
        await clock.run(NOW)
        for_hung = installation.grant(SOMEONE, FIRST, NOW)
        for_neighbour = installation.grant(neighbour, slots(neighbour)[0], NOW)
        waiting = asyncio.create_task(installation.ask(for_hung))
        assert isinstance(await installation.ask(for_neighbour), SealedPicture)
        reply = await waiting
    assert fault(reply) is LookFault.CAMERA
    assert isinstance(reply, NoPicture)
    assert "timed_out" in reply.detail
    assert gateway.idle()


async def test_a_newer_state_that_the_service_knows_is_fetched_before_the_look_is_judged(
    installation: Installation, tmp_path: Path
) -> None:
    newer = recipient(1, "23:00", "03:00", version=8)
    settings = installation.settings()
    keeper = Keeper(tmp_path / "schedule.json", ORGANISATION, GATEWAY, Signal())  # listens to nothing
    keeper.offer(schedule(home(1, SOMEONE)).model_dump_json().encode())
    await installation.put(schedule(home(1, newer), revision=2))
    spool = Spool(tmp_path / "spool", Signal())
    client = await connect(installation.server.url, settings.nats_seed_file.read_text().strip(), "gateway")
    looks = Looks(
        settings,
        SteppedClock(NOW),
        keeper,
        spool,
        Openings({}),
        Metrics(CollectorRegistry()),
        GrantVerifier(settings.grant_key_file.read_text()),
    )
    token = installation.signer.sign(installation.grant(newer, FIRST, NOW)).encode()
    reply = await looks.answer(token, client)
    await client.close()
    spool.close()
    assert keeper.revision == 2
    assert fault(reply) is LookFault.UNKNOWN_CAMERA  # judged by the newer one, as far as the missing camera
