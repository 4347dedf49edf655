"""The one read a period's figures are made of: bounded by the period's letters, in one moment of the store, plain SQL.

Letters, dispatches and closings come from ranges of indexes as they stand in their rows; the few that something later has
changed back come from `as_of.py`. Invariant: what is read is what the events up to the period's end make, folded in full.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from db import calls, topics
from db.figures import as_of, told
from db.figures.facts import Ended, Facts, Head, Number, Received, Sent, SurveyCount
from db.figures.figure import Spread, spread
from db.figures.figures import Figures, of
from db.figures.open import Open, Standing, is_open
from db.figures.period import Period
from db.figures.scope import Scope
from db.model import CLOSED, Case, DispatchState, Ms, Outcome
from db.projection import TIE_BITS
from db.survey_rows import answered

if TYPE_CHECKING:
    from db.model_rules import Rulebook
    from db.store import Store


Again = Callable[[Any, set[Number]], Mapping[Number, Case]]
"""Reads letters as they stood at the period's end, by a connection and their numbers."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Letters that rows do not tell as they stood: at the period's beginning, and at its end."""

    start: Mapping[Number, Case]
    end: Mapping[Number, Case]


def read(
    store: Store, period: Period, *, now: Ms, districts: Iterable[str] | None = None, successors: bool = False
) -> Figures:
    """The figures of a period, of all districts or of some (by code), as known at `now` (UTC ms).

    successors: districts under the names of what they became. Raises StoreError.
    """
    return of(facts(store, period, now=now, districts=districts, successors=successors))


def facts(
    store: Store, period: Period, *, now: Ms, districts: Iterable[str] | None = None, successors: bool = False
) -> Facts:
    """What the figures of a period are made of. Raises StoreError."""
    scope = Scope(None if districts is None else frozenset(districts), successors)
    book = store.rulebook()
    known = topics.load(period.last)
    with store.view() as conn:
        window = told.window(conn, period, now)
        since_start, since_end, at_end = _standing(period, window.until, book)
        undone = Undone(since_start(conn), since_end(conn))
        sent = _sent(conn, period, scope, undone.end, at_end)
        words = told.words(conn, window, scope)
        shown = told.published(conn, window, scope)
        ended = _ended(conn, period, scope, undone.end, window.until)
        named = {s.n for s in (*words, *shown["told"], *shown["open_question"])} | _fastest(sent, period)
        return Facts(
            period=period,
            now=now,
            received=_received(conn, period, scope),
            earlier=_earlier(conn, period.before(), scope),
            sent=sent,
            ended=ended,
            back=_back(conn, period, scope, undone),
            carried=Open(store, conn, period.end, scope, undone.end, since_end),
            brought=Open(store, conn, period.start, scope, undone.start, since_start),
            words=words,
            told=shown["told"],
            questions=shown["open_question"],
            surveys=[SurveyCount(id_, *said) for id_, said in answered(conn, period.first, period.last).items()],
            studied=_studied(conn, period, scope),
            calls=_calls(conn, period),
            heads=heads(conn, named),
            field_of=known.field_of,
            topics=known.all,
            fields=tuple(known.fields),
        )


def imported(
    store: Store, period: Period, *, districts: Iterable[str] | None = None, successors: bool = False
) -> Spread:
    """Received → replied, of the period's letters that were imported with their reply: outside the units' figures, which know
    no forward of them, and outside `read`, as it looks at every letter of the period. Raises StoreError.
    """
    scope = Scope(None if districts is None else frozenset(districts), successors)
    rows = store.rows(
        "SELECT json_extract(rest, '$.imported_reply_at') - received_at, n FROM cases WHERE n >= :low AND n < :high "  # noqa: S608
        f"AND source = 'import' AND json_extract(rest, '$.imported_reply_at') IS NOT NULL {_here(scope)}",
        _span(period, scope),
    )
    return spread([(took, n) for took, n in rows])


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _here(scope: Scope) -> str:
    """The condition on a letter's district."""
    return "" if scope.codes is None else "AND district IN (SELECT value FROM json_each(:codes))"


def _span(period: Period, scope: Scope) -> dict[str, Any]:
    return {
        "start": period.start,
        "end": period.end,
        "low": period.start << TIE_BITS,
        "high": period.end << TIE_BITS,
        "codes": json.dumps(sorted(scope.codes or ())),
    }


