"""What the desk does with a letter itself: receive, classify, ask, accept, decline, note, publish, erase. Pure."""

from __future__ import annotations

from typing import Any

from db import deadlines
from db.case_end import results
from db.case_turn import Turn, bad_outcomes, close, effective, end_pause, level_of, outcomes, refuse, remember
from db.clock import DAY, midnight
from db.copies import maker, replace
from db.model import (
    CLOSED,
    Absorbed,
    Case,
    Event,
    Kind,
    Pause,
    Publication,
    Refusal,
    Result,
    Role,
    State,
    Urgency,
    Verdict,
)
from db.model_rules import Rulebook

SOURCES = frozenset({"channel", "import", "manual"})
CLASSES = ("kind", "topic", "urgency", "district", "confidential", "call")


def received(event: Event, book: Rulebook) -> Verdict:
    """The first event of a case; its id is the case's."""
    facts, words = event.facts, event.words
    if bad := _bad_class(facts) or _bad_receipt(event):
        return bad
    urgency = Urgency(facts.get("urgency") or Urgency.NORMAL)
    at = effective(None, event) if event.when is not None else int(facts["received_at"])
    rules = book.named(facts.get("rules"), at)
    return maker(Case)(
        id=event.id,
        code=facts["code"],
        channel=facts["channel"],
        number=facts["number"],
        source=facts["source"],
        received_at=at,
        sender=facts.get("sender"),
        title=words.get("title", ""),
        place=words.get("place", ""),
        kind=Kind(facts["kind"]) if facts.get("kind") else None,
        topic=facts.get("topic"),
        urgency=urgency,
        district=facts.get("district"),
        confidential=bool(facts.get("confidential")),
        call=facts.get("call"),
        answerable=((event.id, at),),
        start=event.id,
        start_at=at,
        forward_due=deadlines.due(at, level_of(rules, urgency).forward, rules.calendar),
        rules=rules.version,
        events=1,
        last_at=at,
    )


def _bad_receipt(event: Event) -> Refusal | None:
    facts = event.facts
    missing = [k for k in ("code", "channel", "number", "source", "received_at") if facts.get(k) in (None, "")]
    if missing:
        return refuse("bad_fact", field=missing[0])
    return None if facts["source"] in SOURCES else refuse("bad_fact", field="source")


_LISTED = (("kind", frozenset(Kind)), ("urgency", frozenset(Urgency)))


def _bad_class(facts: Any) -> Refusal | None:
    """Whether a classifying fact is none of its list. Topics and districts are the newsroom's own lists, checked at the form."""
    for name, values in _LISTED:
        if facts.get(name) is not None and facts[name] not in values:
            return refuse("bad_fact", field=name)
    return None


def classified(turn: Turn) -> Verdict:
    """Per field; what the citizen wrote stays in the receipt. A new urgency restarts nothing but the desk's own clock's length."""
    facts = turn.facts
    if bad := _bad_class(facts):
        return bad
    for name in ("kind", "urgency"):
        if name in facts and facts[name] is None:
            return refuse("bad_fact", field=name)
    # never absorbed: whether words changed something must not matter once they are erased
    return _consistent(replace(turn.case, **_classes(turn)))


def _classes(turn: Turn) -> dict[str, Any]:
    """The fields of the case that the event's facts and words set, and its due time where a new urgency moves that."""
    facts, words, case = turn.facts, turn.event.words, turn.case
    new: dict[str, Any] = {name: facts[name] for name in CLASSES if name in facts}
    if new.get("kind"):
        new["kind"] = Kind(new["kind"])
    if new.get("urgency"):
        new["urgency"] = Urgency(new["urgency"])
    if "confidential" in new:
        new["confidential"] = bool(new["confidential"])
    new |= {name: words[name] for name in ("title", "place") if words.get(name)}
    urgency = new.get("urgency", case.urgency)
    if urgency is case.urgency or case.forward_due is None:
        return new
    rules = turn.book.of(case.rules)
    term = level_of(rules, urgency).forward
    due = deadlines.due(case.start_at, term, rules.calendar)
    for pause in case.pauses:
        if pause.start >= case.start_at:
            due = deadlines.after_pause(due, pause, term.unit, rules.calendar)
    return new | {"forward_due": due}


