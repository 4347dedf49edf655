"""Surveys: what their events make, and what was last counted of each (`db/survey_rows.py`)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("row", sa.String, nullable=False),
        sa.Column("counted", sa.String, nullable=True),
        sa.Column("counted_at", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("survey")
