"""The first schema: letters and all that stands around them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _col(name: str, kind: Any, *, null: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, **more)


def upgrade() -> None:
    op.create_table(
        "bulletin",
        _col("month", sa.String()),
        _col("revision", sa.Integer()),
        _col("body", sa.String()),
        _col("frozen_at", sa.Integer()),
        _col("signed_by", sa.String()),
        sa.PrimaryKeyConstraint("month", "revision"),
    )
    op.create_table(
        "cases",
        _col("n", sa.Integer()),
        _col("id", sa.String()),
        _col("code", sa.String()),
        _col("state", sa.String()),
        _col("kind", sa.String(), null=True),
        _col("urgency", sa.String()),
        _col("received_at", sa.Integer()),
        _col("district", sa.String(), null=True),
        _col("topic", sa.String(), null=True),
        _col("title", sa.String()),
        _col("chase_level", sa.Integer()),
        _col("next_due", sa.Integer(), null=True),
        _col("due_kind", sa.String(), null=True),
        _col("paused", sa.Integer()),
        _col("pending", sa.Integer()),
        _col("doubtful", sa.Integer()),
        _col("refused", sa.Integer()),
        _col("assignee", sa.String(), null=True),
        _col("returns", sa.Integer()),
        _col("redos", sa.Integer()),
        _col("score", sa.Integer(), null=True),
        _col("last_at", sa.Integer()),
        _col("closed_at", sa.Integer(), null=True),
        _col("result", sa.String(), null=True),
        _col("confidential", sa.Integer()),
        _col("place_district", sa.String(), null=True),
        _col("sender", sa.String(), null=True),
        _col("channel", sa.String()),
        _col("number", sa.String()),
        _col("source", sa.String()),
        _col("rest", sa.String()),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_cases_assignee", "cases", ["assignee"], sqlite_where=sa.text("assignee IS NOT NULL"))
    op.create_index("ix_cases_code", "cases", ["code"])
    op.create_index("ix_cases_district", "cases", ["district"])
    op.create_index("ix_cases_sender", "cases", ["sender"], sqlite_where=sa.text("sender IS NOT NULL"))
    op.create_index("ix_cases_state", "cases", ["state"])
    op.create_index("ix_cases_topic", "cases", ["topic"])
    op.create_table(
        "device",
        _col("id", sa.String()),
        _col("number", sa.Integer()),
        _col("name", sa.String()),
        _col("own", sa.Integer()),
        _col("since", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "division",
        _col("code", sa.String()),
        _col("valid_from", sa.String()),
        _col("name", sa.String()),
        _col("short", sa.String()),
        _col("level", sa.String()),
        _col("kind", sa.String()),
        _col("parent", sa.String(), null=True),
        _col("valid_to", sa.String(), null=True),
        _col("successor", sa.String(), null=True),
        _col("aliases", sa.String()),
        sa.PrimaryKeyConstraint("code", "valid_from"),
    )
    op.create_index("ix_division_parent", "division", ["parent"])
    op.create_table(
        "draft",
        _col("case_id", sa.String()),
        _col("action", sa.String()),
        _col("fields", sa.String()),
        _col("at", sa.Integer()),
        sa.PrimaryKeyConstraint("case_id", "action"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queue_count",
        _col("queue", sa.Integer(), autoincrement=False),
        _col("letters", sa.Integer()),
        _col("upto", sa.Integer()),
        sa.PrimaryKeyConstraint("queue"),
    )
    op.create_table(
        "rules",
        _col("version", sa.Integer(), autoincrement=False),
        _col("body", sa.String()),
        _col("since", sa.Integer()),
        _col("event", sa.String(), null=True),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "sender",
        _col("id", sa.String()),
        _col("name", sa.String()),
        _col("salutation", sa.String()),
        _col("phone", sa.String()),
        _col("contact", sa.String()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table("setting", _col("name", sa.String()), _col("value", sa.String()), sa.PrimaryKeyConstraint("name"))
    op.create_table(
        "template",
        _col("id", sa.String()),
        _col("action", sa.String()),
        _col("topic", sa.String(), null=True),
        _col("unit", sa.String(), null=True),
        _col("name", sa.String()),
        _col("body", sa.String()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_template_action", "template", ["action"])
    op.create_table("to_index", _col("n", sa.Integer()), sa.PrimaryKeyConstraint("n"))
    op.create_table(
        "topic",
        _col("name", sa.String()),
        _col("area", sa.String()),
        _col("valid_from", sa.String()),
        _col("valid_to", sa.String(), null=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "unit",
        _col("id", sa.String()),
        _col("district", sa.String()),
        _col("name", sa.String()),
        _col("valid_from", sa.String()),
        _col("valid_to", sa.String(), null=True),
        _col("note", sa.String()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_unit_district", "unit", ["district"])
    op.create_table(
        "user",
        _col("id", sa.String()),
        _col("name", sa.String()),
        _col("role", sa.String()),
        _col("active", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "attachment",
        _col("hash", sa.String()),
        _col("case_n", sa.Integer(), null=True),
        _col("name", sa.String()),
        _col("media", sa.String()),
        _col("size", sa.Integer()),
        _col("body", sa.LargeBinary(), null=True),
        sa.ForeignKeyConstraint(["case_n"], ["cases.n"]),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_attachment_case_n", "attachment", ["case_n"])
    op.create_table(
        "dispatch",
        _col("n", sa.Integer()),
        _col("place", sa.Integer()),
        _col("id", sa.String()),
        _col("lead", sa.Integer()),
        _col("district", sa.String()),
        _col("district_name", sa.String()),
        _col("unit", sa.String()),
        _col("state", sa.String()),
        _col("rules", sa.Integer()),
        _col("sent_at", sa.Integer()),
        _col("sign_due", sa.Integer()),
        _col("return_due", sa.Integer()),
        _col("reply_due", sa.Integer()),
        _col("signed_at", sa.Integer(), null=True),
        _col("first_reply_at", sa.Integer(), null=True),
        _col("reply", sa.String(), null=True),
        _col("replied_at", sa.Integer(), null=True),
        _col("returned", sa.String(), null=True),
        _col("contact_shared", sa.Integer()),
        _col("chase_level", sa.Integer()),
        _col("chases", sa.Integer()),
        _col("redos", sa.Integer()),
        _col("extension_asked", sa.String(), null=True),
        _col("extended", sa.Integer()),
        _col("recalled", sa.Integer()),
        _col("rest", sa.String()),
        sa.ForeignKeyConstraint(["n"], ["cases.n"]),
        sa.PrimaryKeyConstraint("n", "place"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dispatch_district", "dispatch", ["district", "sent_at"])
    op.create_table(
        "event",
        _col("n", sa.Integer()),
        _col("id", sa.String()),
        _col("case_n", sa.Integer(), null=True),
        _col("kind", sa.String()),
        _col("at", sa.Integer()),
        _col("happened", sa.Integer(), null=True),
        _col("actor", sa.String()),
        _col("role", sa.String()),
        _col("device", sa.String()),
        _col("re", sa.String(), null=True),
        _col("dispatch", sa.String(), null=True),
        _col("facts", sa.String()),
        _col("words", sa.String(), null=True),
        _col("salt", sa.String()),
        _col("inner", sa.LargeBinary()),
        _col("digest", sa.LargeBinary()),
        _col("seq", sa.Integer(), null=True),
        _col("heard", sa.Integer(), null=True),
        _col("absorbed", sa.Integer()),
        sa.ForeignKeyConstraint(["case_n"], ["cases.n"]),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("seq"),
    )
    op.create_index("ix_event_case_n", "event", ["case_n"])
    op.create_table(
        "queue_entry",
        _col("queue", sa.Integer()),
        _col("sort", sa.Integer()),
        _col("n", sa.Integer()),
        sa.ForeignKeyConstraint(["n"], ["cases.n"]),
        sa.PrimaryKeyConstraint("queue", "sort", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_entry_n", "queue_entry", ["queue", "n"])
    op.create_table(
        "refused",
        _col("id", sa.String()),
        _col("case_n", sa.Integer(), null=True),
        _col("event", sa.String()),
        _col("code", sa.String()),
        _col("detail", sa.String()),
        _col("at", sa.Integer()),
        sa.ForeignKeyConstraint(["case_n"], ["cases.n"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_refused_case_n", "refused", ["case_n"])
    op.create_table(
        "unit_contact",
        _col("id", sa.Integer()),
        _col("unit", sa.String()),
        _col("name", sa.String()),
        _col("phone", sa.String()),
        _col("duty", sa.String()),
        _col("hours", sa.String()),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_unit_contact_unit", "unit_contact", ["unit"])
    op.create_table(
        "event_touch",
        _col("case_n", sa.Integer()),
        _col("event_n", sa.Integer()),
        sa.ForeignKeyConstraint(["case_n"], ["cases.n"]),
        sa.ForeignKeyConstraint(["event_n"], ["event.n"]),
        sa.PrimaryKeyConstraint("case_n", "event_n"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        _col("event_n", sa.Integer()),
        _col("actor", sa.String()),
        _col("offered", sa.Integer(), null=True),
        sa.ForeignKeyConstraint(["event_n"], ["event.n"]),
        sa.PrimaryKeyConstraint("event_n"),
    )

    # pages of the search index fit into a page of the encrypted file; merging waits for quiet moments;
    # a large import is written in few segments
    op.execute(
        "CREATE VIRTUAL TABLE words USING fts5(w, content='', contentless_delete=1, detail=none, tokenize='ascii')"
    )
    op.execute("INSERT INTO words(words, rank) VALUES ('pgsz', 3900)")
    op.execute("INSERT INTO words(words, rank) VALUES ('automerge', 0)")
    op.execute("INSERT INTO words(words, rank) VALUES ('hashsize', 33554432)")
