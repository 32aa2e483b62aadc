"""How many random nights a run plays, and one of them on SQLite."""

import asyncio
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

from tests.night.random.plan import Plan
from tests.night.random.playing import broken_in
from tests.night.random.town import copied

ZONES = 3
IN_CI, DEEP = 200, 10_000
"""In all zones together."""
SHOWN_EACH = 100


def is_deep() -> bool:
    """Whether this run has the profile of `make deep`."""
    return settings.default.max_examples > 1000  # type: ignore[union-attr]


def so_many() -> int:
    """Nights in one zone: more under the profile of `make deep`."""
    return (DEEP if is_deep() else IN_CI) // ZONES + 1


played = settings(
    max_examples=so_many(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
"""How random nights are drawn."""
patient = pytest.mark.timeout(6 * 3600 if is_deep() else 1800)
"""On a busy machine: the limit that passes inside a night would be taken for a fault of that night, and made small.
Three thousand nights take half an hour where nothing else runs."""
_counted = count(1)


def play_on_sqlite(template: Path, plan: Plan) -> None:
    """Fails with the night's story when something was broken in it."""
    with TemporaryDirectory(prefix="night-", dir=template.parent) as folder:
        found = asyncio.run(broken_in(copied(template, Path(folder)), plan))
    assert not found, "\n".join([repr(plan), *found])
    number = next(_counted)
    if number % SHOWN_EACH == 0:
        print(f"{plan.zone}: {number} random nights", file=sys.__stderr__, flush=True)


Town = Callable[[str], Path]
