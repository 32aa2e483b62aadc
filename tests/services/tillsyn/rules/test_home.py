"""Homes: who lives there, the cameras, the old one gone before another comes, each tested before it is used."""

from dataclasses import replace

import pytest

from events.personal import Personal
from events.types.home import (
    CameraCommissioned,
    CameraLinked,
    CamerasAllowed,
    CameraUnlinked,
    CommissioningBegun,
    CommissioningFailed,
    HomeClosed,
    HomeRegistered,
    Stopped,
)
from events.types.home import TestFailed as Failed
from events.types.recipient import ConsentForm
from services.tillsyn import home as homes
from services.tillsyn.home import LinkCamera, UnlinkCamera, decide
from services.tillsyn.home.errors import (
    AnotherCameraLinkedError,
    CommissionedAlreadyError,
    HomeClosedError,
    HomeFullError,
    HomeOccupiedError,
    NoSuchCameraError,
    NoSuchCohabitantError,
    NoSuchHomeError,
    NoTestError,
    RecipientAbsentError,
    TooManyTestLooksError,
)
from tests.builders import (
    ANNA,
    CAMERA,
    COHABITANT,
    CONSENT,
    GATEWAY,
    HOME,
    INSTALLER,
    LOOK,
    PARTNER,
    RECIPIENT,
    a_camera_test,
    a_home,
    a_home_in_use,
    a_registration_of_a_home,
    after,
    an_id,
    at,
    look_in_test,
    read_code,
    secret,
)

OTHER_CAMERA = an_id("other camera")


def test_a_home_is_registered_once() -> None:
    assert [type(event) for event in decide(homes.EMPTY, a_registration_of_a_home())] == [HomeRegistered]
    assert not decide(a_home(), a_registration_of_a_home())


@pytest.mark.parametrize("command", [LinkCamera(CAMERA, GATEWAY), UnlinkCamera("broken")])
def test_no_camera_is_linked_or_unlinked_in_an_unknown_home(command: object) -> None:
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


def test_a_home_whose_camera_was_unlinked_has_no_camera() -> None:
    assert after(homes, a_home(CAMERA), UnlinkCamera("broken")).camera is None


# Who lives there, and what stops the cameras.


def test_two_cameras_show_two_beds_and_never_one_bed_twice() -> None:
    hers, his = LinkCamera(CAMERA, GATEWAY, (RECIPIENT,)), LinkCamera(OTHER_CAMERA, GATEWAY, (PARTNER,))
    home = after(homes, a_home(None), hers, his)
    shown = [home.camera_of(who) for who in (RECIPIENT, PARTNER)]
    assert [camera and camera.camera for camera in shown] == [CAMERA, OTHER_CAMERA]
    with pytest.raises(AnotherCameraLinkedError):
        decide(home, LinkCamera(an_id("third camera"), GATEWAY))
    with pytest.raises(NoSuchCameraError):
        decide(home, UnlinkCamera("which?"))
    assert after(homes, home, UnlinkCamera("broken", CAMERA)).camera_of(RECIPIENT) is None


def test_one_or_two_are_checked_on_in_a_home() -> None:
    home = after(homes, a_home(), homes.MoveIn(RECIPIENT), homes.MoveIn(PARTNER), homes.MoveIn(PARTNER))
    assert home.recipients == (RECIPIENT, PARTNER)
    with pytest.raises(HomeFullError):
        decide(home, homes.MoveIn(an_id("third")))


def test_a_home_closes_when_nobody_is_left_and_its_cameras_are_unlinked() -> None:
    home = after(homes, a_home_in_use(), homes.MoveIn(RECIPIENT))
    with pytest.raises(HomeOccupiedError):
        decide(home, homes.Close("empty"))
    left = after(homes, home, homes.MoveOut(RECIPIENT))
    assert [type(event) for event in decide(left, homes.Close("empty"))] == [CameraUnlinked, HomeClosed]
    with pytest.raises(HomeClosedError):
        decide(after(homes, left, homes.Close("empty")), LinkCamera(CAMERA, GATEWAY))


