"""`desk handover`: the sheet for the next shift, as text or Markdown."""

from __future__ import annotations

import argparse

from db.clock import day_of, midnight, now_ms
from db.handover import handover
from db.people import own_actor
from db.text import safe
from db.words import _
from desk.cli.out import EXIT_USAGE, StopError
from desk.cli.store import opened


def sheet(options: argparse.Namespace) -> int:
    """Since midnight, or since a time of today."""
    from desk.screens.handover import parts

    now = now_ms()
    since = _since(options.since, now)
    with opened(options, create=False) as store:
        found = handover(store, own_actor(store).id, since, now)
    for title, lines in parts(found):
        print(safe(f"## {title}" if options.format == "md" else f"── {title}"))
        for one in lines:
            print(safe(f"- {one}" if options.format == "md" else f"  {one}"))
        print()
    return 0


def _since(typed: str | None, now: int) -> int:
    start = midnight(day_of(now))
    if typed is None:
        return start
    try:
        hours, minutes = (int(part) for part in typed.split(":"))
        if not (0 <= hours < 24 and 0 <= minutes < 60):
            raise ValueError
    except ValueError:
        raise StopError(EXIT_USAGE, _("“{typed}” is no time of the day. Write 08:30.", typed=typed)) from None
    return start + (hours * 60 + minutes) * 60_000
