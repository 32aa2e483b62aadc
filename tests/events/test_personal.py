"""A personal value cannot leave the process in clear: not serialised, not printed, not logged."""

import json
from base64 import b64encode
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from events.base import Event
from events.personal import Personal, PersonalNotSealedError, Purpose, Sealed

NAME = "Eva Andersson"
PERSON = UUID(int=0xE7A)
CLEAR = Personal.of(NAME, PERSON)


class Greeted(Event, name="person.greeted"):
    """Somebody was greeted by name."""

    name: Personal[str]
    also: Personal[str] | None = None


def test_a_value_in_clear_cannot_be_serialised() -> None:
    event = Greeted(name=CLEAR)

    for write in (event.model_dump, lambda: event.model_dump(mode="json"), event.model_dump_json):
        with pytest.raises(Exception, match=r"still in clear") as told:
            write()
        assert NAME not in str(told.value)


def test_a_value_in_clear_is_not_shown_by_printing_it_or_what_holds_it() -> None:
    event = Greeted(name=CLEAR)

    shown = [
        repr(CLEAR),
        str(CLEAR),
        f"{CLEAR}",
        repr(CLEAR.content),
        repr(event),
        str(event),
        repr([event]),
        f"{event!r:>5}",
    ]

    assert [text for text in shown if NAME in text] == []


def test_a_value_in_clear_is_not_shown_by_an_error_about_its_event() -> None:
    with pytest.raises(ValidationError) as told:
        Greeted.model_validate({"name": CLEAR, "also": 5})
    assert NAME not in str(told.value)


def test_asking_for_the_ciphertext_of_a_value_in_clear_says_what_to_do() -> None:
    with pytest.raises(PersonalNotSealedError, match="seal the event before it leaves"):
        CLEAR.sealed()


@given(st.uuids(), st.binary(min_size=1))
def test_a_sealed_value_comes_back_from_json_as_it_was(key: UUID, ciphertext: bytes) -> None:
    event = Greeted(name=Personal(Sealed(key, ciphertext)))

    assert Greeted.model_validate_json(event.model_dump_json()) == event
    assert Greeted.model_validate(event.model_dump(mode="json")) == event


@pytest.mark.parametrize(
    "raw",
    [
        NAME,
        {"sealed": "AAAA"},
        {"key": str(uuid4()), "sealed": "AAAA", "name": NAME},
        {"key": "not an id", "sealed": "AAAA"},
        {"key": str(uuid4()), "sealed": "not base64!"},
        {"key": str(uuid4()), "sealed": 5},
        {"key": 5, "sealed": "AAAA"},
    ],
)
def test_what_is_not_sealed_is_refused_on_the_way_in(raw: object) -> None:
    with pytest.raises(ValidationError):
        Greeted.model_validate_json(json.dumps({"name": raw}))


def test_a_personal_value_never_changes() -> None:
    with pytest.raises(AttributeError, match="never changes"):
        CLEAR.content = Sealed(uuid4(), b"x")


def test_equal_values_are_equal_and_others_are_not() -> None:
    key = uuid4()

    assert Personal(Sealed(key, b"x")) == Personal(Sealed(key, b"x"))
    assert hash(Personal(Sealed(key, b"x"))) == hash(Personal(Sealed(key, b"x")))
    assert Personal(Sealed(key, b"x")) != Personal(Sealed(key, b"y"))
    assert Personal.of(NAME, PERSON, Purpose.ACCESS_LOG) != Personal.of(NAME, PERSON, Purpose.IDENTITY)


def test_the_published_form_is_the_one_that_is_read() -> None:
    schema = Greeted.model_json_schema()["properties"]["name"]
    key = uuid4()

    event = Greeted.model_validate({"name": {"key": str(key), "sealed": b64encode(b"x").decode()}})

    assert schema["required"] == ["key", "sealed"]
    assert event.name.sealed() == Sealed(key, b"x")
    assert event.model_dump(mode="json")["name"].keys() == schema["properties"].keys()
