"""Deciders and evolve never read a personal field: with other ciphertext, or none that can be read, all is the same."""

from dataclasses import fields
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.base import Event
from events.personal import Personal, Sealed
from events.registry import personal_field_names
from events.types import REGISTRY
from events.types.recipient import ConsentForm
from events.types.visit import Found
from services.tillsyn import home as homes
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.night.commands import CancelSlot, RaiseConcern
from services.tillsyn.recipient import EndDecision, ReportAbsence, WithdrawConsent
from services.tillsyn.visit import Acknowledge, Arrive, Complete
from tests.builders import (
    ABSENCE,
    ALARM,
    ANNA,
    BERTIL,
    CAMERA,
    COHABITANT,
    CONSENT,
    GATEWAY,
    HOME,
    MANAGER,
    OTHER_LOOK,
    OTHER_SLOT,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    a_consent,
    a_decision,
    a_handover,
    a_planned_slot,
    a_registration_of_a_home,
    a_request,
    a_schedule,
    alarm,
    all_well,
    at,
    folded,
    looks,
    plan_of,
    reopen,
    review,
    secret,
)

STORIES: dict[str, tuple[Any, list[Any]]] = {
    "recipient": (
        recipients,
        [
            recipients.Register(RECIPIENT, HOME, UNIT, secret("Astrid")),
            a_decision(),
            a_consent(),
            a_schedule("02:00"),
            WithdrawConsent(secret("enough")),
            ReportAbsence(ABSENCE, at("03:00"), at("05:00"), "fell ill"),
            a_handover(),
            EndDecision(at("06:00"), "moved to her daughter"),
            recipients.RecordDeath(at("05:00"), ANNA),
            recipients.TakeDeathBack(ANNA, "it was her sister"),
        ],
    ),
    "home": (
        homes,
        [
            a_registration_of_a_home(),
            homes.LinkCamera(CAMERA, GATEWAY),
            homes.EnterKeyCode(secret("1234 and the lion's head")),
            homes.CohabitantMovesIn(COHABITANT, secret("Sven")),
            homes.CohabitantConsents(COHABITANT, CONSENT, frozenset(), ConsentForm.ORAL, ANNA),
            homes.CohabitantWithdraws(COHABITANT, secret("wants to sleep")),
            homes.UnlinkCamera("broken"),
        ],
    ),
    "night": (
        nights,
        [
            plan_of(a_planned_slot("02:00"), a_planned_slot("04:00", 1)),
            *looks(ANNA, "02:00"),
            all_well(ANNA, "02:00:20"),
            RaiseConcern(OTHER_SLOT, ANNA, at("02:05"), secret("lies on the floor")),
            reopen(BERTIL, "02:06"),
            CancelSlot(SLOT, ANNA, "her daughter is there"),
            alarm("03:20"),
            *looks(ANNA, "03:21", ALARM, OTHER_LOOK),
            review(MANAGER, ALARM, OTHER_LOOK, "her daughter phoned"),
        ],
    ),
    "visit": (
        visits,
        [
            a_request(),
            Acknowledge(PATROL, at("02:01")),
            Arrive(PATROL, at("02:20")),
            Complete(PATROL, 12, 2, 3.5, Found.ALL_WELL, at("02:30"), note=secret("slept")),
        ],
    ),
    "visit not made": (visits, [a_request(), visits.Close(PATROL, "her son is there")]),
}
STORY = pytest.mark.parametrize(("decider", "commands"), list(STORIES.values()), ids=list(STORIES))
ciphertexts = st.builds(Sealed, key=st.uuids(), ciphertext=st.binary(max_size=40)).map(Personal)


class Unreadable(Personal[str]):
    """What no key opens any more, and nobody may so much as look at."""

    __slots__ = ()
    content: ClassVar[Any] = property(lambda _: pytest.fail("a personal field was read"))

    def __init__(self) -> None:
        """Nothing to hold."""

    def __eq__(self, other: object) -> bool:
        pytest.fail("a personal field was compared")

    def __hash__(self) -> int:
        pytest.fail("a personal field was hashed")


def told(decider: Any, commands: list[Any]) -> list[Event]:
    """Every event that the commands lead to."""
    state, events = decider.EMPTY, []
    for command in commands:
        decided = decider.decide(state, command)
        state, events = folded(decider, state, decided), [*events, *decided]
    return events


def with_personal(event: Event, other: Any) -> Event:
    """The event with each personal field that it has replaced."""
    present = [name for name in personal_field_names(type(event)) if getattr(event, name) is not None]
    return event.model_copy(update={name: other() for name in present})


def test_the_stories_tell_every_personal_field_of_these_streams() -> None:
    told_of = {type(event) for story in STORIES.values() for event in told(*story) if personal_field_names(type(event))}
    subjects = ("recipient.", "home.", "night.", "visit.")
    assert told_of == {kind for kind in REGISTRY if kind.NAME.startswith(subjects) and personal_field_names(kind)}


@STORY
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_folding_with_other_ciphertext_gives_the_same_state(
    decider: Any, commands: list[Any], data: st.DataObject
) -> None:
    events = told(decider, commands)
    sealed = [with_personal(event, lambda: data.draw(ciphertexts)) for event in events]
    assert folded(decider, decider.EMPTY, sealed) == folded(decider, decider.EMPTY, events)


@STORY
def test_folding_and_deciding_never_read_a_personal_field(decider: Any, commands: list[Any]) -> None:
    events = told(decider, commands)
    unreadable = [with_personal(event, Unreadable) for event in events]
    assert folded(decider, decider.EMPTY, unreadable) == folded(decider, decider.EMPTY, events)


@pytest.mark.parametrize("story", ["recipient", "home", "night", "visit"])
def test_a_decision_does_not_depend_on_what_a_personal_field_says(story: str) -> None:
    decider, commands = STORIES[story]
    state = decider.EMPTY
    for command in commands:
        decided = decider.decide(state, command)
        personal = {name: Unreadable() for name in ("name", "address", "note", "reason") if _personal(command, name)}
        again = decider.decide(state, type(command)(**{**_fields(command), **personal}))
        assert [(type(event), _plain(event)) for event in again] == [(type(event), _plain(event)) for event in decided]
        state = folded(decider, state, decided)


def _fields(command: Any) -> dict[str, Any]:
    return {field.name: getattr(command, field.name) for field in fields(command)}


def _personal(command: Any, name: str) -> bool:
    return isinstance(getattr(command, name, None), Personal)


def _plain(event: Event) -> dict[str, object]:
    hidden = personal_field_names(type(event))
    return {name: getattr(event, name) for name in type(event).model_fields if name not in hidden}
