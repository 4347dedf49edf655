"""Surveys with their tallies, and the answers to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("last", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=True),
        sa.Column("row", sa.Text, nullable=False),
        sa.Column("answers", sa.BigInteger, nullable=False),
        sa.Column("tally", sa.Text, nullable=False),
        sa.Column("told", sa.BigInteger, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.Column("told_last", sa.Uuid(as_uuid=False), nullable=True),
    )
    op.create_table(
        "survey_answer",
        sa.Column("survey", sa.String, primary_key=True),
        sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("ix_survey_answer_key", "survey_answer", ["survey", "key"], unique=True)


def downgrade() -> None:
    op.drop_table("survey_answer")
    op.drop_table("survey")
