"""A home has one camera at a time, and the old one goes before another comes."""

import pytest

from events.personal import Personal
from events.types.home import CameraLinked, CameraUnlinked, HomeRegistered
from services.tillsyn import home as homes
from services.tillsyn.home import LinkCamera, UnlinkCamera, decide
from services.tillsyn.home.errors import AnotherCameraLinkedError, NoSuchHomeError
from tests.builders import CAMERA, GATEWAY, HOME, a_home, a_registration_of_a_home, after, an_id

OTHER_CAMERA = an_id("other camera")


def test_a_home_is_registered_once() -> None:
    assert [type(event) for event in decide(homes.EMPTY, a_registration_of_a_home())] == [HomeRegistered]
    assert not decide(a_home(), a_registration_of_a_home())


@pytest.mark.parametrize("command", [LinkCamera(CAMERA, GATEWAY), UnlinkCamera("broken")])
def test_an_unknown_home_has_no_camera(command: object) -> None:
    with pytest.raises(NoSuchHomeError):
        decide(homes.EMPTY, command)  # type: ignore[arg-type]


def test_a_camera_is_linked_with_its_gateway() -> None:
    events = decide(a_home(None), LinkCamera(CAMERA, GATEWAY))
    assert events == [CameraLinked(home=HOME, camera=CAMERA, gateway=GATEWAY)]


def test_the_same_camera_is_linked_once() -> None:
    assert not decide(a_home(CAMERA), LinkCamera(CAMERA, GATEWAY))


@pytest.mark.parametrize(
    "link",
    [LinkCamera(OTHER_CAMERA, GATEWAY), LinkCamera(CAMERA, an_id("other gateway"))],
    ids=["camera", "gateway"],
)
def test_another_camera_or_gateway_comes_only_after_the_old_one_is_unlinked(link: LinkCamera) -> None:
    with pytest.raises(AnotherCameraLinkedError):
        decide(a_home(CAMERA), link)
    home = after(homes, a_home(CAMERA), UnlinkCamera("replaced"), link)
    assert home.camera is not None
    assert (home.camera.camera, home.camera.gateway) == (link.camera, link.gateway)


def test_a_camera_is_unlinked_once_and_says_why() -> None:
    events = decide(a_home(CAMERA), UnlinkCamera("broken"))
    assert events == [CameraUnlinked(home=HOME, camera=CAMERA, reason=Personal.of("broken", HOME))]
    assert not decide(a_home(None), UnlinkCamera("broken"))


def test_a_home_without_a_camera_has_none() -> None:
    assert after(homes, a_home(CAMERA), UnlinkCamera("broken")).camera is None
