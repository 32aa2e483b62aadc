"""``python -m bench.pictures``: how long judging takes, beside bare decoding. One thread; medians of processor time.

Drawn pictures, 640 × 480 and scaled to 1920 × 1080; one picture a judgement, and three as in a check.
"""

import json
import sys
import time
from collections.abc import Callable
from itertools import islice
from statistics import median

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from camera_gateway.privacy import Zone
from camera_gateway.quality import bed_hint, judge, learn
from camera_gateway.scenes import Scene, SceneKind, frames

ROUNDS = 40
SIZES = {"640 × 480": (640, 480), "1920 × 1080": (1920, 1080)}
BED = Zone(left=0.1, top=0.2, right=0.7, bottom=0.8)


def main() -> int:
    """Print the figures in milliseconds, as JSON with --json."""
    cv2.setNumThreads(1)
    drawn = list(islice(frames(Scene(kind=SceneKind.SLEEPER, seed=1, infrared=True)), 8))
    figures = {name: _measured(drawn, size) for name, size in SIZES.items()}
    if "--json" in sys.argv[1:]:
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    table = Table("ms", *figures, title="judging pictures", title_justify="left")
    for what in next(iter(figures.values())):
        table.add_row(what, *(f"{figures[size][what]:.2f}" for size in figures))
    Console().print(table)
    return 0


def _measured(
    drawn: "list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]", size: tuple[int, int]
) -> dict[str, float]:
    pictures = [np.asarray(cv2.resize(picture, size), dtype=np.uint8) for picture in drawn]
    known = learn(pictures[:5])
    jpeg = np.asarray(cv2.imencode(".jpg", pictures[0])[1])
    moved = [np.roll(picture, size[0] // 16, axis=1) for picture in pictures[:3]]
    return {
        "decode one JPEG": _ms(lambda: cv2.imdecode(jpeg, cv2.IMREAD_COLOR)),
        "judge one, no reference": _ms(lambda: judge(pictures[:1])),
        "judge one": _ms(lambda: judge(pictures[5:6], reference=known)),
        "judge one that has moved": _ms(lambda: judge(moved[:1], reference=known)),
        "judge three, a picture": _ms(lambda: judge(pictures[5:8], reference=known)) / 3,
        "judge three that have moved, a picture": _ms(lambda: judge(moved, reference=known)) / 3,
        "bed hint of two": _ms(lambda: bed_hint(pictures[:2], BED)),
        "learn from five": _ms(lambda: learn(pictures[:5])),
    }


def _ms(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.thread_time()
        work()
        taken.append((time.thread_time() - begun) * 1000)
    return round(median(taken), 3)


if __name__ == "__main__":
    sys.exit(main())
