"""How a case comes to its end, and back: answer, rate, track, resolve, reopen, withdraw. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from db.case_reply import reopened_dispatch, resumed
from db.case_turn import (
    Turn,
    bad_outcomes,
    check_lead,
    close,
    known,
    outcomes,
    refuse,
    remember,
    settled,
    standing_reply,
    start_forwarding,
)
from db.clock import DAY, day_of
from db.copies import replace
from db.model import (
    Absorbed,
    Case,
    DispatchState,
    EventId,
    Kind,
    Rating,
    Refusal,
    Result,
    Role,
    State,
    Term,
    Verdict,
)

DIRECT_KINDS = frozenset({Kind.INQUIRY, Kind.PRAISE, Kind.SUGGESTION})
RESULTS = {True: (Result.ADOPTED, Result.PARTLY, Result.NOT_ADOPTED), False: (Result.SOLVED, Result.EXPLAINED)}
"""Whether a suggestion → the results it can have."""


def results(kind: Kind | None) -> tuple[Result, ...]:
    """The results a letter of that kind can have: a suggestion is adopted, partly or not; any other solved or explained."""
    return RESULTS[kind is Kind.SUGGESTION]


def _names(turn: Turn, standing: EventId | None) -> Refusal | None:
    """`re` must be what stands: another one of this case is stale."""
    re = turn.event.re
    return None if re is not None and re == standing else refuse("stale")


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def may_answer(turn: Turn) -> Refusal | None:
    if turn.case.state is not State.REPLIED:
        stale = turn.event.re is not None and turn.event.re != turn.case.answer and known(turn.case, turn.event.re)
        return refuse("stale" if stale else "state", state=turn.case.state, kind=turn.event.kind)
    if no := _names(turn, standing_reply(turn.case)):
        return no
    return refuse("supervisor_supervised") if turn.case.supervised and not turn.supervisor else None


def answered(turn: Turn) -> Verdict:
    """The desk releases the unit's reply to the citizen, checked and without personal data."""
    if turn.facts.get("redacted") is not True:
        return refuse("not_redacted")
    if not turn.facts.get("checklist"):
        return refuse("no_checklist")
    case = check_lead(remember(turn.case, turn.event, turn.at))
    return replace(
        case, state=State.ANSWERED, answer=turn.event.id, answer_at=turn.at, publications=settled(case), direct=False
    )


def may_answer_directly(turn: Turn) -> Refusal | None:
    if turn.case.kind not in DIRECT_KINDS:
        return refuse("direct_kind", letter_kind=turn.case.kind)
    if turn.case.state is State.RETURNED and not turn.supervisor:
        return refuse("supervisor_returned")
    return None


def answered_directly(turn: Turn) -> Verdict:
    """Without a unit: outside the units' figures. A unit that had returned it is told."""
    case = turn.case
    lead = case.lead_dispatch
    if lead is not None and lead.state is DispatchState.RETURNED:
        case = replace(
            case,
            dispatches=tuple(
                replace(d, state=DispatchState.CANCELLED) if d.id == lead.id else d for d in case.dispatches
            ),
        )
    case = remember(case, turn.event, turn.at)
    return replace(case, state=State.ANSWERED, answer=turn.event.id, answer_at=turn.at, direct=True, forward_due=None)


def rated(turn: Turn) -> Verdict:
    """The last rating holds; an unhappy one asks for a reopening, which an editor decides."""
    score, solved = turn.facts.get("score"), turn.facts.get("solved")
    if score is not None and score not in (1, 2, 3, 4, 5):
        return refuse("bad_fact", field="score")
    if score is None and solved is None:
        return refuse("bad_fact", field="score")
    thanks = bool(turn.facts.get("thanks"))
    return replace(turn.case, rating=Rating(turn.event.id, turn.at, solved, score, thanks))


# ── tracking and resolving ───────────────────────────────────────────────────────────────────────────────────────────


def decides_on(case: Case) -> EventId | None:
    """What a resolution or tracking decides on: the answer, the tracking, the reply, or the lead dispatch."""
    if case.state in (State.ANSWERED, State.RESOLVED):
        return case.answer
    if case.state is State.TRACKING:
        return case.tracked
    if case.state is State.REPLIED:
        return standing_reply(case)
    return case.lead if case.state is State.IN_PROGRESS else None


def may_track(turn: Turn) -> Refusal | None:
    return _names(turn, decides_on(turn.case)) or _unanswered(turn)


def _unanswered(turn: Turn) -> Refusal | None:
    """Straight from a reply or from work in hand it is also the answer: a supervised case is the supervisor's."""
    direct = turn.case.state in (State.REPLIED, State.IN_PROGRESS)
    if direct and turn.case.supervised and not turn.supervisor:
        return refuse("supervisor_supervised")
    return None


