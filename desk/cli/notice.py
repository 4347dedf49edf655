"""`desk notice`: official letters to units as .docx and text."""

from __future__ import annotations

import argparse
from pathlib import Path

from db.clock import now_ms
from db.text import as_json, safe
from db.words import _
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError
from desk.cli.store import named, opened, rows


def notice(options: argparse.Namespace) -> int:
    """Writes them, or with --text prints them without taking a number."""
    from db import notices
    from desk.papers import write

    with opened(options, create=False) as store:
        cases = named(store, options.code)
        if options.query is not None:
            cases += [row.id for row in rows(store, options.query, None, None)]
        if not cases:
            raise StopError(EXIT_USAGE, _("No letter was named. Give codes, or --query."))
        if options.text:
            made = notices.notices(store, options.kind, cases, now_ms())
            for one in made:
                print(notices.as_text(one))
            _some(made)
            return 0
        try:
            written = write(store, options.kind, cases, Path(options.to) if options.to else None)
        except OSError as e:
            raise StopError(
                EXIT_REFUSED,
                _("{path} could not be written: {why}. Nothing else was changed.", path=e.filename, why=e.strerror),
            ) from None
        _some(written)
        for one, path in written:
            if options.json:
                said = {"number": one.mark, "to": one.to, "letters": [r.code for r in one.rows], "file": str(path)}
                print(as_json(said))
            else:
                print(safe(f"{one.mark}  {one.to}  {len(one.rows)}  {path}"))
    return 0


def _some(made: object) -> None:
    if not made:
        raise StopError(EXIT_REFUSED, _("No unit is working on any of these letters: there is nobody to write to."))
