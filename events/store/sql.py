"""Every statement that matters, by name: the append, the reads, the watermark. Their query plans are tested.

Rare statements (leases, keys, epochs) are SQLAlchemy Core where they are used. `?` is SQLite's placeholder, `%s`
psycopg's.
"""

from events.store.record import WRITTEN

# --- SQLite: one writer at a time, so positions alone are the global order -------------------------------------------

SQLITE_BEGIN = "BEGIN IMMEDIATE"
"""Takes the write lock at once: a transaction that reads first and writes later fails with BUSY_SNAPSHOT."""

SQLITE_HEAD = "SELECT coalesce(max(version), 0) FROM events WHERE stream = ?"
"""The head of one stream. The write lock is the whole file's: there is no row to lock, and `stream_heads` is a view."""

SQLITE_HEADS = "SELECT value, coalesce((SELECT max(version) FROM events WHERE stream = value), 0) FROM json_each(?)"
"""The heads of many streams, given as a JSON list."""

SQLITE_CONSUMED = "SELECT id FROM inbox WHERE id IN (SELECT value FROM json_each(?))"
"""Which of these messages were consumed."""

SQLITE_TOKEN = "SELECT token FROM leases WHERE name = ?"  # noqa: S105 - a fencing token, no password
"""The present token of a lease."""

SQLITE_LAST_POSITION = "SELECT coalesce(max(position), 0) FROM events"
"""The last position given out."""

SQLITE_INSERT_EVENT = f"INSERT INTO events ({WRITTEN}) VALUES ({', '.join('?' * 18)})"  # noqa: S608
"""One event; run with many."""

SQLITE_INSERT_INBOX = "INSERT INTO inbox (id, consumed_at) VALUES (?, ?)"
"""One consumed message; run with many."""

SQLITE_SET_CHECKPOINT = (
    "INSERT INTO checkpoints (name, checkpoint, saved_at) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, saved_at = excluded.saved_at"
)
"""How far a reader has come."""

SQLITE_READ = f"SELECT {WRITTEN} FROM events WHERE stream = ? AND version > ? ORDER BY version"  # noqa: S608
"""One stream's events."""

SQLITE_LOAD = "SELECT version, name, schema_version, data FROM events WHERE stream = ? ORDER BY version"
"""What folding one stream needs."""

SQLITE_LOAD_MANY = (
    "SELECT stream, version, name, schema_version, data FROM events "
    "WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY stream, version"
)
"""What folding many streams needs."""

SQLITE_READ_ALL = f"SELECT {WRITTEN} FROM events WHERE position > ? ORDER BY position LIMIT ?"  # noqa: S608
"""A page of the whole log."""

# --- PostgreSQL: REPEATABLE READ, heads locked in order, readers stop at the watermark -------------------------------

POSTGRES_DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
"""On a server set to answer before it is durable, we wait all the same."""

POSTGRES_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"
"""The snapshot is older than the xid: whoever wrote what we see has a lower xid than we get, so nothing is inverted.
Under READ COMMITTED a transaction with an early xid may see, and append after, one with a later xid."""

POSTGRES_GATE = "LOCK TABLE stream_heads IN ROW SHARE MODE"
"""First in every append: it waits here while somebody has the log for themselves. LOCK takes no snapshot, so the one
that the append then gets is never older than what was done meanwhile: an update would silently miss a row made then."""

POSTGRES_ALONE = "LOCK TABLE stream_heads IN EXCLUSIVE MODE"
"""Nobody appends until this transaction ends; everybody can read."""

POSTGRES_MAKE_HEADS = (
    "INSERT INTO stream_heads (stream, version) SELECT stream, 0 FROM unnest(%s::text[]) AS wanted (stream) "
    "ON CONFLICT DO NOTHING"
)
"""Heads of streams that may be new, in sorted order: there must be a row to lock."""

