"""What happens between desk and unit: forward, sign, return, extend, chase, reply, redo. Pure.

The case follows its lead dispatch; a co-handler's events move its own dispatch only, in any open state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from db import deadlines
from db.case_turn import (
    Turn,
    bad_outcomes,
    known,
    level_of,
    move,
    outcomes,
    put,
    refuse,
    remember,
    standing_reply,
    start_forwarding,
)
from db.model import (
    OPEN,
    Absorbed,
    Case,
    Dispatch,
    DispatchState,
    Kind,
    Refusal,
    Role,
    State,
    Term,
    Urgency,
    Verdict,
)

RUNNING = (DispatchState.SENT, DispatchState.SIGNED)
LIVE = (*RUNNING, DispatchState.REPLIED)
FORWARD_FROM = frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED})
WITH_UNIT = frozenset({State.FORWARDED, State.IN_PROGRESS, State.NEEDS_INFO})


# ── forward ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def may_forward(turn: Turn) -> Refusal | None:
    """A lead forward from the desk's hands, or a co-handler beside a lead; after the third return only a supervisor."""
    case = turn.case
    if turn.facts.get("role") == "co":
        if case.state not in OPEN or case.lead_dispatch is None:
            return refuse("no_lead", state=case.state)
        return None
    if case.state not in FORWARD_FROM:
        return refuse("state", state=case.state, kind=turn.event.kind)
    if turn.event.re != case.start:
        return refuse("stale" if known(case, turn.event.re) else "depends", kind=turn.event.kind, re=turn.event.re)
    return refuse("third_return") if case.returns >= 3 and not turn.supervisor else None


def same_unit(d: Dispatch, district: str, unit: str) -> bool:
    """Same district, and the same office or one of them blank."""
    return d.district == district and (d.unit == unit or not d.unit or not unit)


def already_forwarded(turn: Turn) -> Verdict | None:
    """Two desks forward the same letter: to the same unit it is absorbed, to another the first holds."""
    case, event, facts = turn.case, turn.event, turn.facts
    district, unit = str(facts.get("district") or ""), str(facts.get("unit") or "")
    if facts.get("role") == "co":
        same = next((d for d in case.dispatches if d.state in LIVE and same_unit(d, district, unit)), None)
        return _alias(case, same, event.id) if same else None
    if case.state in FORWARD_FROM:
        return None
    lead = case.lead_dispatch
    if lead is None or event.re != case.start:
        return None
    if same_unit(lead, district, unit):
        return _alias(case, lead, event.id)
    return refuse("taken", district=lead.district_name, unit=lead.unit)


def _alias(case: Case, d: Dispatch, id_: str) -> Absorbed:
    if id_ not in d.aliases:
        case = put(case, replace(d, aliases=(*d.aliases, id_)))
    return Absorbed(case, d.id)


def forwarded(turn: Turn) -> Verdict:
    facts, case = turn.facts, turn.case
    for name in ("district", "district_name"):
        if not facts.get(name):
            return refuse("bad_fact", field=name)
    shared = facts.get("contact", "withheld") == "shared"
    if shared and case.confidential:
        return refuse("contact_confidential")
    lead = facts.get("role", "lead") == "lead"
    if lead and case.state is State.RECEIVED:
        case = replace(case, kind=case.kind or Kind.HELP)
    case = remember(case, turn.event, turn.at)
    case = replace(case, dispatches=(*case.dispatches, _dispatch(turn, case, lead=lead, shared=shared)))
    if not lead:
        return case
    return replace(case, state=State.FORWARDED, lead=turn.event.id, forward_due=None)


def _dispatch(turn: Turn, case: Case, *, lead: bool, shared: bool) -> Dispatch:
    """The dispatch and its clocks: the fold computes due times, nobody sends them."""
    facts, rules = turn.facts, turn.rules
    level, cal = level_of(rules, case.urgency), rules.calendar
    term = level.reply[case.kind or Kind.HELP]
    return Dispatch(
        id=turn.event.id,
        lead=lead,
        district=str(facts["district"]),
        district_name=str(facts["district_name"]),
        unit=str(facts.get("unit") or ""),
        rules=rules.version,
        urgency=case.urgency,
        term=term,
        sent_at=turn.at,
        sign_due=deadlines.due(turn.at, level.sign, cal),
        return_due=deadlines.due(turn.at, level.return_, cal),
        reply_due=deadlines.due(turn.at, term, cal),
        contact_shared=shared,
    )


def may_change_lead(turn: Turn) -> Refusal | None:
    return None if turn.case.lead_dispatch is not None else refuse("no_lead", state=turn.case.state)


def lead_changed(turn: Turn) -> Verdict:
    """A co-handler takes the lead; the case follows it where the case stands with a unit."""
    case, d = turn.case, turn.target()
    if d is None:
        return refuse("depends", re=turn.event.dispatch)
    if turn.leads(d):
        return Absorbed(case, d.id)
    if d.state not in LIVE:
        return refuse("stale", kind=turn.event.kind)
    old = case.lead_dispatch
    if old is not None:
        case = put(case, replace(old, lead=False))
    case = replace(put(case, replace(d, lead=True)), lead=d.id, forward_due=None)
    state = {
        DispatchState.SENT: State.FORWARDED,
        DispatchState.SIGNED: State.IN_PROGRESS,
        DispatchState.REPLIED: State.REPLIED,
    }[d.state]
    if case.state is State.NEEDS_INFO:
        return replace(case, before_ask=state)
    if case.state in (State.FORWARDED, State.IN_PROGRESS, State.REPLIED, State.RETURNED):
        return replace(case, state=state)
    return case


