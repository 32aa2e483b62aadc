"""What camera tests share."""

import pytest

from camera_gateway.cameras import Notice


@pytest.fixture
def notices() -> list[Notice]:
    """For what a camera tells: pass its `append`."""
    return []
