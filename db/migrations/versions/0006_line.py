"""What the line to a backend needs: confirmed rows apart, rows ahead of the cursor, why a pending event is in doubt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmed",
        sa.Column("n", sa.Integer, sa.ForeignKey("cases.n"), primary_key=True),
        sa.Column("row", sa.String, nullable=False),
    )
    op.create_index("ix_confirmed_lost", "confirmed", ["n"], sqlite_where=sa.text("row = ''"))
    op.create_table(
        "ahead",
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
    )
    op.create_table("filled", sa.Column("n", sa.Integer, primary_key=True))
    op.create_table(
        "part",
        sa.Column("hash", sa.String, primary_key=True),
        sa.Column("first", sa.Integer, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_event_touch_event", "event_touch", ["event_n"])
    op.add_column("outbox", sa.Column("doubt", sa.String, nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "doubt")
    op.drop_index("ix_event_touch_event", "event_touch")
    for table in ("part", "filled", "ahead", "confirmed"):
        op.drop_table(table)
