"""A unit whose rules and windows are seconds, with slots spread over the seconds ahead."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from camera_gateway.scenes import Scene, SceneKind, render
from tests.builders import an_id

ORGANISATION, UNIT, GATEWAY = an_id("chaos organisation"), an_id("chaos unit"), an_id("chaos gateway")
NURSES = (an_id("first nurse"), an_id("second nurse"))
INSTALLER = an_id("installer")
CARS = (an_id("first car"), an_id("second car"))
SCENES = (
    Scene(kind=SceneKind.SLEEPER, seconds=2, frames_per_second=4),
    Scene(kind=SceneKind.SLEEPER, seed=1, infrared=True, seconds=2, frames_per_second=4),
    Scene(kind=SceneKind.COVERED_LENS, seconds=2, frames_per_second=4),
)
SLOTS_A_HOME = 3
APART = timedelta(seconds=4)
FIRST_IN = timedelta(seconds=3)
"""From the entering of the homes to the first slot: the planner and the gateway have heard of it by then."""

RULES = """
[unit.rules]
lease = 5
look = 4
undo = 1
second_look_after = 2
second_look_window = 3
hard_maximum = 20
retry_after = 1
trouble_grace = 2
acknowledge_within = 3
arrive_within = 3
complete_within = 3
"""
WINDOWS = "opens_before = 1\nlate_after = 5\ndeadline_after = 9"


def a_quiet_zone(now: datetime) -> str:
    """A zone in which it is about two at night: no test runs across noon, where one night ends and another begins."""
    ahead = (2 - now.astimezone(UTC).hour) % 24
    ahead = ahead if ahead <= 14 else ahead - 24
    return f"Etc/GMT{-ahead:+d}"  # these names count westward


def camera_files(folder: Path) -> list[Path]:
    """One drawn film a home. Shared by all tests: a film is drawn once."""
    return [render(scene, folder) for scene in SCENES]


def slots_due(begins: datetime) -> list[datetime]:
    """When the slots of each home are due, all homes together."""
    return [begins + number * APART + home * APART / len(SCENES) for home, number in _numbers()]


def homes_file(begins: datetime, films: Sequence[Path]) -> str:
    """The text of the file: slots from `begins` on, a slot every second or so."""
    zone = a_quiet_zone(begins)
    lines = [f'[unit]\nid = "{UNIT}"\norganisation = "{ORGANISATION}"\nname = "Natt"\nzone = "{zone}"']
    lines += [f"chain = [{', '.join(_quoted(car) for car in CARS)}]", RULES]
    for role, people in (("night-staff", NURSES), ("patrol", CARS), ("installer", (INSTALLER,))):
        lines += [f'[[staff]]\nid = "{id_}"\nname = "Någon"\nroles = ["{role}"]' for id_ in people]
    lines.append(f'[[gateways]]\nid = "{GATEWAY}"')
    for home, film in enumerate(films):
        lines.append(_home(home, film))
        lines += [_entry(home, number, begins, ZoneInfo(zone)) for number in range(SLOTS_A_HOME)]
    return "\n".join(lines) + "\n"


def _home(home: int, film: Path) -> str:
    return f"""
[[homes]]
id = "{an_id(f"home {home}")}"
address = "Provvägen {home}"

[homes.camera]
id = "{an_id(f"camera {home}")}"
gateway = "{GATEWAY}"
address = "{film}"

[[homes.recipients]]
id = "{an_id(f"recipient {home}")}"
name = "Boende {home}"
decision = {{ id = "{an_id(f"decision {home}")}" }}
consent = {{ id = "{an_id(f"consent {home}")}", taken_by = "{NURSES[0]}" }}
"""


def _entry(home: int, number: int, begins: datetime, zone: ZoneInfo) -> str:
    due = slots_due(begins)[_numbers().index((home, number))].replace(microsecond=0).astimezone(zone)
    return f'[[homes.recipients.schedule]]\nid = "{an_id(f"entry {home}.{number}")}"\ntime = {due:%H:%M:%S}\n{WINDOWS}'


def _numbers() -> list[tuple[int, int]]:
    return [(home, number) for home in range(len(SCENES)) for number in range(SLOTS_A_HOME)]


def _quoted(id_: UUID) -> str:
    return f'"{id_}"'
