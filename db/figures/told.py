"""What citizens said and what the newspaper tells of a period: words of ratings, told cases, open questions.

Words are waited for until the freeze (DESIGN.md §4, The month). What was said or published after a period's end and before its
freeze, about a letter that had ended before, is that period's and not the next one's: nothing is printed twice or lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.figures.as_of import INDEXED
from db.figures.facts import Said
from db.figures.period import Period
from db.figures.scope import Scope
from db.model import Ms, Role

_EVENT = INDEXED.replace("kind", "e.kind")


@dataclass(frozen=True, slots=True)
class Window:
    """When what is said about a period is said: from its start, but for what was still the period's before (until `begun`),
    to its end, and on to `until` for what ended in it."""

    start: Ms
    begun: Ms
    end: Ms
    until: Ms

    def holds(self, at: Ms, ended: Ms | None) -> bool:
        """Whether words of that moment are this period's, about a letter that ended then (None: it has not)."""
        if at < self.begun and ended is not None and ended < self.start:
            return False
        if at < self.end:
            return self.start <= at
        return at < self.until and ended is not None and ended < self.end


def window(conn: Any, period: Period, now: Ms) -> Window:
    """By the freezes of this period and of the one before; where there was none, by what is waited for words."""
    before = period.before()
    frozen = dict(
        conn.execute(
            "SELECT month, min(frozen_at) FROM bulletin WHERE month IN (?, ?) GROUP BY month",
            (period.name, before.name),
        ).fetchall()
    )
    return Window(
        start=period.start,
        begun=frozen.get(before.name, before.end + before.grace),
        end=period.end,
        until=frozen.get(period.name, min(max(now, period.start), period.end + period.grace)),
    )


def words(conn: Any, window: Window, scope: Scope) -> list[Said]:
    """Ratings with words that stand, in the order they were given; none of confidential letters."""
    rows = conn.execute(
        "SELECT e.id, e.case_n, coalesce(e.happened, e.at), json_extract(e.words, '$.text'), e.role, c.title, c.district, "  # noqa: S608 - ours alone
        "coalesce(c.closed_at, json_extract(c.rest, '$.answer_at')), json_extract(c.rest, '$.rating') "
        f"FROM event e CROSS JOIN cases c ON c.n = e.case_n WHERE {_EVENT} AND e.kind = 'rated' AND e.at >= ? AND e.at < ? "
        "AND e.words IS NOT NULL AND c.confidential = 0 ORDER BY 3, e.n",
        (window.start, window.until),
    )
    found = []
    for id_, n, at, text, role, title, district, ended, rating in rows:
        if not (text and rating and window.holds(at, ended) and scope.holds(district)):
            continue
        event, _at, solved, score, thanks = json.loads(rating)
        if event == id_:
            found.append(Said(n, at, title, text, score, solved, bool(thanks), role != Role.CITIZEN, id_))
    return found


def published(conn: Any, window: Window, scope: Scope) -> dict[str, list[Said]]:
    """`told` and `open_question`: publications that stand, in the order they were made, in their redacted words."""
    rows = conn.execute(
        "SELECT e.id, e.case_n, coalesce(e.happened, e.at), e.words, c.district, c.closed_at, c.received_at, "  # noqa: S608
        "json_extract(c.rest, '$.publications') FROM event e CROSS JOIN cases c ON c.n = e.case_n "
        f"WHERE {_EVENT} AND e.kind = 'published' AND e.at >= ? AND e.at < ? AND c.confidential = 0 ORDER BY 3, e.n",
        (window.start, window.until),
    )
    found: dict[str, list[Said]] = {"told": [], "open_question": []}
    for id_, n, at, said, district, closed_at, received_at, standing in rows:
        as_ = dict(json.loads(standing)).get(id_) if standing else None
        ended = received_at if as_ == "open_question" else closed_at
        if as_ in found and said and window.holds(at, ended) and scope.holds(district):
            held = json.loads(said)
            title, text, reply = (held.get(name, "") for name in ("title", "text", "reply"))
            found[as_].append(Said(n, at, title, text, event=id_, reply=reply))
    return found
