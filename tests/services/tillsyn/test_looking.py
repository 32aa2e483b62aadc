"""What a gateway answers is held against the grant: only this look, only now, and something to see."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from events.looks.grant import Grant
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture
from services.tillsyn.looking import checked
from tests.builders import ANNA, CAMERA, GATEWAY, HOME, LOOK, OTHER_LOOK, RECIPIENT, SLOT, at, seconds

NOW = at("02:00:05")
GRANT = Grant(
    look=LOOK,
    slot=SLOT,
    home=HOME,
    camera=CAMERA,
    gateway=GATEWAY,
    viewer=ANNA,
    viewer_key="",
    valid_from=at("02:00"),
    valid_until=at("02:00:30"),
    max_seconds=30,
    max_frames=300,
    recipient=RECIPIENT,
    recipient_version=4,
)
LIVE = SealedPicture(LOOK, 1, at("02:00:03"), b"sealed")


def test_a_live_picture_of_this_look_is_handed_on() -> None:
    assert checked(LIVE, GRANT, NOW) is LIVE


def test_what_the_gateway_says_went_wrong_is_handed_on() -> None:
    said = NoPicture(LOOK, LookFault.SUSPENDED, "paused")
    assert checked(said, GRANT, NOW) is said


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"look": OTHER_LOOK}, LookFault.GATEWAY_SILENT),
        ({"frame": 0}, LookFault.GATEWAY_SILENT),
        ({"frame": 301}, LookFault.GATEWAY_SILENT),
        ({"ciphertext": b""}, LookFault.GATEWAY_SILENT),
        ({"taken_at": at("01:59:54")}, LookFault.CAMERA),
        ({"taken_at": NOW + timedelta(seconds=6)}, LookFault.CAMERA),
        ({"taken_at": datetime(2026, 11, 4, 2, 0, 3)}, LookFault.CAMERA),  # noqa: DTZ001 - a time without a zone
    ],
    ids=["another look", "frame zero", "too many frames", "empty", "of before", "of later", "no zone"],
)
def test_what_this_grant_cannot_have_led_to_is_no_picture(changes: dict[str, Any], fault: LookFault) -> None:
    reply = checked(replace(LIVE, **changes), GRANT, NOW)
    assert isinstance(reply, NoPicture)
    assert (reply.look, reply.fault) == (LOOK, fault)


def test_clocks_that_differ_by_five_seconds_are_no_fault() -> None:
    early = replace(LIVE, taken_at=at("02:00") - seconds(5))
    late = replace(LIVE, taken_at=NOW + seconds(5))
    assert [checked(reply, GRANT, NOW) for reply in (early, late)] == [early, late]