def test_a_yes_from_a_cohabitant_is_their_own_and_their_no_is_never_refused() -> None:
    yes = homes.CohabitantConsents(COHABITANT, CONSENT, frozenset(), ConsentForm.ORAL, ANNA)
    with pytest.raises(NoSuchCohabitantError):
        decide(a_home(), yes)
    home = after(homes, a_home(), homes.CohabitantMovesIn(COHABITANT, secret("Sven")), yes)
    assert home.cohabitants[COHABITANT].consent == CONSENT
    assert not decide(home, yes)
    assert after(homes, home, homes.CohabitantWithdraws(COHABITANT)).cohabitants[COHABITANT].consent is None
    assert not decide(a_home(), homes.CohabitantWithdraws(COHABITANT))


def test_cameras_that_were_stopped_stay_so_until_a_named_person_allows_them() -> None:
    home = after(homes, a_home_in_use(), homes.StopCameras(Stopped.DEATH))
    assert home.stopped is Stopped.DEATH
    [allowed] = decide(home, homes.AllowCameras(ANNA))
    assert isinstance(allowed, CamerasAllowed)
    assert allowed.by == ANNA
    assert not decide(a_home(), homes.AllowCameras(ANNA))


# The test of a camera.


def test_a_camera_linked_before_tests_were_asked_for_is_in_use() -> None:
    linked = CameraLinked(home=HOME, camera=CAMERA, gateway=GATEWAY, commissioned=True)
    camera = homes.evolve(a_home(None), linked).camera
    assert camera is not None
    assert camera.commissioned


def test_a_test_that_passed_puts_the_camera_in_use_and_says_who_saw_it() -> None:
    home = after(homes, a_home(), a_camera_test(), *look_in_test(ANNA, "14:05"))
    [event] = decide(home, read_code(ANNA, "14:06"))
    assert isinstance(event, CameraCommissioned)
    assert (event.installer, event.read_by, event.look) == (INSTALLER, ANNA, LOOK)
    in_use = homes.evolve(home, event)
    assert in_use.camera is not None
    assert in_use.camera.commissioned
    with pytest.raises(CommissionedAlreadyError):
        decide(in_use, a_camera_test("15:00"))


def test_a_second_test_breaks_off_the_first_and_a_late_one_says_that_it_timed_out() -> None:
    home = after(homes, a_home(), a_camera_test())
    for when, why in (("14:10", Failed.BROKEN_OFF), ("14:15", Failed.TIMED_OUT)):
        failed, begun = decide(home, a_camera_test(when, id_=an_id("second test")))
        assert isinstance(failed, CommissioningFailed)
        assert failed.why is why
        assert isinstance(begun, CommissioningBegun)


def test_no_test_begins_without_the_recipient_there() -> None:
    alone = replace(a_camera_test(), recipient_present=False)
    with pytest.raises(RecipientAbsentError, match="come back when they are"):
        decide(a_home(), alone)


def test_a_test_counts_for_nothing_when_its_time_is_over() -> None:
    home = after(homes, a_home(), a_camera_test())
    assert home.in_test(at("14:14")) == CAMERA
    assert home.in_test(at("14:15")) is None
    with pytest.raises(NoTestError):
        decide(home, look_in_test(ANNA, "14:15")[0])


def test_a_test_has_five_looks_at_most() -> None:
    home = after(homes, a_home(), a_camera_test())
    for n in range(5):
        home = after(homes, home, *look_in_test(ANNA, "14:05", an_id(f"look {n}")))
    with pytest.raises(TooManyTestLooksError, match="5 times in this test"):
        decide(home, look_in_test(ANNA, "14:06", an_id("one look more"))[0])
    again = after(homes, home, a_camera_test("14:07", id_=an_id("second test")))
    assert decide(again, look_in_test(ANNA, "14:08", an_id("one look more"))[0])


def test_an_unlinked_camera_is_in_test_no_more() -> None:
    assert after(homes, a_home(), a_camera_test(), UnlinkCamera("wrong room")).commissioning is None
