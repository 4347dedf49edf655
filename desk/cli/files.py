"""Verbs for files: import, export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from db import export, intake
from db.text import safe
from db.words import _
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError, as_json, exporting
from desk.cli.store import opened, rows


def bring_in(options: argparse.Namespace) -> int:
    """`desk import FILE`: 0 when the file (or with --keep-good its good rows) is here, 1 when bad rows stopped it."""
    with opened(options) as store:
        try:
            report = intake.bring_in(
                store, Path(options.file), keep_good=options.keep_good, dry_run=options.dry_run, progress=_progress
            )
        except intake.FileTroubleError as e:
            raise StopError(EXIT_USAGE, _(e.msgid, **e.facts)) from e
    for line in report.lines():
        print(safe(line), file=sys.stderr)
    counts = {
        "rows": report.rows,
        "new": report.new,
        "known": report.known,
        "replies": report.replies,
        "bad": report.bad,
    }
    if options.json:
        print(as_json({"file": report.file, **counts, "kept": report.kept}))
    else:
        print(_("{rows} rows: {new} new letters, {known} already here, {replies} replies, {bad} bad rows.", **counts))
        print(_conclusion(options, kept=report.kept))
    return EXIT_REFUSED if report.bad and not report.kept and not options.dry_run else 0


def _conclusion(options: argparse.Namespace, *, kept: bool) -> str:
    if kept:
        return _("Saved here.")
    if options.dry_run:
        return _("A dry run: nothing was changed.")
    return _("Nothing was changed. Mend the rows, or keep the good ones with --keep-good.")


def _progress(letters: int) -> None:
    if sys.stderr.isatty():
        print(_("{n} letters …", n=letters), end="\r", file=sys.stderr)


def let_out(options: argparse.Namespace) -> int:
    """`desk export [QUERY] --to FILE`; a file that is there already is left alone."""
    path = Path(options.to)
    with opened(options) as store:
        chosen = [row.id for row in rows(store, options.query, options.queue, None)]
        with exporting(path):
            count = export.write(store, chosen, path)
    print(_("{n} letters are in {file}.", n=count, file=path))
    return 0
