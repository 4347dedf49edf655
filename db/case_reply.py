"""A dispatch while its unit works: extend, chase, reply, redo. Pure."""

from __future__ import annotations

from db import deadlines
from db.case_dispatch import LIVE, RUNNING, WITH_UNIT, on_dispatch, unpaused
from db.case_turn import Turn, bad_outcomes, calendar_of, level_of, move, outcomes, put, refuse, remember
from db.copies import replace
from db.model import OPEN, Absorbed, Dispatch, DispatchState, Refusal, Role, State, Term, Verdict

# ── extensions ───────────────────────────────────────────────────────────────────────────────────────────────────────

may_extend = on_dispatch(frozenset({State.FORWARDED, State.IN_PROGRESS}), RUNNING)


def may_ask_extension(turn: Turn) -> Refusal | None:
    if no := may_extend(turn):
        return no
    d = turn.target()
    assert d is not None
    if level_of(turn.book.of(d.rules), d.urgency).extension is None:
        return refuse("no_extension")
    if d.extended:
        return refuse("extended_once")
    return refuse("extension_waits") if d.extension_asked is not None else None


def already_asked(turn: Turn) -> Verdict | None:
    """A second request, while the first waits, changes nothing."""
    d = turn.target()
    if d is None or d.extension_asked is None or may_extend(turn):
        return None
    return Absorbed(turn.case, d.extension_asked)


def extension_asked(turn: Turn) -> Verdict:
    """Asked before the term ends; recorded for the unit perhaps later, hence no guard."""
    d = turn.target()
    assert d is not None
    if turn.at >= (due := unpaused(turn, d).reply_due):
        return refuse("extension_late", due=due)
    return put(remember(turn.case, turn.event, turn.at), replace(d, extension_asked=turn.event.id))


def may_decide_extension(turn: Turn) -> Refusal | None:
    d = turn.target()
    if d is not None and d.extended:
        return refuse("extended_once")
    if no := may_extend(turn):
        return no
    if d is None or d.extension_asked is None:
        return refuse("extension_not_asked")
    asked = turn.facts.get("asked")
    return refuse("stale") if asked is not None and asked != d.extension_asked else None


def extended(turn: Turn) -> Verdict:
    d = turn.target()
    assert d is not None
    rules = turn.book.of(d.rules)
    term = level_of(rules, d.urgency).extension
    if term is None:
        return refuse("no_extension")
    if term.unit == "h":
        due = d.reply_due + term.amount * deadlines.HOUR
    else:
        due = deadlines.add_working_days(d.reply_due, term.amount, calendar_of(d, turn.book))
    case = put(turn.case, replace(d, reply_due=due, extended=True, extension_asked=None))
    return replace(case, extensions=case.extensions + 1)


def extension_refused(turn: Turn) -> Verdict:
    d = turn.target()
    assert d is not None
    return put(turn.case, replace(d, extension_asked=None))


# ── chase ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CHASE_FROM = WITH_UNIT | {State.REPLIED, State.TRACKING}
LEVELS = (1, 2, 3, 4)
SUPERVISORS = (3, 4)
"""Levels that only a supervisor sends: 督办, 提级督办."""


def may_chase(turn: Turn) -> Refusal | None:
    allowed = (*LIVE, DispatchState.CHECKED) if turn.case.state is State.TRACKING else LIVE
    return on_dispatch(CHASE_FROM, allowed)(turn)


def already_chased(turn: Turn) -> Verdict | None:
    """One chase of a level a working day reaches the unit, for each of its deadlines: who was chased for not signing
    may be chased for not replying on the same day. What an editor may not send is refused, sent before or not.
    """
    d, level = turn.target(), turn.facts.get("level")
    if d is None or level not in LEVELS or may_chase(turn) or (level in SUPERVISORS and not turn.supervisor):
        return None
    chase = deadlines.chase_of(d, level, turn.at, turn.rules.calendar)
    return Absorbed(turn.case, d.id) if deadlines.sent_already(d, chase) else None


