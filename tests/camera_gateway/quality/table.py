"""``python -m tests.camera_gateway.quality.table``: the confusion table in docs/picture-quality.md.

Needs the footage (see `footage.py`) and some four minutes.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.camera_gateway.quality.footage import FOLDER
from tests.camera_gateway.quality.rooms import SEEDS, SETTING, TRIED, Room, drawn_room, real_rooms
from tests.camera_gateway.quality.trials import OTHER_ROOM, TRIALS, Outcome, Trial, caught, outcomes, refused

PAGE = Path(__file__).parents[3] / "docs" / "picture-quality.md"
BEGIN = "<!-- begin: made by `make pictures` -->\n"
END = "<!-- end -->\n"
CALLED = {
    SETTING: "Rooms that thresholds were set by",
    TRIED: "Rooms that they were not set by",
}


def main() -> int:
    """Write the tables; 2 where there is no footage."""
    err = Console(stderr=True)
    real = list(real_rooms())
    if not real:
        err.print(f"no footage in {FOLDER}: set TILLSYN_FOOTAGE to the folder that holds it")
        return 2
    seeds = [seed for used in (SETTING, TRIED) for seed in SEEDS[used]]
    with Progress(console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task("rooms", total=len(real) + 4 * len(seeds))
        rooms = real
        for seed in seeds:
            for infrared in (False, True):
                rooms.append(drawn_room(seed, infrared))
                progress.advance(task)
        tables = [
            _section(used, [room for room in rooms if room.used == used], rooms, lambda: progress.advance(task))
            for used in (TRIED, SETTING)
        ]
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(tables) + END + rest.partition(END)[2])
    return 0


def _section(used: str, rooms: list[Room], among: list[Room], done: Callable[[], None]) -> str:
    found = outcomes(rooms, among, done)
    hits, tampered = caught(found)
    good = sum(found[trial.name].pictures for trial in TRIALS if trial.counted and trial.usable)
    names = "; ".join(room.name for room in rooms)
    lines = [
        f"### {CALLED[used]}\n",
        f"{names}.\n",
        f"**{hits} of {tampered} tampered pictures caught ({100 * hits / tampered:.1f} %); "
        f"{len(refused(found))} of {good} good pictures refused.**\n",
        "| picture | right | called |",
        "| --- | --- | --- |",
        *(_row(trial, found[trial.name]) for trial in (*TRIALS, OTHER_ROOM)),
        "",
    ]
    return "\n".join(lines)


def _row(trial: Trial, row: Outcome) -> str:
    said = ", ".join(f"{verdict} {count}" for verdict, count in row.said.most_common())
    name = trial.name if trial.counted else f"*{trial.name}*"
    return f"| {name} | {row.right} of {row.pictures} | {said} |"


if __name__ == "__main__":
    sys.exit(main())
