"""Measuring in turn: ours, the peer, ours, the peer, so that whatever else the machine does falls on both."""

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.report import Figure, Machine, Report

ROUNDS = 5
OURS, PEER = "ours", "peer"
MOST_SECONDS = 600.0
PATIENCE = 1.5
"""A bench that takes so many times as long as asked ends after fewer rounds, with what it has."""

Contender = Callable[[float], float]
"""Works for about so many seconds; says how much it did in a second."""


class BadScaleError(ValueError):
    """A bench was asked to take no time, or for ever."""


@dataclass(frozen=True, slots=True)
class Case:
    """The same work done by us and by others. The first of `others` is the peer as it comes."""

    name: str
    unit: str
    ours: Contender
    others: Mapping[str, Contender] = field(default_factory=dict)

    @property
    def contenders(self) -> dict[str, Contender]:
        """All of them, ours first."""
        return {OURS: self.ours, **self.others}


@dataclass(slots=True)
class Measured:
    """The rates of a case's contenders, one a round."""

    case: Case
    rates: dict[str, list[float]]

    def figures(self) -> dict[str, Figure]:
        """The median of each contender."""
        return {
            f"{self.case.name}_{name}": Figure(value=_significant(statistics.median(rates)), unit=self.case.unit)
            for name, rates in self.rates.items()
        }

    def ratios(self) -> dict[str, list[float]]:
        """Ours ÷ each other's, round by round."""
        return {
            self.case.name if name == PEER else f"{self.case.name}_to_{name}": [
                ours / theirs for ours, theirs in zip(self.rates[OURS], rates, strict=True)
            ]
            for name, rates in self.rates.items()
            if name != OURS
        }


def measure(
    cases: Sequence[Case], seconds: float, *, rounds: int = ROUNDS, progress: bool | None = None
) -> list[Measured]:
    """Each case in `rounds` rounds that take about `seconds` in all, after a short warm-up that is not counted.

    `progress` shows a bar on standard error; None: where that is a terminal.
    """
    turns = [
        (measured, name) for measured in [Measured(case, {}) for case in cases] for name in measured.case.contenders
    ]
    slice_s = seconds / (len(turns) * (rounds + 0.5))
    with _bar(sys.stderr.isatty() if progress is None else progress) as bar:
        task = bar.add_task("warming up", total=len(turns) * (rounds + 1))
        began = time.perf_counter()
        for number in range(rounds + 1):
            if number > 1 and time.perf_counter() - began > PATIENCE * seconds:
                break
            for measured, name in turns:
                bar.update(task, description=f"{measured.case.name}: {name}")
                rate = measured.case.contenders[name](slice_s if number else slice_s / 2)
                if number:
                    measured.rates.setdefault(name, []).append(rate)
                bar.advance(task)
    return list({id(measured): measured for measured, _ in turns}.values())


def report(
    bench: str,
    how: str,
    measured: Sequence[Measured],
    *,
    figures: Mapping[str, Figure] | None = None,
    left_out: Sequence[str] = (),
) -> Report:
    """What the bench says, from what was measured and further `figures` of its own."""
    ratios = {name: rounds for one in measured for name, rounds in one.ratios().items()}
    return Report(
        bench=bench,
        how=how,
        rounds=max((len(rates) for one in measured for rates in one.rates.values()), default=0),
        figures={name: figure for one in measured for name, figure in one.figures().items()} | dict(figures or {}),
        ratios={name: round(statistics.median(rounds), 2) for name, rounds in ratios.items()},
        ratio_spread={name: (round(min(rounds), 2), round(max(rounds), 2)) for name, rounds in ratios.items()},
        left_out=tuple(left_out),
        machine=Machine.here(),
    )


def again_and_again(work: Callable[[], int]) -> Contender:
    """A contender that does `work` at least once; `work` says how much it did."""

    def rate(seconds: float) -> float:
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds or not done:
            done += work()
        return done / (time.perf_counter() - began)

    return rate


def check_scale(seconds: float) -> float:
    """`seconds`, or BadScaleError."""
    if not 0 < seconds <= MOST_SECONDS:
        raise BadScaleError(f"a bench takes between 0 and {MOST_SECONDS:.0f} seconds, not {seconds}")
    return seconds


def _bar(shown: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not shown)


def _significant(value: float) -> float:
    return float(f"{value:.4g}")
