"""The streams, consumers and buckets, all made here and nowhere else.

Made with nats-py, because FastStream's own declaration lacks newer settings and may alter a live stream.
"""

from datetime import timedelta

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from events.transport import subjects

SPOOL_HOLDS = timedelta(days=30)
"""How long a gateway may hold a message before it can send it."""
INBOUND_KEPT = SPOOL_HOLDS + timedelta(days=10)
DEAD_KEPT = timedelta(days=365)
FEED_KEPT = timedelta(days=40)
MAX_MESSAGE_BYTES = 1024 * 1024
"""What the server takes at all; larger events than `events.cloudevents.MAX_BYTES` become dead letters."""
DEAD_LETTER_HEADROOM_BYTES = 32 * 1024
"""So much smaller than what the server takes is an inbound message: a dead letter has room for its reason."""
ACK_WAIT_S = 10.0
MAX_ACK_PENDING = 2000


_OURS = ("subjects", "max_age", "max_bytes", "max_msg_size", "discard", "num_replicas")
"""What we set in a stream, and set again when it differs."""
GIB = 1024**3
INBOUND_BYTES, DEAD_BYTES, FEED_BYTES = 4 * GIB, 1 * GIB, 8 * GIB
"""The most that each stream takes on disk, so that none can fill it for the others. When the inbound stream is full it
refuses, and gateways keep what they have in their spools; of dead letters and of the feed (which SQL holds whole) the
oldest go.
"""


def _streams(replicas: int) -> tuple[StreamConfig, ...]:
    inbound = StreamConfig(
        name=subjects.INBOUND_STREAM,
        subjects=[subjects.INBOUND_SUBJECTS],
        max_age=INBOUND_KEPT.total_seconds(),
        max_bytes=INBOUND_BYTES,
        max_msg_size=MAX_MESSAGE_BYTES - DEAD_LETTER_HEADROOM_BYTES,
        discard=DiscardPolicy.NEW,
    )
    feed = StreamConfig(
        name=subjects.FEED_STREAM,
        subjects=[subjects.FEED_SUBJECTS],
        max_age=FEED_KEPT.total_seconds(),
        max_bytes=FEED_BYTES,
        max_msg_size=MAX_MESSAGE_BYTES,
    )
    dead = StreamConfig(
        name=subjects.DEAD_STREAM,
        subjects=[subjects.DEAD_SUBJECTS],
        max_age=DEAD_KEPT.total_seconds(),
        max_bytes=DEAD_BYTES,
        max_msg_size=MAX_MESSAGE_BYTES,
    )
    return tuple(
        config.evolve(
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            duplicate_window=120,
            num_replicas=replicas,
            allow_direct=True,
        )
        for config in (inbound, feed, dead)
    )


async def make_streams(js: JetStreamContext, replicas: int = 1) -> None:
    """Make what is missing and bring what is there up to date. `replicas` is 3 in a cluster."""
    for config in _streams(replicas):
        await _make_stream(js, config)
    await _make_consumers(js)
    await _make_bucket(js, replicas)


async def _make_stream(js: JetStreamContext, config: StreamConfig) -> None:
    """Adding a stream that is there would ask for its bytes a second time: so it is looked for first."""
    try:
        there = (await js.stream_info(config.name or "")).config
    except NotFoundError:
        await js.add_stream(config)
        return
    if any(getattr(there, name) != getattr(config, name) for name in _OURS):
        await js.update_stream(config)


async def _make_consumers(js: JetStreamContext) -> None:
    for partition in range(subjects.PARTITIONS):
        await js.add_consumer(
            subjects.INBOUND_STREAM,
            ConsumerConfig(
                durable_name=subjects.inbound_consumer(partition),
                deliver_subject=subjects.inbound_delivery(partition),
                deliver_group=subjects.inbound_consumer(partition),
                filter_subject=subjects.inbound(partition),
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_WAIT_S,
                max_ack_pending=MAX_ACK_PENDING,
            ),
        )


async def _make_bucket(js: JetStreamContext, replicas: int) -> None:
    try:
        await js.key_value(subjects.SCHEDULES_BUCKET)
    except NotFoundError:
        await js.create_key_value(
            KeyValueConfig(bucket=subjects.SCHEDULES_BUCKET, history=1, replicas=replicas, direct=True)
        )
