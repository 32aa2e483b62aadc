"""Dates and times as people give them, of the years of a roster: the noon after the last night must be a date too."""

from datetime import date, datetime
from typing import Annotated

import typer

from services.registering.roster import YEARS

AS_DATE, AS_TIME = "2026-11-03", "2026-11-03T22:00"


def a_date(text: str | date) -> date:
    """The date in `text`, or a date, as an option's own default is; BadParameter says what it should look like."""
    if isinstance(text, date):
        return text
    return _within(_read(text, "%Y-%m-%d", AS_DATE), text).date()


def an_instant(text: str) -> datetime:
    """The wall-clock time in `text`, without a zone; BadParameter says what it should look like."""
    return _within(_read(text, "%Y-%m-%dT%H:%M", AS_TIME), text)


def _read(text: str, form: str, example: str) -> datetime:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - what a clock on the wall shows
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no such time; write it as {example}") from None


def _within(at: datetime, text: str) -> datetime:
    if at.year not in YEARS:
        raise typer.BadParameter(f"{text!r} is out of reach; the years are {YEARS[0]} to {YEARS[-1]}")
    return at


Day = Annotated[date, typer.Argument(parser=a_date, metavar="DATE", help="The date the night begins on.")]
At = Annotated[
    datetime | None,
    typer.Option(
        parser=an_instant, metavar="TIME", help=f"Judge as of this time, UTC ({AS_TIME}); else now.", show_default=False
    ),
]
