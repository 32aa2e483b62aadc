"""Every subject, stream and bucket name, in one place.

A device publishes to ``tillsyn.gw.<organisation>.<gateway>.<what>`` and knows nothing of partitions; the server maps
that to ``tillsyn.in.<partition>.<organisation>.<gateway>.<what>`` (see the server's configuration in ``deploy/nats``).
"""

from uuid import UUID

INBOUND_STREAM = "TILLSYN_IN"
FEED_STREAM = "TILLSYN_FEED"
DEAD_STREAM = "TILLSYN_DEAD"
SCHEDULES_BUCKET = "tillsyn-schedules"

INBOUND_SUBJECTS = "tillsyn.in.>"
FEED_SUBJECTS = "tillsyn.feed.>"
DEAD_SUBJECTS = "tillsyn.dead.>"

PARTITIONS = 4
"""How many ways inbound messages are split. The server's mapping in deploy/nats/server.conf says the same number."""


SAID = ("report", "heartbeat")
"""What a gateway publishes."""


def report(organisation: UUID, gateway: UUID) -> str:
    """Where a gateway publishes what it has to say of a slot."""
    return f"tillsyn.gw.{organisation}.{gateway}.report"


def heartbeat(organisation: UUID, gateway: UUID) -> str:
    """Where a gateway says that it is alive."""
    return f"tillsyn.gw.{organisation}.{gateway}.heartbeat"


def everything_of(organisation: UUID, gateway: UUID) -> str:
    """All that one gateway may publish to."""
    return f"tillsyn.gw.{organisation}.{gateway}.>"


def look(organisation: UUID, gateway: UUID) -> str:
    """Where a gateway listens for requests to look."""
    return f"tillsyn.look.{organisation}.{gateway}"


def inbound(partition: int) -> str:
    """The messages of one partition, as they lie in the inbound stream."""
    return f"tillsyn.in.{partition}.>"


def partition_of(gateway: UUID) -> int:
    """The partition that the server's mapping gives a gateway: FNV-1a (32 bits) of its id, modulo their number.

    https://github.com/nats-io/nats-server/blob/main/server/subject_transform.go (getHashPartition)
    """
    digest = 0x811C9DC5
    for byte in str(gateway).encode():
        digest = (digest ^ byte) * 0x01000193 & 0xFFFFFFFF
    return digest % PARTITIONS


def inbound_consumer(partition: int) -> str:
    """The durable consumer of one partition."""
    return f"tillsyn-{partition}"


def inbound_delivery(partition: int) -> str:
    """Where the server pushes one partition's messages to whoever owns it."""
    return f"tillsyn.deliver.{partition}"


def sender(inbound_subject: str) -> tuple[UUID, UUID]:
    """Organisation and gateway that a message in the inbound stream came from; the server vouches for both."""
    _, _, _, organisation, gateway, _ = inbound_subject.split(".", 5)
    return UUID(organisation), UUID(gateway)


def way_in(inbound_subject: str) -> str:
    """Where a message that lay in the inbound stream is published again; ValueError if no gateway's lies there.

    The partition is left out: the server's mapping gives the one of today.
    """
    tokens = inbound_subject.split(".")
    if len(tokens) != 6 or tokens[:2] != ["tillsyn", "in"] or tokens[5] not in SAID:
        raise ValueError(f"{inbound_subject!r} is no subject on which a gateway's messages come in")
    organisation, gateway = UUID(tokens[3]), UUID(tokens[4])
    return f"tillsyn.gw.{organisation}.{gateway}.{tokens[5]}"


def feed(organisation: UUID, unit: UUID, event_name: str) -> str:
    """Where an event of the log is published: ``tillsyn.feed.<organisation>.<unit>.<subject>.<event>``."""
    return f"tillsyn.feed.{organisation}.{unit}.{event_name}"


def dead(source_stream: str) -> str:
    """Where messages of a stream go that nobody can read."""
    return f"tillsyn.dead.{source_stream}"