def _received(conn: Any, period: Period, scope: Scope) -> list[Received]:
    rows = conn.execute(
        "SELECT n, kind, topic, district FROM cases INDEXED BY ix_cases_received "  # noqa: S608 - column names are ours
        f"WHERE received_at >= :start AND received_at < :end {_here(scope)}",
        _span(period, scope),
    )
    if scope.successors:
        return [Received(n, kind, topic, scope.code(district)) for n, kind, topic, district in rows]
    return list(map(_RECEIVED, rows))


_RECEIVED = partial(tuple.__new__, Received)
"""A row as `Received`, at half of `_make`'s price: there are tens of thousands."""


def _earlier(conn: Any, before: Period, scope: Scope) -> dict[str | None, int]:
    return dict(
        conn.execute(
            "SELECT topic, count(*) FROM cases INDEXED BY ix_cases_received "  # noqa: S608
            f"WHERE received_at >= :start AND received_at < :end {_here(scope)} GROUP BY topic",
            _span(before, scope),
        ).fetchall()
    )


def heads(conn: Any, ns: Iterable[Number]) -> dict[Number, Head]:
    """What is shown of letters named by themselves."""
    rows = conn.execute(
        "SELECT c.n, c.id, c.code, c.title, c.kind, c.topic, c.district, coalesce(d.district_name, ''), "
        "coalesce(d.unit, '') FROM cases c LEFT JOIN dispatch d ON d.n = c.n AND d.place = "
        "(SELECT max(place) FROM dispatch WHERE n = c.n AND lead = 1) WHERE c.n IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ns)),),
    )
    return {row[0]: Head._make(row) for row in rows}


# ── what was changed back ────────────────────────────────────────────────────────────────────────────────────────────


def _standing(period: Period, until: Ms, book: Rulebook) -> tuple[Standing, Standing, Again]:
    """What reads the letters changed back since the period's beginning, and since its end, as they then stood; and any others
    as they stood at its end."""

    def since(moment: Ms, known_until: Ms) -> Standing:
        return lambda conn: as_of.standing(
            conn, as_of.undone(conn, moment, moment << TIE_BITS), book, moment, known_until
        )

    def at_end(conn: Any, ns: set[Number]) -> Mapping[Number, Case]:
        return as_of.standing(conn, as_of.families(conn, ns), book, period.end, until)

    return since(period.start, period.start), since(period.end, until), at_end


def _back(conn: Any, period: Period, scope: Scope, undone: Undone) -> list[Number]:
    """Letters closed when the period began, that were opened in it."""
    closed = {n for n, case in undone.start.items() if case.state in CLOSED}
    rows = conn.execute(
        "SELECT n, state, closed_at, district FROM cases WHERE n IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(closed)),),
    )
    found = []
    for n, state, closed_at, district in rows:
        case = undone.end.get(n)
        opened = is_open(case.state, case.closed_at, period.start) if case else is_open(state, closed_at, period.start)
        if opened and scope.holds(district):
            found.append(n)
    return found


# ── dispatches ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _sent(conn: Any, period: Period, scope: Scope, instead: Mapping[Number, Case], again: Again) -> list[Sent]:
    """Of what was replied to before the period's end and once more after it, the first reply may not have stood at the end:
    `again` reads those letters as they then stood.
    """
    span = " UNION ".join(
        f"SELECT n, place FROM dispatch WHERE {column} >= :start AND {column} < :end"  # noqa: S608
        for column in ("sent_at", "first_reply_at", "reply_due")
    )
    rows = conn.execute(
        "SELECT d.n, d.place = 0, d.lead, d.district, d.district_name, d.unit, d.sent_at, "  # noqa: S608 - ours alone
        "CASE WHEN d.first_reply_at < :end THEN d.first_reply_at END, CASE WHEN d.replied_at < :end THEN d.replied_at END, "
        "d.reply_due, d.recalled OR d.returned IS NOT NULL, d.state = 'cancelled' AND NOT coalesce("
        "(SELECT c.closed_at >= :end FROM cases c WHERE c.n = d.n), 0), d.replied_at >= :end "
        f"FROM ({span}) x JOIN dispatch d ON d.n = x.n AND d.place = x.place ORDER BY d.n, d.place",
        _span(period, scope),
    ).fetchall()
    answered_again = {row[0] for row in rows if row[-1] and row[7] is not None and row[0] not in instead}
    if answered_again:
        instead = {**instead, **again(conn, answered_again)}
    found = [_SENT(row[:-1]) for row in rows if row[0] not in instead]
    if instead:
        found += [
            _as_folded(n, case, place, period.end)
            for n, case in instead.items()
            for place in range(len(case.dispatches))
        ]
        found.sort(key=lambda d: d.n)  # of one letter they stand in the order of sending
    return found if scope == Scope() else [_in_scope(d, scope) for d in found if scope.holds(d.district)]


