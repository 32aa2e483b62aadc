"""Acting on many things in turn, each by itself: one whose stream cannot be read does not stop the rest."""

from collections.abc import Awaitable
from datetime import timedelta

import structlog

log = structlog.get_logger()

TRIED_AGAIN = timedelta(minutes=1)
"""After so long a watch tries again what failed; that may have been the database's fault."""


class EachByItself:
    """Tells of each failure once: the whole story, and then not again until it is another or was mended."""

    def __init__(self, could_not: str) -> None:
        """`could_not` is what the log line says: "could not sweep"."""
        self._could_not = could_not
        self._failing: dict[str, str] = {}

    async def __call__(self, stream: str, acting: Awaitable[object]) -> bool:
        """Await `acting`, which is about `stream`; whether it went well."""
        try:
            await acting
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            if self._failing.get(stream) != said:
                log.exception(self._could_not, stream=stream)
            self._failing[stream] = said
            return False
        self._failing.pop(stream, None)
        return True
