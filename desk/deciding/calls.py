"""Blanks and rows for calls for suggestions (征集): a title, what is asked, topics, first and last day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from db import configuring, topics
from db.calls import Call, calls
from db.clock import now_ms
from db.ids import uuid7
from db.text import one_line
from db.words import _, term
from desk.deciding.blank import Answers, Ask, Blank, Faults, Read, day, line

if TYPE_CHECKING:
    from desk.deciding.lists import Row, View


def rows(view: View) -> list[Row]:
    """All calls, the newest first; those that are over quietly."""
    from desk.deciding.lists import Row

    made = []
    for call in calls(view.newsroom):
        span = f"{call.begins.isoformat()} – {call.until.isoformat() if call.until else ''}"
        about = "、".join(one_line(t) for t in call.topics)
        open_ = call.open_on(view.today)
        details = [line for line in (call.text, _("call:{id} finds its suggestions.", id=call.id)) if line]
        made.append(Row(call.id, (span, f"{call.title}  {about}".rstrip()), details, "ink" if open_ else "faint", call))
    return made


def blank(found: Call | None, today: date) -> Blank:
    """A new call, or another title, text, topics or last day for one that is there."""
    asks = [
        Ask("title", "line", _("theme"), found.title if found else "", True),
        Ask("text", "long", _("what is asked"), found.text if found else ""),
        Ask(
            "topics", "line", _("topics"), "、".join(found.topics) if found else "",
            hint=_("suggestions on these belong to it by themselves; several with 、"),
        ),
        *([] if found else [Ask("from", "day", _("first day"), "", hint=_("empty: today"))]),
        Ask("until", "day", _("last day"), found.until.isoformat() if found and found.until else "", hint=_("empty: without end")),
    ]  # fmt: skip
    title = f"{term('configured', 'call')} · {found.title if found else _('new')}"
    return Blank(title, f"call:{found.id if found else ''}", asks, lambda given: _read(found, given, today))


def _read(found: Call | None, given: Answers, today: date) -> Read:
    faults = Faults()
    title = line(given, "title", faults)
    begins = today if found else day(given, "from", today, faults)
    until = day(given, "until", today, faults) if str(given.get("until") or "").strip() else None
    known = topics.load(today)
    named = [
        t.strip()
        for t in str(given.get("topics") or "").replace(",", "、").replace("，", "、").split("、")
        if t.strip()
    ]
    if unknown := next((t for t in named if known.field_of(t) is None), None):
        faults.add("topics", _("There is no topic “{typed}”.", typed=one_line(unknown)))
    if until is not None and until < begins:
        faults.add("until", _("The last day lies before the first."))
    if faults:
        return Read(wrong=faults)
    id_ = found.id if found else uuid7(now_ms())[-12:]
    return Read((configuring.call(id_, begins, title, str(given.get("text") or "").strip(), named, until),))
