"""Expected versions: nobody decides on what is no longer so."""

import asyncio

import pytest

from events.store import ConflictError, EventStore, StreamWrite
from tests.events.store.builders import all_of, append, places, write


@pytest.mark.parametrize("expected", [0, 1, 3])
async def test_a_decision_on_another_version_is_refused(store: EventStore, expected: int) -> None:
    await store.append(append(write("a", number=2)))

    with pytest.raises(ConflictError) as caught:
        await store.append(append(write("a", expected=expected)))

    assert (caught.value.stream, caught.value.expected, caught.value.actual) == ("a", expected, 2)
    assert str(caught.value) == (
        f"the stream a is at version 2, the decision was made on {expected}: load the stream again and decide anew"
    )


async def test_a_stream_that_does_not_exist_cannot_be_continued(store: EventStore) -> None:
    with pytest.raises(ConflictError) as caught:
        await store.append(append(write("a", expected=2)))

    assert caught.value.actual == 0


async def test_a_stream_relied_on_must_be_as_it_was(store: EventStore) -> None:
    await store.append(append(write("recipient", number=2)))

    with pytest.raises(ConflictError) as caught:
        await store.append(append(write("night"), unchanged={"recipient": 1}))

    assert (caught.value.stream, caught.value.expected, caught.value.actual) == ("recipient", 1, 2)
    assert await store.load("night") == (0, [])


async def test_an_append_that_relies_on_a_stream_leaves_it_as_it_is(store: EventStore) -> None:
    await store.append(append(write("recipient", number=2)))

    await store.append(append(write("night"), unchanged={"recipient": 2}))
    await store.append(append(write("recipient", expected=2)))

    assert places(await all_of(store)) == [("recipient", 1), ("recipient", 2), ("night", 1), ("recipient", 3)]


async def test_one_can_rely_on_a_stream_not_being_there(store: EventStore) -> None:
    await store.append(append(write("night"), unchanged={"absence": 0}))
    await store.append(append(write("absence")))

    with pytest.raises(ConflictError):
        await store.append(append(write("other-night"), unchanged={"absence": 0}))


async def test_a_write_without_events_only_relies_on_its_stream(store: EventStore) -> None:
    await store.append(append(write("a")))

    with pytest.raises(ConflictError):
        await store.append(append(StreamWrite("a", 0, ()), write("b")))
    await store.append(append(StreamWrite("a", 1, ()), write("b")))

    assert (await store.load("a"))[0] == 1


async def test_a_withdrawal_and_a_plan_that_did_not_know_of_it_are_never_both_kept(store: EventStore) -> None:
    """Write skew: each reads what the other writes. Whichever comes second must have seen the first."""
    for number in range(20):
        recipient, night = f"recipient-{number}", f"night-{number}"
        await store.append(append(write(recipient)))
        withdrawal = append(write(recipient, expected=1), unchanged={night: 0})
        plan = append(write(night), unchanged={recipient: 1})
        pair = (withdrawal, plan) if number % 2 else (plan, withdrawal)

        outcomes = await asyncio.gather(*map(store.append, pair), return_exceptions=True)

        assert [type(outcome) for outcome in outcomes] == [tuple, ConflictError]
