"""The script of a night: who lives where, when they are checked on, and what happens to them. Pure, from a seed.

From eight homes up every twist is in it: gone to the bathroom, wandered off, fallen, lens covered, camera dead, consent
withdrawn at 01:58, off to hospital. The rest sleep, and now and then somebody does not.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from events.schedule import ScheduleEntry, instant_of

ZONE = ZoneInfo("Europe/Stockholm")
TIMES = (time(21, 30), time(22, 15), time(23, 30), time(0, 45), time(2, 0), time(3, 15), time(4, 30), time(5, 45))
CHECKS_A_NIGHT = 3
HOMES_A_GATEWAY = 4
TWIST_SHARE = 0.12
"""Of homes beyond the first eight, how many have a twist."""


class Twist(StrEnum):
    """What happens in a home that night."""

    NONE = "none"
    BATHROOM = "bathroom"
    WANDERED_OFF = "wandered-off"
    FALLEN = "fallen"
    LENS_COVERED = "lens-covered"
    CAMERA_DEAD = "camera-dead"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    TO_HOSPITAL = "to-hospital"


class View(StrEnum):
    """What the camera of a home would show."""

    SLEEPER = "sleeper"
    EMPTY_BED = "empty_bed"
    ON_FLOOR = "on_floor"
    COVERED_LENS = "covered_lens"
    DEAD = "dead"


_VIEW_OF = {
    Twist.BATHROOM: View.EMPTY_BED,
    Twist.WANDERED_OFF: View.EMPTY_BED,
    Twist.FALLEN: View.ON_FLOOR,
    Twist.LENS_COVERED: View.COVERED_LENS,
    Twist.CAMERA_DEAD: View.DEAD,
}
_MINUTES = {
    Twist.BATHROOM: 14,
    Twist.WANDERED_OFF: 75,
    Twist.FALLEN: 60,
    Twist.LENS_COVERED: 120,
    Twist.CAMERA_DEAD: 120,
}


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on the camera shows `view`."""

    at: datetime
    view: View


@dataclass(frozen=True, slots=True)
class HomeScript:
    """One home: its people and things, its agreed times, and what happens."""

    number: int
    home: UUID
    recipient: UUID
    camera: UUID
    gateway: UUID
    name: str
    address: str
    infrared: bool
    entries: tuple[ScheduleEntry, ...]
    twist: Twist
    twist_at: datetime
    changes: tuple[Change, ...]

    def view(self, at: datetime) -> View:
        """What the camera shows at `at`."""
        return next((change.view for change in reversed(self.changes) if change.at <= at), View.SLEEPER)


@dataclass(frozen=True, slots=True)
class Script:
    """One night, whole."""

    seed: int
    night: date
    organisation: UUID
    unit: UUID
    staff: tuple[UUID, ...]
    patrols: tuple[UUID, ...]
    gateways: tuple[UUID, ...]
    homes: tuple[HomeScript, ...]
    installer: UUID

    @property
    def assessor(self) -> UUID:
        """Who enters what is agreed."""
        return uuid5(self.installer, "assessor")

    @property
    def cars(self) -> dict[UUID, UUID]:
        """The cars on the road, each with who drives it; the last of `patrols` is the on-call manager, and has none."""
        return {uuid5(driver, "car"): driver for driver in self.patrols[:-1]}

    @property
    def begins(self) -> datetime:
        """When the demo's clock starts: three in the afternoon."""
        return instant_of(datetime.combine(self.night, time(15)), ZONE)

    @property
    def shift(self) -> tuple[datetime, datetime]:
        """From when to when the night staff work."""
        return _instant(self.night, time(20, 45)), _instant(self.night, time(8))

    @property
    def mischief_at(self) -> datetime:
        """When gateways repeat themselves and send rubbish."""
        return _instant(self.night, time(4, 5))

    @property
    def ends(self) -> datetime:
        """When the night is over: noon of the day after."""
        return instant_of(datetime.combine(self.night + timedelta(days=1), time(12)), ZONE)


