"""Dead letters again: listing what was buried, reading it, putting it back on its way in, and removing it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid5

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, Header
from nats.js.errors import APIError, NotFoundError

from events.transport import subjects
from events.transport.connect import TransportUnreachableError
from events.transport.dead_letters import (
    HEADER_AT,
    HEADER_ERROR,
    HEADER_REASON,
    HEADER_SUBJECT,
    ORIGINAL,
)

OURS = ("nats-", "tillsyn-dead-", ORIGINAL.lower())
"""Headers that we or NATS have added, or that were set aside because NATS or we would act upon them."""
HEADER_REPLAYED = "Tillsyn-Replayed"
"""Which dead letter a message was that is put back."""
HEADER_SIZE = "Nats-Msg-Size"
NO_SUCH_MESSAGE = 10037  # nats-server, server/errors.json
LETTERS = UUID("8c0b4a52-6a0e-4c6c-9a52-0a6f0f4b7d31")
PAGE = 500
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. `sequence` is its number among them; `body` is empty in a list, where `size` counts its bytes."""

    sequence: int
    place: str
    """Its subject among the dead letters, which no other letter ever has."""
    headers: Mapping[str, str]
    size: int
    body: bytes = b""

    @property
    def id(self) -> UUID:
        """The same for ever, whatever becomes of the stream."""
        return uuid5(LETTERS, self.place)

    @property
    def at(self) -> datetime | None:
        """When it was buried; None if it does not say so readably."""
        try:
            return datetime.fromisoformat(self.headers.get(HEADER_AT, ""))
        except ValueError:
            return None

    @property
    def reason(self) -> str:
        """A `DeadReason`, of this version or another."""
        return self.headers.get(HEADER_REASON, "")

    @property
    def why(self) -> str:
        """What was wrong with it, in one line."""
        return self.headers.get(HEADER_ERROR, "")

    @property
    def subject(self) -> str:
        """Where it had come in."""
        return self.headers.get(HEADER_SUBJECT, "")

    @property
    def sha256(self) -> str:
        """Of its body."""
        return sha256(self.body).hexdigest()

    def way_in(self) -> str:
        """Where to publish it again; ValueError if it came on no gateway's subject."""
        return subjects.way_in(self.subject)


class Buried:
    """The stream of dead letters. TransportUnreachableError when NATS does not answer or has no such stream."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def letters(self) -> list[Letter]:
        """Every letter without its body, oldest first."""
        with _telling():
            return await self._headers()

    async def letter(self, sequence: int) -> Letter | None:
        """One letter, whole; None if there is none of this number."""
        with _telling():
            try:
                found = await self._js.get_msg(subjects.DEAD_STREAM, sequence)
            except NotFoundError as error:
                if error.err_code == NO_SUCH_MESSAGE:
                    return None
                raise
        body = found.data or b""
        return Letter(sequence, found.subject or "", found.headers or {}, len(body), body)

    async def put_back(self, letter: Letter) -> None:
        """Publish it where it came from; returns when JetStream has kept it. ValueError: it came from no gateway.

        To the unmapped subject, so that the server chooses the partition by today's mapping. Under an id of its own:
        with the id that its sender gave it, the server would take it for a repetition and throw it away. Put back
        again, it is one for two minutes; after that the service knows it by its own id.
        """
        where = letter.way_in()
        headers = {name: value for name, value in letter.headers.items() if not name.lower().startswith(OURS)}
        headers |= {HEADER_REPLAYED: str(letter.sequence), Header.MSG_ID.value: f"replay/{letter.place}"}
        with _telling():
            await self._js.publish(where, letter.body, PATIENCE_S, stream=subjects.INBOUND_STREAM, headers=headers)

    async def remove(self, letter: Letter) -> None:
        """Delete it, beyond recovery; nothing happens if it is gone."""
        with _telling():
            try:
                await self._js.delete_msg(subjects.DEAD_STREAM, letter.sequence)
            except APIError:
                if await self.letter(letter.sequence) is not None:
                    raise

    async def _headers(self) -> list[Letter]:
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.NONE, headers_only=True, inactive_threshold=30
        )
        reading = await self._js.pull_subscribe(subjects.DEAD_SUBJECTS, stream=subjects.DEAD_STREAM, config=config)
        try:
            waiting = (await reading.consumer_info()).num_pending or 0
            found: list[Letter] = []
            while waiting:
                for message in await reading.fetch(min(waiting, PAGE), timeout=PATIENCE_S):
                    headers = message.headers or {}
                    size = int(headers.get(HEADER_SIZE, "0"))
                    found.append(Letter(message.metadata.sequence.stream, message.subject, headers, size))
                    waiting = message.metadata.num_pending
            return found
        finally:
            await reading.unsubscribe()


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except NotFoundError:
        raise TransportUnreachableError(
            f"NATS has no stream {subjects.DEAD_STREAM}: the service makes it when it starts"
        ) from None
    except APIError as error:
        raise TransportUnreachableError(f"NATS refuses: {error.description or error}") from None
    except (NatsError, TimeoutError, OSError) as error:
        raise TransportUnreachableError(f"NATS does not answer: {str(error) or type(error).__name__}") from None
