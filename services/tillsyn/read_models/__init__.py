"""Read models: what each event means for the rows that screens, planner and sweeper ask. Pure functions."""

from collections.abc import Callable, Iterable

from events.envelope import Recorded
from events.store import RowWrite
from services.tillsyn.read_models.alarm import alarm_rows, notice_rows
from services.tillsyn.read_models.incident import incident_rows
from services.tillsyn.read_models.night import night_rows
from services.tillsyn.read_models.people import people_rows
from services.tillsyn.read_models.staff import patrol_rows, staff_rows
from services.tillsyn.read_models.visit import visit_rows


def project(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that `recorded` changes, in every read model."""
    rows = _ROWS_OF.get(recorded.stream.partition("-")[0], people_rows)
    return rows(recorded)


_ROWS_OF: dict[str, Callable[[Recorded], Iterable[RowWrite]]] = {
    "night": night_rows,
    "visit": visit_rows,
    "incident": incident_rows,
    "alarm": alarm_rows,
    "notice": notice_rows,
    "roles": staff_rows,
    "shift": staff_rows,
    "patrol": patrol_rows,
}
"""By what the stream's name begins with; everything else is about people, homes, units and gateways."""


PROJECTIONS = (project,)
"""What every store that appends events is opened with."""