# ── a dispatch's own events ──────────────────────────────────────────────────────────────────────────────────────────


def on_dispatch(
    lead_states: frozenset[State], dispatch_states: tuple[DispatchState, ...]
) -> Callable[[Turn], Refusal | None]:
    """A guard: the dispatch is known, is the unit's own, stands where this may happen, and so does the case if it leads."""

    def guard(turn: Turn) -> Refusal | None:
        d, case, event = turn.target(), turn.case, turn.event
        if d is None:
            return refuse("depends", re=event.re) if event.re else refuse("no_dispatch", kind=event.kind)
        if event.role is Role.UNIT and event.actor.startswith("unit:") and event.actor[5:].split("/")[0] != d.district:
            return refuse("not_yours", district=d.district_name)
        allowed = lead_states if turn.leads(d) else OPEN
        if case.state not in allowed:
            return refuse("state", state=case.state, kind=event.kind)
        if d.state not in dispatch_states:
            return refuse("stale", kind=event.kind, dispatch_state=d.state)
        return None

    return guard


may_sign = on_dispatch(frozenset({State.FORWARDED, State.NEEDS_INFO}), (DispatchState.SENT,))


def already_signed(turn: Turn) -> Verdict | None:
    d = turn.target()
    if d is not None and d.signed_at is not None and d.state is not DispatchState.CANCELLED:
        return Absorbed(turn.case, d.id)
    return None


def signed(turn: Turn) -> Verdict:
    """Late signing is recorded as it is: `signed_at` beside `sign_due`."""
    d = turn.target()
    assert d is not None
    case = put(turn.case, replace(d, state=DispatchState.SIGNED, signed_at=turn.at))
    if not turn.leads(d):
        return case
    if case.state is State.NEEDS_INFO:
        return replace(case, before_ask=State.IN_PROGRESS)
    return move(turn, case, State.IN_PROGRESS)


may_return = on_dispatch(WITH_UNIT, RUNNING)


def returned(turn: Turn) -> Verdict:
    """退单: within the window, with a reason; the letter is the desk's again and its forward clock begins anew."""
    d = turn.target()
    assert d is not None
    if not turn.facts.get("reason"):
        return refuse("bad_fact", field="reason")
    if turn.at >= d.return_due:
        return refuse("return_window", due=d.return_due)
    case = put(turn.case, replace(d, state=DispatchState.RETURNED, returned=turn.event.id))
    case = replace(case, returns=case.returns + 1)
    if not turn.leads(d):
        return remember(case, turn.event, turn.at)
    return start_forwarding(move(turn, case, State.RETURNED), turn.event, turn.at, turn.book.newest)


def may_uphold(turn: Turn) -> Refusal | None:
    """Only the return that stands can be overruled: not one whose letter went elsewhere meanwhile."""
    case, event = turn.case, turn.event
    d = next((d for d in case.dispatches if d.returned is not None and d.returned == event.re), None)
    if d is None:
        if event.re and not known(case, event.re):
            return refuse("depends", re=event.re)
        return (
            refuse("stale", kind=event.kind)
            if case.state is State.RETURNED
            else refuse("state", state=case.state, kind=event.kind)
        )
    if d.state is not DispatchState.RETURNED:
        return refuse("stale", kind=event.kind)
    if turn.leads(d):
        return None if case.state is State.RETURNED else refuse("state", state=case.state, kind=event.kind)
    return refuse("stale", kind=event.kind) if d.lead or case.state not in OPEN else None


def upheld(turn: Turn) -> Verdict:
    """The desk keeps the unit to it; no due time moves."""
    case = turn.case
    d = next(d for d in case.dispatches if d.returned == turn.event.re)
    kept = replace(d, state=DispatchState.SIGNED, signed_at=d.signed_at or turn.at, returned=None)
    case = put(case, kept)
    return replace(case, state=State.IN_PROGRESS, forward_due=None) if turn.leads(d) else case


def recalled_by(turn: Turn) -> Refusal | None:
    d, case, event = turn.target(), turn.case, turn.event
    if d is None:
        return refuse("depends", re=event.re) if event.re else refuse("no_dispatch", kind=event.kind)
    states = WITH_UNIT | {State.REPLIED, State.RETURNED} if turn.leads(d) else OPEN
    if case.state not in states:
        return refuse("state", state=case.state, kind=event.kind)
    if d.state not in (*LIVE, DispatchState.RETURNED):
        return refuse("stale", kind=event.kind, dispatch_state=d.state)
    if d.signed_at is not None and not turn.supervisor:
        return refuse("supervisor_signed")
    return None


