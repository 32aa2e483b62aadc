"""A part's health page, on the port that its settings name."""

import os
from collections.abc import Mapping
from contextlib import AsyncExitStack

from events.runtime.health import Check, HealthPage, Page
from events.runtime.settings import BadConfigurationError, PartSettings


async def open_page(
    open_parts: AsyncExitStack,
    settings: PartSettings,
    checks: Mapping[str, Check],
    pages: Mapping[str, Page] | None = None,
) -> None:
    """Serve it while `open_parts` is open, where one is wanted. BadConfigurationError when the port is taken."""
    host, port = settings.health_host, settings.health_port
    if not port:
        return
    try:
        await open_parts.enter_async_context(HealthPage(checks, pages=pages or {}).serve(host, port))
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise BadConfigurationError(
            f"TILLSYN_HEALTH_PORT: cannot answer on {host}:{port} ({why}); choose another port, or 0 for none"
        ) from None
