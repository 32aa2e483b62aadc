"""The sealed picture: for one viewer, one look, one frame, one time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from events.looks.messages import LookFault, NoPicture, read_reply, reply_headers
from events.looks.picture import BadPictureError, SealedPicture, ViewerKey, seal_picture

JPEG = b"\xff\xd8 a picture \xff\xd9"
LOOK = UUID(int=1)
AT = datetime(2026, 11, 21, 22, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def viewer() -> ViewerKey:
    return ViewerKey()


@pytest.fixture(scope="module")
def picture(viewer: ViewerKey) -> SealedPicture:
    return seal_picture(JPEG, viewer.public(), LOOK, 1, AT)


def test_the_viewer_opens_the_picture(viewer: ViewerKey, picture: SealedPicture) -> None:
    assert viewer.open(picture) == JPEG
    assert JPEG not in picture.ciphertext


@pytest.mark.parametrize(
    "change",
    [
        {"look": UUID(int=2)},
        {"frame": 2},
        {"taken_at": AT + timedelta(microseconds=1)},
        {"taken_at": AT - timedelta(hours=1)},
        {"ciphertext": b""},
        {"ciphertext": b"\0" * 100},
    ],
)
def test_a_picture_passed_off_as_another_look_frame_or_time_does_not_open(
    viewer: ViewerKey, picture: SealedPicture, change: dict[str, object]
) -> None:
    with pytest.raises(BadPictureError, match="cannot be opened with this key"):
        viewer.open(replace(picture, **change))  # type: ignore[arg-type]


def test_a_changed_picture_does_not_open(viewer: ViewerKey, picture: SealedPicture) -> None:
    for place in (0, len(picture.ciphertext) // 2, len(picture.ciphertext) - 1):
        bent = bytearray(picture.ciphertext)
        bent[place] ^= 1
        with pytest.raises(BadPictureError):
            viewer.open(replace(picture, ciphertext=bytes(bent)))


def test_another_viewer_cannot_open_it(picture: SealedPicture) -> None:
    with pytest.raises(BadPictureError):
        ViewerKey().open(picture)


def test_the_same_picture_sealed_twice_is_not_recognisable(viewer: ViewerKey, picture: SealedPicture) -> None:
    assert seal_picture(JPEG, viewer.public(), LOOK, 1, AT).ciphertext != picture.ciphertext


@pytest.mark.parametrize("key", ["", "AAAA", "not base64!", "A" * 43 + "é"])
def test_what_is_no_viewers_key_is_refused(key: str) -> None:
    with pytest.raises(BadPictureError, match="not a base64 X25519 public key"):
        seal_picture(JPEG, key, LOOK, 1, AT)


def test_a_picture_comes_through_the_wire_as_it_was(viewer: ViewerKey, picture: SealedPicture) -> None:
    received = read_reply(reply_headers(picture), picture.ciphertext)

    assert received == picture
    assert isinstance(received, SealedPicture)
    assert viewer.open(received) == JPEG


@pytest.mark.parametrize("fault", LookFault)
@pytest.mark.parametrize("look", [LOOK, None])
def test_why_there_is_no_picture_comes_through_the_wire(fault: LookFault, look: UUID | None) -> None:
    answer = NoPicture(look, fault, "the lens is covered")

    assert read_reply(reply_headers(answer), b"") == answer


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"Tillsyn-Look": "x", "Tillsyn-Frame": "1", "Tillsyn-Taken-At": AT.isoformat()},
        {"Tillsyn-Look": str(LOOK), "Tillsyn-Frame": "one", "Tillsyn-Taken-At": AT.isoformat()},
        {"Tillsyn-Look": str(LOOK), "Tillsyn-Frame": "1", "Tillsyn-Taken-At": "then"},
        {"Tillsyn-Fault": "no such fault"},
    ],
)
def test_a_reply_that_makes_no_sense_counts_as_silence(headers: dict[str, str] | None) -> None:
    answer = read_reply(headers, b"x")

    assert isinstance(answer, NoPicture)
    assert answer.fault is LookFault.GATEWAY_SILENT
