"""The inbox: a message is consumed once, together with what it led to."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from events.store import AlreadyConsumedError, ConflictError, EventStore
from tests.events.store.builders import NOW, Time, all_of, append, places, write
from tests.events.store.conftest import OpenStore


async def test_a_message_is_consumed_once(store: EventStore) -> None:
    message, fresh = uuid4(), uuid4()
    await store.append(append(write("a"), inbox=(message,)))

    with pytest.raises(AlreadyConsumedError) as caught:
        await store.append(append(write("b"), inbox=(fresh, message)))

    assert caught.value.ids == (message,)
    assert places(await all_of(store)) == [("a", 1)]
    assert await store.consumed([message, fresh]) == {message}


async def test_a_repeated_message_is_told_from_a_conflict(store: EventStore) -> None:
    message = uuid4()
    await store.append(append(write("a"), inbox=(message,)))

    with pytest.raises(AlreadyConsumedError):
        await store.append(append(write("a", expected=0), inbox=(message,)))


async def test_a_message_whose_events_are_refused_is_not_consumed(store: EventStore) -> None:
    message = uuid4()
    with pytest.raises(ConflictError):
        await store.append(append(write("a", expected=7), inbox=(message,)))

    assert await store.consumed([message]) == frozenset()
    await store.append(append(write("a"), inbox=(message,)))


async def test_a_message_that_leads_to_nothing_is_consumed_all_the_same(store: EventStore) -> None:
    message = uuid4()
    await store.append(append(inbox=(message,)))

    assert await store.consumed([message]) == {message}


async def test_a_message_named_twice_in_one_append_counts_once(store: EventStore) -> None:
    message = uuid4()
    await store.append(append(inbox=(message, message)))

    assert await store.consumed([message]) == {message}
    assert await store.consumed([]) == frozenset()


async def test_a_message_that_two_processes_consume_at_once_is_consumed_once(opened: OpenStore, url: str) -> None:
    stores = [await opened(url) for _ in range(2)]
    for number in range(15):
        message = uuid4()
        rivals = [store.append(append(write(f"s{number}-{n}"), inbox=(message,))) for n, store in enumerate(stores)]

        outcomes = await asyncio.gather(*rivals, return_exceptions=True)

        assert {type(outcome) for outcome in outcomes} == {tuple, AlreadyConsumedError}
    assert len(await all_of(stores[0])) == 15


async def test_messages_are_forgotten_by_age(store: EventStore, time: Time) -> None:
    old, young = uuid4(), uuid4()
    await store.append(append(inbox=(old,)))
    time.pass_by(3600)
    await store.append(append(inbox=(young,)))

    assert await store.forget_consumed(NOW + timedelta(minutes=30)) == 1
    assert await store.consumed([old, young]) == {young}
