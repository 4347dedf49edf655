"""The tables in the file are those of `db/tables.py`, and the plain SQL names no other columns."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import Session, SQLModel, select
from store_letters import bring, receipt

from db import log, projection, tables
from db.casefile import CASE_COLUMNS, DISPATCH_COLUMNS
from db.keys import keeper
from db.migrate import VERSIONS, engine, ours
from db.rows import Row
from db.store import Store
from db.store_file import FILE, SCHEMA, connect


def test_the_migrations_make_exactly_these_tables(home: Path) -> None:
    conn = connect(home / FILE, keeper(home).get())
    with engine(conn).connect() as bound:
        context = MigrationContext.configure(bound, opts={"include_name": ours, "compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    conn.close()


def test_every_schema_number_has_its_migration() -> None:
    assert max(VERSIONS) == SCHEMA
    versions = Path(tables.__file__).with_name("migrations") / "versions"
    assert sorted(p.name.split("_")[0] for p in versions.glob("0*.py")) == sorted(VERSIONS.values())


def test_what_is_written_by_name_are_the_tables_columns() -> None:
    columns = {name: set(table.columns.keys()) for name, table in SQLModel.metadata.tables.items()}
    assert {"n", *CASE_COLUMNS, *projection._MADE, "rest"} == columns["cases"]
    assert {"n", "place", *DISPATCH_COLUMNS, "rest"} == columns["dispatch"]
    assert set(log.EVENT_COLUMNS) == columns["event"]
    assert set(Row._fields) - {"sort", "rating", "erased"} <= columns["cases"]


def test_the_store_can_be_read_through_its_sqlmodel_classes(store: Store) -> None:
    [case] = bring(store, receipt("7", title="自来水发黄"))
    conn = connect(store.path, keeper(store.home).get())
    with Session(engine(conn)) as session:
        found = session.exec(select(tables.Cases).where(tables.Cases.id == case)).one()
        assert (found.title, found.state) == ("自来水发黄", "received")
    conn.close()
