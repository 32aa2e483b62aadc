"""Leases: one holder at a time for a partition or a task, with a token that grows with every new holder.

A lease alone cannot stop a holder that was asleep when it ran out; the token in `Append.fence` does.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, update
from sqlalchemy.dialects import postgresql, sqlite

from events.store.append import Fence
from events.store.tables.log import leases


def acquire(connection: Connection, name: str, owner: str, ttl: timedelta, now: datetime) -> Fence | None:
    """The lease, if it is free, has run out, or is the owner's own (from before a restart); else None."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"name": name, "owner": owner, "token": 1, "expires_at": now + ttl}
    taking = (
        insert(leases)
        .values(row)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": owner, "token": leases.c.token + 1, "expires_at": now + ttl},
            where=(leases.c.expires_at <= now) | (leases.c.owner == owner),
        )
        .returning(leases.c.token)
    )
    token = connection.scalar(taking)
    return None if token is None else Fence(name, token)


def renew(connection: Connection, fence: Fence, ttl: timedelta, now: datetime) -> bool:
    """Hold it for `ttl` from now; False when it was taken over or given back. One that ran out untaken goes on."""
    mine = (leases.c.name == fence.name) & (leases.c.token == fence.token)
    renewed = connection.scalar(update(leases).where(mine).values(expires_at=now + ttl).returning(leases.c.token))
    return renewed is not None


def release(connection: Connection, fence: Fence, now: datetime) -> None:
    """Give it back, if it is still held. The token grows here too: nothing can be written under it any more."""
    mine = (leases.c.name == fence.name) & (leases.c.token == fence.token)
    connection.execute(update(leases).where(mine).values(owner="", token=fence.token + 1, expires_at=now))