def chased(turn: Turn) -> Verdict:
    """A chase never moves a due time."""
    d, level = turn.target(), turn.facts.get("level")
    assert d is not None
    if level not in LEVELS:
        return refuse("bad_fact", field="level")
    if level in SUPERVISORS and not turn.supervisor:
        return refuse("supervisor_level")
    chase = deadlines.chase_of(d, level, turn.at, turn.rules.calendar)
    case = put(
        turn.case,
        replace(
            d,
            chase_level=max(d.chase_level, level),
            chases=d.chases + 1,
            last_chase=(level, chase.day),
            chased_on=(*d.chased_on, chase),
        ),
    )
    return replace(
        case,
        chase_level=max(case.chase_level, level),
        chases=case.chases + 1,
        supervised=case.supervised or level in SUPERVISORS,
    )


# ── reply and redo ───────────────────────────────────────────────────────────────────────────────────────────────────

REPLY_FROM = WITH_UNIT | {State.REPLIED, State.TRACKING}


def may_reply(turn: Turn) -> Refusal | None:
    """From the unit; or, with an import, a reply that has no unit and no forward."""
    if turn.target() is None and turn.event.role is Role.IMPORT:
        case = turn.case
        fits = case.source == "import" and case.state is State.RECEIVED and not case.dispatches
        return None if fits else refuse("state", state=case.state, kind=turn.event.kind)
    states = (*LIVE, DispatchState.CHECKED) if turn.case.state is State.TRACKING else LIVE
    return on_dispatch(REPLY_FROM, states)(turn)


def replied(turn: Turn) -> Verdict:
    """The clock stops; without a signature the reply counts as one; a newer reply stands in the place of the older."""
    if bad_outcomes(turn.facts.get("outcomes")):
        return refuse("bad_fact", field="outcomes")
    case, d, event = remember(turn.case, turn.event, turn.at), turn.target(), turn.event
    if d is None:
        return replace(case, state=State.REPLIED, forward_due=None, imported_reply=event.id, imported_reply_at=turn.at)
    if turn.leads(d):
        case = move(turn, case, State.REPLIED)
        d = case.dispatch(d.id) or d
    return put(
        case,
        replace(
            d,
            state=DispatchState.REPLIED,
            signed_at=d.signed_at if d.signed_at is not None else turn.at,
            first_reply_at=d.first_reply_at if d.first_reply_at is not None else turn.at,
            reply=event.id,
            replied_at=turn.at,
            claimed=outcomes(turn.facts.get("outcomes")),
        ),
    )


def may_redo(turn: Turn) -> Refusal | None:
    """The lead's reply while the case waits for its check; a co-handler's in any open state. The third time a supervisor."""
    case, event = turn.case, turn.event
    d = case.dispatch(event.dispatch) or case.lead_dispatch
    if d is None:
        return refuse("no_dispatch")
    if event.re is not None and event.re != d.reply:
        return refuse("stale")
    if (turn.leads(d) and case.state is not State.REPLIED) or case.state not in OPEN:
        return refuse("state", state=case.state, kind=event.kind)
    if event.re is None or d.state is not DispatchState.REPLIED:
        return refuse("stale")
    return refuse("third_redo") if case.redos >= 2 and not turn.supervisor else None


def redone(turn: Turn) -> Verdict:
    """退回重办: what is left of the clock, at least two working days."""
    if not turn.facts.get("code"):
        return refuse("bad_fact", field="code")
    case = turn.case
    d = case.dispatch(turn.event.dispatch) or case.lead_dispatch
    assert d is not None
    stop = d.replied_at if d.replied_at is not None else turn.at
    due = resumed(turn, d, deadlines.remaining(d.reply_due, stop, d.term.unit, calendar_of(d, turn.book)))
    case = put(case, reopened_dispatch(d, due, redos=d.redos + 1))
    case = replace(case, redos=case.redos + 1)
    return move(turn, case, State.IN_PROGRESS) if turn.leads(d) else case


def resumed(turn: Turn, d: Dispatch, left: Term) -> int:
    """The due time of a clock that goes on now with that much left, at least the rules' least term (UTC ms).

    Where no whole day is left of days, that is the end of this one: never earlier than it was.
    """
    cal = calendar_of(d, turn.book)
    return max(deadlines.due(turn.at, left, cal), deadlines.due(turn.at, turn.book.of(d.rules).min_term, cal))


def reopened_dispatch(d: Dispatch, due: int, *, redos: int) -> Dispatch:
    """The unit works on: its reply no longer stands."""
    return replace(
        d,
        state=DispatchState.SIGNED,
        reply_due=due,
        reply=None,
        replied_at=None,
        claimed=(),
        redos=redos,
    )
