"""`tillsyn deadletters`: messages that nobody could read, and what is to become of them."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from events.runtime.clock import WallClock
from events.transport import subjects
from events.transport.buried import Buried, Letter
from events.transport.dead_letters import DeadReason
from services.cli.as_service import WAIT_S, nats_as_service
from services.cli.legible import body_for_people, one_legible_line
from services.cli.output import aside, people, print_json
from services.cli.reading import Config, Data, Json, settings_for
from services.opening import opened_ledger
from services.settings import TillsynSettings
from services.tillsyn.desk.letters import DeadLetterDesk, NoSuchLetterError

FIRST_WORDS = 60
MOST = 2**63 - 1

app = typer.Typer(help="Messages that nobody could read: list, show, put back, drop.", no_args_is_help=True)

Reason = Annotated[
    DeadReason | None, typer.Option("--reason", help="Only those set aside for this.", show_default=False)
]
Number = Annotated[int, typer.Argument(metavar="ID", help="The letter's number.", min=1, max=MOST, show_default=False)]
Numbers = Annotated[
    list[int] | None, typer.Argument(metavar="ID…", help="The letters' numbers.", min=1, max=MOST, show_default=False)
]
All = Annotated[bool, typer.Option("--all", help="Every letter there is.")]
By = Annotated[UUID | None, typer.Option("--by", metavar="STAFF", help="Who asks for it.", show_default=False)]
Who = Annotated[UUID, typer.Option("--by", metavar="STAFF", help="Who throws it away.", show_default=False)]
Why = Annotated[str, typer.Option("--reason", help="Why it is not needed, in a few words.", show_default=False)]


@app.command("list")
def list_(reason: Reason = None, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Every dead letter, oldest first: its number, when (UTC), from which gateway, and why."""
    found = asyncio.run(_listed(settings_for(config, data), reason))
    if as_json:
        print_json({"letters": [_as_json(letter) for letter in found]})
    elif not found:
        people.print(f"There are no dead letters{f' for {reason.value}' if reason else ''}.")
    else:
        people.print(_table(found))


@app.command()
def show(number: Number, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """One letter, whole: headers, reason, body. What is not text is shown escaped."""
    letter = asyncio.run(_one(settings_for(config, data), number))
    if as_json:
        text = {"body": body_for_people(letter.body), "body_base64": b64encode(letter.body).decode()}
        print_json(_as_json(letter) | {"sha256": letter.sha256, "headers": dict(letter.headers)} | text)
        return
    people.print(_table([letter], whole=True))
    for name, value in letter.headers.items():
        people.print(f"[dim]{escape(one_legible_line(name))}:[/] {escape(one_legible_line(value))}", soft_wrap=True)
    people.print()
    people.print(body_for_people(letter.body), markup=False, soft_wrap=True)


@app.command()
def replay(
    numbers: Numbers = None,
    reason: Reason = None,
    every: All = False,
    by: By = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put letters back on their way in, so that the service decides them anew. Twice does no harm.

    A letter is gone only when the stream has it again. What still cannot be read comes back as a new letter.
    """
    if sum((bool(numbers), reason is not None, every)) != 1:
        raise typer.BadParameter("name letters by number, or --reason, or --all, and one of these only")
    settings = settings_for(config, data)
    done: list[int] = []
    try:
        asyncio.run(_each(settings, numbers, reason, done, lambda desk, number: desk.replay(number, by)))
    finally:
        _say("replayed", "put back", done, as_json)


@app.command()
def drop(
    numbers: Annotated[list[int], typer.Argument(metavar="ID…", help="The letters' numbers.", min=1, max=MOST)],
    why: Why,
    by: Who,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Throw letters away for good. Who did it, why, and what it was by its digest stay on record in the log."""
    done: list[int] = []
    try:
        settings = settings_for(config, data)
        asyncio.run(_each(settings, numbers, None, done, lambda desk, number: desk.drop(number, by, why)))
    finally:
        _say("dropped", "dropped", done, as_json)


async def _listed(settings: TillsynSettings, reason: DeadReason | None) -> list[Letter]:
    async with _buried(settings) as buried:
        return _chosen(await buried.letters(), reason)


async def _one(settings: TillsynSettings, number: int) -> Letter:
    async with _buried(settings) as buried:
        letter = await buried.letter(number)
    if letter is None:
        raise NoSuchLetterError(f"there is no dead letter {number}; `tillsyn deadletters list` shows those there are")
    return letter


async def _each(
    settings: TillsynSettings,
    numbers: Sequence[int] | None,
    reason: DeadReason | None,
    done: list[int],
    deal_with: Callable[[DeadLetterDesk, int], Awaitable[Letter]],
) -> None:
    """Deal with each letter; those that are `done` stay so when one fails."""
    async with opened_ledger(settings, WallClock()) as ledger, _buried(settings) as buried:
        desk = DeadLetterDesk(ledger, buried)
        chosen = list(numbers or [letter.sequence for letter in _chosen(await buried.letters(), reason)])
        if not chosen:
            raise NoSuchLetterError(f"there are no dead letters{f' for {reason.value}' if reason else ''}")
        with Progress(console=aside, transient=True, disable=not aside.is_terminal) as progress:
            for number in progress.track(dict.fromkeys(chosen), description="letters"):
                await deal_with(desk, number)
                done.append(number)


def _chosen(found: list[Letter], reason: DeadReason | None) -> list[Letter]:
    return [letter for letter in found if reason is None or letter.reason == reason.value]


@asynccontextmanager
async def _buried(settings: TillsynSettings) -> AsyncIterator[Buried]:
    """The dead letters, as the service's own user, who alone may read and write what is needed."""
    async with nats_as_service(settings, "deadletters") as client:
        yield Buried(client.jetstream(timeout=WAIT_S))


def _say(key: str, verb: str, done: list[int], as_json: bool) -> None:
    if as_json:
        print_json({key: done})
    elif done:
        people.print(f"{verb}: {', '.join(map(str, done))}", soft_wrap=True)


def _as_json(letter: Letter) -> dict[str, Any]:
    sender = _sender(letter)
    return {
        "id": letter.sequence,
        "at": letter.at.isoformat() if letter.at else None,
        "gateway": str(sender) if sender else None,
        "subject": letter.subject,
        "reason": letter.reason,
        "why": letter.why,
        "bytes": letter.size,
    }


def _table(letters: Sequence[Letter], *, whole: bool = False) -> Table:
    table = Table(title="Dead letters", title_justify="left")
    for column in ("id", "when", "from gateway", "reason", "why"):
        table.add_column(column, no_wrap=column == "when", justify="right" if column == "id" else "left")
    for letter in letters:
        sender, why = _sender(letter), one_legible_line(letter.why)
        table.add_row(
            str(letter.sequence),
            f"{letter.at:%Y-%m-%d %H:%M:%SZ}" if letter.at else "?",
            str(sender) if sender else escape(one_legible_line(letter.subject)),
            escape(one_legible_line(letter.reason)),
            escape(why if whole or len(why) <= FIRST_WORDS else f"{why[:FIRST_WORDS]}…"),
        )
    return table


def _sender(letter: Letter) -> UUID | None:
    try:
        return subjects.sender(letter.subject)[1]
    except ValueError:
        return None
