"""Of a night with checks and looks, no picture stays behind: not in the spool, a file, a stream or a log line."""

from base64 import b64encode
from pathlib import Path

import pytest

from camera_gateway import Gateway
from camera_gateway.privacy import PrivacyFilter, PrivacySetting
from events.looks.picture import SealedPicture
from events.runtime.stepped_clock import SteppedClock
from events.types.check import CheckDue
from tests.camera_gateway.builders import (
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

JPEG_START = b"\xff\xd8\xff"
SEEN_BYTES = 48


async def test_no_picture_is_kept(
    installation: Installation, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    someone = recipient(1, "23:00")
    await installation.put(schedule(home(1, someone)))
    settings = installation.settings(
        cameras={camera_id(1): str(bedroom(tmp_path / "room"))},
        privacy={camera_id(1): PrivacySetting(filter=PrivacyFilter.NONE)},
    )
    clock = SteppedClock(at("22:00"))
    gateway = Gateway(settings, clock)
    clock.add_probe(gateway.at_rest)
    async with running(gateway):
        await clock.run(at("23:05"))
        sealed = await installation.ask(installation.grant(someone, slots(someone)[0], at("23:05")))
    assert isinstance(sealed, SealedPicture)
    assert isinstance((await installation.reports())[0].event, CheckDue)
    await installation.server.stop()
    jpeg = installation.viewer.open(sealed)

    logged = "".join(capfd.readouterr()).encode()
    assert b"look" in logged
    kept = [file for folder in ("data", "nats") for file in (tmp_path / folder).rglob("*") if file.is_file()]
    assert {"spool.sqlite3", "schedule.json"} <= {file.name for file in kept}
    everything = b"".join(file.read_bytes() for file in kept) + logged
    for picture in (jpeg, sealed.ciphertext):
        middle = picture[len(picture) // 2 :][:SEEN_BYTES]
        for form in (middle, middle.hex().encode(), b64encode(picture)[len(picture) // 2 :][:SEEN_BYTES]):
            assert form not in everything
    assert JPEG_START not in everything
