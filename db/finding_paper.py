"""Lists for the paper and for what ratings ask: unhappy, asking, tellable, suggestions. Bounded reads by indexes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from db.clock import day_of, midnight
from db.figures.as_of import INDEXED
from db.model import OPEN, Ms
from db.ratings import UNHAPPY

DAY: Ms = 86_400_000
TIE_BITS = 20
RECENT = 60 * DAY
"""How long an unhappy rating waits in the list; longer than the 30 days in which a letter may be reopened."""

TELLABLE = 120 * DAY
"""Letters received before that are no news."""

MOST = 2_000
_RATED = INDEXED.replace("kind", "e.kind")


def unhappy(conn: Any, now: Ms) -> set[int]:
    """Rated badly, or with the wish to look again; gone once it was reopened, or an editor noted what they decided."""
    rows = conn.execute(
        "SELECT c.n FROM event e JOIN cases c ON c.n = e.case_n "  # noqa: S608 - ours alone
        f"WHERE {_RATED} AND e.kind = 'rated' AND e.at >= ? AND c.state IN ('answered', 'resolved') "
        "AND json_extract(c.rest, '$.rating[0]') = e.id AND (json_extract(c.rest, '$.rating[2]') = 0 "
        "OR c.score <= ? OR json_extract(e.facts, '$.reopen')) AND NOT EXISTS (SELECT 1 FROM event l "
        "WHERE l.case_n = c.n AND l.n > e.n AND l.kind = 'noted' AND l.role IN ('editor', 'supervisor'))",
        (now - RECENT, UNHAPPY),
    )
    return {n for (n,) in rows}


def asking(conn: Any, now: Ms) -> set[int]:
    """正在问 candidates: late ten working days, returned or redone three times, and not yet printed so."""
    from db import projection
    from db.deadlines import open_question_candidate
    from db.rulebook import RULEBOOK_STATE, rulebook

    plan = conn.execute(RULEBOOK_STATE).fetchone()[2]
    rules = rulebook(conn.execute("SELECT version, body FROM rules").fetchall(), plan).at(now)
    rows = conn.execute(
        "SELECT n, id FROM cases WHERE state IN ('forwarded', 'in_progress', 'returned', 'tracking') "
        "AND confidential = 0 AND (next_due <= ? OR returns >= 3 OR redos >= 3) ORDER BY next_due LIMIT ?",
        (now - rules.open_question_after * DAY, MOST),
    ).fetchall()
    held = projection.fetch(conn, [id_ for _n, id_ in rows])
    return {
        n
        for n, id_ in rows
        if id_ in held and (case := held[id_].case) is not None and open_question_candidate(case, now, rules)
    }


def tellable(conn: Any, now: Ms) -> set[int]:
    """Solved with outcomes, thanks or a good rating, and not yet told: what readers would like to hear."""
    rows = conn.execute(
        "SELECT n, rest FROM cases WHERE n >= ? AND state = 'resolved' AND confidential = 0 "
        "AND result IN ('solved', 'adopted', 'partly') "
        "AND (score >= 4 OR json_array_length(rest, '$.outcomes') > 0 OR json_extract(rest, '$.rating[4]')) "
        "AND NOT EXISTS (SELECT 1 FROM json_each(cases.rest, '$.publications') p "
        "WHERE json_extract(p.value, '$[1]') = 'told') ORDER BY n DESC LIMIT ?",
        ((midnight(day_of(now)) - TELLABLE) << TIE_BITS, MOST),
    )
    return {n for n, _rest in rows}


def suggestions(conn: Any, now: Ms) -> set[int]:
    """人民建议 still open, whether written to a call or unasked."""
    rows = conn.execute(
        "SELECT n FROM cases INDEXED BY ix_cases_state WHERE kind = 'suggestion' "
        "AND state IN (SELECT value FROM json_each(?)) ORDER BY n DESC LIMIT ?",
        (json.dumps([str(state) for state in OPEN]), MOST),
    )
    return {n for (n,) in rows}


LISTS: Mapping[str, Callable[[Any, Ms], set[int]]] = {
    "unhappy": unhappy,
    "asking": asking,
    "tellable": tellable,
    "suggestions": suggestions,
}
