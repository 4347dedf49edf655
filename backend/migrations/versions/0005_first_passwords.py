"""Until when a password that somebody was given opens the choice of one's own; none where it is their own already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("first_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "first_until")
