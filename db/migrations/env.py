"""Where Alembic starts: on the connection that `db/migrate.py` hands over, inside its one transaction."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import db.tables  # noqa: F401 - fills the metadata
from db.migrate import ours

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    include_name=ours,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
    if "schema" in context.config.attributes:
        # in the same transaction, so that the number in the file's head is never ahead of its tables
        connection.exec_driver_sql(f"PRAGMA user_version = {context.config.attributes['schema']:d}")
