"""`desk handover`: the sheet for the next shift, as text or Markdown."""

from __future__ import annotations

import argparse

from db.clock import day_of, midnight, now_ms
from db.handover import handover
from db.people import own_actor
from db.words import _
from desk.cli.out import EXIT_USAGE, StopError
from desk.cli.store import opened


def sheet(options: argparse.Namespace) -> int:
    """Since midnight, or since a time of today."""
    from desk import handing

    now = now_ms()
    since = _since(options.since, now)
    with opened(options, create=False) as store:
        made = handing.parts(store, handover(store, own_actor(store).id, since, now))
    print(handing.as_text(made, markdown=options.format == "md"))
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
