"""What each user of NATS may do, and that the server refuses the rest."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from nats.errors import NoRespondersError
from nats.js.kv import KeyValue

from events.transport import subjects
from events.transport.connect import TransportUnreachableError, connect
from events.transport.server import EmbeddedNats
from events.transport.users import new_seed, schedule_request, schedule_subject
from tests.events.transport.builders import Keys, Speaker

Speak = Callable[[str], Awaitable[Speaker]]


async def test_a_report_of_a_gateway_lies_in_the_inbound_stream_under_its_own_name(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    kept = await gateway.js.publish(subjects.report(keys.box.organisation, keys.box.gateway), b"report")

    stored = await service.js.get_msg(subjects.INBOUND_STREAM, kept.seq)
    assert subjects.sender(stored.subject or "") == (keys.box.organisation, keys.box.gateway)
    assert stored.data == b"report"


async def test_all_that_one_gateway_says_lies_in_one_partition(gateway: Speaker, service: Speaker, keys: Keys) -> None:
    organisation, box = keys.box.organisation, keys.box.gateway
    said = [subjects.report(organisation, box), subjects.heartbeat(organisation, box)] * 3

    kept = [await gateway.js.publish(subject, b"x") for subject in said]

    stored = [await service.js.get_msg(subjects.INBOUND_STREAM, ack.seq) for ack in kept]
    partitions = {(message.subject or "").split(".")[2] for message in stored}
    assert partitions == {str(subjects.partition_of(box))}, "what we grant is where the server puts it"


@pytest.mark.parametrize(
    "subject",
    [
        lambda keys: subjects.report(keys.box.organisation, keys.other.gateway),
        lambda keys: subjects.report(uuid4(), keys.box.gateway),
        lambda keys: f"tillsyn.in.0.{keys.box.organisation}.{keys.other.gateway}.report",
        lambda keys: f"tillsyn.in.77.{keys.box.organisation}.{keys.box.gateway}.report",
        lambda keys: subjects.feed(keys.box.organisation, uuid4(), "visit.arrived"),
        lambda keys: f"{subjects.dead(subjects.INBOUND_STREAM)}.1",
        lambda keys: subjects.look(keys.box.organisation, keys.other.gateway),
        lambda keys: schedule_subject(keys.box.gateway),
        lambda keys: schedule_request(keys.other.gateway),
        lambda keys: f"$JS.API.STREAM.PURGE.{subjects.FEED_STREAM}",
        lambda keys: f"$JS.API.CONSUMER.CREATE.KV_{subjects.SCHEDULES_BUCKET}",
        lambda keys: f"$JS.API.STREAM.INFO.KV_{subjects.SCHEDULES_BUCKET}",
    ],
    ids=[
        "as-another-gateway",
        "as-another-organisation",
        "as-another-past-the-mapping",
        "in-a-partition-that-nobody-reads",
        "to-the-feed",
        "to-the-dead-letters",
        "a-look-at-another",
        "a-schedule",
        "read-of-another-schedule",
        "purge",
        "consumer",
        "stream-info",
    ],
)
async def test_a_gateway_is_refused_what_is_not_its_own(
    gateway: Speaker, keys: Keys, subject: Callable[[Keys], str]
) -> None:
    await gateway.client.publish(subject(keys), b"{}")

    assert "permissions violation for publish" in await gateway.refusal()


@pytest.mark.parametrize(
    "subject",
    [
        lambda keys: subjects.look(keys.box.organisation, keys.other.gateway),
        lambda keys: f"tillsyn.look.{keys.box.organisation}.*",
        lambda keys: schedule_subject(keys.other.gateway),
        lambda keys: "_INBOX.>",
        lambda keys: subjects.FEED_SUBJECTS,
        lambda keys: subjects.INBOUND_SUBJECTS,
        lambda keys: ">",
    ],
    ids=["look", "looks", "schedule", "inboxes", "feed", "reports", "everything"],
)
async def test_a_gateway_cannot_listen_to_others(gateway: Speaker, keys: Keys, subject: Callable[[Keys], str]) -> None:
    await gateway.client.subscribe(subject(keys))

    assert "permissions violation for subscription" in await gateway.refusal()


async def test_a_gateway_reads_its_own_schedule_and_hears_of_its_changes_alone(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    bucket = await service.js.key_value(subjects.SCHEDULES_BUCKET)
    changes = await gateway.client.subscribe(schedule_subject(keys.box.gateway))
    await gateway.client.flush()

    await bucket.put(str(keys.box.gateway), b"one")
    await bucket.put(str(keys.other.gateway), b"not mine")
    await bucket.put(str(keys.box.gateway), b"two")

    assert [(await changes.next_msg(timeout=10)).data for _ in range(2)] == [b"one", b"two"]
    assert (await gateway.client.request(schedule_request(keys.box.gateway))).data == b"two"
    assert (await _as_bucket(gateway).get(str(keys.box.gateway))).value == b"two"
    assert gateway.refused_nothing()


async def test_a_gateway_cannot_have_the_answer_to_its_report_put_into_the_feed(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    own = subjects.report(keys.box.organisation, keys.box.gateway)
    await gateway.client.publish(own, b"x", reply="tillsyn.feed.a.b.visit.arrived")
    await gateway.js.publish(own, b"the answer to the one before was sent by now")

    first = await service.js.publish("tillsyn.feed.a.b.visit.arrived", b"real")
    assert first.seq == 1


async def test_a_gateway_cannot_have_an_answer_asked_of_the_jetstream_api(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    await gateway.client.publish(
        schedule_request(keys.box.gateway), b"", reply=f"$JS.API.STREAM.DELETE.{subjects.FEED_STREAM}"
    )
    await gateway.client.request(schedule_request(keys.box.gateway), b"")

    assert (await service.js.stream_info(subjects.FEED_STREAM)).config.name == subjects.FEED_STREAM


async def test_a_look_is_answered_with_many_frames_by_the_gateway_that_was_asked(
    gateway: Speaker, service: Speaker, keys: Keys
) -> None:
    async def show(request: object) -> None:
        for frame in range(100):
            await gateway.client.publish(request.reply, f"{frame}".encode())  # type: ignore[attr-defined]

    asked = subjects.look(keys.box.organisation, keys.box.gateway)
    await gateway.client.subscribe(asked, cb=show)
    await gateway.client.flush()
    inbox = service.client.new_inbox()
    frames = await service.client.subscribe(inbox)

    await service.client.publish(asked, b"grant", reply=inbox)

    assert [int((await frames.next_msg(timeout=10)).data) for _ in range(100)] == list(range(100))


async def test_a_look_at_a_silent_gateway_is_answered_at_once(service: Speaker, keys: Keys) -> None:
    with pytest.raises(NoRespondersError):
        await service.client.request(subjects.look(keys.box.organisation, keys.box.gateway), b"grant", timeout=10)


async def test_a_gateway_answers_nobody_who_did_not_ask(gateway: Speaker, service: Speaker) -> None:
    inbox = service.client.new_inbox()

    await gateway.client.publish(inbox, b"a picture nobody asked for")

    assert "permissions violation for publish" in await gateway.refusal()


async def test_the_relay_publishes_the_feed_and_the_schedules_and_nothing_else(
    service: Speaker, speak: Speak, keys: Keys
) -> None:
    relay = await speak(keys.relay)
    subject = subjects.feed(keys.box.organisation, uuid4(), "visit.arrived")
    kept = await relay.js.publish(subject, b"event")
    assert (await relay.js.stream_info(subjects.FEED_STREAM)).state.last_seq == kept.seq
    assert (await relay.js.get_last_msg(subjects.FEED_STREAM, subjects.FEED_SUBJECTS)).data == b"event"
    bucket = await relay.js.key_value(subjects.SCHEDULES_BUCKET)
    revision = await bucket.put("one", b"first")
    assert (await bucket.get("one")).revision == revision
    await bucket.update("one", b"second", last=revision)
    assert relay.refused_nothing()

    await relay.client.publish(subjects.report(keys.box.organisation, keys.box.gateway), b"x")

    assert "permissions violation" in await relay.refusal()


async def test_nobody_is_let_in_without_a_key(nats: EmbeddedNats) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", nats.port)
    await reader.readline()

    writer.write(b'CONNECT {"verbose": false}\r\nPING\r\n')

    assert await reader.readline() == b"-ERR 'Authorization Violation'\r\n"
    writer.close()


async def test_nobody_is_let_in_with_an_unknown_key(nats: EmbeddedNats) -> None:
    with pytest.raises(TransportUnreachableError, match="Authorization Violation"):
        await connect(nats.url, new_seed(), "stranger", wait=0.5)


def _as_bucket(speaker: Speaker) -> KeyValue:
    """The bucket without asking the server about it, which a gateway may not."""
    name = subjects.SCHEDULES_BUCKET
    return KeyValue(name=name, stream=f"KV_{name}", pre=f"$KV.{name}.", js=speaker.js, direct=True)
