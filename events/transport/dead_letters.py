"""What nobody can read is kept apart: the original bytes and headers, with the reason, in the stream of dead letters.

The same message is buried once, however often it is delivered: its subject is made from the stream it lay in, its
sequence and its timestamp there, and it is published on the condition that this subject holds nothing yet. The
condition is judged by the server against the stream itself, so it holds long after the window of ``Nats-Msg-Id``, and
a stream that was made anew, with sequences from 1, collides with nothing. In short::

    tillsyn.dead.<stream>.<sequence>-<microseconds since 1970>
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import structlog
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import Header
from nats.js.errors import APIError
from prometheus_client import Counter

from events.cloudevents import NotACloudEventError, OversizedEventError
from events.registry import InvalidEventError, UnknownEventError
from events.transport import subjects

log = structlog.get_logger()

HEADER_REASON = "Tillsyn-Dead-Reason"
HEADER_ERROR = "Tillsyn-Dead-Error"
HEADER_SUBJECT = "Tillsyn-Dead-Subject"
HEADER_STREAM = "Tillsyn-Dead-Stream"
HEADER_SEQUENCE = "Tillsyn-Dead-Sequence"
HEADER_AT = "Tillsyn-Dead-At"
HEADER_LEFT_OUT = "Tillsyn-Dead-Headers-Left-Out"
"""How many of the original headers did not fit."""
ORIGINAL = "Tillsyn-Original-"
"""Stands before an original header that NATS or we would act upon."""

MAX_VALUE = 500
MAX_HEADERS_BYTES = 16 * 1024
"""Of the original headers. With our own it stays below `events.transport.topology.DEAD_LETTER_HEADROOM_BYTES`."""
WRONG_LAST_SEQUENCE = 10071  # nats-server, server/errors.json: the subject holds a message already
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TAKEN = re.compile(r"(nats|tillsyn-dead|tillsyn-original)-", re.IGNORECASE)
_NOT_A_TOKEN = re.compile(r"[^A-Za-z0-9_-]")

BURIED = Counter("tillsyn_dead_letters_total", "Messages that nobody could read, by reason.", ["reason"])


class DeadReason(StrEnum):
    """Why a message is a dead letter."""

    NOT_A_CLOUDEVENT = "not-a-cloudevent"
    UNKNOWN_TYPE = "unknown-type"
    INVALID = "invalid"
    OVERSIZED = "oversized"
    UNKNOWN_GATEWAY = "unknown-gateway"
    UNKNOWN_RECIPIENT = "unknown-recipient"
    UNKNOWN_SLOT = "unknown-slot"
    """The night is planned and has no such slot, or was not planned for minutes after the report came."""
    CANNOT_BE_KEPT = "cannot-be-kept"
    """It was tried many times, and failed for a cause that is not the database's or the network's."""
    NOT_ITS_OWN = "not-its-own"
    """A gateway spoke of a home, a slot or a gateway that is not its own."""


_REASONS: dict[type[Exception], DeadReason] = {
    NotACloudEventError: DeadReason.NOT_A_CLOUDEVENT,
    UnknownEventError: DeadReason.UNKNOWN_TYPE,
    InvalidEventError: DeadReason.INVALID,
    OversizedEventError: DeadReason.OVERSIZED,
}
UNREADABLE = tuple(_REASONS)
"""What `events.cloudevents.decode` raises: catch these, and bury the message."""


def reason_of(error: Exception) -> DeadReason:
    """The reason that belongs to an error of `events.cloudevents.decode`; KeyError for any other."""
    return _REASONS[type(error)]


class DeadLetters:
    """Buries messages. What it raises is NATS's own: the message is then not buried, and must not be acknowledged."""

    def __init__(self, js: JetStreamContext, now: Callable[[], datetime]) -> None:
        self._js = js
        self._now = now

    async def bury(self, message: Msg, reason: DeadReason, error: str) -> bool:
        """Keep `message` (of a JetStream consumer) as a dead letter; False if it was kept before."""
        where = message.metadata
        place = f"{where.sequence.stream}-{_microseconds(where.timestamp)}"
        headers = kept_headers(message.headers or {}) | {
            HEADER_REASON: reason.value,
            HEADER_ERROR: one_line(error),
            HEADER_SUBJECT: one_line(message.subject),
            HEADER_STREAM: one_line(where.stream),
            HEADER_SEQUENCE: str(where.sequence.stream),
            HEADER_AT: self._now().isoformat(),
            Header.MSG_ID.value: message_id(where.stream, place),
            Header.EXPECTED_LAST_SUBJECT_SEQUENCE.value: "0",
        }
        subject = f"{subjects.dead(where.stream)}.{place}"
        try:
            kept = await self._js.publish(subject, message.data, stream=subjects.DEAD_STREAM, headers=headers)
        except APIError as refused:
            if refused.err_code != WRONG_LAST_SEQUENCE:
                raise
            return False
        if kept.duplicate:
            return False
        BURIED.labels(reason.value).inc()
        log.warning("dead letter", reason=reason.value, error=one_line(error), subject=message.subject)
        return True


def message_id(stream: str, place: str) -> str:
    """What the server knows a dead letter again by, as long as it remembers ids."""
    return f"{stream}/{place}"


def kept_headers(original: Mapping[str, str]) -> dict[str, str]:
    """The original headers, harmless: one line each, ASCII, bounded, and none that NATS or we would act upon."""
    kept: dict[str, str] = {}
    size = left_out = 0
    for name, value in original.items():
        safe_name, safe_value = _header_name(name), one_line(value)
        size += len(safe_name) + len(safe_value) + len(": \r\n")
        if size > MAX_HEADERS_BYTES or safe_name in kept:
            left_out += 1
        else:
            kept[safe_name] = safe_value
    return kept | ({HEADER_LEFT_OUT: str(left_out)} if left_out else {})


def one_line(text: str, limit: int = MAX_VALUE) -> str:
    """`text` as printable ASCII in one line of at most `limit` characters; what is no such character is escaped."""
    pieces = (
        character if " " <= character <= "~" else character.encode("unicode_escape").decode()
        for character in text[:limit]
    )
    line = "".join(pieces).strip()
    return line if len(line) <= limit and len(text) <= limit else line[: limit - 3] + "..."


def _header_name(name: str) -> str:
    safe = _NOT_A_TOKEN.sub("_", name)[:MAX_VALUE] or "_"
    return f"{ORIGINAL}{safe}" if _TAKEN.match(safe) else safe


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)
