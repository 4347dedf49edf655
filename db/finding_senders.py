"""Letters by who wrote them: for `sender:…`, and for a free word that is a name or a telephone number as people have them.

The screen shows 陈先生 138****1234; a citizen on the telephone gives the whole name or number. So a word of such a form
is looked for among those who wrote too, not in the letters alone. Only for who may reveal a contact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from db.finding_filter import NAMED

if TYPE_CHECKING:
    from db.search_query import Word

_PHONE = re.compile(r"(?:\+?86)?1\d{10}|1\d\d\*{4}\d{4}|\d{7,8}|0\d{2,3}-?\d{7,8}")

SCANNED = 50_000
"""Senders up to which a word of two or three characters is looked for among whole names: it reads every name, 15 ms for so many,
also of words that are nobody's (高新). With more of them `sender:` finds a name."""

_WHO = "SELECT n FROM cases WHERE sender IN (SELECT s.id FROM sender s WHERE {})"


def letters_of(conn: Any, asked: Iterable[str]) -> set[int]:
    """The letters (n) of senders whose name or number is one of these or holds it."""
    where = _WHO.format(NAMED.replace("w.value", ":asked"))
    return {n for one in asked for (n,) in conn.execute(where, {"asked": one})}


def called(conn: Any, words: Iterable[Word]) -> dict[Word, set[int]]:
    """For each of these words that may be a person: the letters (n) that person wrote. Words that find nobody are left out."""
    found: dict[Word, set[int]] = {}
    for word in words:
        text = word.text.strip()
        if _PHONE.fullmatch(text):
            ns = _of(conn, "s.phone GLOB ?", "*" + text.replace("*", "?"))
        elif named := _addressed(text):
            ns = _of(conn, "s.salutation = ? AND s.name >= ? AND s.name < ?", named[1], named[0], named[0] + _LAST)
        elif _may_be_name(text) and _few(conn):
            ns = _of(conn, "s.name = ?", text)
        else:
            continue
        if ns:
            found[word] = ns
    return found


_LAST = chr(0x10FFFF)


def _of(conn: Any, where: str, *values: str) -> set[int]:
    return {n for (n,) in conn.execute(_WHO.format(where), values)}


def _addressed(text: str) -> tuple[str, str] | None:
    """陈先生, 欧阳晓明女士: the name, or its beginning, and how people are addressed."""
    from db.redaction_names import ADDRESSED

    found = ADDRESSED.fullmatch(text)
    return (found["who"], found["how"]) if found else None


def _may_be_name(text: str) -> bool:
    from db.redaction_names import NAME

    return NAME.fullmatch(text) is not None


def _few(conn: Any) -> bool:
    return int(conn.execute("SELECT coalesce(max(rowid), 0) FROM sender").fetchone()[0]) <= SCANNED
