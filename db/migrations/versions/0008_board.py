"""Open letters counted by group for the late board (`db/board_counts.py`), from the letters that are here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GROUPS = ("district", "unit", "topic", "editor", "level")

OPEN = """
CREATE TEMP TABLE open_letter AS
SELECT coalesce(c.district, '') AS district,
       coalesce((SELECT d.district || '/' || d.unit FROM dispatch d
                 WHERE d.n = c.n AND d.id = json_extract(c.rest, '$.lead')), '') AS unit,
       coalesce(c.topic, '') AS topic, coalesce(c.assignee, '') AS editor, CAST(c.chase_level AS TEXT) AS level,
       coalesce(json_extract(c.rest, '$.chases'), 0) AS chases, c.returns AS returns, c.redos AS redos
FROM cases c WHERE c.state NOT IN ('resolved', 'declined', 'merged', 'withdrawn')
"""


def upgrade() -> None:
    op.create_table(
        "board_count",
        sa.Column("dim", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("open", sa.Integer, nullable=False),
        sa.Column("chases", sa.Integer, nullable=False),
        sa.Column("returns", sa.Integer, nullable=False),
        sa.Column("redos", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(OPEN)
    for dim in GROUPS:
        op.execute(
            f"INSERT INTO board_count SELECT '{dim}', {dim}, count(*), sum(chases), sum(returns), sum(redos) "  # noqa: S608
            f"FROM open_letter GROUP BY {dim}"
        )
    op.execute("DROP TABLE open_letter")


def downgrade() -> None:
    op.drop_table("board_count")
