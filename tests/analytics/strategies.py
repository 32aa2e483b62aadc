"""Hypothesis strategies for whole logs, in which each slot goes its own way."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st

from events.personal import Personal
from events.schedule import SlotKind
from tests.analytics.builders import MINUTE, OTHER_UNIT, UNIT, NightLog, seconds

unhurried = settings(deadline=None)

looking_times = st.integers(0, 600).map(seconds)
visit_sizes = st.fixed_dictionaries(
    {
        "minutes": st.integers(0, 120),
        "people": st.integers(1, 3),
        "kilometres": st.integers(0, 400).map(lambda tenths: tenths / 10),
    }
)


@st.composite
def nights_of(draw: st.DrawFn, recipient: int) -> NightLog:
    """A night in which each slot goes its own way; its slots may fall together."""
    units, kinds = st.sampled_from((UNIT, OTHER_UNIT)), st.sampled_from(SlotKind)
    apart = draw(st.sampled_from((60 * MINUTE, timedelta(0))))
    night = NightLog(recipient, slots=draw(st.integers(1, 3)), kind=draw(kinds), unit=draw(units), apart=apart)
    for n in range(len(night.planned)):
        match draw(st.sampled_from(("open", "well", "undone", "doubted", "concern", "not seen", "visit", "cancelled"))):
            case "well":
                night.all_well(n, looking=draw(looking_times))
            case "undone":
                night.all_well(n, looking=seconds(20))
                night.undo(n, after=MINUTE + seconds(24))
            case "doubted":
                night.uncertain(night.look(n), n, after=2 * MINUTE)
                night.complete(night.look(n, after=3 * MINUTE, number=2), n, after=4 * MINUTE)
                night.reopen(n, after=30 * MINUTE).escalate(n, after=45 * MINUTE)
                night.visited(n, **draw(visit_sizes))
            case "concern":
                night.concern(n, looking=draw(looking_times)).visited(n, **draw(visit_sizes))
            case "not seen":
                night.not_seen(night.look(n), n, after=2 * MINUTE)
                night.escalate(n, note=Personal.of("on the balcony", night.recipient))
            case "visit":
                night.became_visit(n).visited(n, **draw(visit_sizes))
            case "cancelled":
                night.cancel(n)
    if draw(st.booleans()):
        night.all_well(night.alarm(), looking=draw(looking_times))
    return night


logs = st.integers(0, 4).flatmap(
    lambda count: st.tuples(*(nights_of(recipient) for recipient in range(1, count + 1))).map(
        lambda made: [recorded for night in made for recorded in night.log()]
    )
)
