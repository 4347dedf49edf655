"""Texts as typed: a reply half written, a dialog half filled. Durable when `put` returns; only its author drops one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.clock import now_ms
from db.model import CaseId

if TYPE_CHECKING:
    from db.store import Store


def put(store: Store, case: CaseId, action: str, values: Mapping[str, Any]) -> None:
    """Keeps what stands in the fields of an action on a letter ("" for a letter not yet here); plain JSON values."""
    text = json.dumps(dict(values), ensure_ascii=False)
    with store.write() as conn:
        conn.execute(
            "INSERT OR REPLACE INTO draft(case_id, action, fields, at) VALUES (?, ?, ?, ?)",
            (case, action, text, now_ms()),
        )


def get(store: Store, case: CaseId, action: str) -> dict[str, Any] | None:
    """The draft of an action on a letter, or None."""
    found = store.rows("SELECT fields FROM draft WHERE case_id = ? AND action = ?", (case, action))
    return dict(json.loads(found[0][0])) if found else None


def drop(store: Store, case: CaseId, action: str) -> None:
    """Forgets a draft; nothing happens where there is none."""
    with store.write() as conn:
        conn.execute("DELETE FROM draft WHERE case_id = ? AND action = ?", (case, action))


def of(store: Store, case: CaseId) -> dict[str, dict[str, Any]]:
    """All drafts on a letter: action → fields, the newest first."""
    rows = store.rows("SELECT action, fields FROM draft WHERE case_id = ? ORDER BY at DESC, action", (case,))
    return {action: json.loads(fields) for action, fields in rows}
