"""Measuring in turn: the order, the medians, and what a ratio is."""

from itertools import count

from bench.rounds import PEER, Case, measure, report


def test_ours_and_the_peer_take_turns_after_a_warm_up() -> None:
    turns: list[str] = []

    def contender(name: str, rate: float):  # type: ignore[no-untyped-def]
        return lambda _seconds: turns.append(name) or rate

    case = Case(
        "work", "things/s", contender("ours", 6.0), {PEER: contender("peer", 2.0), "other": contender("other", 3.0)}
    )
    measured = measure([case], 1.0, rounds=2, progress=False)
    assert turns == ["ours", "peer", "other"] * 3
    said = report("work", "how", measured)
    assert said.ratios == {"work": 3.0, "work_to_other": 2.0}
    assert said.rounds == 2


def test_a_ratio_is_the_median_of_the_rounds_and_not_a_ratio_of_medians() -> None:
    ours, peer = iter([0.0, 10.0, 20.0, 90.0]), iter([0.0, 10.0, 5.0, 30.0])
    case = Case("work", "things/s", lambda _: next(ours), {PEER: lambda _: next(peer)})
    said = report("work", "how", measure([case], 1.0, rounds=3, progress=False))
    assert said.ratios == {"work": 3.0}
    assert said.ratio_spread == {"work": (1.0, 4.0)}
    assert said.figures["work_ours"].value == 20.0


def test_a_bench_that_takes_far_too_long_ends_with_the_rounds_it_has() -> None:
    turns = count(1)
    case = Case("work", "things/s", lambda _: float(next(turns)))
    said = report("work", "how", measure([case], 1e-9, rounds=50, progress=False))
    assert said.rounds < 50
