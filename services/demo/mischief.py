"""What gateways do wrong in a night: one says things twice, as after a lost acknowledgement; one sends rubbish.

Sent with the gateways' own keys, on their own subjects, past the broker's memory of message ids.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from events.runtime.clock import Clock
from events.transport import subjects
from events.transport.connect import connect

REPEATED = 3
RUBBISH = b'{"specversion": "1.0", "id": "?"'


async def misbehave(clock: Clock, at: datetime, js: JetStreamContext, url: str, seeds: Mapping[UUID, str]) -> None:
    """At `at`, say the night's first reports again, and send what nobody can read."""
    await clock.sleep_until(at)
    sent = 0
    sequence = 1
    while sent < REPEATED:
        try:
            message = await js.get_msg(subjects.INBOUND_STREAM, sequence)
        except NotFoundError:
            break
        sequence += 1
        if message.subject and message.subject.endswith(".report"):
            organisation, gateway = subjects.sender(message.subject)
            await _say(url, seeds[gateway], subjects.report(organisation, gateway), message.data or b"")
            sent += 1
            if sent == REPEATED:
                await _say(url, seeds[gateway], subjects.report(organisation, gateway), RUBBISH)


async def _say(url: str, seed: str, subject: str, body: bytes) -> None:
    client = await connect(url, seed, "a gateway that stutters")
    try:
        await client.request(subject, body)  # the answer is JetStream's word that the message is kept
    finally:
        await client.close()
