"""Letters received and closed by day and district (`db/day_counts.py`), from the letters that are here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNTED = """
SELECT day, district, sum(received), sum(closed) FROM (
  SELECT (received_at + 28800000) / 86400000 AS day, coalesce(district, '') AS district, 1 AS received, 0 AS closed
  FROM cases INDEXED BY ix_cases_received
  UNION ALL
  SELECT (max(received_at, coalesce(nullif(closed_at, 0), last_at)) + 28800000) / 86400000, coalesce(district, ''), 0, 1
  FROM cases WHERE state IN ('resolved', 'declined', 'merged', 'withdrawn')
) GROUP BY 1, 2
"""


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("district", sa.String, primary_key=True),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("closed", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO day_count {COUNTED}")


def downgrade() -> None:
    op.drop_table("day_count")
