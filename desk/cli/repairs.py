"""What `desk doctor` does about a damaged store, and how it tells it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.clock import to_iso
from db.words import _
from desk.home import home
from desk.unlocking import asker

if TYPE_CHECKING:
    from db.rebuild import Report
    from db.salvage import Found
    from db.store import Store

MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Noted:
    """What an earlier repair could not bring back: codes of the letters, and the sentence."""

    codes: frozenset[str]
    sentence: str


def short(store: Store) -> Noted | None:
    """The letters whose history was cut short by damage; None where there are none."""
    kept = store.setting("repair.last")
    told = json.loads(kept) if kept else {}
    codes = frozenset(told.get("short", ()))
    if not codes:
        return None
    sentence = _(
        "{n} letters lost part of their history when the store was rebuilt ({time}); their rows are as they last were. The "
        "damaged file is {file}.",
        n=len(codes),
        time=to_iso(told["at"]),
        file=told["kept"],
    )
    return Noted(codes, sentence)


def say_pages(options: argparse.Namespace) -> None:
    """Which part of the file is lost, on standard error."""
    from db.keys import NoKeyError, keeper
    from db.rebuild import survey
    from db.store_file import FILE

    where = home(options.home)
    try:
        found = survey(where / FILE, keeper(where, asker(stdin=options.passphrase_stdin)).get())
    except (NoKeyError, OSError):
        return
    if found.bad:
        print(_pages(found), file=sys.stderr)


def _pages(found: Found) -> str:
    where = sorted(found.hurt)
    return _(
        "{bad} of {pages} pages of the file cannot be read ({where}).",
        bad=found.bad,
        pages=found.pages,
        where=", ".join(where[:MOST_NAMED]) + (" …" if len(where) > MOST_NAMED else "") or "–",
    )


def repair(options: argparse.Namespace) -> int:
    """`desk doctor --repair` on a damaged store: 0 when there is a good one again, and what came of it. Raises StoreError."""
    from db.rebuild import rebuild

    for sentence in _told(rebuild(home(options.home), asker(stdin=options.passphrase_stdin))):
        print(sentence)
    return 0


def _told(report: Report) -> Iterator[str]:
    yield _("The damaged store is kept as {file}; a new one has taken its place.", file=report.kept)
    if report.found.bad:
        yield _pages(report.found)
    yield _(
        "Saved: {letters} letters, {events} events, {drafts} drafts, {unsent} things not sent.",
        letters=report.letters,
        events=report.rows["event"],
        drafts=report.rows["draft"],
        unsent=report.unsent,
    )
    if report.folded:
        yield _("{n} letters whose rows were lost were made again from their events.", n=report.folded)
    if report.unplaced:
        yield _(
            "{n} things not sent whose letter is lost are among the refused ones: desk sync --unsent FILE writes them out.",
            n=report.unplaced,
        )
    if report.unsent_lost:
        yield _("{n} things not sent could not be read any more.", n=report.unsent_lost)
    if report.server:
        yield _("The newsroom at {server} fills in the rest: start desk, or run desk sync.", server=report.server)
    elif report.short:
        yield _("{n} letters lost part of their history; their rows are as they last were.", n=len(report.short))
