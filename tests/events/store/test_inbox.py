"""The inbox: a message is consumed once, together with what it led to."""

from uuid import uuid4

import pytest

from events.store import AlreadyConsumedError, ConflictError, EventStore
from tests.events.store.builders import all_of, append, places, write


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
