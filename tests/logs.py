"""How log lines look in tests: as by default, but with plain tracebacks.

Drawing a traceback with all its variables takes seconds, and tests of failures draw many.
"""

import structlog


def plain_tracebacks() -> None:
    """Configure structlog so; instead of ``structlog.reset_defaults()``, which brings the drawn ones back."""
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )
