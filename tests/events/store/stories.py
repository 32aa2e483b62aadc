"""Streams that tell a story in one row each, and how such rows are damaged by hand."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import (
    select,
)

from events.envelope import Recorded
from events.store import (
    Delete,
    Difference,
    EventStore,
    Put,
    RowWrite,
    Set,
)
from events.store.tables.read_models import units
from tests.builders import an_id
from tests.events.store.builders import OWNER, unit_row
from tests.services.tillsyn.tamper import run_sql


def story(recorded: Recorded) -> Iterable[RowWrite]:
    """One row of `units` a stream: made by its first event, changed by each later one, gone with the ninth."""
    row = stream_row(recorded.stream)
    if recorded.version == 1:
        return (Put("units", row, unit_row(recorded.stream)),)
    if recorded.version == 9:
        return (Delete("units", row),)
    return (Set("units", row, {"name": f"{recorded.stream}/{recorded.version}"}),)


def stream_row(stream: str) -> UUID:
    return an_id(stream)


async def names(store: EventStore) -> dict[UUID, str]:
    return await store.query(lambda c: {row.id: row.name for row in c.execute(select(units))})


def damage(url: str) -> None:
    """One row is missing, one is different, one is surplus."""
    run_sql(url, "DELETE FROM units WHERE id = :id_", id_=stream_row("a"))
    run_sql(url, "UPDATE units SET name = 'wrong', zone = 'UTC' WHERE id = :id_", id_=stream_row("b"))
    run_sql(
        url,
        "INSERT INTO units (id, name, zone, organisation, unit) VALUES (:id_, 'ghost', 'UTC', :org, :unit)",
        id_=stream_row("c"),
        org=OWNER.organisation,
        unit=OWNER.unit,
    )


DAMAGED = {
    Difference("units", stream_row("a"), "missing"),
    Difference("units", stream_row("b"), "different", ("name", "zone")),
    Difference("units", stream_row("c"), "surplus"),
}
