"""One event before one case: what every rule is given, and the few changes that many of them share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from db import deadlines
from db.copies import replace
from db.model import (
    Case,
    CaseId,
    Dispatch,
    DispatchState,
    Event,
    EventId,
    Ms,
    Outcome,
    Pause,
    Refusal,
    Role,
    State,
    Urgency,
)
from db.model_rules import Calendar, Rulebook, Rules, ServiceLevel

Related = Mapping[CaseId, Case]


@dataclass(frozen=True, slots=True)
class Turn:
    """`at` is the event's effective time, UTC ms; `related` are other cases as they were before it."""

    case: Case
    event: Event
    related: Related
    book: Rulebook
    now: Ms
    at: Ms

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.event.facts

    @property
    def rules(self) -> Rules:
        """The version that the event names, else the one in force when it happened: never what was decided later."""
        return self.book.named(self.facts.get("rules"), self.at)

    @property
    def supervisor(self) -> bool:
        return self.event.role is Role.SUPERVISOR

    def target(self) -> Dispatch | None:
        """The dispatch that the event is about."""
        return self.case.dispatch(self.event.dispatch) or self.case.dispatch(self.event.re)

    def leads(self, dispatch: Dispatch) -> bool:
        return dispatch.id == self.case.lead


def effective(case: Case | None, event: Event) -> Ms:
    """When the event happened for rules and figures, UTC ms: `when`, else `at`; clamped to the backend's receipt, never before
    that of `re`."""
    moment = event.at if event.when is None else event.when
    if event.heard is not None:
        moment = min(moment, event.heard)  # nothing happened after it was told
    if case is not None and event.re is not None:
        moment = max(moment, next((at for id_, at in case.answerable if id_ == event.re), moment))
    return moment


def known(case: Case, id_: EventId | None) -> bool:
    """Whether that event is in the case's log as one that could be answered; an absorbed forward counts by its alias."""
    return any(id_ == other for other, _ in case.answerable) or any(id_ in d.aliases for d in case.dispatches)


def remember(case: Case, event: Event, at: Ms) -> Case:
    """The event may be answered from now on."""
    after = remembered(case, event, at)
    return case if after is case.answerable else replace(case, answerable=after)


def remembered(case: Case, event: Event, at: Ms) -> tuple[tuple[EventId, Ms], ...]:
    """What may be answered once the event may be, too: for whoever changes more of the case than that."""
    if any(event.id == id_ for id_, _ in case.answerable):
        return case.answerable
    return (*case.answerable, (event.id, at))


def refuse(code: str, **facts: Any) -> Refusal:
    return Refusal(code, facts)


def level_of(rules: Rules, urgency: Urgency) -> ServiceLevel:
    return rules.levels[urgency]


def calendar_of(d: Dispatch, book: Rulebook) -> Calendar:
    """The calendar that counts a dispatch's days: the one it was sent under, or that of a notice which came since."""
    return book.of(d.counted_by or d.rules).calendar


def put(case: Case, dispatch: Dispatch) -> Case:
    """The case with that dispatch in the place of its former self."""
    return replace(case, dispatches=instead(case, dispatch))


def instead(case: Case, dispatch: Dispatch) -> tuple[Dispatch, ...]:
    """The case's dispatches with that one in the place of its former self."""
    return tuple([dispatch if d.id == dispatch.id else d for d in case.dispatches])


def outcomes(entries: Iterable[Mapping[str, Any]] | None) -> tuple[Outcome, ...]:
    """Outcomes as facts carry them → outcomes. Counts are taken as whole numbers."""
    return tuple(Outcome(str(o["measure"]), int(o["count"]), str(o.get("unit", ""))) for o in entries or ())


def bad_outcomes(entries: Any) -> bool:
    """Whether facts carry outcomes that are none: no measure, or a count that is no whole number above 0."""
    if entries is None:
        return False
    if not isinstance(entries, (list, tuple)):
        return True
    return any(
        not isinstance(o, Mapping) or not o.get("measure") or not isinstance(o.get("count"), int) or o["count"] < 1
        for o in entries
    )


def start_forwarding(case: Case, event: Event, at: Ms, rules: Rules) -> Case:
    """The desk's own clock begins anew: a lead forward must now follow this event."""
    due = deadlines.due(at, level_of(rules, case.urgency).forward, rules.calendar)
    known_now = remembered(case, event, at)
    return replace(case, answerable=known_now, start=event.id, start_at=at, forward_due=due, rules=rules.version)


def end_pause(case: Case, at: Ms, book: Rulebook) -> Case:
    """Clocks run again: each due time gains what the pause took from it (DESIGN.md §4, Deadlines)."""
    if not deadlines.paused(case):
        return case
    pause = Pause(case.pauses[-1].start, max(at, case.pauses[-1].start))
    rules = book.of(case.rules)
    forward_due = case.forward_due
    if forward_due is not None:
        unit = level_of(rules, case.urgency).forward.unit
        forward_due = deadlines.after_pause(forward_due, pause, unit, rules.calendar)
    moved = tuple(_after_pause(d, pause, book) for d in case.dispatches)
    return replace(
        case, pauses=(*case.pauses[:-1], pause), forward_due=forward_due, dispatches=moved, ask=None, before_ask=None
    )


def _after_pause(d: Dispatch, pause: Pause, book: Rulebook) -> Dispatch:
    if d.state not in (DispatchState.SENT, DispatchState.SIGNED):
        return d
    pause = Pause(max(pause.start, d.sent_at), pause.end)  # sent while the citizen was asked: only the rest of it
    level, cal = level_of(book.of(d.rules), d.urgency), calendar_of(d, book)
    return replace(
        d,
        sign_due=d.sign_due
        if d.signed_at is not None
        else deadlines.after_pause(d.sign_due, pause, level.sign.unit, cal),
        return_due=deadlines.after_pause(d.return_due, pause, level.return_.unit, cal),
        reply_due=deadlines.after_pause(d.reply_due, pause, d.term.unit, cal),
    )


def move(turn: Turn, case: Case, state: State) -> Case:
    """To another state; leaving 待补充 ends its pause."""
    if case.state is State.NEEDS_INFO and state is not State.NEEDS_INFO:
        case = end_pause(case, turn.at, turn.book)
    return replace(case, state=state)


def close(turn: Turn, case: Case, state: State) -> Case:
    """Into a closed state: every dispatch not checked is cancelled (its unit is told), no clock runs on."""
    case = move(turn, case, state)
    live = (DispatchState.SENT, DispatchState.SIGNED, DispatchState.REPLIED, DispatchState.RETURNED)
    ended = tuple(replace(d, state=DispatchState.CANCELLED) if d.state in live else d for d in case.dispatches)
    return replace(
        case,
        answerable=remembered(case, turn.event, turn.at),
        dispatches=ended,
        forward_due=None,
        closing=turn.event.id,
        closing_re=turn.event.re,
        closed_at=turn.at,
        publications=settled(case),
    )


def settled(case: Case) -> tuple[Any, ...]:
    """Publications without open questions: they leave the list when their case is answered."""
    return tuple(p for p in case.publications if p.as_ != "open_question")


def check_lead(case: Case) -> Case:
    """The lead dispatch's reply passed the desk's check."""
    lead = case.lead_dispatch
    if lead is None or lead.state is not DispatchState.REPLIED:
        return case
    return put(case, replace(lead, state=DispatchState.CHECKED))


def standing_reply(case: Case) -> EventId | None:
    """The reply that the desk decides on: the lead's, or one that came with an import."""
    lead = case.lead_dispatch
    return lead.reply if lead is not None else case.imported_reply
