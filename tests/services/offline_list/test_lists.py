"""Which home stands in whose list, and what is done when."""

from datetime import timedelta
from uuid import UUID

import pytest

from events.store.queries import PaperPatrolRow, PaperRow, UnitRow
from services.offline_list.dividing import Belonging, PatrolOnPaper, belonging
from services.offline_list.lists import Left, Task, first_slot, lists_of
from services.offline_list.steps import Step, next_step
from services.tillsyn.paper import OnPaper
from tests.builders import HOME, NIGHT, ORGANISATION, PATROL, RECIPIENT, SECOND_PATROL, SLOT, UNIT, an_id, at, minutes

NORTH = PatrolOnPaper(PATROL, "Bil 1", frozenset({"Norr"}), 0)
SOUTH = PatrolOnPaper(SECOND_PATROL, "Bil 2", frozenset({"Söder", "Norr"}), 1)
A_UNIT = UnitRow(UNIT, ORGANISATION, "Natt", "UTC")
HOUR = timedelta(hours=1)


def a_row(due: str | None = "22:00", recipient: UUID = RECIPIENT, **how: object) -> PaperRow:
    times: dict[str, object] = {}
    if due is not None:
        opens_at, deadline = at(due) - minutes(15), at(due) + minutes(60)
        times = {"slot": SLOT, "kind": "remote", "status": "open", "due_at": at(due)}
        times |= {"opens_at": opens_at, "deadline": deadline}
    sealed = {"name": "{}", "name_event": an_id("name"), "address": "{}", "address_event": an_id("address")}
    plain = {"key_code": None, "key_code_event": None, "risk_class": "low", "outage_agreement": "visit", "area": None}
    return PaperRow(**{"recipient": recipient, "home": HOME, **sealed, **plain, **times, **how})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("area", "patrols", "whose"),
    [
        ("Norr", [SOUTH, NORTH], Belonging(PATROL, near=True)),
        ("Söder", [NORTH, SOUTH], Belonging(SECOND_PATROL, near=True)),
        ("Öster", [SOUTH, NORTH], Belonging(PATROL, near=False)),
        (None, [SOUTH, NORTH], Belonging(PATROL, near=False)),
        ("Norr", [], Belonging(None, near=True)),
    ],
)
def test_a_home_is_the_nearest_patrols_else_the_first_ones_else_the_units(
    area: str | None, patrols: list[PatrolOnPaper], whose: Belonging
) -> None:
    assert belonging(area, patrols) == whose


def test_every_slot_is_listed_in_order_of_time_and_those_without_a_visit_at_the_end() -> None:
    rows = [
        a_row("04:00", kind="visit", people_needed=2),
        a_row("01:00", status="cancelled", reason="absent"),
        a_row("22:00"),
        a_row("23:00", status="escalated"),
        a_row(None, an_id("nobody planned")),
        a_row("21:00", status="completed"),
    ]
    [one] = lists_of(A_UNIT, NIGHT, [], rows)

    assert [(line.due_at, line.task, line.people) for line in one.checks] == [
        (at("22:00"), Task.CAMERA, 1),
        (at("23:00"), Task.SENT, 1),
        (at("04:00"), Task.VISIT, 2),
    ]
    assert [line.left for line in one.rest] == [Left.DONE, Left.ABSENT, Left.NOT_PLANNED]
    assert one.persons == 2


@pytest.mark.parametrize(
    ("how", "left"),
    [
        ({"visit_stage": "assigned"}, None),
        ({"visit_stage": "arrived"}, None),
        ({"visit_stage": "completed"}, Left.DONE),
        ({"visit_stage": "closed"}, Left.CANCELLED),
        ({"visit_stage": "closed", "died_at": at("21:00")}, Left.DEATH),
        ({"visit_stage": "assigned", "died_at": at("21:00")}, Left.DEATH),
        ({"visit_stage": "completed", "died_at": at("21:00")}, Left.DONE),
    ],
)
def test_nobody_is_sent_by_paper_to_the_dead_nor_where_the_visit_is_over(
    how: dict[str, object], left: Left | None
) -> None:
    [one] = lists_of(A_UNIT, NIGHT, [], [a_row("23:00", status="escalated", **how)])
    assert [line.left for line in one.lines] == [left]


def test_a_patrol_without_homes_has_a_list_all_the_same() -> None:
    patrols = [PaperPatrolRow(PATROL, "Bil 1", "Norr", 0), PaperPatrolRow(SECOND_PATROL, "Bil 2", "Söder", 1)]

    assert [len(one.lines) for one in lists_of(A_UNIT, NIGHT, patrols, [a_row(area="Norr")])] == [1, 0]


def test_the_first_slot_does_not_move_when_it_is_settled_nor_for_an_alarm_in_the_afternoon() -> None:
    rows = [a_row("22:00", status="completed"), a_row("15:00", caller="relative"), a_row("02:00")]

    assert first_slot(lists_of(A_UNIT, NIGHT, [], rows)) == at("21:45")


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": at("22:30")},
        {"status": "cancelled", "reason": "absent"},
        {"name_event": an_id("another name")},
        {"address_event": an_id("another address")},
        {"key_code": "{}", "key_code_event": an_id("code")},
        {"risk_class": "high"},
        {"outage_agreement": "phone-first"},
        {"people_needed": 2},
    ],
    ids=str,
)
def test_whatever_the_list_says_makes_another_edition_of_it(change: dict[str, object]) -> None:
    [one], [same], [other] = (lists_of(A_UNIT, NIGHT, [], [a_row(**how)]) for how in ({}, {}, change))  # type: ignore[arg-type]

    assert one.edition == same.edition != other.edition


@pytest.mark.parametrize(
    ("on_paper", "now", "step"),
    [
        (None, "20:44", Step.WAIT),
        (None, "20:45", Step.MAKE),
        (None, "23:00", Step.MAKE),
        (OnPaper("old", "f", "0", arrived=True), "21:44", Step.MAKE),
        (OnPaper("old", "f", "0", arrived=True), "21:45", Step.REST),
        (OnPaper("old", "f", "0", arrived=False), "21:50", Step.MAKE),
        (OnPaper("new", "f", "0", arrived=False), "21:00", Step.BRING),
        (OnPaper("new", "f", "0", arrived=False), "22:00", Step.BRING),
        (OnPaper("new", "f", "0", arrived=True), "21:00", Step.LOOK),
        (OnPaper("new", "f", "0", arrived=True), "21:45", Step.REST),
    ],
)
def test_what_is_done_next(on_paper: OnPaper | None, now: str, step: Step) -> None:
    assert next_step(on_paper, "new", at(now), at("21:45"), HOUR) is step
