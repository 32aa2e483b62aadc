"""An evening: a house with patrols, areas and key codes, and the loop that brings its lists somewhere."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from pypdf import PdfReader

from events.base import Event
from events.envelope import Actor, ActorKind, Context, NewEvent, Owner
from events.personal import Personal
from events.store import Append, Set, StreamWrite
from events.types.home import HomePlaced, KeyCodeEntered
from events.types.patrol import PatrolRegistered
from services.offline_list.delivering import Deliverer
from services.offline_list.making import Maker
from services.offline_list.places import Place
from services.offline_list.rounds import OfflineLists
from services.offline_list.words import Language
from tests.builders import HOME, ORGANISATION, PATROL, SECOND_PATROL, UNIT
from tests.services.tillsyn.house import House

PASSWORD = "lykta-gran-fjord-åska-41"
OTHER_PASSWORD = "Zq7!vPw2#Lm9xTk4"
PASSWORDS: Mapping[UUID, SecretStr] = {
    PATROL: SecretStr(PASSWORD),
    SECOND_PATROL: SecretStr(OTHER_PASSWORD),
    UNIT: SecretStr(PASSWORD),
}
OWNER = Owner(ORGANISATION, UNIT)


async def happened(house: House, stream: str, event: Event, **row: object) -> None:
    """Put an event on record as it is, with what it means for the home's row."""
    ledger = house.ledger
    id_ = ledger.ids.thing()
    sealed = await ledger.keys.seal(id_, event)
    if isinstance(sealed, KeyCodeEntered):
        row = {"key_code": json.dumps(sealed.code.to_json()), "key_code_event": id_}
    context = Context(Actor(ActorKind.SYSTEM, "test", "test"), OWNER, house.clock.now(), id_)
    version, _ = await house.store.load(stream)
    rows = (Set("homes", UUID(stream.removeprefix("home-")), row),) if row else ()
    await house.store.append(Append((StreamWrite(stream, version, (NewEvent(id_, sealed, context),)),), rows=rows))


async def place_home(house: House, area: str, code: str | None = None, home: UUID = HOME) -> None:
    """The home lies in `area`, and is opened with `code`."""
    await happened(house, f"home-{home}", HomePlaced(home=home, area=area), area=area)
    if code is not None:
        await happened(house, f"home-{home}", KeyCodeEntered(home=home, code=Personal.of(code, home)))


async def two_patrols(house: House) -> None:
    """Bil 1 in the north, Bil 2 in the south."""
    for place, (patrol, area) in enumerate([(PATROL, "Norr"), (SECOND_PATROL, "Söder")]):
        registered = PatrolRegistered(patrol=patrol, unit=UNIT, name=f"Bil {place + 1}", areas=(area,), place=place)
        await happened(house, f"patrol-{patrol}", registered)


def the_loop(
    house: House,
    *places: Place,
    process: str = "one",
    language: Language = Language.SWEDISH,
    passwords: Mapping[UUID, SecretStr] = PASSWORDS,
) -> OfflineLists:
    """One process's loop: an hour before, each minute, two nights kept."""
    return OfflineLists(
        house.ledger,
        Maker(house.ledger, passwords, language),
        Deliverer(house.ledger, places),
        before=timedelta(minutes=60),
        interval=timedelta(minutes=1),
        keep_nights=2,
        process=process,
    )


@asynccontextmanager
async def running(house: House, *loops: OfflineLists) -> AsyncIterator[None]:
    """The loops run, on the house's clock."""

    async def run(loop: OfflineLists) -> None:
        await house.clock.sleep_until(house.clock.now())  # from here on the clock waits for it
        await loop.run()

    tasks = [asyncio.create_task(run(loop)) for loop in loops]
    await asyncio.sleep(0)
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def text_of(sealed: bytes, password: str = PASSWORD) -> str:
    """What an independent reader (poppler) finds on the pages, or raises if it does not open."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here (Debian: poppler-utils)")
    done = subprocess.run(
        ["pdftotext", "-layout", "-upw", password, "-", "-"], input=sealed, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def table_in(sealed: bytes, password: str = PASSWORD) -> str:
    """The attached CSV."""
    [(_, [content])] = PdfReader(BytesIO(sealed), password=password).attachments.items()
    return content.decode("utf-8-sig")


def files(folder: Path) -> Sequence[str]:
    return sorted(path.name for path in folder.iterdir())


def everything_in(folder: Path) -> bytes:
    """The content of every file there, however deep."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def put_away(folder: Path) -> Path:
    """The share is gone; where it is now."""
    return folder.rename(folder.with_name("away"))


def put_back(away: Path) -> None:
    """The share is there again."""
    away.rename(away.with_name("share"))
