"""What a cursor carries holds the receipt of its event too: the kept snapshot names one of the older kind and is cut anew."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM manifest")


def downgrade() -> None:
    op.execute("DELETE FROM manifest")
