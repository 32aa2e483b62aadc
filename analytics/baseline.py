"""What one night visit would have taken without cameras, and where that is known from. Every number is an input."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class BadBaselineError(ValueError):
    """A baseline lacks a number, or has one that no visit can have. The message names it and the value."""


class UnknownProfileError(LookupError):
    """No profile has this name."""


def exact(value: object) -> Fraction:
    """A number as it is written: `20`, `1.5`, `"11/9"`. A float is taken for the decimal that it prints as.

    Raises ValueError for anything that is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal | Fraction):
        raise ValueError(f"{value!r} is no number")
    try:
        return Fraction(str(value) if isinstance(value, float) else value)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise ValueError(f"{value!r} is no finite number; write 20, 1.5 or 11/9") from None


Exact = Annotated[Fraction, BeforeValidator(exact)]


class Baseline(BaseModel):
    """One physical night visit (*nolläge*), all in: minutes of everybody who goes, driving included, and kilometres.

    The bounds are no opinion of what is dear; they catch numbers in the wrong unit (seconds for minutes, öre for
    kronor, a year's kilometres for a visit's).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    illustrative: bool
    """True where the numbers are somebody else's or worked backwards: shown wherever its figures are shown."""
    source: Annotated[str, Field(min_length=1)]
    """Where the numbers come from, in words, for whoever has to defend them."""
    person_minutes: Annotated[Exact, Field(gt=0, le=480)]
    """Minutes × people, a visit, on site and on the way."""
    sek_per_hour: Annotated[Exact, Field(gt=0, le=5_000)]
    """Kronor for one person's hour."""
    kilometres: Annotated[Exact, Field(ge=0, le=500)]
    """Kilometres driven, a visit."""
    sek_per_kilometre: Annotated[Exact, Field(ge=0, le=100)]
    """Kronor for one kilometre, beyond the wages of those in the car."""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Self:
        """From a table in a file or a form; BadBaselineError says in one sentence what is wrong with it."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name, field = values.get("name", "unnamed"), ".".join(str(part) for part in first["loc"])
            value = "" if first["type"] == "missing" else f" (it is {first['input']!r})"
            raise BadBaselineError(f"the baseline {name!r} cannot be used: {field}: {first['msg']}{value}") from None


BOTKYRKA_DERIVED = Baseline(
    name="botkyrka-derived",
    illustrative=True,
    source=(
        "Worked backwards from what Botkyrka told in November 2020 of its trial from 2019: 9 000 digital checks, "
        "0.9 Mkr of wages and 11 000 km, thus 100 kr and 11/9 km a check. 20 person-minutes at 300 kr an hour is one "
        "way to arrive at 100 kr; Botkyrka has not published it. No cost of kilometres is known, so none is counted. "
        "Replace it with the unit's own numbers before anything is decided on it."
    ),
    person_minutes=Fraction(20),
    sek_per_hour=Fraction(300),
    kilometres=Fraction(11, 9),
    sek_per_kilometre=Fraction(0),
)

PROFILES: Mapping[str, Baseline] = MappingProxyType({BOTKYRKA_DERIVED.name: BOTKYRKA_DERIVED})
"""The baselines that come with the project, by name."""


def profile(name: str) -> Baseline:
    """The baseline of that name; UnknownProfileError names those there are."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfileError(f"no baseline is called {name!r}; there is {', '.join(sorted(PROFILES))}") from None
