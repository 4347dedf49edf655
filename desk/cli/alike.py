"""`desk similar`: the open letters most like a letter; `desk suggest`: how a letter may be classified, and why."""

from __future__ import annotations

import argparse
from typing import Any

from db.clock import now_ms, to_iso
from db.similar import Similar, similar
from db.similar_words import reasons
from db.suggest import FIELDS, Hint, suggest
from db.suggest_words import reason, value_label
from db.text import one_line
from db.words import _, term
from desk.cli.out import as_json
from desk.cli.store import named, opened


def alike(options: argparse.Namespace) -> int:
    """`desk similar CODE`."""
    with opened(options) as store:
        [case] = named(store, [options.code])
        found = similar(store, case, max(1, options.limit))
    if options.json:
        for one in found:
            print(as_json(_json(one)))
    elif not found:
        print(_("No open letter is like this one."))
    else:
        for one in found:
            print(*_lines(one), sep="\n")
    return 0


def _json(found: Similar) -> dict[str, Any]:
    return {
        "code": found.row.code,
        "title": one_line(found.row.title),
        "state": found.row.state,
        "topic": found.row.topic,
        "received_at": to_iso(found.row.received_at),
        "likeness": round(found.likeness, 3),
        "likely_same": found.likely,
        "places": [one_line(p) for p in found.shared.places],
        "passages": [one_line(p) for p in found.shared.passages],
        "same_topic": found.same_topic,
        "same_sender": found.same_sender,
        "days_apart": found.days,
        "followers": found.followers,
    }


def _lines(found: Similar) -> tuple[str, str]:
    sign = "=" if found.likely else " "
    head = f"{sign} {found.row.code}  {term('state', found.row.state)}  {one_line(found.row.title)}"
    return head, "    " + " · ".join(reasons(found))


def suggested(options: argparse.Namespace) -> int:
    """`desk suggest CODE`. Changes nothing."""
    with opened(options) as store:
        [case] = named(store, [options.code])
        hints = suggest(store, case, now_ms()).hints
    if options.json:
        print(as_json({"code": options.code.strip().upper(), **{f: _hint_json(hints.get(f)) for f in FIELDS}}))
        return 0
    for field in FIELDS:
        hint = hints.get(field)
        value = value_label(hint) if hint else ""
        print(f"{term('label', field)}  {value or '–'}" + (f"  {reason(hint)}" if hint else ""))
    return 0


def _hint_json(hint: Hint | None) -> dict[str, Any] | None:
    if hint is None:
        return None
    made: dict[str, Any] = {"value": hint.value, "label": value_label(hint), "reason": reason(hint)}
    return made | ({"among": list(hint.among)} if hint.among else {})
