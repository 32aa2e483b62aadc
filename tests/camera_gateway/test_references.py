"""References of cameras in the gateway's folder."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from camera_gateway.quality import Reference, learn
from camera_gateway.references import keep_reference, kept_reference, reference_file
from tests.camera_gateway.builders import camera_id
from tests.camera_gateway.quality.rooms import drawn_room

CAMERA = camera_id(1)


def test_a_reference_is_kept_for_its_camera_alone(tmp_path: Path) -> None:
    reference = learn(drawn_room(4, True).learned)
    keep_reference(tmp_path, CAMERA, reference)
    assert kept_reference(tmp_path, CAMERA) == reference
    assert kept_reference(tmp_path, camera_id(2)) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"day": 3}', b"\xff\xd8\xff\xe0"])
def test_a_reference_that_cannot_be_used_is_named_in_the_log_and_stops_no_check(tmp_path: Path, content: bytes) -> None:
    keep_reference(tmp_path, CAMERA, Reference())
    file = reference_file(tmp_path, CAMERA)
    file.write_bytes(content)
    with capture_logs() as lines:
        assert kept_reference(tmp_path, CAMERA) is None
    assert [line["file"] for line in lines if line["log_level"] == "error"] == [str(file)]


def test_a_reference_that_cannot_be_read_stops_no_check(tmp_path: Path) -> None:
    reference_file(tmp_path, CAMERA).mkdir(parents=True)
    with capture_logs() as lines:
        assert kept_reference(tmp_path, CAMERA) is None
    assert len(lines) == 1
