"""Random nights in Lord Howe, whose clocks change by half an hour."""

from hypothesis import given

from tests.night.random.drawing import plans
from tests.night.random.nights import Town, patient, play_on_sqlite, played
from tests.night.random.plan import Plan

ZONE = "Australia/Lord_Howe"


@patient
@played
@given(plan=plans(ZONE))
def test_a_random_night_in_lord_howe_keeps_what_must_never_break(town: Town, plan: Plan) -> None:
    play_on_sqlite(town(ZONE), plan)