POSTGRES_LOCK_HEADS = (
    "SELECT stream, version FROM stream_heads WHERE stream = ANY (%s::text[]) ORDER BY stream FOR UPDATE"
)
"""The heads of all streams written or relied on, locked in sorted order."""

POSTGRES_CONSUMED = "SELECT id::text FROM inbox WHERE id = ANY (%s::uuid[])"
"""Which of these messages were consumed."""

POSTGRES_TOKENS = "SELECT name, token FROM leases WHERE name = ANY (%s::text[]) ORDER BY name FOR SHARE"
"""The present tokens of leases; nobody takes one over before we are done."""

POSTGRES_POSITIONS = "SELECT nextval('events_position') FROM generate_series(1, %s)"
"""Positions for so many events. Asked for with the heads locked, and never reused: holes mean nothing."""

POSTGRES_INSERT_EVENTS = f"""
INSERT INTO events ({WRITTEN}) SELECT * FROM unnest(
  %s::bigint[], %s::uuid[], %s::text[], %s::int[], %s::text[], %s::int[], %s::timestamptz[], %s::timestamptz[],
  %s::boolean[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[],
  %s::text[])"""  # noqa: S608
"""All events of the transaction, one array a column."""

POSTGRES_SET_HEADS = (
    "UPDATE stream_heads SET version = new.version FROM unnest(%s::text[], %s::int[]) AS new (stream, version) "
    "WHERE stream_heads.stream = new.stream"
)
"""New heads. Streams only relied on are written too, unchanged: a transaction with an older snapshot that wants to
write them then fails and begins anew, so the order of xids is the order in which decisions saw each other."""

POSTGRES_INSERT_INBOX = (
    "INSERT INTO inbox (id, consumed_at) SELECT id, %s::timestamptz FROM unnest(%s::uuid[]) AS new (id) "
    "ON CONFLICT DO NOTHING"
)
"""Consumed messages, sorted. One that another transaction has just consumed is a serialization failure here."""

POSTGRES_SET_CHECKPOINT = (
    "INSERT INTO checkpoints (name, checkpoint, saved_at) VALUES (%s, %s, %s) "
    "ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, saved_at = excluded.saved_at"
)
"""How far a reader has come."""

POSTGRES_READ = f"SELECT {WRITTEN} FROM events WHERE stream = %s AND version > %s ORDER BY version"  # noqa: S608
"""One stream's events."""

POSTGRES_LOAD = "SELECT version, name, schema_version, data FROM events WHERE stream = %s ORDER BY version"
"""What folding one stream needs."""

POSTGRES_LOAD_MANY = (
    "SELECT stream, version, name, schema_version, data FROM events "
    "WHERE stream = ANY (%s::text[]) ORDER BY stream, version"
)
"""What folding many streams needs."""

POSTGRES_READ_ALL = f"""
SELECT {WRITTEN}, xid FROM events
WHERE (xid, position) > (%s::xid8, %s::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
  AND position > %s AND NOT EXISTS (SELECT FROM epochs WHERE epoch > %s)
ORDER BY xid, position LIMIT %s"""  # noqa: S608
"""A page of the present epoch. It stops at the watermark, the oldest transaction still open: below it nothing can
appear any more. Empty as well when a later epoch has begun; ask for the epochs then."""

POSTGRES_READ_EARLIER_EPOCH = f"""
SELECT {WRITTEN}, xid FROM events
WHERE (xid, position) > (%s::xid8, %s::bigint) AND position > %s AND position <= %s
ORDER BY xid, position LIMIT %s"""  # noqa: S608
"""A page of an epoch that is over, or of one in which nobody can be appending. All of it is committed: it goes on to
the last position given, whatever this cluster's snapshots say of its xids."""

POSTGRES_WATERMARK_LAG = """
SELECT count(*), min(recordedtime) FROM events
WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()) AND position > %s"""
"""Events of the present epoch that are committed and not yet shown to readers, and since when."""
