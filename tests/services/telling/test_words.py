"""A night is told in sentences that fit their events, in both languages, and nothing that happens goes unsaid."""

import re
from enum import StrEnum
from typing import get_args

import pytest

from events.base import Event
from events.types import REGISTRY
from services.telling.words import CODES, SENTENCES

TOLD_OF = ("night.", "visit.", "incident.", "alarm.", "shift.", "recipient.", "home.", "notice.", "patrol.")
GIVEN = {"who", "kind", "due", "lasted"}
"""What the teller knows beside the event's own fields."""
UNTOLD = {
    "night.planned",  # what was agreed; the table above the story has it
    "night.check-due-reported",  # all is as it should be
    "night.late-report-received",
    "night.slot-claimed",  # the look says so
    "night.slot-released",
    "night.look-granted",  # told when it is served, or fails
    "visit.requested",  # told by who is asked
    "shift.entered",
    "shift.removed",
    "recipient.registered",
    "recipient.decision-granted",
    "recipient.schedule-set",
    "recipient.decision-end-warned",  # told as the notice that it leads to
    "home.registered",
    "home.placed",
    "home.outage-agreed",
    "home.key-code-entered",
    "home.camera-linked",
    "home.commissioning-begun",
    "home.commissioning-look-granted",
    "home.commissioning-look-served",
    "home.closed",
    "home.recipient-moved-in",  # the recipient's own line says so
    "home.recipient-moved-out",
    "patrol.registered",
    "patrol.areas-changed",
    "patrol.crewed",
}


def placeholders(sentence: str) -> set[str]:
    return set(re.findall(r"{([a-z_]+)}", sentence))


def codes_of(kind: type[Event]) -> set[str]:
    """Every code that a field which is told can hold."""
    named = {name for sentence in SENTENCES[kind] for name in placeholders(sentence)}
    found: set[str] = set()
    for name, field in kind.model_fields.items():
        if name not in named:
            continue
        for candidate in (field.annotation, *get_args(field.annotation)):
            if isinstance(candidate, type) and issubclass(candidate, StrEnum):
                found |= {member.value for member in candidate}
    return found


@pytest.mark.parametrize(
    "kind", [kind for kind in REGISTRY if kind.NAME.startswith(TOLD_OF)], ids=lambda kind: kind.NAME
)
def test_what_happens_in_a_night_is_told_or_is_known_to_say_nothing(kind: type[Event]) -> None:
    assert (kind in SENTENCES) != (kind.NAME in UNTOLD), f"give {kind.NAME} a sentence, or say why it needs none"


@pytest.mark.parametrize("kind", list(SENTENCES), ids=lambda kind: kind.NAME)
def test_a_sentence_names_what_its_event_has_and_the_same_in_both_languages(kind: type[Event]) -> None:
    swedish, english = SENTENCES[kind]

    assert placeholders(swedish) == placeholders(english)
    assert placeholders(swedish) <= kind.model_fields.keys() | GIVEN
    assert swedish != english


@pytest.mark.parametrize("kind", list(SENTENCES), ids=lambda kind: kind.NAME)
def test_every_code_that_is_told_has_words(kind: type[Event]) -> None:
    assert sorted(codes_of(kind) - CODES.keys()) == []
