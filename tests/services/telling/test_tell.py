"""What a line says of times, of ends that nobody knows, and of numbers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from events.base import Event
from events.envelope import Actor, ActorKind, Context, Owner, Recorded
from events.types.alarm import AlarmKind, AlarmRaised, AlarmRepeated
from events.types.recipient import (
    AbsenceReported,
    AbsenceReviewed,
    CameraPaused,
    ConsentWithdrawn,
    DecisionEnded,
    RecipientDied,
)
from events.types.visit import Found, VisitCompleted
from services.telling import Language, Telling, counted, names_by_kind
from tests.builders import (
    ABSENCE,
    ASSESSOR,
    CONSENT,
    DECISION,
    HOME,
    ORGANISATION,
    PATROL,
    RECIPIENT,
    STOCKHOLM,
    UNIT,
    VISIT,
    an_id,
    at,
    secret,
)

LATER = datetime(2026, 12, 31, 11, 0, tzinfo=UTC)
NAMES = {ASSESSOR: "Berit", PATROL: "Bil 1"}


def told(*events: Event, language: Language = Language.SV) -> str:
    """The sentence of the last of these, which happen at 21:00 UTC, 22:00 on the wall."""
    telling = Telling(STOCKHOLM, lambda id_: NAMES.get(id_, str(id_)[:8]), language)
    lines = [telling.line(recorded(event)) for event in events]
    assert lines[-1] is not None
    return lines[-1].text


def recorded(event: Event) -> Recorded:
    by = Actor(ActorKind.STAFF, str(ASSESSOR), "assessor")
    context = Context(by, Owner(ORGANISATION, UNIT), at("21:00"), an_id("cause"))
    return Recorded(an_id("event"), "stream", 1, 1, at("21:00"), event, context)


def away(**how: Any) -> AbsenceReported:
    said = {"starts_at": at("21:30"), "ends_at": None, "review_at": None} | how
    return AbsenceReported(recipient=RECIPIENT, absence=ABSENCE, reason=secret("hospital"), **said)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            away(starts_at=LATER, ends_at=LATER.replace(hour=20)),
            "frånvaro från 2026-12-31 12:00 till 2026-12-31 21:00, infört av Berit",
        ),
        (away(ends_at=LATER), "frånvaro från 22:30 till 2026-12-31 12:00, infört av Berit"),
        (away(review_at=LATER), "frånvaro från 22:30 utan slut, följs upp 2026-12-31 12:00, infört av Berit"),
        (away(), "frånvaro från 22:30 utan slut, infört av Berit"),
        (
            AbsenceReviewed(recipient=RECIPIENT, absence=ABSENCE, by=ASSESSOR, review_at=LATER),
            "Berit: fortfarande borta, följs upp 2026-12-31 12:00",
        ),
        (
            DecisionEnded(recipient=RECIPIENT, decision=DECISION, from_instant=LATER, reason=secret("moved")),
            "beslutet upphör 2026-12-31 12:00",
        ),
        (CameraPaused(recipient=RECIPIENT, until=LATER), "kameran pausas till 2026-12-31 12:00"),
        (CameraPaused(recipient=RECIPIENT, until=None), "kameran pausas tills någon tar bort pausen"),
    ],
)
def test_a_time_of_another_day_is_told_with_its_date_and_an_end_that_nobody_knows_as_none(
    event: Event, sentence: str
) -> None:
    assert told(event) == sentence


def test_who_entered_a_withdrawal_or_a_death_is_told() -> None:
    withdrawn = ConsentWithdrawn(recipient=RECIPIENT, consent=CONSENT, reason=None)
    died = RecipientDied(recipient=RECIPIENT, at=at("20:00"), told_by=ASSESSOR)

    assert told(withdrawn) == "samtycket tas tillbaka, infört av Berit"
    assert told(died, language=Language.EN) == "has died, entered by Berit"


def test_an_alarm_that_is_said_again_says_for_how_long_it_has_stood() -> None:
    raised = AlarmRaised(
        alarm=an_id("alarm"),
        unit=UNIT,
        since=at("18:00"),
        kind=AlarmKind.DEVICE_LOST,
        cause=f"home:{HOME}",
        role="night-staff",
        answer_by=at("18:30"),
        recipient=None,
        home=HOME,
    )
    again = AlarmRepeated(alarm=an_id("alarm"), repeats=2, since=at("18:00"), answer_by=at("21:30"))

    assert told(raised, again) == "LARM: utrustning utan kontakt, kvarstår, 180 min"
    assert told(raised, again, language=Language.EN) == "ALARM: device lost, still, 180 min"


def test_who_is_who_is_told_by_what_they_are_where_names_stay_sealed() -> None:
    kinds = {UNIT: "unit", HOME: "home", PATROL: "car", ASSESSOR: "assessor"}
    swedish, english = (names_by_kind(kinds, language) for language in Language)

    assert [swedish(id_) for id_ in kinds] == [
        f"{kind} {str(id_)[:8]}" for id_, kind in zip(kinds, ("enhet", "hem", "bilen", "handläggare"), strict=True)
    ]
    assert english(HOME) == f"home {str(HOME)[:8]}"
    assert swedish(RECIPIENT) == str(RECIPIENT)[:8]


@pytest.mark.parametrize(("people", "words"), [(1, "1 person,"), (2, "2 people,")])
def test_one_is_a_person_and_two_are_people(people: int, words: str) -> None:
    done = VisitCompleted(
        visit=VISIT, responder=PATROL, minutes=10, people=people, kilometres=4.0, found=Found.ALL_WELL, note=None
    )
    assert words in told(done, language=Language.EN)


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (9, "completed", "9 gjorda"),
        (1, "completed", "1 gjord"),
        (2, "cancelled", "2 inställda"),
        (0, "open", "0 öppna"),
    ],
)
def test_of_several_checks_the_plural_is_told(number: int, code: str, words: str) -> None:
    assert counted(number, code, Language.SV) == words
    assert counted(number, code, Language.EN) == f"{number} {code}"
