"""`desk board` and `desk ladder`: the late board in figures, and the chases that are due now."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db import board as board_
from db import delivery, people, places, proposals
from db.clock import now_ms, to_iso
from db.people import own_actor
from db.text import one_line
from db.words import _, term
from desk import morning
from desk.cli.out import EXIT_REFUSED, as_json
from desk.cli.store import opened
from desk.widgets import board_lines as lines_

if TYPE_CHECKING:
    from db.board import Group
    from db.store import Store

WIDTH = 92
"""Cells of the table: as wide as a terminal of a hundred columns shows."""


def board(options: argparse.Namespace) -> int:
    """`desk board [--by unit]`."""
    with opened(options) as store:
        found = board_.with_imported(store, board_.read(store, options.by, now_ms()))

        def label(key: str) -> str:
            return _label(store, options.by, key)

        if options.json:
            for group in (*found.groups, replace(found.whole, key="*")):
                print(as_json(_group_json(group, options.by, label)))
            return 0
        cols = lines_.columns(WIDTH, imported=bool(found.whole.imported))
        ctx = lines_.seen(found, store.rulebook().at(found.now).calendar, label)
        print(lines_.heads(cols, "", "late", down=True).text.rstrip())
        for group in (found.whole, *found.groups):
            name = _("all") if group is found.whole else label(group.key)
            print(lines_.row(group, cols, ctx, name, here=False, chosen="").text.rstrip())
    return 0


def _label(store: Store, by: str, key: str) -> str:
    if not key or key == "/":
        return term("board_none", by)
    if by == "district":
        return places.load().name(key)
    if by == "unit":
        code, _stroke, unit = key.partition("/")
        district = places.load().name(code)
        return one_line(unit if unit.startswith(district) else f"{district} {unit}".strip())
    if by == "editor":
        return one_line(people.name_of(store, key) or term("actor", key))
    return (
        term("chase_level", key) if by == "level" and key != "0" else term("board_none", by) if by == "level" else key
    )


def _group_json(group: Group, by: str, label: Any) -> dict[str, Any]:
    whole = group.key == "*"
    return {
        "by": by,
        "key": group.key,
        "name": _("all") if whole else label(group.key),
        "open": group.open,
        "due_today": group.today,
        "late": group.late,
        "late_since": to_iso(group.worst) if group.worst is not None else None,
        "chases": group.chases,
        "returns": group.returns,
        "redos": group.redos,
        "sent": group.sent,
        "replied": group.replied,
        "reply_rate": group.rate,
        "reply_hours": {"of": group.times, "median": group.median, "slowest": group.slowest},
        "late_by_week": list(group.trend),
        "imported": {"of": group.imported, "median": group.imported_median, "slowest": group.imported_slowest},
        "letters": f'board:"{by}/{group.key}/late"',
    }


def ladder(options: argparse.Namespace) -> int:
    """`desk ladder [--send]`: what is proposed now; with --send it goes out, but for what a rule refuses."""
    with opened(options) as store:
        found = proposals.morning(store, now_ms())
        paper = delivery.paper(store)
        items = [morning.going(p, paper, {}, {}) for p in found.proposals]
        if options.channel:
            items = [replace(g, channel=options.channel) for g in items]
        for g in items:
            print(as_json(_proposal_json(g)) if options.json else _proposal_line(g))
        for q in found.questions if options.json else ():
            print(as_json({"code": q.code, "title": one_line(q.title), "open_question": q.why}))
        if not options.send:
            return 0
        came = morning.send(store, own_actor(store), items) if items else None
        said = came.sentence if came else term("ladder_empty", "proposals")
        if options.json:
            print(as_json({"sent": came.sent if came else 0, "refused": list(came.refused) if came else []}))
        else:
            print(one_line(said))
        return EXIT_REFUSED if came and came.refused else 0


def _proposal_json(g: morning.Going) -> dict[str, Any]:
    p = g.proposal
    return {
        "code": p.code,
        "title": one_line(p.title),
        "district": p.district_name,
        "unit": one_line(p.unit),
        "lead": p.lead,
        "dispatch": p.dispatch,
        "level": g.level,
        "why": p.step.why,
        "clock": p.step.clock,
        "due_at": to_iso(p.due),
        "working_days_late": p.late,
        "chases": p.chases,
        "channel": g.channel,
    }


def _proposal_line(g: morning.Going) -> str:
    p = g.proposal
    who = one_line(f"{p.district_name} {p.unit.removeprefix(p.district_name)}".strip())
    level, clock = term("chase_level", str(g.level)), term("clock", p.step.clock)
    return f"{p.code}  {level}  {who}  {clock}  {to_iso(p.due)[:16].replace('T', ' ')}  {one_line(p.title)}"
