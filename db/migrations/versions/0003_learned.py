"""What is learned from the desk's decisions, for suggestions (`db/learning.py`)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("to_learn", sa.Column("n", sa.Integer(), nullable=False, primary_key=True))
    op.create_table(
        "learned_letter",
        sa.Column("n", sa.Integer(), nullable=False, primary_key=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
    )
    op.create_index("ix_learned_letter_topic", "learned_letter", ["topic"])
    op.create_table(
        "learned",
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("field", "label"),
    )
    op.create_table(
        "learned_place",
        sa.Column("name", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "district"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("learned_place", "learned", "learned_letter", "to_learn"):
        op.drop_table(table)
