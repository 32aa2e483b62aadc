"""Keeps the ONVIF library out of everybody else's logs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

LOUD = ("onvif", "zeep", "aiohttp")


@contextmanager
def quietly() -> Iterator[None]:
    """Undo what the library does to logging while it is imported: it sets up the root logger (4.3.0, client.py).

    Its lines, and those of what it stands on, can hold addresses and the camera's words; failures are told as errors.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in LOUD:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
