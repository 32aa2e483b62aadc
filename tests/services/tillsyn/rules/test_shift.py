"""Shifts: who is to work in a night, who is there, and handing over.

A machine plays whole nights of coming and going.
"""

from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from events.base import Event
from events.types.shift import RosterSource, ShiftEntered, SignedIn, SignedOut, Unstaffed
from services.tillsyn import shift as shifts
from services.tillsyn.refused import RefusedError
from services.tillsyn.shift import CheckStaffed, EnterShift, RemoveShift, Shift, SignIn, SignOut
from services.tillsyn.shift.errors import (
    HandsOverToOneselfError,
    NoSuchShiftError,
    NotInAFittingRoleError,
    NotSignedInError,
    ShiftEndsBeforeItBeginsError,
    ShiftOutsideTheNightError,
    ShiftsOverlapError,
)
from tests.builders import ANNA, BERTIL, NIGHT, PATROL, UNIT, after, an_id, at, folded, minutes

ENTER = EnterShift(UNIT, NIGHT, ANNA, "night-staff", at("21:00"), at("07:00"), RosterSource.ENTERED)
CHECK = CheckStaffed(UNIT, NIGHT, at("22:00"), frozenset({"night-staff"}))


def come(staff: object, role: str = "night-staff") -> SignIn:
    return SignIn(UNIT, NIGHT, staff, role)  # type: ignore[arg-type]


def a_shift(*commands: shifts.Command) -> Shift:
    return after(shifts, shifts.EMPTY, *commands)


def decided(state: Shift, command: shifts.Command) -> list[Event]:
    return list(shifts.decide(state, command))


def test_a_line_of_the_roster_entered_twice_stands_once() -> None:
    (entered,) = decided(shifts.EMPTY, ENTER)
    assert isinstance(entered, ShiftEntered)
    assert decided(a_shift(ENTER), replace(ENTER, source=RosterSource.IMPORTED)) == []


def test_a_line_of_the_roster_that_was_removed_can_be_entered_again() -> None:
    (entered,) = decided(shifts.EMPTY, ENTER)
    assert isinstance(entered, ShiftEntered)
    remove = RemoveShift(entered.shift)
    assert a_shift(ENTER, remove).roster == {}
    assert decided(a_shift(ENTER, remove), ENTER) == [entered]
    with pytest.raises(NoSuchShiftError):
        decided(a_shift(ENTER, remove), remove)


@pytest.mark.parametrize(
    ("command", "rule_"),
    [
        (replace(ENTER, ends_at=at("21:00")), ShiftEndsBeforeItBeginsError),
        (replace(ENTER, ends_at=at("20:00")), ShiftEndsBeforeItBeginsError),
        (replace(ENTER, ends_at=at("21:00") + minutes(26 * 60)), ShiftOutsideTheNightError),
        (replace(ENTER, starts_at=at("06:59")), ShiftsOverlapError),
    ],
)
def test_a_line_of_the_roster_that_makes_no_sense_is_refused(command: EnterShift, rule_: type[RefusedError]) -> None:
    with pytest.raises(rule_):
        decided(a_shift(ENTER), command)


def test_one_shift_may_begin_when_the_other_ends() -> None:
    assert decided(a_shift(ENTER), replace(ENTER, starts_at=at("07:00"), ends_at=at("11:00")))


def test_signing_in_twice_counts_once_and_signing_in_to_another_role_is_news() -> None:
    assert decided(a_shift(come(ANNA)), come(ANNA)) == []
    assert decided(a_shift(come(ANNA)), come(ANNA, "patrol")) == [
        SignedIn(unit=UNIT, night=NIGHT, staff=ANNA, role="patrol")
    ]


def test_whoever_goes_can_hand_over_by_name_to_a_colleague_who_is_there() -> None:
    there = a_shift(come(ANNA), come(BERTIL))
    assert decided(there, SignOut(ANNA, BERTIL)) == [SignedOut(unit=UNIT, night=NIGHT, staff=ANNA, to=BERTIL)]
    assert decided(there, SignOut(ANNA)) == [SignedOut(unit=UNIT, night=NIGHT, staff=ANNA, to=None)]


def test_signing_out_twice_counts_once() -> None:
    assert decided(a_shift(come(ANNA), SignOut(ANNA)), SignOut(ANNA)) == []


@pytest.mark.parametrize(
    ("command", "rule_"),
    [
        (SignOut(an_id("somebody")), NotSignedInError),
        (SignOut(ANNA, an_id("somebody")), NotSignedInError),
        (SignOut(ANNA, PATROL), NotInAFittingRoleError),
        (SignOut(ANNA, ANNA), HandsOverToOneselfError),
    ],
)
def test_nobody_hands_over_to_themselves_or_to_somebody_not_there_or_in_another_role(
    command: SignOut, rule_: type[RefusedError]
) -> None:
    with pytest.raises(rule_):
        decided(a_shift(come(ANNA), come(BERTIL), come(PATROL, "patrol")), command)


def test_that_nobody_is_there_is_said_once_until_somebody_has_come_and_gone() -> None:
    unstaffed = Unstaffed(unit=UNIT, night=NIGHT, first_slot_at=at("22:00"))
    assert decided(shifts.EMPTY, CHECK) == [unstaffed]
    assert decided(a_shift(CHECK), CHECK) == []
    assert decided(a_shift(CHECK, come(ANNA)), CHECK) == []
    assert decided(a_shift(CHECK, come(ANNA), SignOut(ANNA)), CHECK) == [unstaffed]


def test_a_patrol_alone_leaves_the_screen_unwatched() -> None:
    assert decided(a_shift(come(PATROL, "patrol")), CHECK)


class NightsAtWork(RuleBasedStateMachine):
    """People come, go and hand over in any order; every command is given twice."""

    people = st.sampled_from([ANNA, BERTIL, PATROL])

    def __init__(self) -> None:
        super().__init__()
        self.shift = shifts.EMPTY
        self.told = 0

    def ask(self, command: shifts.Command) -> list[Event]:
        before = self.shift
        try:
            events = decided(self.shift, command)
        except RefusedError:
            assert self.shift == before
            return []
        self.shift = folded(shifts, self.shift, events)
        if not (isinstance(command, SignOut) and command.to is not None):  # who was handed to may have gone meanwhile
            assert decided(self.shift, command) == []
        return events

    @rule(who=people, role=st.sampled_from(["night-staff", "patrol"]))
    def somebody_comes(self, who: object, role: str) -> None:
        self.ask(come(who, role))

    @rule(who=people, to=st.none() | people)
    def somebody_goes(self, who: object, to: object) -> None:
        there = dict(self.shift.signed_in)
        for event in self.ask(SignOut(who, to)):  # type: ignore[arg-type]
            assert isinstance(event, SignedOut)
            assert event.to is None or there[event.to] == there[event.staff]
            assert event.staff not in self.shift.signed_in

    @rule()
    def the_watch_looks(self) -> None:
        nobody = "night-staff" not in self.shift.signed_in.values()
        known = self.shift.unstaffed
        assert bool(self.ask(CHECK)) == (nobody and not known)

    @invariant()
    def nobody_is_both_there_and_gone(self) -> None:
        assert not self.shift.gone & set(self.shift.signed_in)


TestNightsAtWork = NightsAtWork.TestCase
