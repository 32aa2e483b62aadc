"""The log as a whole, and who watches it."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from events.store.tables.read_models import alarms, alive, slots, visits


def proof_of_life(connection: Connection, name: str) -> datetime | None:
    """When the named watcher last went through everything it watches."""
    return connection.scalar(select(alive.c.at).where(alive.c.name == name))


def next_to_act(connection: Connection) -> datetime | None:
    """The next instant at which the sweeper must act."""
    limits = (slots.c.act_at, visits.c.act_at, visits.c.second_act_at, alarms.c.act_at)
    times = [connection.scalar(select(func.min(limit))) for limit in limits]
    return min((time for time in times if time is not None), default=None)
