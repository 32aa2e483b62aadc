"""A camera's test before it is used: an installer on site shows a code, somebody else reads it in a live picture.

Nothing ends a test by itself: after its time it counts for nothing, and the next command that meets it says so on
record.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.types import home as happened
from events.types.home import TestFailed
from services.tillsyn.home import commands as asked
from services.tillsyn.home.errors import (
    CommissionedAlreadyError,
    InstallerLooksError,
    NoSuchCameraError,
    NoTestError,
    NoTestPictureError,
    RecipientAbsentError,
    TooManyTestLooksError,
)
from services.tillsyn.home.state import Commissioning, Home

MOST_WRONG_CODES = 3
MOST_LOOKS = 5
"""In one test: three codes that are read, and two looks in which it could not be read."""


def decide_test(home: Home, id_: UUID, command: asked.TestCommand) -> Sequence[Event]:
    """The events that follow for the camera in test."""
    match command:
        case asked.BeginTest():
            return _begin(home, id_, command)
        case asked.GrantTestLook():
            return _grant(id_, _running(home, command.at), command)
        case asked.RecordTestLook(look, taken_at):
            return _served(home, id_, look, taken_at)
        case asked.ConfirmTest():
            return _confirm(home, id_, command)
        case asked.BreakOffTest(why):
            return [_failed(id_, home.commissioning, why)] if home.commissioning is not None else []


def _begin(home: Home, id_: UUID, command: asked.BeginTest) -> Sequence[Event]:
    camera = home.linked(command.camera)
    if camera is None:
        raise NoSuchCameraError(f"home {id_} has no camera {command.camera}; link it before it is tested")
    if camera.commissioned:
        raise CommissionedAlreadyError(f"camera {command.camera} is in use; unlink it and link it to test it anew")
    _require_present(camera.camera, command.recipient_present)
    before = home.commissioning
    ended: list[Event] = []
    if before is not None:
        why = TestFailed.BROKEN_OFF if command.at < before.until else TestFailed.TIMED_OUT
        ended = [_failed(id_, before, why)]
    begun = happened.CommissioningBegun(
        home=id_,
        camera=command.camera,
        commissioning=command.commissioning,
        installer=command.installer,
        code_digest=command.code_digest,
        until=command.until,
    )
    return [*ended, begun]


def _grant(id_: UUID, test: Commissioning, command: asked.GrantTestLook) -> Sequence[Event]:
    _require_another(test, command.by)
    if command.look in test.looks:
        return []
    if len(test.looks) >= MOST_LOOKS:
        raise TooManyTestLooksError(
            f"camera {test.camera} was looked into {MOST_LOOKS} times in this test; the installer begins another"
        )
    return [
        happened.CommissioningLookGranted(
            home=id_,
            camera=test.camera,
            commissioning=test.commissioning,
            look=command.look,
            by=command.by,
            valid_from=command.at,
            valid_until=min(command.valid_until, test.until),
        )
    ]


def _served(home: Home, id_: UUID, look: UUID, taken_at: datetime) -> Sequence[Event]:
    test = home.commissioning
    if test is None or look not in test.looks or look in test.served:
        return []
    id_of_test = test.commissioning
    return [
        happened.CommissioningLookServed(
            home=id_, camera=test.camera, commissioning=id_of_test, look=look, taken_at=taken_at
        )
    ]


def _confirm(home: Home, id_: UUID, command: asked.ConfirmTest) -> Sequence[Event]:
    test = home.commissioning
    if test is not None and command.at >= test.until:
        return [_failed(id_, test, TestFailed.TIMED_OUT)]
    test = _running(home, command.at)
    _require_another(test, command.by)
    seen = [look for look in test.served if test.looks[look] == command.by]
    if not seen:
        raise NoTestPictureError(f"no live picture of camera {test.camera} was served to {command.by}; look first")
    _require_present(test.camera, command.recipient_present)
    about = {"home": id_, "camera": test.camera, "commissioning": test.commissioning}
    if command.code_digest != test.code_digest:
        refused: list[Event] = [happened.CommissioningCodeRefused(**about, by=command.by)]
        if test.wrong_codes + 1 >= MOST_WRONG_CODES:
            refused.append(_failed(id_, test, TestFailed.WRONG_CODE))
        return refused
    return [happened.CameraCommissioned(**about, installer=test.installer, read_by=command.by, look=seen[-1])]


def _running(home: Home, at: datetime) -> Commissioning:
    test = home.commissioning
    if test is None or at >= test.until:
        raise NoTestError(f"no camera of home {home.home} is being tested; an installer on site begins a test")
    return test


def _require_present(camera: UUID, present: bool) -> None:
    if not present:
        raise RecipientAbsentError(f"camera {camera} is tested with the recipient there; come back when they are")


def _require_another(test: Commissioning, by: UUID) -> None:
    if by == test.installer:
        raise InstallerLooksError(f"{by} installs camera {test.camera}; somebody else has to read the code")


def _failed(id_: UUID, test: Commissioning, why: TestFailed) -> Event:
    return happened.CommissioningFailed(home=id_, camera=test.camera, commissioning=test.commissioning, why=why)
