"""What is told about a letter to whoever knows its code, and what more to whoever has its secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from backend.log.looking import EVENTS
from backend.log.reading import of_cases
from db import deadlines
from db.clock import day_of, to_iso
from db.model import CLOSED, Case, DispatchState, EventKind, State
from db.text import safe
from db.words import term

K = EventKind
SHOWN = frozenset(
    {K.RECEIVED, K.ASKED, K.TOLD, K.DECLINED, K.ANSWERED, K.ANSWERED_DIRECTLY, K.RATED, K.RESOLVED, K.TRACKED}
    | {K.REOPENED, K.WITHDRAWN, K.MERGED, K.FORWARDED, K.EXTENDED}
)
"""What a citizen sees of a letter's history."""

FOR_CITIZEN = frozenset({K.ASKED, K.DECLINED, K.ANSWERED, K.ANSWERED_DIRECTLY, K.TRACKED, K.RESOLVED})
"""Kinds whose words are meant for the citizen; those of the citizen's own are theirs anyway."""

OWN = frozenset({K.TOLD, K.RATED, K.WITHDRAWN})


def status(conn: Connection, case: Case, lang: str, opened: bool) -> dict[str, Any]:
    """The public state; `opened`: the secret was right. Nothing of a person is in the first half."""
    told: dict[str, Any] = {
        "code": case.code,
        "state": str(case.state),
        "state_label": term("state", case.state, lang),
        "received_on": day_of(case.received_at).isoformat(),
        "updated_on": day_of(case.last_at).isoformat(),
        "closed": case.state in CLOSED,
    }
    lead = case.lead_dispatch
    if lead is not None and not case.confidential and lead.state is not DispatchState.CANCELLED:
        told |= {"with": safe(lead.district_name), "due_on": deadlines.last_day(lead.reply_due).isoformat()}
    if case.result is not None:
        told["result"] = str(case.result)
    if not opened:
        return told
    told["history"] = list(_history(conn, case, lang))
    told["can"] = [name for name, may in _may(case) if may]
    if case.rating is not None:
        told["rating"] = {"solved": case.rating.solved, "score": case.rating.score}
    return told


def _may(case: Case) -> tuple[tuple[str, bool], ...]:
    """What the citizen can do now."""
    return (
        ("tell", not case.erased),
        ("rate", not case.erased and case.state in (State.ANSWERED, State.RESOLVED, State.MERGED)),
        ("withdraw", case.state not in CLOSED or case.state is State.MERGED),
    )


def _history(conn: Connection, case: Case, lang: str) -> Iterator[dict[str, Any]]:
    """What happened, in order; a master's answer is everybody's."""
    e = EVENTS.c
    found = select(e.case_id, e.kind, e.wire).where(of_cases([case.id]), e.absorbed == 0).order_by(e.seq)
    for row in conn.execute(found):
        mine = row.case_id == case.id
        if row.kind not in SHOWN or (not mine and row.kind not in (K.ANSWERED, K.ANSWERED_DIRECTLY)):
            continue
        event = json.loads(row.wire)
        if not mine and case.answer != event["id"]:
            continue
        words = event.get("words", {})
        told = {"at": to_iso(event.get("when", event["at"])), "what": row.kind, "label": term("event", row.kind, lang)}
        if (row.kind in FOR_CITIZEN and words.get("text")) or (
            row.kind in OWN and event["role"] == "citizen" and words.get("text")
        ):
            told["text"] = words["text"]
        yield told
