"""Indexes by which a period's figures are read out of a million letters (`db/figures/`)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTED = (
    "kind IN ('declined', 'extended', 'lead_changed', 'merged', 'published', 'rated', 'recalled', 'redone', "
    "'reopened', 'returned', 'unmerged', 'upheld', 'withdrawn')"
)


def upgrade() -> None:
    op.create_index("ix_cases_received", "cases", ["received_at", "kind", "topic", "district"])
    op.create_index("ix_dispatch_sent", "dispatch", ["sent_at"])
    op.create_index(
        "ix_dispatch_replied", "dispatch", ["first_reply_at"], sqlite_where=sa.text("first_reply_at IS NOT NULL")
    )
    op.create_index("ix_dispatch_due", "dispatch", ["reply_due"])
    op.create_index("ix_event_figures", "event", ["kind", "at", "case_n"], sqlite_where=sa.text(COUNTED))


def downgrade() -> None:
    for name, table in (
        ("ix_event_figures", "event"),
        ("ix_dispatch_due", "dispatch"),
        ("ix_dispatch_replied", "dispatch"),
        ("ix_dispatch_sent", "dispatch"),
        ("ix_cases_received", "cases"),
    ):
        op.drop_index(name, table)