def _consistent(case: Case) -> Verdict:
    """A case that has a result keeps one that its kind can have."""
    if case.result is not None and case.result not in results(case.kind):
        return refuse("result_kind", letter_kind=case.kind, result=case.result)
    return case


def may_classify(turn: Turn) -> Refusal | None:
    if turn.case.state in CLOSED and not turn.supervisor:
        return refuse("supervisor_closed")
    return None


def corrected(turn: Turn) -> Verdict:
    """As classified; of a resolved case also its result and outcomes."""
    facts = turn.facts
    if bad := _bad_class(facts):
        return bad
    if bad_outcomes(facts.get("outcomes")):
        return refuse("bad_fact", field="outcomes")
    if turn.case.state is not State.RESOLVED and ("result" in facts or "outcomes" in facts):
        return refuse("not_resolved", state=turn.case.state)
    new = _classes(turn)
    if "result" in facts:
        if facts["result"] not in set(Result):
            return refuse("bad_fact", field="result")
        new["result"] = Result(facts["result"])
    if "outcomes" in facts:
        new["outcomes"] = outcomes(facts["outcomes"])
    return _consistent(replace(turn.case, **new))


def assigned(turn: Turn) -> Verdict:
    to = turn.facts.get("to")
    return Absorbed(turn.case) if to == turn.case.assignee else replace(turn.case, assignee=to)


def tagged(turn: Turn) -> Verdict:
    add, remove = turn.facts.get("add") or (), turn.facts.get("remove") or ()
    tags = [t for t in turn.case.tags if t not in remove]
    tags += [t for t in add if t not in tags]
    return Absorbed(turn.case) if tuple(tags) == turn.case.tags else replace(turn.case, tags=tuple(tags))


def may_note(turn: Turn) -> Refusal | None:
    """A person at any time; the system when a tracked case's promised day has come: the case wakes in the log, too."""
    case = turn.case
    if turn.event.role is not Role.SYSTEM:
        return None
    if case.state is not State.TRACKING or case.promised is None:
        return refuse("stale")
    return refuse("too_early") if turn.at < midnight(case.promised) else None


def noted(turn: Turn) -> Verdict:
    return turn.case


def linked(turn: Turn) -> Verdict:
    """Both cases show the link: the same event is folded over the other one."""
    to, relation = turn.facts.get("to"), turn.facts.get("relation", "related")
    other = to if turn.event.case == turn.case.id else turn.event.case
    if not other or other == turn.case.id:
        return refuse("bad_fact", field="to")
    link = (str(relation), str(other))
    return Absorbed(turn.case) if link in turn.case.links else replace(turn.case, links=(*turn.case.links, link))


def split(turn: Turn) -> Verdict:
    into = tuple(turn.facts.get("into") or ())
    if not into:
        return refuse("bad_fact", field="into")
    new = tuple(("part", c) for c in into if ("part", c) not in turn.case.links)
    return replace(turn.case, links=(*turn.case.links, *new)) if new else Absorbed(turn.case)


def may_ask(turn: Turn) -> Refusal | None:
    most = turn.rules.max_asks
    return refuse("asked_enough", most=most) if turn.case.asks >= most else None


def asked(turn: Turn) -> Verdict:
    case = remember(turn.case, turn.event, turn.at)
    return replace(
        case,
        state=State.NEEDS_INFO,
        before_ask=case.state,
        ask=turn.event.id,
        asks=case.asks + 1,
        pauses=(*case.pauses, Pause(turn.at)),
    )


