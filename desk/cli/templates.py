"""`desk template`: the texts to begin from, listed and shown."""

from __future__ import annotations

import argparse

from db import templates
from db.text import as_json, one_line, safe
from db.words import _, term
from desk.cli.out import EXIT_REFUSED, StopError
from desk.cli.store import opened


def template(options: argparse.Namespace) -> int:
    """`list [ACTION]` or `show NAME`."""
    with opened(options, create=False) as store:
        found = templates.all_templates(store)
    if options.what == "list":
        found = [t for t in found if options.name in (None, t.action, term("action", t.action))]
    else:
        found = [t for t in found if options.name in (t.name, t.id)]
        if not found:
            raise StopError(EXIT_REFUSED, _("There is no template “{name}”.", name=options.name or ""))
    for t in found:
        if options.json:
            said = {
                "id": t.id,
                "action": t.action,
                "name": t.name,
                "topic": t.topic,
                "unit": t.unit,
                "own": t.own,
                "body": t.body,
            }
            print(as_json(said))
        elif options.what == "show":
            print(safe(t.body))
        else:
            narrow = " · ".join(part for part in (t.topic, t.unit) if part)
            print(one_line(f"{term('action', t.action)}  {t.name}  {narrow}"))
    return 0