def tracked(turn: Turn) -> Verdict:
    """挂账: a promised day on which it wakes."""
    try:
        promised = date.fromisoformat(str(turn.facts.get("promised")))
    except ValueError:
        return refuse("bad_fact", field="promised")
    if promised < day_of(turn.at):
        return refuse("promise_past", promised=promised.isoformat())
    if turn.case.state is State.REPLIED and not turn.facts.get("worded"):
        return refuse("no_words")
    case = check_lead(remember(turn.case, turn.event, turn.at))
    return replace(case, state=State.TRACKING, promised=promised, tracked=turn.event.id)


def may_resolve(turn: Turn) -> Refusal | None:
    if no := _names(turn, decides_on(turn.case)):
        return no
    if turn.event.role is Role.SYSTEM:
        answered_at = turn.case.answer_at or 0
        wait = turn.book.at(answered_at).unrated_days * DAY
        if turn.case.state is not State.ANSWERED or turn.at < answered_at + wait:
            return refuse("too_early")
        if turn.case.rating is not None and turn.case.rating.at >= answered_at:
            return refuse("rated_already")
    return _unanswered(turn)


def already_resolved(turn: Turn) -> Verdict | None:
    """Two desks resolve the same answer: the same result is absorbed, another is refused with the first."""
    case, facts = turn.case, turn.facts
    if case.state is not State.RESOLVED or turn.event.re is None or turn.event.re != case.closing_re:
        return None
    if facts.get("result") == case.result and outcomes(_listed(facts.get("outcomes"))) == case.outcomes:
        return Absorbed(case, case.closing)
    return refuse("taken_result", result=case.result)


def _listed(entries: Any) -> Any:
    return None if bad_outcomes(entries) else entries


def resolved(turn: Turn) -> Verdict:
    case, facts = turn.case, turn.facts
    unrated = turn.event.role is Role.SYSTEM
    result = facts.get("result")
    if (result is None) is not unrated:  # a timer closes what nobody rated; it finds no result
        return refuse("bad_fact", field="result")
    if result is not None and result not in results(case.kind):
        return refuse("result_kind", letter_kind=case.kind, result=result)
    if bad_outcomes(facts.get("outcomes")):
        return refuse("bad_fact", field="outcomes")
    if case.state in (State.REPLIED, State.IN_PROGRESS) and not facts.get("worded"):
        return refuse("no_words")
    case = close(turn, check_lead(case), State.RESOLVED)
    return replace(
        case,
        result=Result(result) if result is not None else None,
        outcomes=outcomes(facts.get("outcomes")),
        promised=None,
    )


# ── back again ───────────────────────────────────────────────────────────────────────────────────────────────────────


def closing_of(case: Case) -> EventId | None:
    """What a reopening answers: the closing, or the answer of a case that is not closed yet."""
    return case.answer if case.state is State.ANSWERED else case.closing


def may_reopen(turn: Turn) -> Refusal | None:
    case = turn.case
    if no := _names(turn, closing_of(case)):
        return no
    since = case.answer_at if case.state is State.ANSWERED else case.closed_at
    if since is None:
        return None
    days = turn.book.at(since).reopen_days
    return refuse("reopen_late", days=days) if turn.at >= since + days * DAY else None


def already_reopened(turn: Turn) -> Verdict | None:
    """Two desks reopen the same closing: the second changes nothing."""
    case, re = turn.case, turn.event.re
    return Absorbed(case, re) if re is not None and re == case.reopened_re and re != closing_of(case) else None


def reopened(turn: Turn) -> Verdict:
    """To the unit that had replied, with half its first term and at least two working days; else to the desk."""
    if not turn.facts.get("reason"):
        return refuse("bad_fact", field="reason")
    case = remember(turn.case, turn.event, turn.at)
    lead = case.lead_dispatch
    case = replace(
        case,
        reopened_re=turn.event.re,
        reopens=case.reopens + 1,
        closing=None,
        closing_re=None,
        closed_at=None,
        answer=None,
        answer_at=None,
        direct=False,
        result=None,
        outcomes=(),
        reason=None,
        tracked=None,
        promised=None,
        imported_reply=None,
    )
    if lead is not None and lead.first_reply_at is not None and not lead.recalled:
        half = Term((lead.term.amount + 1) // 2, lead.term.unit)
        working = reopened_dispatch(lead, resumed(turn, lead, half), redos=lead.redos)
        dispatches = tuple(working if d.id == lead.id else d for d in case.dispatches)
        return replace(case, state=State.IN_PROGRESS, dispatches=dispatches)
    case = replace(case, state=State.ACCEPTED, kind=case.kind or Kind.HELP, lead=None)
    return start_forwarding(case, turn.event, turn.at, turn.rules)


def withdrawn(turn: Turn) -> Verdict:
    """Also out of a merge: what the master was lent stays with it, others wrote the same."""
    case = close(turn, turn.case, State.WITHDRAWN)
    return replace(case, reason=turn.facts.get("reason"), merged_into=None, merge=None, before_merge=None, lent=())
