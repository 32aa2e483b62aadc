"""The registry: today's types by name, and the way up from every older version."""

import json
from typing import Any

import pytest
from pydantic import Field

from events.base import Event
from events.registry import (
    InvalidEventError,
    Registry,
    UnknownEventError,
    parse_wire_type,
    personal_field_names,
)
from events.types import REGISTRY
from events.types.home import HomeRegistered
from events.types.night import SlotEscalated


class DoorOpened(Event, name="door.opened", version=3):
    """A door was opened. Version 1 had no reason, version 2 called `by` "who"."""

    by: str
    reason: str
    times: int = Field(ge=1)


def give_a_reason(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"reason": "not said"}


def rename_who(data: dict[str, Any]) -> dict[str, Any]:
    return {"by": data["who"], **{name: value for name, value in data.items() if name != "who"}}


DOORS = Registry([DoorOpened], {("door.opened", 1): give_a_reason, ("door.opened", 2): rename_who})


@pytest.mark.parametrize(
    ("version", "data"),
    [
        (1, {"who": "Eva", "times": 1}),
        (2, {"who": "Eva", "reason": "not said", "times": 1}),
        (3, {"by": "Eva", "reason": "not said", "times": 1}),
    ],
)
@pytest.mark.parametrize("form", [dict, json.dumps, lambda data: json.dumps(data).encode()])
def test_every_version_comes_out_in_todays_form(version: int, data: dict[str, Any], form: Any) -> None:
    assert DOORS.load("door.opened", version, form(data)) == DoorOpened(by="Eva", reason="not said", times=1)


def test_upcasting_leaves_the_stored_data_alone() -> None:
    stored = {"who": "Eva", "times": 1}

    DOORS.load("door.opened", 1, stored)

    assert stored == {"who": "Eva", "times": 1}


@pytest.mark.parametrize("version", [0, 4, -1])
def test_a_version_that_is_not_known_here_is_told_with_those_that_are(version: int) -> None:
    with pytest.raises(UnknownEventError, match=r"knows v1 to v3"):
        DOORS.load("door.opened", version, {})


def test_an_unknown_name_points_to_the_catalogue() -> None:
    with pytest.raises(UnknownEventError, match=r"se\.tillsyn\.door\.shut; see docs/events\.md"):
        DOORS.load("door.shut", 1, {})


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"by": "Eva", "reason": "x", "times": 0}, "times: Input should be greater than or equal to 1"),
        ({"by": "Eva", "reason": "x", "times": 1, "more": 1}, "more: Extra inputs are not permitted"),
        ({"by": "Eva"}, "reason: Field required"),
    ],
)
def test_data_that_do_not_fit_are_told_with_the_place_and_in_one_line(data: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidEventError) as error:
        DOORS.load("door.opened", 3, data)
    assert str(error.value) == f"not a valid se.tillsyn.door.opened.v3: {told}"


def test_what_is_told_never_repeats_the_data() -> None:
    with pytest.raises(InvalidEventError) as error:
        DOORS.load("door.opened", 3, {"by": ["Eva Andersson"], "reason": "x", "times": 1})
    assert "Andersson" not in str(error.value)


def test_a_version_that_nothing_leads_up_from_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"nothing upcasts version 2"):
        Registry([DoorOpened], {("door.opened", 1): give_a_reason})


def test_two_types_cannot_have_one_name() -> None:
    class Again(Event, name="door.opened"):
        """The same name."""

    with pytest.raises(ValueError, match=r"two event types are called door\.opened"):
        Registry([Again, Again])


def test_a_type_without_name_or_docstring_is_refused() -> None:
    class Nameless(Event):
        """Has no name."""

    class Untold(Event, name="room.untold"):
        __doc__ = ""

    with pytest.raises(ValueError, match=r"Nameless has no name"):
        Registry([Nameless])
    with pytest.raises(ValueError, match=r"Untold has no docstring"):
        Registry([Untold])


@pytest.mark.parametrize("kind", list(REGISTRY), ids=lambda kind: kind.NAME)
def test_the_name_on_the_wire_leads_back_to_the_type(kind: type[Event]) -> None:
    assert parse_wire_type(kind.wire_type()) == (kind.NAME, kind.VERSION)


@pytest.mark.parametrize("text", ["", "se.tillsyn.", "door.opened.v1", "se.tillsyn.door.opened", "se.tillsyn.door.vx"])
def test_what_is_no_type_of_ours_is_refused(text: str) -> None:
    with pytest.raises(UnknownEventError, match=r"is not of the form"):
        parse_wire_type(text)


def test_personal_fields_are_known_also_where_they_are_optional() -> None:
    assert personal_field_names(HomeRegistered) == ("address",)
    assert personal_field_names(SlotEscalated) == ("note",)
    assert personal_field_names(DoorOpened) == ()
