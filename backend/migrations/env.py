"""Where Alembic starts: on the connection that `backend/migrate.py` hands over, inside its one transaction."""

from __future__ import annotations

from alembic import context

from backend.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
