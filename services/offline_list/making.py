"""Making one list: opened, typeset, encrypted in memory, and on record before it leaves this process."""

import asyncio
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from pydantic import SecretStr

from events.base import Event
from events.envelope import Owner
from events.schedule import zone_named
from events.store import Fence, queries
from events.types.paper import OfflineListMade
from services.offline_list.entries import entry_of
from services.offline_list.lists import PatrolList, lists_of
from services.offline_list.opened import OpenedLine, open_list
from services.offline_list.page import page_of
from services.offline_list.sealing import seal
from services.offline_list.table import table_of
from services.offline_list.words import WORDS, Language
from services.tillsyn.desk.who import system
from services.tillsyn.kinds import PAPER
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.paper import stream_of
from services.tillsyn.refused import RefusedError

ACTOR = "offline-list"


class NoPasswordError(RefusedError):
    """The list of this patrol has no password, and does not leave without one."""


@dataclass(frozen=True, slots=True, repr=False)
class MadeList:
    """A list that is made: its file's name, the encrypted bytes, and their SHA-256 in hex."""

    file: str
    data: bytes
    sha256: str


class Maker:
    """Makes lists under the configured passwords, in one language."""

    def __init__(self, ledger: Ledger, passwords: Mapping[UUID, SecretStr], language: Language) -> None:
        self._ledger = ledger
        self._passwords = passwords
        self._language = language

    async def read(self, unit: queries.UnitRow, night: date) -> tuple[PatrolList, ...]:
        """The lists of the unit's night, sealed as the read models have them."""
        store = self._ledger.store
        patrols = await store.query(queries.paper_patrols, unit.id)
        rows = await store.query(queries.paper_rows, unit.id, night)
        without = await store.query(queries.paper_rows_without_slots, unit.id, night)
        return lists_of(unit, night, patrols, [*rows, *without])

    def password_of(self, unit: UUID, patrol: UUID | None) -> str:
        """NoPasswordError when there is none."""
        whose = patrol or unit
        if whose not in self._passwords:
            kind = "patrol" if patrol else "unit"
            raise NoPasswordError(f"no password for {kind} {whose}; set one in offline_passwords or its file")
        return self._passwords[whose].get_secret_value()

    async def make(self, one: PatrolList, fence: Fence | None = None) -> MadeList:
        """The encrypted file, put on record. NoPasswordError; FencedError when somebody else has the lease by now."""
        password = self.password_of(one.unit, one.patrol)
        opened = await open_list(self._ledger.keys, one)
        now = self._ledger.clock.now()
        data = await asyncio.to_thread(self._file, one, opened, now, password)
        made = MadeList(file_name(one), data, sha256(data).hexdigest())
        event = OfflineListMade(
            unit=one.unit,
            night=one.night,
            patrol=one.patrol,
            edition=one.edition,
            file=made.file,
            persons=one.persons,
            checks=len(one.checks),
            size=len(data),
            sha256=made.sha256,
        )
        await record(self._ledger, Owner(one.organisation, one.unit), one.night, event, fence)
        return made

    def _file(self, one: PatrolList, opened: tuple[OpenedLine, ...], now: datetime, password: str) -> bytes:
        words, zone = WORDS[self._language], zone_named(one.zone)
        entries = [entry_of(line, words, zone) for line in opened]
        pdf = page_of(one, entries, now.astimezone(zone), words, self._language)
        table = f"{file_name(one).removesuffix('.pdf')}.csv", table_of(entries, words)
        return seal(pdf, table, password)


async def record(ledger: Ledger, owner: Owner, night: date, event: Event, fence: Fence | None = None) -> None:
    """Put an event of a night's lists on record, by the machinery's own name."""

    async def use_case(tx: Transaction) -> None:
        tx.fence = fence
        stream = await tx.load(PAPER, stream_of(owner.unit, night))
        context = system(ACTOR, owner, ledger.clock.now(), ledger.ids.thing())
        tx.record(stream, [event], context)

    await ledger.transact(use_case)


def file_name(one: PatrolList) -> str:
    """`tillsyn-<night>-<the car's name>-<the beginning of its id>.pdf`: found by a person, and told apart."""
    plain = unicodedata.normalize("NFKD", one.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "lista"
    return f"tillsyn-{one.night}-{slug[:60]}-{str(one.patrol or one.unit)[:8]}.pdf"