def write_script(seed: int, recipients: int, night: date) -> Script:
    """The script for `recipients` homes. The same arguments give the same script."""
    chance = random.Random(f"script/{seed}/{recipients}/{night}")  # noqa: S311 - repeatable on purpose
    gateways = tuple(_id(chance) for _ in range(max(2, -(-recipients // HOMES_A_GATEWAY))))
    return Script(
        seed=seed,
        night=night,
        organisation=_id(chance),
        unit=_id(chance),
        staff=(_id(chance), _id(chance)),
        patrols=(_id(chance), _id(chance), _id(chance)),
        gateways=gateways,
        homes=tuple(_home(chance, number, gateways, night) for number in range(recipients)),
        installer=_id(chance),
    )


def _home(chance: random.Random, number: int, gateways: tuple[UUID, ...], night: date) -> HomeScript:
    entries = _entries(chance, number)
    twist = _twist(chance, number)
    struck = _instant(night, chance.choice(entries[1:]).time)
    twist_at = _twist_at(twist, struck, night)
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    return HomeScript(
        number=number,
        home=_id(chance),
        recipient=_id(chance),
        camera=_id(chance),
        gateway=gateways[number % len(gateways)],
        name=f"{first} {last}",
        address=f"{chance.choice(STREETS)} {chance.randint(1, 98)}, 147 {chance.randint(30, 71)} Tumba",
        infrared=number % 2 == 1,
        entries=entries,
        twist=twist,
        twist_at=twist_at,
        changes=_changes(twist, twist_at),
    )


def _entries(chance: random.Random, number: int) -> tuple[ScheduleEntry, ...]:
    first = number % 3
    times = [TIMES[index] for index in (first, first + 2, first + 5)][:CHECKS_A_NIGHT]
    return tuple(ScheduleEntry(id=_id(chance), time=_shifted(agreed, number)) for agreed in times)


def _twist(chance: random.Random, number: int) -> Twist:
    twists = list(Twist)
    if number < len(twists):
        return twists[number]
    return chance.choice(twists[1:]) if chance.random() < TWIST_SHARE else Twist.NONE


def _twist_at(twist: Twist, struck: datetime, night: date) -> datetime:
    match twist:
        case Twist.CONSENT_WITHDRAWN:
            return _instant(night, time(1, 58))
        case Twist.TO_HOSPITAL:
            return _instant(night, time(22, 40))
        case _:
            return struck - timedelta(minutes=8)


def _changes(twist: Twist, at: datetime) -> tuple[Change, ...]:
    view = _VIEW_OF.get(twist)
    if view is None:
        return ()
    return (Change(at, view), Change(at + timedelta(minutes=_MINUTES[twist]), View.SLEEPER))


def _shifted(agreed: time, number: int) -> time:
    minutes = agreed.hour * 60 + agreed.minute + (number // 3) % 12 * 5
    return time(minutes // 60 % 24, minutes % 60)


def _instant(night: date, at: time) -> datetime:
    day = night if at.hour >= 12 else night + timedelta(days=1)
    return instant_of(datetime.combine(day, at), ZONE)


def _id(chance: random.Random) -> UUID:
    return UUID(bytes=chance.randbytes(16), version=4)


FIRST_NAMES = ("Aina", "Birgit", "Curt", "Dagny", "Elof", "Folke", "Gunvor", "Hjördis", "Ingegerd", "Sixten", "Tyra")
LAST_NAMES = ("Almkvist", "Bergstrand", "Dahlquist", "Ekelöf", "Fagerlund", "Granath", "Hedvall", "Lindvall", "Öhrn")
STREETS = ("Björkstigen", "Gröndalsvägen", "Hagtornsvägen", "Kornvägen", "Lövholmsgatan", "Rågåkersvägen", "Tomtvägen")
"""Invented people. A test looks for these names in everything that a night leaves behind, and finds none."""