def recalled(turn: Turn) -> Verdict:
    """Counted apart from returns; the letter waits for another forward."""
    d = turn.target()
    assert d is not None
    if not turn.facts.get("reason"):
        return refuse("bad_fact", field="reason")
    case = put(turn.case, replace(d, state=DispatchState.CANCELLED, recalled=True))
    case = replace(case, recalls=case.recalls + 1)
    if not turn.leads(d):
        return case
    return start_forwarding(move(turn, case, State.ACCEPTED), turn.event, turn.at, turn.book.newest)


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
    return refuse("extension_late", due=d.reply_due) if turn.at >= d.reply_due else None


def extension_asked(turn: Turn) -> Verdict:
    d = turn.target()
    assert d is not None
    if d.extension_asked is not None:
        return Absorbed(turn.case, d.extension_asked)
    return put(remember(turn.case, turn.event, turn.at), replace(d, extension_asked=turn.event.id))


def may_decide_extension(turn: Turn) -> Refusal | None:
    d = turn.target()
    if d is not None and d.extended:
        return refuse("extended_once")
    if no := may_extend(turn):
        return no
    return refuse("extension_not_asked") if d is None or d.extension_asked is None else None


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
        due = deadlines.add_working_days(d.reply_due, term.amount, rules.calendar)
    case = put(turn.case, replace(d, reply_due=due, extended=True, extension_asked=None))
    return replace(case, extensions=case.extensions + 1)


def extension_refused(turn: Turn) -> Verdict:
    d = turn.target()
    assert d is not None
    return put(turn.case, replace(d, extension_asked=None))


# ── chase ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CHASE_FROM = WITH_UNIT | {State.REPLIED, State.TRACKING}


def may_chase(turn: Turn) -> Refusal | None:
    case = turn.case
    allowed = (*RUNNING, DispatchState.CHECKED) if case.state is State.TRACKING else RUNNING
    return on_dispatch(CHASE_FROM, allowed)(turn)


def already_chased(turn: Turn) -> Verdict | None:
    """One chase of a level a working day reaches the unit."""
    d, level = turn.target(), turn.facts.get("level")
    if d is None or d.last_chase is None or may_chase(turn):
        return None
    day = deadlines.chase_day(turn.at, turn.book.newest.calendar)
    return Absorbed(turn.case, d.id) if d.last_chase == (level, day) else None


def chased(turn: Turn) -> Verdict:
    """A chase never moves a due time."""
    d, level = turn.target(), turn.facts.get("level")
    assert d is not None
    if level not in (1, 2, 3, 4):
        return refuse("bad_fact", field="level")
    if level >= 3 and not turn.supervisor:
        return refuse("supervisor_level", level=level)
    day = deadlines.chase_day(turn.at, turn.book.newest.calendar)
    case = put(
        turn.case,
        replace(d, chase_level=max(d.chase_level, level), chases=d.chases + 1, last_chase=(level, day)),
    )
    return replace(
        case,
        chase_level=max(case.chase_level, level),
        chases=case.chases + 1,
        supervised=case.supervised or level >= 3,
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
        return refuse("no_dispatch", kind=event.kind)
    if event.re is not None and event.re != d.reply:
        return refuse("stale" if known(case, event.re) else "depends", kind=event.kind, re=event.re)
    if (turn.leads(d) and case.state is not State.REPLIED) or case.state not in OPEN:
        return refuse("state", state=case.state, kind=event.kind)
    if event.re is None or d.state is not DispatchState.REPLIED:
        return refuse("stale", kind=event.kind)
    return refuse("third_redo") if case.redos >= 2 and not turn.supervisor else None


def redone(turn: Turn) -> Verdict:
    """退回重办: what is left of the clock, at least two working days."""
    if not turn.facts.get("code"):
        return refuse("bad_fact", field="code")
    case = turn.case
    d = case.dispatch(turn.event.dispatch) or case.lead_dispatch
    assert d is not None
    rules = turn.book.of(d.rules)
    stop = d.replied_at if d.replied_at is not None else turn.at
    due = resumed(turn, d, deadlines.remaining(d.reply_due, stop, d.term.unit, rules.calendar))
    case = put(case, reopened_dispatch(d, due, redos=d.redos + 1))
    case = replace(case, redos=case.redos + 1)
    return move(turn, case, State.IN_PROGRESS) if turn.leads(d) else case


def resumed(turn: Turn, d: Dispatch, left: Term) -> int:
    """The due time of a clock that goes on now with that much left, at least the rules' least term (UTC ms)."""
    rules = turn.book.of(d.rules)
    least = deadlines.due(turn.at, rules.min_term, rules.calendar)
    return least if left.amount <= 0 else max(deadlines.due(turn.at, left, rules.calendar), least)


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


def urgent(case: Case) -> bool:
    """紧急 and above."""
    return case.urgency is not Urgency.NORMAL


def reply_stands(turn: Turn) -> Refusal | None:
    """`re` names the reply that stands; else it is stale, or depends on what never arrived."""
    case, event = turn.case, turn.event
    if event.re is None or event.re == standing_reply(case):
        return None
    return refuse("stale" if known(case, event.re) else "depends", kind=event.kind, re=event.re)
