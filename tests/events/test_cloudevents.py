"""CloudEvents on the wire: what we write we read, and what we cannot read is refused for a reason, whatever it is."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.cloudevents import (
    MAX_BYTES,
    NotACloudEventError,
    OversizedEventError,
    context_of,
    decode,
    encode,
    encode_recorded,
)
from events.envelope import Actor, ActorKind, Context, NewEvent, Owner, Recorded
from events.registry import InvalidEventError, UnknownEventError
from events.transport.dead_letters import UNREADABLE, reason_of
from events.types import REGISTRY
from events.types.visit import VisitAcknowledged
from tests.events.make_samples import sample_path

AT = datetime(2026, 11, 21, 22, 0, 0, 123456, tzinfo=UTC)
CONTEXT = Context(
    actor=Actor(ActorKind.GATEWAY, "g", "gateway"),
    owner=Owner(UUID(int=1), UUID(int=2)),
    time=AT,
    correlation=UUID(int=3),
    causation=UUID(int=4),
    clock_trusted=False,
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
EVENT = VisitAcknowledged(visit=UUID(int=5), responder=UUID(int=6), arrive_by=AT)
SAMPLE = json.loads(sample_path("check.due", 1).read_text())


def changed(**attributes: Any) -> bytes:
    """The sample with other attributes; None leaves one out."""
    return json.dumps({name: value for name, value in (SAMPLE | attributes).items() if value is not None}).encode()


def with_data(**fields: Any) -> bytes:
    return changed(data=SAMPLE["data"] | fields)


def test_a_report_comes_out_as_it_went_in() -> None:
    wire, event = decode(REGISTRY, encode("gateway/g", NewEvent(UUID(int=9), EVENT, CONTEXT)))

    assert (wire.id, wire.source, event, context_of(wire)) == (UUID(int=9), "gateway/g", EVENT, CONTEXT)
    assert (wire.subject, wire.streamversion, wire.recordedtime) == (None, None, None)


def test_an_event_of_the_log_names_its_stream_and_version() -> None:
    wire, event = decode(REGISTRY, encode_recorded(Recorded(UUID(int=9), "visit-5", 7, 99, AT, EVENT, CONTEXT)))

    assert (wire.subject, wire.streamversion, wire.recordedtime) == ("visit-5", 7, AT)
    assert (event, context_of(wire)) == (EVENT, CONTEXT)


def test_attribute_names_are_what_cloudevents_allows() -> None:
    written = json.loads(encode_recorded(Recorded(UUID(int=9), "visit-5", 7, 99, AT, EVENT, CONTEXT)))

    assert [name for name in written if not (name.isascii() and name.isalnum() and name.islower())] == []
    assert written["specversion"] == "1.0"
    assert written["time"] == "2026-11-21T22:00:00.123456Z"


def test_attributes_of_others_are_passed_over() -> None:
    wire, _ = decode(REGISTRY, changed(someoneelses="attribute", dataschema="https://example.org"))

    assert wire.id == UUID(SAMPLE["id"])


def test_a_time_in_another_offset_is_the_same_instant_in_utc() -> None:
    wire, _ = decode(REGISTRY, changed(time="2026-11-22T00:30:00+02:30"))

    assert wire.time == datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    assert wire.time.tzinfo is UTC


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{",
        changed(specversion="0.3"),
        changed(id="not an id"),
        changed(id=None),
        changed(source=""),
        changed(time="yesterday"),
        changed(time="2026-11-21T22:00:00"),
        changed(time="0001-01-01T00:00:00+23:59"),
        changed(time="9999-12-31T23:59:59-23:59"),
        changed(organisation=None),
        changed(actorkind="ghost"),
        changed(data=None),
        changed(data="text"),
        changed(datacontenttype="text/xml"),
        changed(actorid="a\0b"),
        with_data(quality=SAMPLE["data"]["quality"] | {"verdict": "a\0b"}),
    ],
)
def test_what_is_no_cloudevent_of_ours_is_refused_in_one_line(body: bytes) -> None:
    with pytest.raises(NotACloudEventError) as told:
        decode(REGISTRY, body)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (changed(type="se.tillsyn.check.due.v9"), UnknownEventError),
        (changed(type="se.tillsyn.no.such.v1"), UnknownEventError),
        (changed(type="com.example.thing"), UnknownEventError),
        (with_data(attempt=0), InvalidEventError),
        (with_data(more="than we know"), InvalidEventError),
        (with_data(quality=SAMPLE["data"]["quality"] | {"mean_grey": float("nan")}), InvalidEventError),
        (b" " * (MAX_BYTES + 1), OversizedEventError),
    ],
)
def test_an_unknown_type_and_data_that_do_not_fit_are_told_apart(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        decode(REGISTRY, body)


def test_infinity_is_no_figure() -> None:
    heartbeat = json.loads(sample_path("gateway.heartbeat", 1).read_text())
    heartbeat["data"]["clock_skew_s"] = float("inf")

    with pytest.raises(InvalidEventError):
        decode(REGISTRY, json.dumps(heartbeat).encode())


def test_the_largest_event_is_read() -> None:
    body = changed()

    wire, _ = decode(REGISTRY, body + b" " * (MAX_BYTES - len(body)))

    assert wire.id == UUID(SAMPLE["id"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(name=st.sampled_from(sorted(SAMPLE)), value=JSON)
def test_whatever_stands_in_an_attribute_it_is_read_or_refused_for_a_reason(name: str, value: Any) -> None:
    _read_or_refuse(json.dumps(SAMPLE | {name: value}).encode())


@given(name=st.sampled_from(sorted(SAMPLE["data"])), value=JSON)
def test_whatever_stands_in_a_field_it_is_read_or_refused_for_a_reason(name: str, value: Any) -> None:
    _read_or_refuse(with_data(**{name: value}))


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_refused_for_a_reason(body: bytes) -> None:
    _read_or_refuse(body)


def _read_or_refuse(body: bytes) -> None:
    try:
        decode(REGISTRY, body)
    except UNREADABLE as error:
        reason_of(error)  # KeyError for what would be tried again for ever
