"""Dead letters read, put back on their way in, and removed, on a real server."""

from hashlib import sha256

import pytest
from nats.js.api import ConsumerConfig, DeliverPolicy

from events.transport import buried as buried_module
from events.transport import subjects
from events.transport.buried import Buried, Letter
from events.transport.connect import TransportUnreachableError
from events.transport.dead_letters import DeadReason
from events.transport.server import EmbeddedNats
from tests.events.transport.builders import Keys, Speaker
from tests.events.transport.test_dead_letters import NOW, delivered, letters
from tests.waiting import until

BODY = b"\x00\xff no JSON \r\n"
HEADERS = {"Content-Type": "application/json", "Nats-Msg-Id": "the gateway's", "Tillsyn-Dead-Reason": "forged"}


async def bury(gateway: Speaker, service: Speaker, keys: Keys, body: bytes = BODY) -> Letter:
    """A message of the gateway's, buried; the letter, whole."""
    message = await delivered(gateway, service, keys, body, {**HEADERS, "Nats-Msg-Id": sha256(body).hexdigest()})
    assert await letters(service).bury(message, DeadReason.NOT_A_CLOUDEVENT, "data: not JSON")
    return (await whole(service))[-1]


async def whole(service: Speaker) -> list[Letter]:
    box = Buried(service.js)
    found = [await box.letter(letter.sequence) for letter in await box.letters()]
    return [letter for letter in found if letter is not None]


async def inbound(service: Speaker) -> list[tuple[str, bytes, dict[str, str]]]:
    """Every message of the inbound stream: subject, body, headers."""
    config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
    pull = await service.js.pull_subscribe(subjects.INBOUND_SUBJECTS, stream=subjects.INBOUND_STREAM, config=config)
    count = (await service.js.stream_info(subjects.INBOUND_STREAM)).state.messages
    return [(each.subject, each.data, dict(each.headers or {})) for each in await pull.fetch(count, timeout=10)]


async def test_a_list_tells_of_every_letter_without_its_body(
    gateway: Speaker, service: Speaker, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buried_module, "PAGE", 2)
    for number in range(5):
        await bury(gateway, service, keys, BODY * (number + 1))

    found = await Buried(service.js).letters()

    assert [letter.sequence for letter in found] == [1, 2, 3, 4, 5]
    assert [letter.size for letter in found] == [len(BODY) * n for n in range(1, 6)]
    assert {(letter.at, letter.reason, letter.why, letter.body) for letter in found} == {
        (NOW, "not-a-cloudevent", "data: not JSON", b"")
    }
    assert len({letter.id for letter in found}) == 5
    assert {subjects.sender(letter.subject) for letter in found} == {(keys.box.organisation, keys.box.gateway)}


async def test_no_letters_is_an_empty_list_and_no_letter_of_a_number_is_none(service: Speaker) -> None:
    assert await Buried(service.js).letters() == []
    assert await Buried(service.js).letter(7) is None


async def test_a_letter_put_back_lies_in_its_partition_as_its_sender_sent_it(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    letter = await bury(gateway, service, keys)
    before = await inbound(service)

    await Buried(service.js).put_back(letter)

    first, again = await inbound(service)
    assert [first] == before
    assert (again[0], again[1]) == (first[0], BODY)
    assert again[0].startswith(f"tillsyn.in.{subjects.partition_of(keys.box.gateway)}.")
    shown = {name: value for name, value in again[2].items() if not name.startswith("Nats-")}
    assert shown == {"Content-Type": "application/json", "Tillsyn-Replayed": str(letter.sequence)}


async def test_it_is_not_taken_for_a_repetition_of_what_its_sender_sent_a_moment_ago(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    """The sender's id is still remembered: under it the server would acknowledge, and throw it away."""
    letter = await bury(gateway, service, keys)
    await Buried(service.js).put_back(letter)

    assert len(await inbound(service)) == 2


async def test_put_back_a_second_time_after_a_crash_it_is_there_once(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    letter = await bury(gateway, service, keys)
    for _ in range(3):
        await Buried(service.js).put_back(letter)

    assert len(await inbound(service)) == 2


async def test_it_goes_to_the_partition_of_today_whatever_it_came_on(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    letter = await bury(gateway, service, keys)
    old = letter.subject.replace("tillsyn.in.", "tillsyn.in.9")
    moved = Letter(letter.sequence, letter.place, {**letter.headers, "Tillsyn-Dead-Subject": old}, 1, b"x")

    await Buried(service.js).put_back(moved)

    assert (await inbound(service))[-1][0] == letter.subject


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "tillsyn.feed.a.b.c.report",
        "tillsyn.in.0.report",
        "tillsyn.in.0.org.gateway.report",
        "tillsyn.in.0.0d9a5a2c-4f0e-4d7e-8a43-5b6d7f1a2c3e.0d9a5a2c-4f0e-4d7e-8a43-5b6d7f1a2c3e.look",
        "tillsyn.in.0.0d9a5a2c-4f0e-4d7e-8a43-5b6d7f1a2c3e.*.report",
        "$JS.API.STREAM.DELETE.TILLSYN_IN",
    ],
)
async def test_what_came_on_no_gateways_subject_has_no_way_back(service: Speaker, subject: str) -> None:
    with pytest.raises(ValueError, match=r"no subject on which|badly formed"):
        await Buried(service.js).put_back(Letter(1, "p", {"Tillsyn-Dead-Subject": subject}, 1, b"x"))


async def test_removed_it_is_gone_and_the_others_are_not(gateway: Speaker, service: Speaker, keys: Keys) -> None:
    first = await bury(gateway, service, keys, b"first")
    await bury(gateway, service, keys, b"second")
    for _ in range(2):
        await Buried(service.js).remove(first)

    assert [letter.body for letter in await whole(service)] == [b"second"]


async def test_a_stream_that_is_not_there_and_a_server_that_is_away_are_told_in_one_line(
    service: Speaker, nats: EmbeddedNats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buried_module, "PATIENCE_S", 0.5)
    await service.js.delete_stream(subjects.DEAD_STREAM)
    with pytest.raises(TransportUnreachableError, match="has no stream TILLSYN_DEAD"):
        await Buried(service.js).letters()
    with pytest.raises(TransportUnreachableError, match="has no stream TILLSYN_DEAD"):
        await Buried(service.js).letter(1)

    await nats.kill()
    with pytest.raises(TransportUnreachableError, match="NATS does not answer"):
        await Buried(service.client.jetstream(timeout=0.5)).letters()
    await nats.start()
    await until(lambda: service.client.is_connected)


async def test_a_gateway_can_neither_read_nor_remove_dead_letters(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    await bury(gateway, service, keys)
    box = Buried(gateway.client.jetstream(timeout=0.5))
    (letter,) = await whole(service)

    for forbidden in (box.letter(1), box.letters(), box.remove(letter)):
        with pytest.raises(TransportUnreachableError):
            await forbidden
    assert len(await whole(service)) == 1