_SENT = partial(tuple.__new__, Sent)


def _as_folded(n: Number, case: Case, place: int, end: Ms) -> Sent:
    """A dispatch as it stood at the period's end: what was replied later had not been."""
    d = case.dispatches[place]
    first, replied = d.first_reply_at, d.replied_at
    return Sent(
        n=n,
        first=place == 0,
        lead=d.lead,
        district=d.district,
        name=d.district_name,
        unit=d.unit,
        sent_at=d.sent_at,
        first_reply_at=first if first is not None and first < end else None,
        replied_at=replied if replied is not None and replied < end else None,
        due=d.reply_due,
        void=d.recalled or d.returned is not None,
        cancelled=d.state is DispatchState.CANCELLED,
    )


def _in_scope(d: Sent, scope: Scope) -> Sent:
    """Under the name by which its district is counted."""
    return d._replace(district=scope.code(d.district) or d.district, name=scope.name(d.district, d.name))


def _fastest(sent: Iterable[Sent], period: Period) -> set[Number]:
    """The letter of the fastest reply, to be shown by name."""
    times = [
        (d.first_reply_at - d.sent_at, d.n)
        for d in sent
        if d.first_reply_at is not None and period.start <= d.first_reply_at < period.end
    ]
    least = min((took for took, _n in times), default=None)
    return {n for took, n in times if took == least}


# ── suggestions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _studied(conn: Any, period: Period, scope: Scope) -> list[Number]:
    """Suggestions received before the period's end that are under study, as known now."""
    rows = conn.execute(
        "SELECT n FROM cases INDEXED BY ix_cases_state WHERE state = 'tracking' AND kind = 'suggestion' "  # noqa: S608
        f"AND n < :high {_here(scope)} ORDER BY n",
        _span(period, scope),
    )
    return [n for (n,) in rows]


def _calls(conn: Any, period: Period) -> dict[str, frozenset[Number]]:
    """The calls that had begun by the period's end, with their suggestions."""
    known = calls.read(conn)
    begun = [c for c in known if c.start < period.end]
    return {c.id: frozenset(calls.members(conn, c, known)) for c in begun}


# ── closings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ended(conn: Any, period: Period, scope: Scope, instead: Mapping[Number, Case], until: Ms) -> list[Ended]:
    rows = conn.execute(
        "SELECT c.n, c.closed_at, c.state, c.kind, c.district, c.result, "
        "CASE WHEN instr(c.rest, '\"outcomes\":') THEN json_extract(c.rest, '$.outcomes') END, "
        "CASE WHEN instr(c.rest, '\"rating\":') THEN json_extract(c.rest, '$.rating') END "
        "FROM queue_entry e CROSS JOIN cases c ON c.n = e.n WHERE e.queue = 8 AND e.sort > -:end AND e.sort <= -:start",
        _span(period, scope),
    )
    found = [_closing(row, until) for row in rows if row[0] not in instead and scope.holds(row[4])]
    shown = _districts(conn, instead) if instead and scope.codes is not None else {}
    for n, case in instead.items():
        at = case.closed_at
        if case.state not in CLOSED or at is None or not period.start <= at < period.end:
            continue
        if scope.codes is None or scope.holds(shown.get(n)):
            said = (case.rating.solved, case.rating.score) if case.rating else (None, None)
            found.append(Ended(n, at, case.state, case.kind, case.outcomes, *said, case.result))
    return found


def _closing(row: Any, until: Ms) -> Ended:
    n, at, state, kind, _district, result, outcomes, rating = row
    brought = tuple(Outcome(*o) for o in _decode(outcomes)[0]) if outcomes else ()
    if rating:
        _event, rated_at, solved, score, _thanks = _decode(rating)[0]
        if rated_at < until:
            return Ended(n, at, state, kind, brought, solved, score, result)
    return Ended(n, at, state, kind, brought, result=result)


_decode = json.JSONDecoder().raw_decode
"""(value, where it ends), at a third of the price of `json.loads`: there are thousands."""


def _districts(conn: Any, ns: Iterable[Number]) -> dict[Number, str | None]:
    rows = conn.execute(
        "SELECT n, district FROM cases WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(sorted(ns)),)
    )
    return dict(rows.fetchall())
