"""A workbench: one connection with temporary tables, to make something large beside what is in service.

Temporary tables are nobody else's business: writing them takes no lock that an append waits for, and they are gone with
the connection, so that a process that is killed leaves nothing behind.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from events.store.errors import RefusedByDatabaseError

Opening = Callable[[Connection], None]
"""What a transaction begins with."""


class Workbench:
    """Transactions on one connection; see `Database.workbench`. Used by one thread."""

    def __init__(
        self,
        connection: Connection,
        interpreting: Callable[[], AbstractContextManager[None]],
        begins: Opening,
        shuts_others_out: Opening,
    ) -> None:
        self.dialect = connection.dialect
        self._connection = connection
        self._interpreting = interpreting
        self._begins = begins
        self._shuts_others_out = shuts_others_out

    def transaction(self, *, keep: bool = True) -> AbstractContextManager[Connection]:
        """One snapshot; appends go on meanwhile. Only temporary tables may be written. Without `keep`: rolled back."""
        return self._opened(self._begins, keep)

    def alone(self) -> AbstractContextManager[Connection]:
        """Nobody appends until the block ends, and all that was appended before is seen. Readers are not disturbed.

        InterferenceError when others could not be shut out in time; StoreBusyError when they could not for long.
        """
        return self._opened(self._shuts_others_out, keep=True)

    @contextmanager
    def _opened(self, opening: Opening, keep: bool) -> Iterator[Connection]:
        with self._interpreting(), self._connection.begin() as transaction:
            opening(self._connection)
            try:
                yield self._connection
            except IntegrityError as error:
                raise RefusedByDatabaseError(f"a row cannot be as the log has it: {error.orig}") from None
            if not keep:
                transaction.rollback()
