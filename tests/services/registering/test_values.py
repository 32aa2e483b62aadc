"""What cells say: whatever way a Swedish list or Excel writes a date, a time or a number, it is the same one."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registering.paper import values
from services.registering.paper.values import EXCEL_EPOCH, Cell, Read

seconds_of_day = st.integers(0, 24 * 3600 - 1)
days = st.dates(date(1960, 1, 1), date(2100, 12, 31))
whole_times = st.times().map(lambda at: at.replace(microsecond=0))


@given(whole_times)
def test_a_time_with_a_colon_or_a_point_is_that_time(at: time) -> None:
    for form in ("%H:%M:%S", "%H.%M.%S"):
        assert values.wall_time(at.strftime(form)) == at
    short = at.replace(second=0)
    assert values.wall_time(f" {short.hour}:{short.minute:02} ") == short
    assert values.wall_time(f"{short.hour}.{short.minute:02}") == short


@given(whole_times)
def test_a_fraction_of_a_day_is_that_time_to_the_second(at: time) -> None:
    fraction = (at.hour * 3600 + at.minute * 60 + at.second) / 86400

    assert values.wall_time(fraction) == at
    assert values.wall_time(timedelta(days=fraction)) == at
    assert values.wall_time(at) == at
    if fraction >= 0.001:
        assert values.wall_time(f"{fraction:.10f}".replace(".", ",")) == at


@given(days)
def test_a_date_in_writing_as_a_cell_or_as_excels_number_is_that_date(day: date) -> None:
    serial = (day - EXCEL_EPOCH).days
    forms: tuple[Cell, ...] = (
        day.isoformat(),
        day.strftime("%Y%m%d"),
        f"{day} 00:00:00",
        day,
        datetime.combine(day, time()),
        float(serial),
        serial,
    )
    assert {values.day(form) for form in forms} == {day}


@given(st.floats(-1e6, 1e6).map(lambda number: round(number, 4)))
def test_a_decimal_with_a_comma_or_a_point_is_that_number(number: float) -> None:
    written = f"{number:.4f}"

    assert values.decimal(written) == number
    assert values.decimal(written.replace(".", ",")) == number
    assert values.decimal(number) == number


@given(st.text() | st.floats() | st.booleans() | st.integers() | st.datetimes() | st.dates() | st.timedeltas())
def test_a_cell_is_read_or_refused_in_one_line_whatever_it_holds(cell: Cell) -> None:
    readers: tuple[Read, ...] = (values.day, values.wall_time, values.decimal, values.whole, values.minutes, values.yes)
    said: list[str] = []
    for read in (values.text, values.key, *readers):
        try:
            read(cell)
        except ValueError as error:
            said.append(str(error))
    assert not any("\n" in line for line in said)


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (values.wall_time, "25:10"),
        (values.wall_time, "2"),
        (values.wall_time, 22.3),
        (values.wall_time, 2.05),
        (values.wall_time, True),
        (values.day, "2026-02-30"),
        (values.day, "3/11 2026"),
        (values.day, datetime(2026, 11, 3, 2, 5)),  # noqa: DTZ001 - as Excel has it
        (values.day, 17),
        (values.decimal, "1 000"),
        (values.decimal, ""),
        (values.whole, "2,5"),
        (values.yes, "kanske"),
        (values.minutes, "en kvart"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused(read: Read, cell: Cell) -> None:
    with pytest.raises(ValueError, match=r"write"):
        read(cell)


def test_yes_and_no_are_said_in_many_ways() -> None:
    assert all(values.yes(cell) for cell in ("ja", "Ja ", "X", "yes", True, 1.0, 1))
    assert not any(values.yes(cell) for cell in ("nej", "NEJ", "no", "-", False, 0.0, 0))


def test_a_key_is_the_same_in_a_number_cell_and_in_writing() -> None:
    assert values.key(1001.0) == values.key(1001) == values.key(" 1001 ") == "1001"
    assert values.key("B17") == values.key("b17")
    assert values.key("0017") != values.key("17")


@pytest.mark.parametrize(
    "heading", ["Öppnar min före", "oppnar_min_fore", " ÖPPNAR  MIN-FÖRE:", "O\u0308ppnar min fo\u0308re"]
)
def test_a_heading_is_known_without_regard_to_capitals_blanks_and_diacritics(heading: str) -> None:
    assert values.folded(heading) == "oppnarminfore"
