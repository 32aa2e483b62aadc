"""Read models: what each event means for the rows that screens, planner and sweeper ask. Pure functions."""

from collections.abc import Iterable

from events.envelope import Recorded
from events.store import RowWrite
from services.tillsyn.read_models.night import night_rows
from services.tillsyn.read_models.people import people_rows
from services.tillsyn.read_models.visit import visit_rows


def project(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that `recorded` changes, in every read model."""
    stream = recorded.stream
    if stream.startswith("night-"):
        return night_rows(recorded)
    if stream.startswith("visit-"):
        return visit_rows(recorded)
    return people_rows(recorded)


PROJECTIONS = (project,)
"""What every store that appends events is opened with."""
