"""One night of eight homes: every twist is told, nothing is broken, no name lies anywhere, nothing hangs on keys."""

from pathlib import Path
from uuid import UUID

from events.personal import Purpose
from events.types import home as home_events
from events.types import recipient as recipient_events
from services.tillsyn.invariants import RULES, read_world
from tests.night.nights import Played, found_in, require_sound


def test_a_night_of_eight_homes_ends_well_and_every_twist_is_told(played: Played) -> None:
    require_sound(played)
    figures = played.summary
    assert {"concern", "not-seen", "camera-unreachable", "no-usable-picture"} >= set(figures.escalated)
    assert figures.escalated["concern"] == 1
    assert figures.second_looks >= 1
    assert figures.cancelled >= 1
    assert figures.completed_by_visit >= 1
    assert figures.visits >= sum(figures.escalated.values())


def test_no_name_and_no_address_lies_in_any_file_or_log_line(played: Played) -> None:
    searched = {file.name for file in played.folder.rglob("*") if file.is_file()}
    assert "tillsyn.db" in searched
    assert any(name.endswith(".blk") for name in searched), "the streams of NATS are among what is searched"
    assert played.logged

    assert found_in(played.folder, played.names(), played.logged.encode()) == []


def test_the_search_would_find_them(played: Played, tmp_path: Path) -> None:
    name, address = played.script.homes[0].name, played.script.homes[0].address
    (tmp_path / "a.db-wal").write_bytes(b"\x00\x17" + name.encode() + b"\xff")
    (tmp_path / "b.blk").write_bytes(b'{"address": "' + address.encode("ascii", "backslashreplace") + b'"}')
    hidden = b'{"name": "Gunvor \\u00d6hrn"}'

    places = {Path(where).name for where, _ in found_in(tmp_path, played.names(), b"at " + address.encode())}
    assert places >= {"a.db-wal", "log lines"}
    assert found_in(tmp_path, ["Gunvor Öhrn"], hidden) == [("log lines", "Gunvor Öhrn")]


async def test_what_is_folded_is_the_same_when_every_key_is_destroyed(played: Played) -> None:
    async with await played.store() as store:
        before = await read_world(store, played.ended)
        people: set[UUID] = set()
        for history in before.histories.values():
            for recorded in history:
                if isinstance(recorded.event, recipient_events.RecipientRegistered):
                    people.add(recorded.event.recipient)
                if isinstance(recorded.event, home_events.HomeRegistered):
                    people.add(recorded.event.home)
        people |= {*played.script.staff, *played.script.patrols}

        destroyed = 0
        for person in people:
            for purpose in Purpose:
                destroyed += await store.destroy_keys(person, purpose)

        after = await read_world(store, played.ended)
        assert destroyed >= len(people)
        assert after == before
        assert [breach for rule in RULES for breach in rule.check(after) if not breach.late] == []
