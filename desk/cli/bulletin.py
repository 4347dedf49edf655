"""`desk bulletin PERIOD`: the page of a month, a week, a quarter, a year or any range, in the form that is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db import bulletin, figures, places
from db.bulletin import freezing, frozen_rows
from db.bulletin.names import ASKED, explained
from db.clock import now_ms
from db.model import Refusal
from db.people import own_actor
from db.sentences import say
from db.text import one_line, safe
from db.words import _
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError, as_json
from desk.cli.store import opened

if TYPE_CHECKING:
    from db.bulletin import Bulletin
    from db.figures import Period
    from db.store import Store


def show(options: argparse.Namespace) -> int:
    """Prints the page, or writes it to a file, explains one figure by its letters, freezes it, or says what changed since."""
    period = _period(options.period)
    districts = _districts(options.district)
    with opened(options, create=False) as store:
        if options.freeze or options.revise:
            _freeze(store, period, districts, options)
        elif options.changes:
            return _changes(store, period)
        found = _found(store, period, districts, options)
        if options.explain is not None:
            return _explain(store, found, options.explain, as_lines=options.format == "json")
        if not (options.freeze or options.revise) or options.to is not None:
            _write(store, found, options)
    return 0


def _found(store: Store, period: Period, districts: list[str] | None, options: argparse.Namespace) -> Bulletin:
    """The page asked for: a frozen one where the month has one and nothing else was asked."""
    plain = districts is None and not options.successors and not options.live
    held = frozen_rows.revisions(store, period.name) if plain or options.revision else []
    if options.revision is not None:
        held = [one for one in held if one.revision == options.revision]
        if not held:
            raise StopError(EXIT_REFUSED, _("{month} has no revision {n}.", month=period.name, n=options.revision))
    if held:
        return frozen_rows.bulletin(store, held[-1])
    return bulletin.read(store, period, now=now_ms(), districts=districts, successors=options.successors)


# ── freezing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _freeze(store: Store, period: Period, districts: list[str] | None, options: argparse.Namespace) -> None:
    """Freezes or revises the month and says so; a refusal is said with why. Raises StopError."""
    if districts is not None or options.successors:
        raise StopError(EXIT_REFUSED, say(Refusal("freeze_month")))
    run = freezing.freeze if options.freeze else freezing.revise
    made = run(store, own_actor(store), period, now_ms())
    if isinstance(made, Refusal):
        raise StopError(EXIT_REFUSED, say(made))
    said = _(
        "{month} is frozen: revision {n}, signed by {who}, {hash}",
        month=made.month,
        n=made.revision,
        who=made.by,
        hash=made.hash[:12],
    )
    print(safe(said), file=sys.stderr)
    _tell(store, period, made.snapshot.changes)


def _changes(store: Store, period: Period) -> int:
    """What each revision changed, and what is other today than on the last."""
    from db.bulletin.telling import history

    lines = history(store, period, now_ms())
    if not lines:
        raise StopError(EXIT_REFUSED, say(Refusal("frozen_not_yet", {"month": period.name})))
    for one in lines:
        print(safe(one))
    return 0


def _tell(store: Store, period: Period, changes: Sequence[Mapping[str, Any]]) -> None:
    from db.bulletin.telling import told

    for line in told(changes, period):
        print(safe(f"  {line}"))


def _period(typed: str) -> Period:
    try:
        return figures.parse(typed)
    except figures.BadPeriodError:
        raise StopError(
            EXIT_USAGE,
            _(
                "“{typed}” is no period. Write 2024-10, 2024-W41, 2024-Q4, 2024 or 2024-10-01..2024-10-15.",
                typed=safe(typed),
            ),
        ) from None


def _districts(typed: Sequence[str] | None) -> list[str] | None:
    """The codes of districts as typed. Raises StopError naming the one that is none or several."""
    if not typed:
        return None
    codes: list[str] = []
    for one in typed:
        found = places.load().named(one)
        if not found:
            raise StopError(EXIT_USAGE, _("There is no district “{typed}”.", typed=safe(one)))
        names = list(dict.fromkeys(d.name for d in found))
        if len(names) > 1:
            raise StopError(
                EXIT_USAGE,
                _("“{typed}” may be {candidates}. Write more of it.", typed=safe(one), candidates="、".join(names)),
            )
        codes += [d.code for d in found]
    return list(dict.fromkeys(codes))


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(store: Store, found: Bulletin, options: argparse.Namespace) -> None:
    made = bulletin.written(store, found, options.format)
    if options.to is None:
        _print(made, options.format)
        return
    path = Path(options.to)
    try:
        with path.open("xb") as f:
            f.write(made)
    except FileExistsError:
        raise StopError(
            EXIT_REFUSED, _("{path} is there already; nothing was written.", path=safe(str(path)))
        ) from None
    except OSError as e:
        raise StopError(
            EXIT_REFUSED, _("{path} could not be written: {why}.", path=safe(str(path)), why=e.strerror)
        ) from None
    print(_("Written to {path}.", path=safe(str(path))), file=sys.stderr)


def _print(made: bytes, form: str) -> None:
    if form != "xlsx":
        text = made.decode().removeprefix("\ufeff")
        print(text if form in ("json", "csv") else safe(text), end="" if text.endswith("\n") else "\n")
        return
    if sys.stdout.isatty():
        raise StopError(EXIT_USAGE, _("XLSX is no text: give a file with --to."))
    sys.stdout.buffer.write(made)


# ── from a figure to its letters ─────────────────────────────────────────────────────────────────────────────────────


def _explain(store: Store, found: Bulletin, typed: str, *, as_lines: bool) -> int:
    """Prints the letters behind a figure: code, day, state, district, topic, title."""
    from db.bulletin.tracing import letters_of

    known = found.page["figures"]
    named = bulletin.find(known, typed)
    if named.name is None:
        near = "".join(f"\n  {name}  {one_line(known[name]['label'])}" for name in named.near)
        said = _("There is no figure “{typed}” on this page.", typed=one_line(typed))
        raise StopError(EXIT_USAGE, said + (_(" Is it one of these?{names}", names=near) if near else ""))
    told = known[named.name]
    letters = letters_of(store, found.letters[named.name])
    if named.name.startswith(ASKED) and not as_lines:
        _id = named.name.partition(":")[2]
        where = _("The survey itself: desk survey show {id}", id=_id) if _id else _("Surveys: desk survey list")
        print(safe(f"{explained(named.name, told)} ({named.name})\n  {where}"))
        return 0
    if as_lines:
        for letter in letters:
            print(as_json(letter))
        return 0
    print(
        safe(
            _(
                "{figure} = {value}, {n} letters ({name})",
                figure=told["label"],
                value=told["value"],
                n=len(letters),
                name=named.name,
            )
        )
    )
    for letter in letters:
        parts = (
            letter["code"],
            letter["received_on"],
            letter["district"] or "–",
            letter["topic"] or "–",
            letter["title"],
        )
        print(safe("  " + "  ".join(one_line(part) for part in parts)))
    return 0
