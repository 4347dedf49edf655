"""Notices of what was then taken back: their files go too, so that nobody prints what was never sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.clock import now_ms
from db.words import _, sentences

if TYPE_CHECKING:
    from db.model import CaseId, Ms
    from db.notices import Notice
    from db.store import Store

WRITTEN = "papers.written"
"""Setting: the files written last, with the codes of their letters, when, and what they held."""

KEPT = 200
"""Files remembered: what can still be taken back is far less."""


def remember(store: Store, made: Iterable[tuple[Notice, Path]]) -> None:
    """Keeps which files were written of which letters. Raises StoreError, OSError."""
    fresh = [
        {"at": now_ms(), "file": str(path), "of": [row.code for row in notice.rows], "held": _held(path)}
        for notice, path in made
    ]
    if fresh:
        store.put_setting(WRITTEN, json.dumps((_known(store) + fresh)[-KEPT:], ensure_ascii=False))


def withdraw(store: Store, cases: Sequence[CaseId], since: Ms) -> str:
    """Removes what was written since then (UTC ms) of these letters alone; a sentence that says so, "" where there was nothing.

    A file that somebody has changed stays, and so does the number: it is not given again. Raises StoreError.
    """
    from db import queries

    known = _known(store)
    if not known:
        return ""
    codes = {case.code for case in queries.cases_of(store, cases).values()}
    back = [one for one in known if one["at"] >= since and codes.issuperset(one["of"])]
    if not back:
        return ""
    gone = sum(_removed(Path(one["file"]), one["held"]) for one in back)
    store.put_setting(WRITTEN, json.dumps([one for one in known if one not in back], ensure_ascii=False))
    left = len(back) - gone
    return sentences(
        _("{n} of their notices were removed.", n=gone) if gone else "",
        _("{n} notices were changed or moved and no longer hold.", n=left) if left else "",
    )


def _known(store: Store) -> list[dict[str, Any]]:
    kept = store.setting(WRITTEN)
    return list(json.loads(kept)) if kept else []


def _held(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _removed(path: Path, held: str) -> bool:
    """Whether it was there as it was written, and is not there now; its text beside it goes with it."""
    try:
        if _held(path) != held:
            return False
        path.unlink()
        path.with_suffix(".txt").unlink(missing_ok=True)
    except OSError:
        return False
    return True
