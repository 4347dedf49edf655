"""Rows written many at a time, by the driver itself: what SQLAlchemy does for each value costs more than the insert.

PostgreSQL takes new rows by `COPY`: one message with all of them, where a statement for each costs it three times as much. What
is in the way (the same id, written by another) is the same error as an insert's. Rows that change go as one statement, too, a
column of theirs as an array.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Uuid
from sqlalchemy.exc import DBAPIError

Row = Mapping[str, Any]


def insert_rows(conn: Connection, table: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts rows with these columns. Raises DBAPIError."""
    columns = ", ".join(f'"{n}"' for n in names)
    if conn.dialect.name == "postgresql":
        _copy(conn, f'COPY "{table.name}" ({columns}) FROM STDIN', rows)
        return
    marks = ", ".join("?" * len(names))
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608 - names are ours
    conn.exec_driver_sql(statement, _bare(table, names, rows))


def update_rows(conn: Connection, table: Any, key: str, rows: Sequence[Row]) -> None:
    """The same for rows that are there, found by the column `key`; their other columns become what is given."""
    names = [n for n in rows[0] if n != key] + [key]
    if conn.dialect.name == "postgresql":
        arrays = ", ".join(f"%s::{table.c[n].type.compile(conn.dialect)}[]" for n in names)
        columns = ", ".join(f'"{n}" = given."{n}"' for n in names[:-1])
        given = ", ".join(f'"{n}"' for n in names)
        statement = (
            f'UPDATE "{table.name}" SET {columns} FROM unnest({arrays}) AS given({given}) '  # noqa: S608 - names are ours
            f'WHERE "{table.name}"."{key}" = given."{key}"'
        )
        conn.exec_driver_sql(statement, tuple(_array(row[n] for row in rows) for n in names))
        return
    columns = ", ".join(f'"{n}" = ?' for n in names[:-1])
    values = _bare(table, names, list(map(itemgetter(*names), rows)))
    conn.exec_driver_sql(f'UPDATE "{table.name}" SET {columns} WHERE "{key}" = ?', values)  # noqa: S608 - names are ours


def _array(values: Iterable[str | int | None]) -> str:
    """An array as PostgreSQL writes it: the driver takes seven times as long to make one of a list."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return f"{value:d}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _copy(conn: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Errors are told as SQLAlchemy tells them: `Database.write` begins again by them."""
    driver: Any = conn.connection.dbapi_connection
    errors: Any = conn.dialect.dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as into:
            for row in rows:
                into.write_row(row)
    except errors.Error as e:
        lost = conn.dialect.is_disconnect(e, driver, None)
        if lost:
            conn.invalidate(e)
        raise DBAPIError(statement, None, e, hide_parameters=True, connection_invalidated=lost) from e


def _bare(table: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows for SQLite, which has no type for ids: SQLAlchemy keeps them without dashes there, and so do we."""
    ids = [i for i, n in enumerate(names) if isinstance(table.c[n].type, Uuid)]
    made: list[tuple[Any, ...]] = []
    for row in rows:
        values = list(row)
        for i in ids:
            if values[i] is not None:
                values[i] = values[i].replace("-", "")
        made.append(tuple(values))
    return made