def may_tell(turn: Turn) -> Refusal | None:
    """The citizen's words are never refused; the system's word that none came, until the days are over."""
    case, event = turn.case, turn.event
    if event.role is not Role.SYSTEM:
        return None
    if case.state is not State.NEEDS_INFO or event.re != case.ask:
        return refuse("stale")
    asked = case.pauses[-1].start
    over = asked + turn.book.at(asked).tell_days * DAY
    return refuse("too_early") if turn.at < over else None


def told(turn: Turn) -> Verdict:
    """Ends the ask it answers; what answers no standing ask is told unasked and moves nothing."""
    case = turn.case
    if case.ask is None or turn.event.re != case.ask:
        return case
    return replace(end_pause(case, turn.at, turn.book), state=case.before_ask)


def accepted(turn: Turn) -> Verdict:
    if bad := _bad_class(turn.facts):
        return bad
    new = _classes(turn)
    kind = new.get("kind", turn.case.kind) or Kind.HELP
    return replace(turn.case, **(new | {"state": State.ACCEPTED, "kind": kind}))


def already_accepted(turn: Turn) -> Verdict | None:
    """Two desks accept the same letter the same way: the second changes nothing."""
    case = turn.case
    if case.state is State.RECEIVED or case.state in CLOSED:
        return None
    same = all(getattr(case, name) == turn.facts[name] for name in CLASSES if turn.facts.get(name) is not None)
    return Absorbed(case) if same and not _bad_class(turn.facts) else None


def may_decline(turn: Turn) -> Refusal | None:
    if turn.supervisor:
        return None
    if turn.case.state is State.RETURNED:
        return refuse("supervisor_returned")
    return refuse("supervisor_urgent") if turn.case.urgency is not Urgency.NORMAL else None


def declined(turn: Turn) -> Verdict:
    if not turn.facts.get("reason"):
        return refuse("bad_fact", field="reason")
    return replace(close(turn, turn.case, State.DECLINED), reason=turn.facts["reason"])


def may_publish(turn: Turn) -> Refusal | None:
    return refuse("confidential") if turn.case.confidential else None


OPEN_QUESTION_STATES = frozenset({State.FORWARDED, State.IN_PROGRESS, State.RETURNED, State.TRACKING})


def published(turn: Turn) -> Verdict:
    as_ = turn.facts.get("as")
    if as_ not in ("told", "open_question"):
        return refuse("bad_fact", field="as")
    if (as_ == "told") != (turn.case.state is State.RESOLVED):
        return refuse("publish_state", **{"as": as_, "state": turn.case.state})
    if any(p.as_ == as_ for p in turn.case.publications):
        return Absorbed(turn.case, next(p.event for p in turn.case.publications if p.as_ == as_))
    case = remember(turn.case, turn.event, turn.at)
    return replace(case, publications=(*case.publications, Publication(turn.event.id, as_)))


def unpublished(turn: Turn) -> Verdict:
    left = tuple(p for p in turn.case.publications if p.event != turn.event.re)
    if left == turn.case.publications:
        return Absorbed(turn.case)
    return replace(turn.case, publications=left)


def may_unpublish(turn: Turn) -> Refusal | None:
    return None if turn.case.publications else refuse("nothing_published")


def revealed(turn: Turn) -> Verdict:
    return replace(turn.case, reveals=turn.case.reveals + 1)


def may_remove_contact(turn: Turn) -> Refusal | None:
    """Only once the letter has been closed for as long as contacts are kept."""
    case = turn.case
    if case.closed_at is None or turn.at < case.closed_at + turn.book.at(case.closed_at).contact_days * DAY:
        return refuse("too_early")
    return None


def contact_removed(turn: Turn) -> Verdict:
    """Who wrote is no longer needed (PIPL art. 19: no longer than necessary): the letter keeps its words, not its sender."""
    case = turn.case
    return replace(case, sender=None) if case.sender or case.followers else Absorbed(case)


def erased(turn: Turn) -> Verdict:
    """The person's data goes from the row; events' words are blanked by the store. States and figures stay."""
    if turn.case.erased:
        return Absorbed(turn.case)
    return replace(turn.case, erased=True, title="", place="", sender=None, publications=())
