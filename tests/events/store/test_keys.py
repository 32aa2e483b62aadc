"""The key table, and that nothing personal is ever stored in clear."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from events.envelope import NewEvent
from events.keys import INSTALLATION, KeyRing, KeyRow, LocalMasterKey, PersonErasedError
from events.personal import Personal, PersonalNotSealedError, Purpose
from events.store import EventStore, StreamWrite
from events.types.recipient import RecipientRegistered
from tests.events.store.builders import Deed, all_of, append, places, write
from tests.events.store.conftest import OpenStore

MASTER = LocalMasterKey(bytes(32))


def registered(name: Personal[str]) -> NewEvent:
    event = RecipientRegistered(recipient=uuid4(), home=uuid4(), unit=uuid4(), name=name)
    return NewEvent(uuid4(), event, Deed().new().context)


async def test_a_key_is_found_by_person_and_by_its_id(store: EventStore) -> None:
    row = KeyRow(uuid4(), uuid4(), Purpose.IDENTITY, b"\x00wrapped\xff")

    assert await store.add_key(row) == row
    assert await store.key_of(row.person, Purpose.IDENTITY) == row
    assert await store.key_by_id(row.key) == row
    assert await store.key_of(row.person, Purpose.ACCESS_LOG) is None
    assert await store.key_by_id(uuid4()) is None


async def test_a_person_has_one_key_for_a_purpose_and_the_first_is_kept(store: EventStore) -> None:
    person = uuid4()
    first = KeyRow(uuid4(), person, Purpose.IDENTITY, b"first")
    other_purpose = KeyRow(uuid4(), person, Purpose.ACCESS_LOG, b"other")

    await store.add_key(first)

    assert await store.add_key(KeyRow(uuid4(), person, Purpose.IDENTITY, b"second")) == first
    assert await store.add_key(other_purpose) == other_purpose


async def test_a_destroyed_key_is_gone_and_no_new_one_takes_its_place(store: EventStore) -> None:
    row = KeyRow(uuid4(), uuid4(), Purpose.IDENTITY, b"wrapped")
    await store.add_key(row)

    assert await store.destroy_keys(row.person, Purpose.IDENTITY) == 1
    assert await store.destroy_keys(row.person, Purpose.IDENTITY) == 0
    gone = KeyRow(row.key, row.person, Purpose.IDENTITY, None)
    assert await store.key_by_id(row.key) == gone
    assert await store.add_key(KeyRow(uuid4(), row.person, Purpose.IDENTITY, b"new")) == gone


async def test_each_organisation_keeps_a_key_of_its_own_and_all_are_destroyed_together(store: EventStore) -> None:
    person, ours, theirs = uuid4(), uuid4(), uuid4()
    rows = [KeyRow(uuid4(), person, Purpose.IDENTITY, b"wrapped", one) for one in (INSTALLATION, ours, theirs)]
    for row in rows:
        assert await store.add_key(row) == row
        assert await store.add_key(replace(row, key=uuid4())) == row
        assert await store.key_by_id(row.key) == row
        assert await store.key_of(person, Purpose.IDENTITY, row.organisation) == row

    assert await store.destroy_keys(person, Purpose.IDENTITY) == 3

    for row in rows:
        assert await store.key_by_id(row.key) == replace(row, wrapped=None)


async def test_who_is_erased_gets_no_key_in_an_organisation_that_had_none(store: EventStore) -> None:
    person = uuid4()
    await store.destroy_keys(person, Purpose.IDENTITY)
    kept = await store.add_key(KeyRow(uuid4(), person, Purpose.IDENTITY, b"wrapped", uuid4()))
    assert kept.wrapped is None


async def test_a_destroyed_key_is_overwritten_in_the_file(opened: OpenStore, sqlite_url: str) -> None:
    wrapped = b"a wrapped key that nobody may ever find again"
    store = await opened(sqlite_url)
    row = await store.add_key(KeyRow(uuid4(), uuid4(), Purpose.IDENTITY, wrapped))
    await store.destroy_keys(row.person, Purpose.IDENTITY)

    for file in Path(str(make_url(sqlite_url).database)).parent.glob("log.db*"):
        assert wrapped not in file.read_bytes(), file.name


async def test_a_personal_field_is_sealed_stored_read_and_revealed(store: EventStore) -> None:
    ring, person = KeyRing(MASTER, store), uuid4()
    new = registered(Personal.of("Greta Ek", person))
    sealed = NewEvent(new.id, await ring.seal(new.id, new.event), new.context)
    await store.append(append(StreamWrite("recipient", 0, (sealed,))))

    (stored,) = await store.read("recipient")

    assert isinstance(stored.event, RecipientRegistered)
    assert await ring.reveal(stored.id, "name", stored.event.name, str) == "Greta Ek"
    await store.destroy_keys(person, Purpose.IDENTITY)
    with pytest.raises(PersonErasedError):
        await ring.reveal(stored.id, "name", stored.event.name, str)
    assert (await store.load("recipient"))[1] == [stored.event]


async def test_a_personal_field_in_clear_is_refused_and_nothing_is_stored(store: EventStore) -> None:
    careless = registered(Personal.of("Greta Ek", uuid4()))

    with pytest.raises(PersonalNotSealedError, match=r"RecipientRegistered\.name is still in clear"):
        await store.append(append(write("a"), StreamWrite("recipient", 0, (careless,))))

    assert places(await all_of(store)) == []
