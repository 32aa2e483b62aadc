"""Which appends of a group can be kept: each is held against what the ones before it in the group leave behind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.envelope import Recorded
from events.store.append import Append, Fence
from events.store.database import Changes, Locked, Wanted
from events.store.errors import AlreadyConsumedError, ConflictError, FencedError
from events.store.record import json_of
from events.store.rows import Projection, RowWrite


@dataclass(frozen=True, slots=True)
class Request:
    """An append on its way to the writer, its events already JSON."""

    append: Append
    data: tuple[tuple[str, ...], ...]
    inbox: tuple[str, ...]
    size: int

    @classmethod
    def of(cls, append: Append) -> "Request":
        """PersonalNotSealedError or ValueError for events that may not be kept as they are."""
        data = []
        for write in append.writes:
            for new in write.events:
                if new.context.time.tzinfo is None:
                    raise ValueError(f"the time {new.context.time} of event {new.id} has no time zone")
            data.append(tuple([json_of(new.event) for new in write.events]))
        return cls(append, tuple(data), tuple(dict.fromkeys(map(str, append.inbox))), sum(map(len, data)))


CheckRows = Callable[[Iterable[RowWrite]], None]
"""Raises UnknownRowError for row writes that cannot be carried out."""

Verdict = tuple[Recorded, ...] | Exception
"""What becomes of a request: its events as recorded, or why it was refused."""


def wanted_by(requests: Iterable[Request]) -> Wanted:
    """What must be locked and looked up to judge the requests."""
    wanted = Wanted()
    for request in requests:
        append = request.append
        for write in append.writes:
            wanted.streams.add(write.stream)
            if write.expected == 0:
                wanted.maybe_new.add(write.stream)
        for stream, version in append.unchanged.items():
            wanted.streams.add(stream)
            if version == 0:
                wanted.maybe_new.add(stream)
        wanted.inbox.update(request.inbox)
        if append.fence:
            wanted.leases.add(append.fence.name)
        wanted.events += request.size
    return wanted


class Judge:
    """Goes through a group in order, and gathers what is to be written for those that can be kept."""

    def __init__(self, locked: Locked, projections: Sequence[Projection], check_rows: CheckRows, at: datetime) -> None:
        self.changes = Changes()
        self._locked = locked
        self._projections = projections
        self._check_rows = check_rows
        self._at = at
        self._positions = iter(locked.positions)

    def judge(self, request: Request) -> Verdict:
        """The request's events as they will be recorded, or the error that its caller gets. Never raises."""
        try:
            self._check(request)
            recorded, rows = self._record(request)
        except Exception as error:  # a projection of one request must not harm the others: its caller gets it
            return error
        self._take(request, recorded, rows)
        return tuple(recorded)

    def _check(self, request: Request) -> None:
        append, heads = request.append, self._locked.heads
        if append.fence:
            self._check_fence(append.fence)
        if request.inbox and not self._locked.consumed.isdisjoint(request.inbox):
            raise AlreadyConsumedError(UUID(id_) for id_ in request.inbox if id_ in self._locked.consumed)
        for write in append.writes:
            actual = heads.get(write.stream, 0)
            if actual != write.expected:
                raise ConflictError(write.stream, write.expected, actual)
        for stream, version in append.unchanged.items():
            actual = heads.get(stream, 0)
            if actual != version:
                raise ConflictError(stream, version, actual)

    def _check_fence(self, fence: Fence) -> None:
        current = self._locked.tokens.get(fence.name, 0)
        if current != fence.token:
            raise FencedError(fence.name, fence.token, current)

    def _record(self, request: Request) -> tuple[list[Recorded], list[RowWrite]]:
        recorded = [
            Recorded(new.id, write.stream, version, next(self._positions), self._at, new.event, new.context)
            for write in request.append.writes
            for version, new in enumerate(write.events, write.expected + 1)
        ]
        rows: list[RowWrite] = []
        for project in self._projections:
            for event in recorded:
                rows.extend(project(event))
        if rows:
            self._check_rows(rows)
        return recorded, rows

    def _take(self, request: Request, recorded: list[Recorded], rows: list[RowWrite]) -> None:
        append, heads, changes = request.append, self._locked.heads, self.changes
        texts = (text for data in request.data for text in data)
        changes.events += zip(recorded, texts, strict=True)
        for write in append.writes:
            if write.events:
                changes.written[write.stream] = heads[write.stream] = write.expected + len(write.events)
            else:
                changes.relied_on[write.stream] = write.expected
        changes.relied_on.update(append.unchanged)
        changes.inbox += request.inbox
        self._locked.consumed.update(request.inbox)
        changes.rows += rows
        changes.rows += append.rows
        changes.checkpoints.update(append.checkpoints)
