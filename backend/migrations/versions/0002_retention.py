"""Closed letters whose sender is known: the timers look at them again, for contacts are removed after a while."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE cases SET timer_at = 0 WHERE open = 0 AND sender IS NOT NULL")
