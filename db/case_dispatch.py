"""How a letter goes to a unit and comes back from it: forward, change the lead, sign, return, uphold, recall. Pure.

The case follows its lead dispatch; a co-handler's events move its own dispatch only, in any open state.
"""

from __future__ import annotations

from collections.abc import Callable

from db import deadlines
from db.case_turn import (
    Turn,
    end_pause,
    instead,
    level_of,
    move,
    put,
    refuse,
    remember,
    remembered,
    start_forwarding,
)
from db.copies import maker, replace
from db.model import OPEN, Absorbed, Case, Dispatch, DispatchState, EventKind, Kind, Refusal, Role, State, Verdict

RUNNING = (DispatchState.SENT, DispatchState.SIGNED)
LIVE = (*RUNNING, DispatchState.REPLIED)
FORWARD_FROM = frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED})
WITH_UNIT = frozenset({State.FORWARDED, State.IN_PROGRESS, State.NEEDS_INFO})


# ── forward ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ANSWERING = frozenset(
    {
        EventKind.SIGNED,
        EventKind.RETURNED,
        EventKind.EXTENSION_ASKED,
        EventKind.EXTENDED,
        EventKind.EXTENSION_REFUSED,
        EventKind.CHASED,
        EventKind.REPLIED,
        EventKind.RECALLED,
    }
)
"""Kinds that answer a dispatch: `re` and `dispatch` are both its id."""

ABOUT = ANSWERING | {EventKind.UPHELD, EventKind.REDONE, EventKind.LEAD_CHANGED}
"""Kinds that are about a dispatch, whatever they answer."""


def may_forward(turn: Turn) -> Refusal | None:
    """A lead forward from the desk's hands, or a co-handler beside a lead; after the third return only a supervisor."""
    if no := _may_co(turn) if turn.facts.get("role") == "co" else _may_lead(turn):
        return no
    return refuse("third_return") if turn.case.returns >= 3 and not turn.supervisor else None


def _may_lead(turn: Turn) -> Refusal | None:
    """It follows the receipt, return, recall or reopening that stands, and no unit gets the same letter twice."""
    case, event, facts = turn.case, turn.event, turn.facts
    if event.re is not None and event.re != case.start:
        return refuse("stale")
    if case.state not in FORWARD_FROM:
        return refuse("state", state=case.state, kind=event.kind)
    if event.re is None:
        return refuse("stale")
    co = _live_at(case, str(facts.get("district") or ""), str(facts.get("unit") or ""))
    return refuse("co_handles", district=co.district_name) if co is not None else None


def _may_co(turn: Turn) -> Refusal | None:
    """It joins the lead that it names, unless that one was recalled meanwhile."""
    case, event = turn.case, turn.event
    if case.state not in OPEN or case.lead_dispatch is None:
        return refuse("no_lead", state=case.state)
    named = case.dispatch(event.re)
    gone = named is None or named.state is DispatchState.CANCELLED
    return refuse("stale") if gone else None


def _live_at(case: Case, district: str, unit: str) -> Dispatch | None:
    """The dispatch by which that unit has the letter now."""
    return next((d for d in case.dispatches if d.state in LIVE and same_unit(d, district, unit)), None)


def same_unit(d: Dispatch, district: str, unit: str) -> bool:
    """Same district, and the same office or one of them blank."""
    return d.district == district and (d.unit == unit or not d.unit or not unit)


def already_forwarded(turn: Turn) -> Verdict | None:
    """Two desks forward the same letter: to the same unit it is absorbed, to another the first holds."""
    case, event, facts = turn.case, turn.event, turn.facts
    district, unit = str(facts.get("district") or ""), str(facts.get("unit") or "")
    if facts.get("role") == "co":
        same = _live_at(case, district, unit)
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
    shared = facts.get("contact") == "shared"
    if shared and case.confidential:
        return refuse("contact_confidential")
    lead = facts.get("role", "lead") == "lead"
    kind = case.kind or Kind.HELP
    sent = (*case.dispatches, _dispatch(turn, kind, lead=lead, shared=shared))
    after = remembered(case, turn.event, turn.at)
    if not lead:
        return replace(case, answerable=after, dispatches=sent)
    at_unit = {"state": State.FORWARDED, "lead": turn.event.id, "forward_due": None}
    return replace(case, answerable=after, kind=kind, dispatches=sent, **at_unit)


