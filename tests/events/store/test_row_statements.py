"""Row writes as statements: one a row, in the order of table and key, whatever order they were asked for in."""

from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.dialects import postgresql

from events.store.row_statements import RowStatements
from events.store.rows import Delete, Put, RowWrite, Set

METADATA = MetaData()
Table("pairs", METADATA, Column("a", Integer, primary_key=True), Column("b", String, primary_key=True))
Table("things", METADATA, Column("id", Integer, primary_key=True), Column("x", Integer), Column("order", Integer))


def statements(*writes: RowWrite) -> list[tuple[str, list[tuple[object, ...]]]]:
    made = RowStatements(METADATA, postgresql.dialect(), "%s")  # type: ignore[no-untyped-call]
    made.check(writes)
    return made.statements(writes)


def test_rows_are_written_in_the_order_of_table_and_key() -> None:
    made = statements(
        Put("things", 3, {"x": 1}),
        Set("things", 2, {"x": 2}),
        Delete("pairs", (1, "b")),
        Put("things", 1, {"x": 3, "order": 4}),
        Delete("pairs", (1, "a")),
    )

    assert made == [
        ("DELETE FROM pairs WHERE a = %s AND b = %s", [(1, "a"), (1, "b")]),
        (PUT_THING, [(1, 3, 4)]),
        ("UPDATE things SET x = %s WHERE id = %s", [(2, 2)]),
        (PUT_THING, [(3, 1, None)]),
    ]


def test_a_key_of_several_columns_is_a_tuple_and_may_be_the_whole_row() -> None:
    assert statements(Put("pairs", (1, "a"), {})) == [
        ("INSERT INTO pairs (a, b) VALUES (%s, %s) ON CONFLICT (a, b) DO NOTHING", [(1, "a")])
    ]


PUT_THING = (
    'INSERT INTO things (id, x, "order") VALUES (%s, %s, %s) '
    'ON CONFLICT (id) DO UPDATE SET x = excluded.x, "order" = excluded."order"'
)
