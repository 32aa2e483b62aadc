"""The key ring: what is sealed opens for the right key, event and field alone, and never again after erasure."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag

from events.base import Event
from events.keys import (
    INSTALLATION,
    BadMasterKeyError,
    KeyRing,
    KeyRow,
    LocalMasterKey,
    PersonErasedError,
    personal_fields,
)
from events.personal import Personal, Purpose, Sealed

EVA, OTTO = UUID(int=0xE7A), UUID(int=0x0770)
EVENT = UUID(int=1)


class Noted(Event, name="person.noted"):
    """A note about somebody, by somebody."""

    about: Personal[str]
    by: Personal[dict[str, int]] | None = None
    plain: str = "nothing personal"


class Table:
    """A key table in memory."""

    def __init__(self) -> None:
        self.rows: dict[UUID, KeyRow] = {}

    async def key_of(self, person: UUID, purpose: Purpose, organisation: UUID = INSTALLATION) -> KeyRow | None:
        wanted = (person, purpose, organisation)
        return next((row for row in self.rows.values() if (row.person, row.purpose, row.organisation) == wanted), None)

    async def key_by_id(self, key: UUID) -> KeyRow | None:
        return self.rows.get(key)

    async def add_key(self, row: KeyRow) -> KeyRow:
        await asyncio.sleep(0)  # let others come first
        kept = await self.key_of(row.person, row.purpose, row.organisation)
        return kept or self.rows.setdefault(row.key, row)

    async def destroy_keys(self, person: UUID, purpose: Purpose) -> int:
        row = await self.key_of(person, purpose)
        if row is not None:
            self.rows[row.key] = replace(row, wrapped=None)
        return 0 if row is None else 1


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def ring(table: Table) -> KeyRing:
    return KeyRing(LocalMasterKey(b"m" * 32), table)


def noted(about: str = "fell", person: UUID = EVA) -> Noted:
    return Noted(about=Personal.of(about, person), by=Personal.of({"shift": 7}, OTTO, Purpose.ACCESS_LOG))


async def sealed_note(ring: KeyRing) -> Noted:
    event = await ring.seal(EVENT, noted())
    assert isinstance(event, Noted)
    return event


async def test_what_was_sealed_can_be_opened(ring: KeyRing) -> None:
    event = await sealed_note(ring)

    assert await ring.reveal(EVENT, "about", event.about, str) == "fell"
    assert event.by is not None
    assert await ring.reveal(EVENT, "by", event.by, dict[str, int]) == {"shift": 7}


async def test_the_sealed_event_holds_no_clear_text_and_the_rest_unchanged(ring: KeyRing) -> None:
    event = await sealed_note(ring)

    text = event.model_dump_json()
    assert "fell" not in text
    assert b64encode(b"fell").decode()[:-2] not in text
    assert event.plain == "nothing personal"
    assert all(isinstance(content, Sealed) for content in personal_fields(event).values())


async def test_each_person_and_purpose_has_a_key_of_its_own(ring: KeyRing, table: Table) -> None:
    await ring.seal(EVENT, noted())
    await ring.seal(uuid4(), noted("slept"))
    await ring.seal(uuid4(), Noted(about=Personal.of("x", EVA, Purpose.ACCESS_LOG)))

    assert sorted((row.person, row.purpose) for row in table.rows.values()) == [
        (OTTO, Purpose.ACCESS_LOG),
        (EVA, Purpose.ACCESS_LOG),
        (EVA, Purpose.IDENTITY),
    ]


async def test_the_same_value_sealed_twice_is_not_recognisable(ring: KeyRing) -> None:
    one, two = await sealed_note(ring), await sealed_note(ring)

    assert one.about != two.about


async def test_sealing_a_sealed_event_changes_nothing(ring: KeyRing) -> None:
    event = await sealed_note(ring)

    assert await ring.seal(EVENT, event) == event


async def test_a_sealed_value_does_not_open_as_part_of_another_event(ring: KeyRing) -> None:
    event = await sealed_note(ring)

    with pytest.raises(InvalidTag):
        await ring.reveal(UUID(int=2), "about", event.about, str)


async def test_a_sealed_value_does_not_open_as_another_field(ring: KeyRing) -> None:
    event = await sealed_note(ring)

    with pytest.raises(InvalidTag):
        await ring.reveal(EVENT, "by", event.about, str)


async def test_a_sealed_value_does_not_open_under_another_persons_key(ring: KeyRing) -> None:
    event = await sealed_note(ring)
    assert event.by is not None
    forged = Personal[str](Sealed(event.by.sealed().key, event.about.sealed().ciphertext))

    with pytest.raises(InvalidTag):
        await ring.reveal(EVENT, "about", forged, str)


async def test_a_changed_ciphertext_does_not_open(ring: KeyRing) -> None:
    sealed = (await sealed_note(ring)).about.sealed()
    changed = sealed.ciphertext[:-1] + bytes([sealed.ciphertext[-1] ^ 1])

    with pytest.raises(InvalidTag):
        await ring.reveal(EVENT, "about", Personal[str](Sealed(sealed.key, changed)), str)


async def test_an_erased_person_can_neither_be_read_nor_written_of(ring: KeyRing, table: Table) -> None:
    event = await sealed_note(ring)
    await table.destroy_keys(EVA, Purpose.IDENTITY)

    with pytest.raises(PersonErasedError, match="'about' cannot be opened"):
        await ring.reveal(EVENT, "about", event.about, str)
    with pytest.raises(PersonErasedError, match="nothing more can be recorded"):
        await ring.seal(uuid4(), noted())
    assert event.by is not None
    assert await ring.reveal(EVENT, "by", event.by, dict[str, int]) == {"shift": 7}


async def test_erasing_the_identity_leaves_the_access_log_and_the_other_way_round(ring: KeyRing, table: Table) -> None:
    in_log = await ring.seal(EVENT, Noted(about=Personal.of("looked", EVA, Purpose.ACCESS_LOG)))
    assert isinstance(in_log, Noted)
    await ring.seal(uuid4(), noted())

    await table.destroy_keys(EVA, Purpose.IDENTITY)

    assert await ring.reveal(EVENT, "about", in_log.about, str) == "looked"


async def test_two_that_seal_for_a_new_person_at_once_use_one_key(ring: KeyRing, table: Table) -> None:
    first, second = await asyncio.gather(ring.seal(EVENT, noted()), ring.seal(EVENT, noted("slept")))

    for event, text in ((first, "fell"), (second, "slept")):
        assert isinstance(event, Noted)
        assert await ring.reveal(EVENT, "about", event.about, str) == text
    assert len(table.rows) == 2


async def test_another_master_key_is_told_as_such(ring: KeyRing, table: Table) -> None:
    event = await sealed_note(ring)
    stranger = KeyRing(LocalMasterKey(b"n" * 32), table)

    with pytest.raises(BadMasterKeyError, match="not the one this database was written with"):
        await stranger.reveal(EVENT, "about", event.about, str)
    with pytest.raises(BadMasterKeyError, match="not the one"):
        await stranger.seal(uuid4(), noted())


async def test_a_wrapped_key_moved_to_another_person_does_not_open(ring: KeyRing, table: Table) -> None:
    event = await sealed_note(ring)
    key = event.about.sealed().key
    table.rows[key] = replace(table.rows[key], person=OTTO)

    with pytest.raises(BadMasterKeyError):
        await ring.reveal(EVENT, "about", event.about, str)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("%%%", "not base64; make one with `openssl rand -base64 32`"),
        (b64encode(b"short").decode(), "has 5 bytes; it must be 32"),
        ("", "has 0 bytes"),
    ],
)
def test_a_malformed_master_key_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(BadMasterKeyError) as error:
        LocalMasterKey.parse(text)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_master_key_comes_from_a_file_and_a_missing_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    file.write_text(b64encode(b"m" * 32).decode() + "\n")

    wrapped = LocalMasterKey.from_file(file).wrap(b"key", b"context")

    assert LocalMasterKey(b"m" * 32).unwrap(wrapped, b"context") == b"key"
    with pytest.raises(BadMasterKeyError, match=r"other\.key: No such file"):
        LocalMasterKey.from_file(tmp_path / "other.key")


def test_each_organisation_has_a_key_of_its_own_and_the_same_every_time() -> None:
    master, ours, theirs = LocalMasterKey(b"m" * 32), uuid4(), uuid4()
    wrapped = master.of(ours).wrap(b"key", b"context")
    assert LocalMasterKey(b"m" * 32).of(ours).unwrap(wrapped, b"context") == b"key"
    for other in (master.of(theirs), master, LocalMasterKey(b"n" * 32).of(ours)):
        with pytest.raises(BadMasterKeyError):
            other.unwrap(wrapped, b"context")


async def test_what_was_sealed_before_there_were_organisations_stays_readable(ring: KeyRing, table: Table) -> None:
    of_old = await ring.seal(EVENT, noted())
    of_now = await ring.seal(EVENT, noted(), uuid4())
    assert [await ring.reveal(EVENT, "about", event.about, str) for event in (of_old, of_now)] == ["fell", "fell"]  # type: ignore[attr-defined]
    assert of_old.about.sealed().key != of_now.about.sealed().key  # type: ignore[attr-defined]


async def test_who_works_for_two_organisations_has_a_key_in_each(ring: KeyRing, table: Table) -> None:
    ours, theirs = uuid4(), uuid4()
    for organisation in (ours, theirs, ours):
        await ring.seal(uuid4(), noted(), organisation)
    assert sorted(row.organisation for row in table.rows.values() if row.person == EVA) == sorted([ours, theirs])
