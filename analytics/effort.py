"""What work takes: somebody's minutes, and kilometres. Exact until it is shown."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from analytics.baseline import Baseline


@dataclass(frozen=True, slots=True)
class Effort:
    """Person-minutes and kilometres. A difference may be negative."""

    person_minutes: Fraction = Fraction(0)
    kilometres: Fraction = Fraction(0)

    def __add__(self, other: Self) -> "Effort":
        return Effort(self.person_minutes + other.person_minutes, self.kilometres + other.kilometres)

    def __sub__(self, other: Self) -> "Effort":
        return Effort(self.person_minutes - other.person_minutes, self.kilometres - other.kilometres)

    def beyond(self, other: Self) -> "Effort":
        """What this takes more than `other`, minutes and kilometres each by themselves; never negative."""
        more = self - other
        return Effort(max(more.person_minutes, Fraction(0)), max(more.kilometres, Fraction(0)))

    @property
    def hours(self) -> Fraction:
        """Person-hours: person-minutes ÷ 60."""
        return self.person_minutes / 60

    def sek(self, baseline: Baseline) -> Fraction:
        """Kronor: hours × kronor an hour + kilometres × kronor a kilometre."""
        return self.hours * baseline.sek_per_hour + self.kilometres * baseline.sek_per_kilometre


def visit_effort(baseline: Baseline) -> Effort:
    """What one visit takes according to `baseline`."""
    return Effort(baseline.person_minutes, baseline.kilometres)


def rounded(figure: Fraction, places: int) -> Decimal:
    """`figure` as a person reads it, halves away from zero. For showing only: sums are taken of exact figures."""
    scaled = abs(figure) * 10**places
    units = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(units if figure >= 0 else -units).scaleb(-places)
