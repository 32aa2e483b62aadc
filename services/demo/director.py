"""The director: puts before each camera what the script says it shows, and brings about what happens.

A camera of the demo is a real video file behind a link; the director moves the link, as somebody would walk through the
room. With `--video` it is the user's own footage, and only the twists that are not in the picture happen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import cv2

from camera_gateway.scenes import Scene, SceneKind, render
from events.personal import Personal
from events.runtime.clock import Clock
from services.demo.script import HomeScript, Script, Twist, View
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care

VIDEO_ENDINGS = (".mp4", ".mkv", ".avi", ".mov", ".webm", ".jpg", ".jpeg", ".png")
ROOMS = 4
"""Bedrooms that are drawn; homes share them."""


class NoVideoError(Exception):
    """The file or folder given as footage holds no video."""


def footage(path: Path) -> tuple[Path, ...]:
    """The videos at `path`, a file or a folder; NoVideoError if there are none."""
    if path.is_file():
        _require_picture(path)
        return (path.absolute(),)
    found = sorted(file.absolute() for file in path.glob("*") if file.suffix.lower() in VIDEO_ENDINGS)
    if not found:
        what = "holds no video" if path.is_dir() else "does not exist"
        raise NoVideoError(f"{path} {what}; give a file or a folder with {', '.join(VIDEO_ENDINGS)} files")
    for file in found:
        _require_picture(file)
    return tuple(found)


def _require_picture(path: Path) -> None:
    """NoVideoError unless the file is one that a camera could play."""
    capture = cv2.VideoCapture(str(path)) if path.suffix.lower() in VIDEO_ENDINGS else None
    playable = capture is not None and capture.read()[0]
    if capture is not None:
        capture.release()
    if not playable:
        raise NoVideoError(f"{path} is no video or picture that can be played; give one of {', '.join(VIDEO_ENDINGS)}")


class Director:
    """Moves the scenery and the people."""

    def __init__(self, script: Script, folder: Path, clock: Clock, care: Care, videos: Sequence[Path] = ()) -> None:
        self._script = script
        self._films = folder / "films"
        self._cameras = folder / "cameras"
        self._clock = clock
        self._care = care
        self._videos = videos

    def camera_address(self, home: HomeScript) -> str:
        """What the gateway opens."""
        return str(self._cameras / f"{home.camera}.mp4")

    def prepare(self) -> None:
        """Draw what will be seen, and put the first view before each camera. Takes some seconds."""
        self._cameras.mkdir(parents=True, exist_ok=True)
        self._films.mkdir(parents=True, exist_ok=True)
        for home in self._script.homes:
            for view in {View.SLEEPER, *(change.view for change in home.changes)}:
                self._film(home, view)
            self._show(home, View.SLEEPER)

    async def run(self) -> None:
        """Follow the script to its end."""
        for at, home, view in self._cues():
            await self._clock.sleep_until(at)
            if view is not None:
                self._show(home, view)
            else:
                await self._bring_about(home)

    def view(self, home: UUID) -> View:
        """What a person at the camera of `home` would see now."""
        found = next(each for each in self._script.homes if each.home == home)
        return View.SLEEPER if self._videos else found.view(self._clock.now())

    def _cues(self) -> list[tuple[datetime, HomeScript, View | None]]:
        cues: list[tuple[datetime, HomeScript, View | None]] = []
        for home in self._script.homes:
            if not self._videos:
                cues += [(change.at, home, change.view) for change in home.changes]
            if home.twist in (Twist.CONSENT_WITHDRAWN, Twist.TO_HOSPITAL):
                cues.append((home.twist_at, home, None))
        return sorted(cues, key=lambda cue: (cue[0], cue[1].number))

    async def _bring_about(self, home: HomeScript) -> None:
        unit = self._script.unit
        if home.twist is Twist.CONSENT_WITHDRAWN:
            reason = Personal.of("vill inte ha kameran längre", home.recipient)
            await self._care.recipient(home.recipient, unit, recipients.WithdrawConsent(reason))
        else:
            absence = UUID(int=home.recipient.int ^ 1, version=4)
            until = home.twist_at + timedelta(days=3)
            away = recipients.ReportAbsence(absence, home.twist_at, until, "hospital")
            await self._care.recipient(home.recipient, unit, away)

    def _show(self, home: HomeScript, view: View) -> None:
        link = Path(self.camera_address(home))
        hidden = link.with_suffix(".next")
        hidden.unlink(missing_ok=True)
        hidden.symlink_to(self._film(home, view))
        hidden.replace(link)

    def _film(self, home: HomeScript, view: View) -> Path:
        if self._videos:
            return self._videos[home.number % len(self._videos)]
        scene = Scene(kind=SceneKind(view.value), seed=home.number % ROOMS, infrared=home.infrared)
        return render(scene, self._films)
