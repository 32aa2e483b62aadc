"""Log lines: JSON for machines, coloured lines for people. No personal field ever reaches a log line in clear."""

import logging
import sys
from typing import TextIO

import structlog

OURS = "tillsyn"
"""The standard library's logger through which our own lines go: from a lower level up than those of libraries."""


def configure_logging(
    level: str = "info", style: str = "json", part: str = "tillsyn", stream: TextIO | None = None
) -> None:
    """Send structlog's lines, and those of the libraries below us, to `stream` (standard error), from `level` up."""
    number = logging.getLevelNamesMapping()[level.upper()]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: logging.getLogger(OURS),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))
    logging.getLogger(OURS).setLevel(number)
    structlog.contextvars.bind_contextvars(part=part)
