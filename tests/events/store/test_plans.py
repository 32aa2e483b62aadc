"""Query plans at size: no statement of the append or of reading walks through the whole log."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, event, make_url

from events.store import Difference, sql
from events.store.database import parse_url
from events.store.rebuilding import difference
from events.store.rebuilding.shadow import Shadow
from events.store.tables.read_models import slots
from tests.postgres import Cluster

STREAMS, EVENTS_EACH = 2000, 5

FILL = """
INSERT INTO events (position, id, stream, version, name, schema_version, recordedtime, time, clock_trusted, actor_kind,
  actor_id, actor_role, organisation, unit, correlation, data)
SELECT n, {uuid}, 'stream-' || (n % {streams}), 1 + n / {streams}, 'night.slot-released', 1, {now}, {now}, {true},
  'staff', 'anna', 'night-staff', {uuid}, {uuid}, {uuid}, '{{}}'
FROM {numbers}"""

SQLITE = {
    "head": (sql.SQLITE_HEAD, ("stream-7",)),
    "heads": (sql.SQLITE_HEADS, (json.dumps(["stream-7", "new"]),)),
    "consumed": (sql.SQLITE_CONSUMED, (json.dumps([str(uuid4())]),)),
    "last position": (sql.SQLITE_LAST_POSITION, ()),
    "token": (sql.SQLITE_TOKEN, ("partition-0",)),
    "read": (sql.SQLITE_READ, ("stream-7", 2)),
    "load": (sql.SQLITE_LOAD, ("stream-7",)),
    "load many": (sql.SQLITE_LOAD_MANY, (json.dumps(["stream-7", "stream-8"]),)),
    "read all": (sql.SQLITE_READ_ALL, (9000, 100)),
}

POSTGRES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "lock heads": (sql.POSTGRES_LOCK_HEADS, ("{stream-7,stream-8}",)),
    "consumed": (sql.POSTGRES_CONSUMED, (f"{{{uuid4()}}}",)),
    "set heads": (sql.POSTGRES_SET_HEADS, ("{stream-7,stream-8}", "{6,6}")),
    "read": (sql.POSTGRES_READ, ("stream-7", 2)),
    "load": (sql.POSTGRES_LOAD, ("stream-7",)),
    "load many": (sql.POSTGRES_LOAD_MANY, ("{stream-7,stream-8}",)),
    "read all from the start": (sql.POSTGRES_READ_ALL, ("0", 0, 0, 1, 100)),
    "read all at the end": (sql.POSTGRES_READ_ALL, ("{xid}", 9900, 0, 1, 100)),
    "read an earlier epoch": (sql.POSTGRES_READ_EARLIER_EPOCH, ("{xid}", 9000, 0, 9500, 100)),
    "watermark lag": (sql.POSTGRES_WATERMARK_LAG, (0,)),
}


@pytest.fixture(scope="module")
def big_sqlite(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    file = tmp_path_factory.mktemp("plans") / "log.db"
    file.write_bytes(sqlite_template.read_bytes())
    connection = sqlite3.connect(str(make_url(f"sqlite:///{file}").database))
    numbers = f"(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c LIMIT {STREAMS * EVENTS_EACH}) SELECT n FROM c)"  # noqa: E501, S608
    fill = {"uuid": "lower(hex(randomblob(16)))", "now": "'2026'", "true": "1", "numbers": numbers}
    connection.execute(FILL.format(streams=STREAMS, **fill))
    connection.commit()
    connection.execute("ANALYZE")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def big_postgres(postgres: Cluster, postgres_template: str) -> Iterator["psycopg.Connection[Any]"]:
    name = postgres.database(postgres_template)
    with postgres.connect(name, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        numbers = f"generate_series(0, {STREAMS * EVENTS_EACH - 1}) AS n"
        fill = {"uuid": "gen_random_uuid()", "now": "now()", "true": "true", "numbers": numbers}
        connection.execute(FILL.format(streams=STREAMS, **fill))
        connection.execute("INSERT INTO stream_heads SELECT stream, max(version) FROM events GROUP BY stream")
        connection.execute("INSERT INTO inbox SELECT gen_random_uuid(), now() FROM events")
        connection.execute("UPDATE events SET xid = (3 + position / 20)::text::xid8")
        connection.execute("VACUUM ANALYZE")
        yield connection
    postgres.drop(name)


def rounds(connection: Connection) -> list[str]:
    """Every step of the plans by which a round holds some rows of a large table against the log, and mends them."""
    shadow = Shadow({"slots": slots}, (), connection.dialect)
    shadow.make(connection)
    beside = shadow.tables["slots"]
    sqlite_ = connection.dialect.name == "sqlite"
    number = "hex(randomblob(16))" if sqlite_ else "gen_random_uuid()"
    now, day = ("'2026'", "'2026-11-03'") if sqlite_ else ("now()", "current_date")
    numbers = (
        "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) SELECT n FROM c) AS numbers"
    )
    names = "id, recipient, home, night, kind, status, opens_at, due_at, late_at, deadline, organisation, unit"
    values = f"{number}, {number}, {number}, {day}, 'remote', 'open', {now}, {now}, {now}, {now}, {number}, {number}"
    connection.exec_driver_sql(f"INSERT INTO slots ({names}) SELECT {values} FROM {numbers}")  # noqa: S608
    connection.exec_driver_sql(f"INSERT INTO {beside.name} ({names}) SELECT {names} FROM slots")  # noqa: S608
    connection.exec_driver_sql("ANALYZE slots")
    shadow.count(connection)
    steps: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if sqlite_ else ''}{statement}", parameters)
        steps.extend(str(row[-1]) for row in cursor.fetchall())

    keys = [uuid4() for _ in range(20)]
    event.listen(connection, "before_cursor_execute", explain)
    difference.differences(connection, slots, beside, keys)
    difference.mend(connection, slots, beside, [Difference("slots", key, "missing") for key in keys])
    difference.mend(connection, slots, beside, [Difference("slots", key, "surplus") for key in keys])
    event.remove(connection, "before_cursor_execute", explain)
    return steps


def test_a_round_of_mending_walks_through_no_table(url: str) -> None:
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        steps = rounds(connection)
        connection.rollback()
    engine.dispose()

    assert len(steps) >= 4
    assert not [step for step in steps if "Seq Scan" in step or step.startswith(("SCAN slots", "SCAN rebuilt"))], steps


@pytest.mark.parametrize("name", SQLITE)
def test_sqlite_finds_what_it_needs_by_index(big_sqlite: sqlite3.Connection, name: str) -> None:
    statement, parameters = SQLITE[name]
    plan = [row[3] for row in big_sqlite.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]

    assert plan
    assert not [step for step in plan if step.startswith(("SCAN events", "SCAN inbox", "SCAN leases"))], plan
    assert not [step for step in plan if "TEMP B-TREE" in step and "many" not in name], plan


@pytest.mark.parametrize("name", POSTGRES)
def test_postgres_finds_what_it_needs_by_index(big_postgres: "psycopg.Connection[Any]", name: str) -> None:
    statement, parameters = POSTGRES[name]
    (xid,) = big_postgres.execute("SELECT max(xid) FROM events").fetchone() or ("0",)
    given = [xid if value == "{xid}" else value for value in parameters]
    plan = [row[0] for row in big_postgres.execute(f"EXPLAIN {statement}", given)]

    assert plan
    assert not [step for step in plan if "Seq Scan on" in step and "epochs" not in step], plan
    if statement in (sql.POSTGRES_READ_ALL, sql.POSTGRES_READ_EARLIER_EPOCH):
        assert not [step for step in plan if "Sort" in step], plan
