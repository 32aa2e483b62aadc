"""What a slot is, and that its id never changes."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from events.schedule import PlannedSlot, SlotKind, slot_id
from tests.events.schedule.builders import AUTUMN_NIGHT, plan, schedule, utc, wall

RECIPIENT = UUID("0b1e55ed-0000-4000-8000-000000000001")
ENTRY = UUID("facade00-0000-4000-8000-000000000002")


def slot(**changed: Any) -> PlannedSlot:
    fields = {
        "slot": UUID(int=1),
        "entry": UUID(int=2),
        "n": 0,
        "kind": SlotKind.REMOTE,
        "opens_at": utc("2026-05-01 23:45"),
        "due_at": utc("2026-05-02 00:00"),
        "late_at": utc("2026-05-02 00:30"),
        "deadline": utc("2026-05-02 01:00"),
    }
    return PlannedSlot.model_validate(fields | changed)


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, "56f209d1-6ccd-5c76-bcbf-75dfd09f15e0"), (1, "66b1f6e5-5e7f-5dda-9252-a94bd2e889f0")],
)
def test_slot_ids_are_the_same_in_every_version_of_the_program(n: int, expected: str) -> None:
    assert slot_id(RECIPIENT, date(2026, 10, 24), ENTRY, n) == UUID(expected)


ids = st.tuples(st.uuids(), st.dates(), st.uuids(), st.integers(0, 50))


@given(ids, ids)
def test_two_slots_have_the_same_id_only_if_all_they_are_made_of_is_the_same(
    one: tuple[UUID, date, UUID, int], other: tuple[UUID, date, UUID, int]
) -> None:
    for mixed in (
        (other[0], *one[1:]),
        (one[0], other[1], *one[2:]),
        (*one[:2], other[2], one[3]),
        (*one[:3], other[3]),
    ):
        assert (slot_id(*mixed) == slot_id(*one)) == (mixed == one)


def test_a_moment_is_not_taken_for_a_night() -> None:
    with pytest.raises(ValueError, match=r"datetime\(2026, 10, 25"):
        slot_id(RECIPIENT, datetime(2026, 10, 25, 1, tzinfo=UTC), ENTRY)


def test_extra_slots_count_up_from_the_entrys_own() -> None:
    with pytest.raises(ValueError, match="-1"):
        slot_id(RECIPIENT, date(2026, 10, 24), ENTRY, -1)


def test_a_slots_times_are_in_utc_whatever_offset_they_came_with() -> None:
    swedish = timezone(timedelta(hours=2))
    assert slot(due_at=datetime(2026, 5, 2, 2, 5, tzinfo=swedish)).due_at.isoformat() == "2026-05-02T00:05:00+00:00"


def test_a_slots_times_name_moments() -> None:
    with pytest.raises(ValidationError, match="due_at"):
        slot(due_at=wall("2026-05-02 00:00"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("opens_at", "2026-05-02 00:01"),
        ("late_at", "2026-05-01 23:59"),
        ("deadline", "2026-05-02 00:30"),
    ],
)
def test_a_slot_opens_is_due_and_late_in_order_and_has_its_deadline_last(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=value):
        slot(**{name: utc(value)})


def test_a_planned_slot_survives_json() -> None:
    for one in plan(schedule("22:00", "02:00", "06:00"), AUTUMN_NIGHT):
        assert PlannedSlot.model_validate_json(one.model_dump_json()) == one
