"""Attachments: kept by the hash of their content, in pieces as they came; which letters they belong to is told by events."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from backend.problems import ProblemError
from backend.tables import File, FileOf, FilePart
from db.attachments import LARGEST, kind_of
from db.clock import DAY
from db.model import CaseId, Event, Ms
from db.text import one_line

FILES = File.__table__  # type: ignore[attr-defined]
PARTS = FilePart.__table__  # type: ignore[attr-defined]
FILES_OF = FileOf.__table__  # type: ignore[attr-defined]

UNUSED: Final[Ms] = 2 * DAY
"""How long a file stays that no letter has."""


def put(conn: Connection, name: str, start: int, size: int, piece: bytes, now: Ms) -> tuple[int, bool]:
    """Keeps a piece of a file; (bytes held, whether it is whole). The same piece again changes nothing.

    Raises ProblemError: too_big, forbidden_media, range (a piece is missing before this one), hash (thrown away).
    """
    if size > LARGEST:
        raise ProblemError("too_big", limit=LARGEST)
    row = conn.execute(select(FILES).where(FILES.c.hash == name).with_for_update()).first()
    if row is not None and row.whole:
        return row.size, True
    if row is not None and row.size != size and start == 0:  # begun by somebody who has another file than its name says
        _drop(conn, name)
        row = None
    held = row.held if row is not None else 0
    if start > held or (row is not None and row.size != size):
        raise ProblemError("range", held=held, more={"held": held})
    fresh = piece[held - start :]
    if row is None:
        media = kind_of(piece[:16])
        if media is None:
            raise ProblemError("forbidden_media")
        conn.execute(
            insert(FILES), {"hash": name, "media": media, "size": size, "held": 0, "whole": 0, "touched_at": now}
        )
    if fresh:
        conn.execute(insert(PARTS), {"hash": name, "start": held, "body": fresh})
        held += len(fresh)
    whole = held == size
    conn.execute(update(FILES).where(FILES.c.hash == name).values(held=held, whole=int(whole), touched_at=now))
    return held, whole


def is_what_it_says(conn: Connection, name: str) -> bool:
    """Whether a whole file has the hash it is named by; one that has not is thrown away."""
    hashed = sha256()
    for (body,) in conn.execute(select(PARTS.c.body).where(PARTS.c.hash == name).order_by(PARTS.c.start)):
        hashed.update(body)
    if hashed.hexdigest() == name:
        return True
    _drop(conn, name)
    return False


def _drop(conn: Connection, name: str) -> None:
    conn.execute(delete(PARTS).where(PARTS.c.hash == name))
    conn.execute(delete(FILES).where(FILES.c.hash == name))


def find(conn: Connection, name: str) -> Any:
    """The row of a file, or None."""
    return conn.execute(select(FILES).where(FILES.c.hash == name)).first()


def read(conn: Connection, name: str, first: int, behind: int) -> bytes:
    """Bytes `first` to `behind` (excluded) of a file."""
    query = select(PARTS.c.start, PARTS.c.body).where(PARTS.c.hash == name, PARTS.c.start < behind)
    parts = []
    for start, body in conn.execute(query.order_by(PARTS.c.start)):
        if start + len(body) > first:
            parts.append(bytes(body)[max(0, first - start) : behind - start])
    return b"".join(parts)


def letters_of(conn: Connection, name: str) -> dict[CaseId, str]:
    """Letters that a file belongs to → its name there."""
    found = conn.execute(select(FILES_OF.c.case_id, FILES_OF.c.name).where(FILES_OF.c.hash == name))
    return {row.case_id: row.name for row in found}


def of_letter(conn: Connection, case: CaseId) -> list[dict[str, Any]]:
    """Files of a letter that are here whole."""
    f = FILES.c
    query = select(f.hash, f.media, f.size, FILES_OF.c.name).join_from(FILES_OF, FILES, FILES_OF.c.hash == f.hash)
    found = conn.execute(query.where(FILES_OF.c.case_id == case, f.whole == 1).order_by(FILES_OF.c.name))
    return [{"hash": r.hash, "media": r.media, "bytes": r.size, "name": r.name} for r in found]


def bind(conn: Connection, events: Iterable[Event]) -> None:
    """Files that accepted events name belong to their letters from now on."""
    rows: dict[tuple[str, str], str] = {}
    for event in events:
        attached = event.facts.get("attachments")
        if not attached:
            continue
        names = event.words.get("files", "").split("\n")
        for n, (hash_, _media, _size) in enumerate(attached):
            rows[str(event.case), hash_] = one_line(names[n])[:200] if n < len(names) else ""
    if not rows:
        return
    here = conn.execute(
        select(FILES_OF.c.case_id, FILES_OF.c.hash).where(FILES_OF.c.case_id.in_({c for c, _h in rows}))
    )
    known = {(row.case_id, row.hash) for row in here}
    new = [{"case_id": c, "hash": h, "name": name} for (c, h), name in sorted(rows.items()) if (c, h) not in known]
    if new:
        conn.execute(insert(FILES_OF), new)


def tidy(conn: Connection, now: Ms) -> None:
    """Lets go of files that no letter has had for two days."""
    used = select(FILES_OF.c.hash)
    old = [
        h
        for (h,) in conn.execute(
            select(FILES.c.hash).where(FILES.c.touched_at < now - UNUSED, FILES.c.hash.not_in(used))
        )
    ]
    if old:
        conn.execute(delete(PARTS).where(PARTS.c.hash.in_(old)))
        conn.execute(delete(FILES).where(FILES.c.hash.in_(old)))