def _dispatch(turn: Turn, kind: Kind, *, lead: bool, shared: bool) -> Dispatch:
    """The dispatch and its clocks: the fold computes due times, nobody sends them."""
    case, facts, rules = turn.case, turn.facts, turn.rules
    level, cal = level_of(rules, case.urgency), rules.calendar
    term = level.reply[kind]
    return maker(Dispatch)(
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
    """From a lead to a co-handler that still works on it."""
    case, d = turn.case, turn.target()
    if case.lead_dispatch is None:
        return refuse("no_lead", state=case.state)
    if d is None:
        return refuse("no_co")
    return None if turn.leads(d) or d.state in LIVE else refuse("stale")


def already_leads(turn: Turn) -> Verdict | None:
    """Two desks change the lead to the same unit: the second changes nothing."""
    d = turn.target()
    return Absorbed(turn.case, d.id) if d is not None and turn.leads(d) and turn.case.state in OPEN else None


def lead_changed(turn: Turn) -> Verdict:
    """A co-handler takes the lead; the case follows it where the case stands with a unit."""
    case, d = turn.case, turn.target()
    assert d is not None
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
    """A guard: the dispatch is known, stands where this may happen, and so does the case if it leads."""

    def guard(turn: Turn) -> Refusal | None:
        d, case, event = turn.target(), turn.case, turn.event
        if d is None:
            return refuse("no_dispatch")
        allowed = lead_states if turn.leads(d) else OPEN
        if case.state not in allowed:
            return refuse("state", state=case.state, kind=event.kind)
        if d.state not in dispatch_states:
            return refuse("stale")
        return None

    return guard


def unpaused(turn: Turn, d: Dispatch) -> Dispatch:
    """The dispatch with the due times it has if a pause that still lasts ends now: what a window is judged by."""
    return end_pause(turn.case, turn.at, turn.book).dispatch(d.id) or d


def not_yours(turn: Turn) -> Refusal | None:
    """A unit moves its own dispatch only."""
    d, event = turn.target(), turn.event
    if d is None or event.role is not Role.UNIT or not event.actor.startswith("unit:"):
        return None
    mine = event.actor.removeprefix("unit:").split("/")[0] == d.district
    return None if mine else refuse("not_yours", district=d.district_name)


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
    case = turn.case
    sent = instead(case, replace(d, state=DispatchState.SIGNED, signed_at=turn.at))
    if not turn.leads(d):
        return replace(case, dispatches=sent)
    if case.state is State.NEEDS_INFO:
        return replace(case, dispatches=sent, before_ask=State.IN_PROGRESS)
    return replace(case, dispatches=sent, state=State.IN_PROGRESS)


may_return = on_dispatch(WITH_UNIT, RUNNING)


def returned(turn: Turn) -> Verdict:
    """退单, with a reason and within the window, which a pause makes longer; from the lead, the letter is the desk's again.

    The window is no guard: what a unit said in time may be recorded for it later.
    """
    d = turn.target()
    assert d is not None
    if not turn.facts.get("reason"):
        return refuse("bad_fact", field="reason")
    if turn.at >= (due := unpaused(turn, d).return_due):
        return refuse("return_window", due=due)
    case = replace(turn.case, returns=turn.case.returns + 1)
    if not turn.leads(d):
        case = remember(case, turn.event, turn.at)
        return put(case, replace(d, state=DispatchState.RETURNED, returned=turn.event.id))
    case = move(turn, case, State.RETURNED)
    d = case.dispatch(d.id) or d  # with the due times that the end of a pause gave it
    case = put(case, replace(d, state=DispatchState.RETURNED, returned=turn.event.id))
    return start_forwarding(case, turn.event, turn.at, turn.rules)


def may_uphold(turn: Turn) -> Refusal | None:
    """Only the return that stands can be overruled: not one whose letter went elsewhere meanwhile."""
    case, event = turn.case, turn.event
    d = next((d for d in case.dispatches if d.returned is not None and d.returned == event.re), None)
    if d is None:
        code = "state" if event.re is None else "stale"
        return refuse(code, state=case.state, kind=event.kind)
    if d.state is not DispatchState.RETURNED:
        return refuse("stale")
    if turn.leads(d):
        return None if case.state is State.RETURNED else refuse("state", state=case.state, kind=event.kind)
    return refuse("stale") if d.lead or case.state not in OPEN else None


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
        return refuse("no_dispatch")
    if d.state not in (*LIVE, DispatchState.RETURNED):
        return refuse("stale")
    states = WITH_UNIT | {State.REPLIED, State.RETURNED} if turn.leads(d) else OPEN
    if case.state not in states:
        return refuse("state", state=case.state, kind=event.kind)
    if d.signed_at is not None and not turn.supervisor:
        return refuse("supervisor_signed")
    return None


def recalled(turn: Turn) -> Verdict:
    """Counted apart from returns; recalled from the lead, the letter has none and waits for another forward."""
    d = turn.target()
    assert d is not None
    if not turn.facts.get("reason"):
        return refuse("bad_fact", field="reason")
    case = put(turn.case, replace(d, state=DispatchState.CANCELLED, recalled=True))
    case = replace(case, recalls=case.recalls + 1)
    if not turn.leads(d):
        return case
    case = replace(move(turn, case, State.ACCEPTED), lead=None)
    return start_forwarding(case, turn.event, turn.at, turn.rules)
