"""A line as it is written, on the page and in the table: the unit's own times, words in one language."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.offline_list.opened import OpenedLine
from services.offline_list.words import Words


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """What stands in one row. Times are `HH:MM`, empty where there is none."""

    time: str
    opens: str
    until: str
    name: str
    address: str
    key: str
    task: str
    marks: tuple[str, ...]
    outage: str
    risk: str
    high_risk: bool
    reason: str


def entry_of(opened: OpenedLine, words: Words, zone: ZoneInfo) -> Entry:
    """The line in words."""
    line = opened.line
    marks = (words.people if line.people > 1 else "", "" if line.near else words.no_patrol)
    return Entry(
        time=_clock(line.due_at, zone),
        opens=_clock(line.opens_at, zone),
        until=_clock(line.deadline, zone),
        name=opened.name or words.erased,
        address=opened.address or words.erased,
        key=opened.key_code or words.no_key,
        task=words.tasks[line.task],
        marks=tuple(mark for mark in marks if mark),
        outage=words.outages.get(line.outage_agreement, line.outage_agreement),
        risk=words.risks.get(line.risk_class, line.risk_class),
        high_risk=line.risk_class == "high",
        reason=words.lefts[line.left] if line.left else "",
    )


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M") if at else ""
