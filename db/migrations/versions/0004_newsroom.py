"""What the newsroom decided, from day to day: units, topics and divisions with every period of theirs (`db/configured.py`)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("unit_contact")
    op.drop_table("unit")
    op.drop_table("topic")
    op.create_table(
        "unit",
        sa.Column("id", sa.String(), nullable=False, primary_key=True),
        sa.Column("valid_from", sa.String(), nullable=False, primary_key=True),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
    )
    op.create_index("ix_unit_district", "unit", ["district"])
    op.create_table(
        "unit_contact",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
    )
    op.create_index("ix_unit_contact_unit", "unit_contact", ["unit"])
    op.create_table(
        "topic",
        sa.Column("name", sa.String(), nullable=False, primary_key=True),
        sa.Column("valid_from", sa.String(), nullable=False, primary_key=True),
        sa.Column("area", sa.String(), nullable=True),
    )
    op.add_column("division", sa.Column("managed_by", sa.String(), nullable=False, server_default=""))
