"""What a picture can be or suffer, and what the judge says of it: the rows of the confusion table."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from camera_gateway.quality import PictureQuality, Reference, Verdict, ViewAnswer, judge, learn
from tests.camera_gateway.quality.rooms import Pixels, Room, others_of, view
from tests.camera_gateway.quality.tampers import (
    all_white,
    covered,
    darkened,
    defocused,
    dimmed,
    low_bitrate,
    with_noise,
)

Judged = Callable[[Pixels, Reference], PictureQuality]
FROZEN_S = 31.0


@dataclass(frozen=True)
class Trial:
    """One row: what is done, and how a picture that suffered it is judged."""

    name: str
    judged: Judged
    usable: bool = False
    """A good picture, that must not be refused; else a tamper, that must be caught."""
    counted: bool = True
    """Part of the goal. What is not is shown as it is: nobody says which answer would be right, or it cannot be had."""


@dataclass
class Outcome:
    """What was said of the pictures of one trial."""

    said: Counter[str] = field(default_factory=Counter)
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def pictures(self) -> int:
        return self.right + len(self.wrong)


def _made(tamper: Callable[[Pixels], Pixels]) -> Judged:
    return lambda picture, known: judge([tamper(view(picture))], reference=known)


def _moved(right: int = 0, down: int = 0, degrees: float = 0.0) -> Judged:
    return lambda picture, known: judge([with_noise(view(picture, right, down, degrees), 1)], reference=known)


def _three(pictures: Callable[[Pixels], list[Pixels]], seconds: float) -> Judged:
    return lambda picture, known: judge(pictures(view(picture)), seconds=seconds, reference=known)


def _repeated(picture: Pixels) -> list[Pixels]:
    return [picture] * 3


def _coded_once(picture: Pixels) -> list[Pixels]:
    return [low_bitrate(picture)] * 3


def _coded_again(picture: Pixels) -> list[Pixels]:
    return [low_bitrate(picture)] * 2 + [low_bitrate(with_noise(picture, 2, 5))]


TRIALS = (
    Trial("as it is", _made(lambda picture: picture), usable=True),
    Trial("at 70 % of the light", _made(lambda picture: dimmed(picture, 0.7)), usable=True),
    Trial("at a low bit rate, nothing moves, 0.3 s", _three(_coded_once, 0.3), usable=True),
    Trial("at a low bit rate, a keyframe in 31 s", _three(_coded_again, FROZEN_S), usable=True),
    Trial("covered", _made(covered)),
    Trial("defocused, σ 3 px", _made(lambda picture: defocused(picture, 3))),
    Trial("defocused, σ 8 px", _made(defocused)),
    Trial("darkened to 6 %", _made(darkened)),
    Trial("over-exposed", _made(all_white)),
    Trial("shifted 6 px across", _moved(right=6)),
    Trial("shifted 6 px down", _moved(down=6)),
    Trial("shifted 20 px", _moved(right=16, down=12)),
    Trial("shifted 60 px across", _moved(right=60)),
    Trial("shifted 60 px", _moved(right=42, down=42)),
    Trial("rotated 3°", _moved(degrees=3)),
    Trial("rotated -3°", _moved(degrees=-3)),
    Trial("frozen for 31 s", _three(_repeated, FROZEN_S)),
    Trial("frozen, seen for 0.3 s", _three(_repeated, 0.3), counted=False),
    Trial("at half the light", _made(lambda picture: dimmed(picture, 0.5)), usable=True, counted=False),
    Trial("defocused, σ 2 px", _made(lambda picture: defocused(picture, 2)), counted=False),
)
OTHER_ROOM = Trial("another room", _made(lambda picture: picture))


def outcomes(rooms: list[Room], among: list[Room], done: Callable[[], None] = lambda: None) -> dict[str, Outcome]:
    """Every trial on every later picture of the rooms; other rooms are taken from `among`."""
    found: dict[str, Outcome] = {trial.name: Outcome() for trial in (*TRIALS, OTHER_ROOM)}
    for room in rooms:
        known = learn([view(picture) for picture in room.learned])
        for trial, picture, where in _pictures(room, among):
            quality = trial.judged(picture, known)
            _note(found[trial.name], trial, quality, where)
        done()
    return found


def caught(found: dict[str, Outcome], trials: Iterable[Trial] = (*TRIALS, OTHER_ROOM)) -> tuple[int, int]:
    """How many of the tampered pictures that count were caught, and how many there were."""
    rows = [found[trial.name] for trial in trials if trial.counted and not trial.usable]
    return sum(row.right for row in rows), sum(row.pictures for row in rows)


def refused(found: dict[str, Outcome]) -> list[str]:
    """The good pictures that were refused."""
    rows = [(trial, found[trial.name]) for trial in TRIALS if trial.counted and trial.usable]
    return [f"{trial.name}: {what}" for trial, row in rows for what in row.wrong]


def _pictures(room: Room, among: list[Room]) -> Iterator[tuple[Trial, Pixels, str]]:
    for trial in TRIALS:
        for number, picture in enumerate(room.later):
            yield trial, picture, f"{room.name} {number}"
    for other in others_of(room, among):
        yield OTHER_ROOM, other.later[0], f"{room.name} ← {other.name}"


def _note(row: Outcome, trial: Trial, quality: PictureQuality, where: str) -> None:
    row.said[_said(quality)] += 1
    right = quality.verdict is Verdict.USABLE if trial.usable else quality.verdict is not Verdict.USABLE
    if right:
        row.right += 1
    else:
        row.wrong.append(f"{where}: {_said(quality)} {quality.view.model_dump_json(exclude_none=True)}")


def _said(quality: PictureQuality) -> str:
    if quality.view.answer is ViewAnswer.ANOTHER and quality.verdict is Verdict.MOVED:
        return "another view"
    if quality.verdict is not Verdict.USABLE:
        return quality.verdict.value
    return "usable" if quality.view.answer is ViewAnswer.SAME else "usable, view not told"
