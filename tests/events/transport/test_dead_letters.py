"""Dead letters: the original, the reason, once, and harmless."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy, RawStreamMsg

from events.transport import dead_letters, subjects
from events.transport.dead_letters import DeadLetters, DeadReason, kept_headers, one_line
from tests.events.transport.builders import Keys, Speaker

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


async def delivered(gateway: Speaker, service: Speaker, keys: Keys, body: bytes, headers: Any = None) -> Msg:
    """A message of the gateway's, as the service receives it."""
    kept = await gateway.js.publish(subjects.report(keys.box.organisation, keys.box.gateway), body, headers=headers)
    from_it = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=kept.seq)
    pull = await service.js.pull_subscribe(subjects.INBOUND_SUBJECTS, stream=subjects.INBOUND_STREAM, config=from_it)
    (message,) = await pull.fetch(1, timeout=10)
    return message


async def buried(service: Speaker) -> list[RawStreamMsg]:
    state = (await service.js.stream_info(subjects.DEAD_STREAM)).state
    return [await service.js.get_msg(subjects.DEAD_STREAM, number + 1) for number in range(state.last_seq)]


def letters(service: Speaker) -> DeadLetters:
    return DeadLetters(service.js, lambda: NOW)


async def test_a_dead_letter_holds_the_original_bytes_and_headers_and_why(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    body = b"\x00\xff no JSON \r\n"
    message = await delivered(gateway, service, keys, body, {"Content-Type": "application/json", "X-Firmware": "1.2"})

    assert await letters(service).bury(message, DeadReason.NOT_A_CLOUDEVENT, "data: not JSON")

    (letter,) = await buried(service)
    headers = letter.headers or {}
    assert letter.data == body
    assert letter.subject.startswith(subjects.dead(subjects.INBOUND_STREAM) + ".")  # type: ignore[union-attr]
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Firmware"] == "1.2"
    assert headers["Tillsyn-Dead-Reason"] == "not-a-cloudevent"
    assert headers["Tillsyn-Dead-Error"] == "data: not JSON"
    assert headers["Tillsyn-Dead-Subject"] == message.subject
    assert headers["Tillsyn-Dead-Stream"] == subjects.INBOUND_STREAM
    assert headers["Tillsyn-Dead-Sequence"] == "1"
    assert headers["Tillsyn-Dead-At"] == "2026-11-21T03:00:00+00:00"


async def test_a_message_delivered_again_is_buried_once(gateway: Speaker, service: Speaker, keys: Keys) -> None:
    message = await delivered(gateway, service, keys, b"x")

    outcomes = [await letters(service).bury(message, DeadReason.INVALID, "no") for _ in range(3)]

    assert outcomes == [True, False, False]
    assert len(await buried(service)) == 1


async def test_it_is_buried_once_even_after_the_servers_memory_of_ids_has_passed(
    gateway: Speaker, service: Speaker, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await delivered(gateway, service, keys, b"x")
    await letters(service).bury(message, DeadReason.INVALID, "no")

    # another id is to the server what the same id is after the duplicate window
    monkeypatch.setattr(dead_letters, "message_id", lambda stream, place: "another")
    again = await letters(service).bury(message, DeadReason.INVALID, "no")

    assert not again
    assert len(await buried(service)) == 1


async def test_a_stream_made_anew_counts_from_one_and_its_letters_are_kept_too(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    first = await delivered(gateway, service, keys, b"first")
    await letters(service).bury(first, DeadReason.INVALID, "no")
    config = (await service.js.stream_info(subjects.INBOUND_STREAM)).config
    await service.js.delete_stream(subjects.INBOUND_STREAM)
    await service.js.add_stream(config)

    second = await delivered(gateway, service, keys, b"second")
    assert second.metadata.sequence.stream == first.metadata.sequence.stream
    assert await letters(service).bury(second, DeadReason.INVALID, "no")

    assert [letter.data for letter in await buried(service)] == [b"first", b"second"]


async def test_the_largest_message_that_is_taken_can_be_buried(gateway: Speaker, service: Speaker, keys: Keys) -> None:
    headers = {f"X-{number}": "é" * 40 for number in range(100)}
    largest = (await service.js.stream_info(subjects.INBOUND_STREAM)).config.max_msg_size or 0
    room = largest - len("NATS/1.0\r\n\r\n") - sum(len(f"{n}: {v}\r\n".encode()) for n, v in headers.items())
    message = await delivered(gateway, service, keys, b"x" * room, headers)

    assert await letters(service).bury(message, DeadReason.OVERSIZED, "too large")

    assert (await buried(service))[0].data == b"x" * room


async def test_headers_that_the_server_acts_upon_are_kept_under_another_name(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    harmful = {
        "Nats-Msg-Id": "chosen-by-the-sender",
        "Tillsyn-Dead-Reason": "forged",
        "Nats-Expected-Last-Sequence": "0",
    }
    message = await delivered(gateway, service, keys, b"x", harmful)

    assert await letters(service).bury(message, DeadReason.INVALID, "no")

    headers = (await buried(service))[0].headers or {}
    assert headers["Tillsyn-Original-Nats-Msg-Id"] == "chosen-by-the-sender"
    assert headers["Tillsyn-Original-Tillsyn-Dead-Reason"] == "forged"
    assert headers["Tillsyn-Dead-Reason"] == "invalid"


async def test_buried_letters_are_counted_by_reason(gateway: Speaker, service: Speaker, keys: Keys) -> None:
    counted = dead_letters.BURIED.labels("unknown-gateway")
    before = counted._value.get()
    message = await delivered(gateway, service, keys, b"x")

    for _ in range(2):
        await letters(service).bury(message, DeadReason.UNKNOWN_GATEWAY, "who?")

    assert counted._value.get() == before + 1


@given(st.text())
def test_whatever_the_error_says_it_is_one_short_line_of_ascii(text: str) -> None:
    line = one_line(text)

    assert len(line) <= dead_letters.MAX_VALUE
    assert all(" " <= character <= "~" for character in line)
    assert line == line.strip()


def test_a_line_break_and_a_letter_beyond_ascii_are_shown_escaped() -> None:
    assert one_line("Å\r\nNats-Rollup: all") == "\\xc5\\r\\nNats-Rollup: all"


@given(st.dictionaries(st.text(), st.text()))
def test_kept_headers_are_harmless_whatever_was_sent(original: dict[str, str]) -> None:
    kept = kept_headers(original)

    assert not [name for name in kept if name.lower().startswith("nats-")]
    assert all(name.isascii() and name.replace("-", "_").replace("_", "a").isalnum() for name in kept)


def test_headers_without_end_are_cut_and_counted() -> None:
    kept = kept_headers({f"X-{number}": "x" * 400 for number in range(1000)})

    assert sum(len(name) + len(value) + 4 for name, value in kept.items()) < dead_letters.MAX_HEADERS_BYTES + 100
    assert int(kept["Tillsyn-Dead-Headers-Left-Out"]) == 1001 - len(kept)
