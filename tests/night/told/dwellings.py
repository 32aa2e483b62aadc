"""Where people of a told night live, with what was agreed; and what time it is there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from events.schedule import instant_of
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentScope
from tests.builders import an_id

NIGHT = date(2026, 11, 3)
ZONE = ZoneInfo("Europe/Stockholm")


def at(clock: str, days: int = 0, night: date = NIGHT, *, again: bool = False) -> datetime:
    """`02:05` in a night, or so many nights later: from noon on that day, before noon on the next.

    A time that passes twice, when clocks go back, is the first of the two; with `again` it is the second.
    """
    shown = time.fromisoformat(clock)
    wall = datetime.combine(night + timedelta(days=days + (shown.hour < 12)), shown)
    return wall.replace(tzinfo=ZONE, fold=1).astimezone(UTC) if again else instant_of(wall, ZONE)


@dataclass(frozen=True)
class Dwelling:
    """A home of the story: who lives there with their times, and how it stands with it."""

    name: str
    people: dict[str, tuple[str, ...]]
    gateway: str = "norr"
    area: str = "norr"
    risk: RiskClass = RiskClass.MEDIUM
    agreed: OutageAgreement = OutageAgreement.VISIT
    consent: bool = True
    by_visit: tuple[str, ...] = ()
    """Those of the times at which care needs hands."""
    covers: frozenset[ConsentScope] = frozenset(ConsentScope)
    """What they consent to."""
    decided_until: date | None = None

    @property
    def id(self) -> UUID:
        return an_id(f"home {self.name}")

    @property
    def camera(self) -> UUID:
        return an_id(f"camera {self.name}")

    @property
    def spare(self) -> UUID:
        """Another camera before the same bed, for whoever links it."""
        return an_id(f"spare camera {self.name}")
