"""The streams, consumers and buckets, all made here and nowhere else.

Made with nats-py, because FastStream's own declaration lacks newer settings and may alter a live stream.
"""

from datetime import timedelta

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError, NotFoundError

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


def _stream(name: str, subject: str, kept: timedelta, replicas: int, most: int = MAX_MESSAGE_BYTES) -> StreamConfig:
    return StreamConfig(
        name=name,
        subjects=[subject],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        max_age=kept.total_seconds(),
        max_msg_size=most,
        duplicate_window=120,
        num_replicas=replicas,
        allow_direct=True,
    )


async def make_streams(js: JetStreamContext, replicas: int = 1) -> None:
    """Make what is missing and bring what is there up to date. `replicas` is 3 in a cluster."""
    wanted = (
        _stream(
            subjects.INBOUND_STREAM,
            subjects.INBOUND_SUBJECTS,
            INBOUND_KEPT,
            replicas,
            MAX_MESSAGE_BYTES - DEAD_LETTER_HEADROOM_BYTES,
        ),
        _stream(subjects.FEED_STREAM, subjects.FEED_SUBJECTS, FEED_KEPT, replicas),
        _stream(subjects.DEAD_STREAM, subjects.DEAD_SUBJECTS, DEAD_KEPT, replicas),
    )
    for config in wanted:
        try:
            await js.add_stream(config)
        except BadRequestError:  # there already, with other settings
            await js.update_stream(config)
    await _make_consumers(js)
    await _make_bucket(js, replicas)


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
