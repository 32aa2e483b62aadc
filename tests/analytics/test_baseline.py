"""Baselines: exact numbers with a source, and one clear sentence for a wrong one."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from analytics import BOTKYRKA_DERIVED, BadBaselineError, Baseline, UnknownProfileError, profile

GOOD: dict[str, Any] = {
    "name": "ours",
    "illustrative": False,
    "source": "time study of week 45, unit Norr",
    "person_minutes": 24,
    "sek_per_hour": "412.50",
    "kilometres": "11/9",
    "sek_per_kilometre": 2.5,
}


def test_numbers_are_kept_as_they_are_written() -> None:
    baseline = Baseline.parse(GOOD | {"sek_per_kilometre": 0.1})
    assert (baseline.sek_per_hour, baseline.kilometres) == (Fraction(825, 2), Fraction(11, 9))
    assert baseline.sek_per_kilometre == Fraction(1, 10)
    assert Baseline.parse(GOOD | {"person_minutes": Decimal("9.7")}).person_minutes == Fraction(97, 10)


def test_a_baseline_survives_json() -> None:
    assert Baseline.model_validate_json(BOTKYRKA_DERIVED.model_dump_json()) == BOTKYRKA_DERIVED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("person_minutes", 0),
        ("person_minutes", -20),
        ("person_minutes", 1200),  # seconds for minutes
        ("person_minutes", float("nan")),
        ("sek_per_hour", 30000),  # öre for kronor
        ("sek_per_hour", 0),
        ("sek_per_hour", "three hundred"),
        ("kilometres", -1),
        ("kilometres", 11000),  # a year's
        ("kilometres", float("inf")),
        ("kilometres", "11/0"),
        ("kilometres", None),
        ("kilometres", True),
        ("sek_per_kilometre", 250),
        ("source", ""),
    ],
)
def test_an_absurd_number_is_refused_in_one_sentence(field: str, value: object) -> None:
    with pytest.raises(BadBaselineError) as refused:
        Baseline.parse(GOOD | {field: value})
    said = str(refused.value)
    assert said.startswith(f"the baseline 'ours' cannot be used: {field}: ")
    assert "\n" not in said


@pytest.mark.parametrize("field", [field for field in GOOD if field != "name"])
def test_a_missing_number_is_named(field: str) -> None:
    with pytest.raises(BadBaselineError, match=f"{field}: Field required"):
        Baseline.parse({name: value for name, value in GOOD.items() if name != field})


def test_botkyrkas_profile_says_that_it_is_derived_and_from_what() -> None:
    assert profile("botkyrka-derived") is BOTKYRKA_DERIVED
    assert BOTKYRKA_DERIVED.illustrative
    assert "not published" in BOTKYRKA_DERIVED.source


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(UnknownProfileError, match="no baseline is called 'norrtälje'; there is botkyrka-derived"):
        profile("norrtälje")
