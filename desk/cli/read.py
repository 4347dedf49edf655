"""Verbs that only look: status, list, show."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from rich.cells import cell_len, set_cell_size

from db import deadlines, overview, people, places, queries
from db.clock import now_ms, to_iso
from db.letters import Letter
from db.model import Case, Dispatch, DueMove, Event, Ms
from db.rows import Row
from db.text import one_line, safe
from db.words import _, term
from desk.cli.out import as_json
from desk.cli.store import named, opened, rows

SCREENFUL = 50


def status(options: argparse.Namespace) -> int:
    """`desk status`."""
    with opened(options) as store:
        got = overview.status(store, now_ms())
    if options.json:
        print(as_json(got))
        return 0
    print(_("{n} letters", n=got["letters"]))
    for number, count in got["queues"].items():
        print(f"  {number} {term('queue', number)}  {count}")
    print(_("{n} changes are saved here and not sent; {m} were refused.", n=got["pending"], m=got["refused"]))
    return 0


def list_letters(options: argparse.Namespace) -> int:
    """`desk list [QUERY]`."""
    limit = options.limit if options.limit is not None else (None if options.json else SCREENFUL)
    now = now_ms()
    with opened(options) as store:
        for row in rows(store, options.query, options.queue, limit):
            print(as_json(_row_json(row, now)) if options.json else _row_line(row, now))
    return 0


def _late(row: Row, now: Ms) -> bool:
    return row.next_due is not None and not row.paused and row.due_kind != "promise" and row.next_due <= now


def _row_json(row: Row, now: Ms) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": row.kind,
        "title": one_line(row.title),
        "state": row.state,
        "urgency": row.urgency,
        "district": row.district and places.load().name(row.district),
        "topic": row.topic,
        "received_at": to_iso(row.received_at),
        "due_at": to_iso(row.next_due) if row.next_due is not None else None,
        "late": _late(row, now),
        "pending": row.pending,
    }


def _row_line(row: Row, now: Ms) -> str:
    district = places.load().short(row.district) if row.district else "–"
    columns = (
        (row.code, 21),
        (to_iso(row.received_at)[:10], 10),
        (term("state", row.state), 12),
        (term("urgency", row.urgency), 6),
        (district, 8),
        (one_line(row.topic) or "–", 14),
    )
    late = _("late") if _late(row, now) else ""
    text = "  ".join(
        set_cell_size(text, max(width, cell_len(text)) if n == 0 else width) for n, (text, width) in enumerate(columns)
    )
    return f"{text}  {one_line(row.title)}  {late}".rstrip()


def show(options: argparse.Namespace) -> int:
    """`desk show CODE`."""
    with opened(options) as store:
        for case_id in named(store, options.code):
            letter = queries.letter(store, case_id)
            assert letter is not None
            print(as_json(_letter_json(letter)) if options.json else _letter_text(letter, people.names(store)))
    return 0


def _letter_json(letter: Letter) -> dict[str, Any]:
    case, now = letter.case, now_ms()
    clock = deadlines.next_due(case)
    lead = case.lead_dispatch
    return {
        "code": case.code,
        "kind": case.kind,
        "title": safe(case.title),
        "state": case.state,
        "urgency": case.urgency,
        "district": lead.district_name if lead else case.district and places.load().name(case.district),
        "topic": case.topic,
        "received_at": to_iso(case.received_at),
        "due_at": to_iso(clock.due) if clock else None,
        "late": bool(deadlines.late_clocks(case, now)),
        "pending": len(letter.pending),
        "place": safe(case.place),
        "sender": letter.sender,
        "source": case.source,
        "result": case.result,
        "outcomes": [{"measure": o.measure, "count": o.count, "unit": o.unit} for o in case.outcomes],
        "body": safe(letter.body),
        "dispatches": [_dispatch_json(d) for d in case.dispatches],
        "due_moves": [_move_json(m, letter) for m in case.due_moves],
        "events": [_event_json(e, letter) for e in letter.events],
    }


def _iso(at: Ms | None) -> str | None:
    return None if at is None else to_iso(at)


def _dispatch_json(d: Dispatch) -> dict[str, Any]:
    return {
        "id": d.id,
        "lead": d.lead,
        "district": d.district_name,
        "unit": safe(d.unit),
        "state": d.state,
        "sent_at": to_iso(d.sent_at),
        "sign_due": to_iso(d.sign_due),
        "reply_due": to_iso(d.reply_due),
        "due_on": deadlines.last_day(d.reply_due).isoformat(),
        "signed_at": _iso(d.signed_at),
        "replied_at": _iso(d.replied_at),
        "chase_level": d.chase_level,
        "redos": d.redos,
    }


def _move_json(move: DueMove, letter: Letter) -> dict[str, Any]:
    """A due time that was moved, by whom and why."""
    event = next((e for e in letter.events if e.id == move.event), None)
    return {
        "clock": move.clock,
        "dispatch": move.dispatch or None,
        "was": to_iso(move.was),
        "to": to_iso(move.to),
        "event": move.event,
        "why": event.kind if event else None,
        "actor": event.actor if event else None,
        "at": to_iso(event.when if event.when is not None else event.at) if event else None,
        "reason": _reason(event) if event else None,
    }


def _reason(event: Event) -> str | None:
    """Why it was moved, in the words that were given: the code's, then the person's own."""
    from desk.widgets.due_history import why

    said = why(event)
    kind = term("event", event.kind)
    return said.removeprefix(kind).removeprefix(" · ") or None


def _event_json(e: Event, letter: Letter) -> dict[str, Any]:
    return {
        "id": e.id,
        "kind": e.kind,
        "at": to_iso(e.when if e.when is not None else e.at),
        "actor": e.actor,
        "role": e.role,
        "re": e.re,
        "facts": dict(e.facts),
        "words": {k: safe(v) for k, v in e.words.items()},
        "pending": e.id in letter.pending,
    }


def _letter_text(letter: Letter, names: Mapping[str, str]) -> str:
    case = letter.case
    lines = [
        f"{case.code}  {one_line(case.title)}",
        "  ".join(
            (
                term("state", case.state),
                term("kind", case.kind),
                term("urgency", case.urgency),
                one_line(case.topic) or "–",
            )
        ),
        f"{letter.sender}  {to_iso(case.received_at)[:16].replace('T', ' ')}  {one_line(case.place)}".strip(),
        "",
        safe(letter.body),
        "",
    ]
    lines += [_dispatch_line(case, d) for d in case.dispatches]
    lines.append("")
    from desk.widgets.timeline import TOLD, moved

    for event in letter.events:
        lines.append(_event_line(event, letter, names))
        lines += [f"    {moved(m, now_ms())}" for m in case.due_moves if m.event == event.id and m.clock in TOLD]
    return "\n".join(lines).rstrip() + "\n"


def _dispatch_line(case: Case, d: Dispatch) -> str:
    role = _("lead") if d.lead else _("co-handler")
    due = deadlines.last_day(d.reply_due).isoformat()
    return f"→ {role} {d.district_name} {one_line(d.unit)}  {term('dispatch_state', d.state)}  " + _(
        "reply by {day}", day=due
    )


def _event_line(e: Event, letter: Letter, names: Mapping[str, str]) -> str:
    from desk.widgets.timeline import details, elsewhere

    def who(actor: str) -> str:
        return names.get(actor) or one_line(term("actor", actor))

    at = to_iso(e.when if e.when is not None else e.at)[:16].replace("T", " ")
    mark = "●" if e.id in letter.pending else " "
    told = [*elsewhere(e, letter.others), *(details(e, places.load().name, who) if e.kind != "received" else ())]
    again = [_("as before: done once, counts once")] if e.id in letter.absorbed else []
    text = one_line(e.words.get("text") or e.words.get("note") or "")
    parts = [f"{mark} {at}", term("event", e.kind), who(e.actor), *told, *again, text]
    return "  ".join(part for part in parts if part)
