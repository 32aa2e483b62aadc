"""Leases and fences: one holder at a time, and nothing written by one who lost it."""

from datetime import timedelta

import pytest

from events.store import EventStore, FencedError
from tests.events.store.builders import Time, all_of, append, places, write
from tests.events.store.conftest import OpenStore

TTL = timedelta(seconds=10)


async def test_a_lease_has_one_holder(store: EventStore) -> None:
    assert await store.acquire_lease("partition-0", "one", TTL) is not None
    assert await store.acquire_lease("partition-0", "two", TTL) is None
    assert await store.acquire_lease("partition-1", "two", TTL) is not None


async def test_a_lease_that_ran_out_can_be_taken_over_and_its_token_grows(store: EventStore, time: Time) -> None:
    first = await store.acquire_lease("partition-0", "one", TTL)
    time.pass_by(10)
    second = await store.acquire_lease("partition-0", "two", TTL)

    assert first is not None
    assert second is not None
    assert second.token > first.token
    assert not await store.renew_lease(first, TTL)


async def test_a_renewed_lease_holds_on(store: EventStore, time: Time) -> None:
    fence = await store.acquire_lease("partition-0", "one", TTL)
    assert fence is not None
    time.pass_by(9)
    assert await store.renew_lease(fence, TTL)
    time.pass_by(9)

    assert await store.acquire_lease("partition-0", "two", TTL) is None


async def test_a_lease_given_back_is_free_at_once_and_its_token_is_stale(store: EventStore) -> None:
    first = await store.acquire_lease("partition-0", "one", TTL)
    assert first is not None
    await store.release_lease(first)

    with pytest.raises(FencedError):
        await store.append(append(write("a"), fence=first))
    assert not await store.renew_lease(first, TTL)
    second = await store.acquire_lease("partition-0", "two", TTL)
    assert second is not None
    assert second.token > first.token
    await store.release_lease(first)
    assert await store.acquire_lease("partition-0", "three", TTL) is None


async def test_an_owner_that_was_restarted_gets_its_lease_again_under_a_new_token(store: EventStore) -> None:
    before = await store.acquire_lease("partition-0", "one", TTL)
    after = await store.acquire_lease("partition-0", "one", TTL)

    assert before is not None
    assert after is not None
    assert after.token > before.token


async def test_a_holder_that_overslept_cannot_write(opened: OpenStore, url: str, time: Time) -> None:
    sleeper, waker = await opened(url), await opened(url)
    stale = await sleeper.acquire_lease("partition-0", "sleeper", TTL)
    assert stale is not None
    await sleeper.append(append(write("a"), fence=stale))
    time.pass_by(11)
    fresh = await waker.acquire_lease("partition-0", "waker", TTL)
    assert fresh is not None

    with pytest.raises(FencedError) as caught:
        await sleeper.append(append(write("a", expected=1), fence=stale))
    await waker.append(append(write("a", expected=1), fence=fresh))

    assert (caught.value.token, caught.value.current) == (stale.token, fresh.token)
    assert "acquire it again" in str(caught.value)
    assert places(await all_of(waker)) == [("a", 1), ("a", 2)]


async def test_a_lease_that_ran_out_and_nobody_took_still_lets_its_holder_write(store: EventStore, time: Time) -> None:
    fence = await store.acquire_lease("partition-0", "one", TTL)
    time.pass_by(60)

    await store.append(append(write("a"), fence=fence))
    assert fence is not None
    assert await store.renew_lease(fence, TTL)
