"""A dispatch as its unit sees it: the letter's words, what was asked of it, its clocks, and what it may do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from backend.log import doing, files, newsroom
from backend.log.looking import EVENTS
from backend.log.reading import SENDERS, of_cases
from backend.log.writing import DISPATCHES
from backend.people.person import Person
from backend.problems import ProblemError
from db import cases, deadlines
from db.clock import to_iso
from db.model import Actor, Case, Dispatch, DispatchId, DispatchState, EventKind, Ms
from db.words import term

D = DispatchState
K = EventKind
WAITING = (D.SENT, D.SIGNED, D.RETURNED)
ACTIONS = {"sign": K.SIGNED, "return": K.RETURNED, "reply": K.REPLIED, "extension": K.EXTENSION_ASKED}
"""What a unit may do → the event."""

PARTS = frozenset({K.RECEIVED, K.FORWARDED, K.REDONE, K.CHASED, K.TOLD, K.REPLIED, K.RETURNED, K.UPHELD, K.RECALLED})
PARTS |= {K.EXTENDED, K.EXTENSION_REFUSED, K.EXTENSION_ASKED, K.SIGNED}
"""Events whose words a unit reads: the letter's own, and those of its own dispatch."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A dispatch and its case."""

    case: Case
    dispatch: Dispatch


def find(conn: Connection, id_: DispatchId, who: Person | None) -> Sent:
    """The dispatch of that id (or alias), if it is that unit's; `who` None: whoever holds its link.

    Raises ProblemError(unknown).
    """
    if not doing.ID.fullmatch(id_):
        raise ProblemError("unknown")
    case_id = conn.execute(select(DISPATCHES.c.case_id).where(DISPATCHES.c.id == id_)).scalar()
    if case_id is None:  # an absorbed forward is an alias of the dispatch that holds
        case_id = conn.execute(select(EVENTS.c.case_id).where(EVENTS.c.id == id_)).scalar()
    case = doing.by_id(conn, case_id) if case_id else None
    dispatch = case.dispatch(id_) if case is not None else None
    if case is None or dispatch is None or (who is not None and not _is_of(dispatch, who)):
        raise ProblemError("unknown")
    return Sent(case, dispatch)


def shown_to(case: Case, dispatch: Dispatch, who: Person) -> bool:
    """Whether that unit reads the letter by this dispatch: it is theirs, has not been taken back, and nothing was erased."""
    return _is_of(dispatch, who) and dispatch.state is not D.CANCELLED and not case.erased


def _is_of(dispatch: Dispatch, who: Person) -> bool:
    return dispatch.district == who.district and (not who.unit or not dispatch.unit or dispatch.unit == who.unit)


def listed(
    conn: Connection, who: Person, *, done: bool, before: Ms | None, limit: int, now: Ms
) -> list[dict[str, Any]]:
    """The unit's dispatches, newest first: those that wait for it, or (`done`) all others."""
    d = DISPATCHES.c
    states = [str(s) for s in WAITING]
    query = select(d.id).where(d.district == who.district, d.state.not_in(states) if done else d.state.in_(states))
    if who.unit:
        query = query.where(or_(d.unit == who.unit, d.unit == ""))
    if before is not None:
        query = query.where(d.sent_at < before)
    ids = [id_ for (id_,) in conn.execute(query.order_by(d.sent_at.desc(), d.id).limit(limit))]
    return [head(find(conn, id_, who), now) for id_ in ids]


def head(sent: Sent, now: Ms) -> dict[str, Any]:
    """One line of the list."""
    case, d = sent.case, sent.dispatch
    return {
        "id": d.id,
        "code": case.code,
        "title": case.title,
        "state": str(d.state),
        "lead": d.lead,
        "unit": d.unit,
        "kind": str(case.kind) if case.kind else None,
        "topic": case.topic,
        "urgency": str(d.urgency),
        "sent_at": to_iso(d.sent_at),
        "sent": d.sent_at,
        "sign_due": to_iso(d.sign_due),
        "return_due": to_iso(d.return_due),
        "reply_due": to_iso(d.reply_due),
        "paused": deadlines.paused(case),
        "late": any(c.dispatch == d.id for c in deadlines.late_clocks(case, now)),
        "chase_level": d.chase_level,
    }


def whole(conn: Connection, sent: Sent, who: Person, now: Ms, lang: str) -> dict[str, Any]:
    """All that the unit is told of its letter. Of an erased or ended one: that it is so."""
    case, d = sent.case, sent.dispatch
    told = head(sent, now) | {"state_label": term("dispatch_state", d.state, lang), "erased": case.erased}
    if d.state is D.CANCELLED or case.erased:
        return told | {"title": "", "can": [], "history": []}
    history = list(_history(conn, sent, lang))
    receipt = next((e for e in history if e["what"] == K.RECEIVED), None)
    told |= {"body": receipt.pop("body", "") if receipt else "", "place": case.place, "history": history}
    told["attachments"] = files.of_letter(conn, case.id)
    told["contact"] = _contact(conn, case) if d.contact_shared else None
    told["can"] = [name for name, kind in ACTIONS.items() if _may(conn, sent, kind, who, now)]
    return told


def _history(conn: Connection, sent: Sent, lang: str) -> Any:
    """What happened to this dispatch, and what the citizen wrote."""
    e = EVENTS.c
    ids = {sent.dispatch.id, *sent.dispatch.aliases}
    found = select(e.kind, e.wire).where(of_cases([sent.case.id]), e.absorbed == 0).order_by(e.seq)
    for kind, wire in conn.execute(found):
        if kind not in PARTS:
            continue
        event = json.loads(wire)
        own = event["id"] in ids or event.get("dispatch") in ids
        if not own and kind not in (K.RECEIVED, K.TOLD):
            continue
        if event.get("case") != sent.case.id and not own:
            continue
        words = event.get("words", {})
        told = {"at": to_iso(event.get("when", event["at"])), "what": kind, "label": term("event", kind, lang)}
        text = words.get("note") if kind == K.FORWARDED else words.get("text")
        told |= {"text": text} if text else {}
        told |= {"body": words.get("body", "")} if kind == K.RECEIVED else {}
        told |= {
            k: event["facts"][k]
            for k in ("level", "reason", "code")
            if k in event.get("facts", {}) and kind != K.RECEIVED
        }
        yield told


def _contact(conn: Connection, case: Case) -> dict[str, str] | None:
    row = conn.execute(select(SENDERS).where(SENDERS.c.id == case.sender)).first() if case.sender else None
    return {"name": row.name, "salutation": row.salutation, "phone": row.phone} if row is not None else None


def _may(conn: Connection, sent: Sent, kind: EventKind, who: Person, now: Ms) -> bool:
    """Whether the rules would take this from the unit, on this very dispatch, now."""
    d = sent.dispatch
    if kind == K.RETURNED and now >= d.return_due:
        return False
    if kind == K.SIGNED and d.state is not D.SENT:
        return False
    if kind == K.EXTENSION_ASKED and (d.extension_asked is not None or now >= d.reply_due):
        return False
    if kind in (K.RETURNED, K.EXTENSION_ASKED) and d.state not in (D.SENT, D.SIGNED):
        return False
    if kind == K.REPLIED and d.state not in (D.SENT, D.SIGNED, D.REPLIED):
        return False
    actor = Actor(who.id, who.role, who.device)
    return cases.why_not(sent.case, kind, actor, {}, newsroom.decided(conn)[0].book, now, {}) is None
