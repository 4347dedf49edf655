"""Notices as files: one .docx and one .txt a unit, in a folder the person knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from db.clock import now_ms
from db.words import _
from desk import withdrawal

if TYPE_CHECKING:
    from db.model import CaseId
    from db.notices import Notice
    from db.store import Store
    from desk.actions import Action

FOLDER = "notices"
"""In the home, unless another folder is named."""


def write(
    store: Store,
    kind: str,
    cases: Iterable[CaseId],
    folder: Path | None = None,
    districts: Collection[str] | None = None,
) -> Sequence[tuple[Notice, Path]]:
    """Writes the notices of that kind for these letters; returns each with its .docx, the .txt beside it. `districts`:
    only to these.

    A file that is there is never written over: its number is another one. Raises StoreError, OSError; what was written
    before stays.
    """
    from db import notices

    made = notices.notices(store, kind, cases, now_ms())
    return _written(store, [n for n in made if districts is None or n.district in districts], folder)


def _written(store: Store, notices_: Sequence[Notice], folder: Path | None = None) -> Sequence[tuple[Notice, Path]]:
    from db import notices

    where = folder if folder is not None else store.path.parent / FOLDER
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[tuple[Notice, Path]] = []
    try:
        for notice in notices.numbered(store, notices_):
            path = where / f"{notice.name}.docx"
            notices.write_docx(notice, path)
            with path.with_suffix(".txt").open("x", encoding="utf-8") as file:
                file.write(notices.as_text(notice))
            made.append((notice, path))
    finally:
        withdrawal.remember(store, made)
    return made


def for_ratings(store: Store, notice: Notice) -> tuple[Notice, Path]:
    """One 评价督办函, numbered and written. Raises StoreError, OSError."""
    return _written(store, [notice])[0]


def forwards(action: Action) -> bool:
    """Whether an action sends letters to units, so that some may get a document (`after_forward`)."""
    return "forwarded" in action.kinds


def after_forward(store: Store, cases: Collection[CaseId]) -> str:
    """The 转办函 of what just went to districts without an account; a sentence that says where, or why not, "" for none."""
    from db import delivery
    from db.store_error import StoreError

    try:
        waiting = delivery.latest([w for w in delivery.waiting(store) if w.level == 0 and w.case in cases])
        if not waiting:
            return ""
        made = write(store, "forward", dict.fromkeys(w.case for w in waiting), districts={w.district for w in waiting})
    except (StoreError, OSError) as e:
        why = e.sentence() if isinstance(e, StoreError) else e.strerror or type(e).__name__
        return _(
            "Forwarded; the document for the unit could not be written ({why}). n in :ladder, to be delivered, writes it.",
            why=why,
        )
    return _(
        "{n} documents, one a unit, in {folder}: to be delivered (:ladder).", n=len(made), folder=made[0][1].parent
    )


def after_chase(store: Store, cases: Sequence[CaseId]) -> str:
    """The notices of a bulk chase, written once it is done; a sentence that says where, or why not."""
    from db import notices
    from db.store_error import StoreError

    try:
        made = _written(store, notices.after_chase(store, cases, now_ms()))
    except (StoreError, OSError) as e:
        why = e.sentence() if isinstance(e, StoreError) else e.strerror or type(e).__name__
        return _(
            "The chases are recorded; their notices could not be written ({why}). desk notice writes them.", why=why
        )
    if not made:
        return ""
    return _("{n} notices, one a unit, in {folder}.", n=len(made), folder=made[0][1].parent)
