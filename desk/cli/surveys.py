"""`desk survey …`: 热力活动 from a shell: define from a file, open, close, look, export."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db import commands, survey_rows, survey_stats, surveying
from db.clock import day_of, now_ms, to_iso
from db.people import own_actor
from db.sentences import say
from db.survey_checks import BadSurveyError
from db.survey_model import Survey
from db.survey_words import brief, fault, standing
from db.text import one_line
from db.words import _, term
from desk.cli.out import EXIT_LINE, EXIT_LOGIN, EXIT_REFUSED, EXIT_USAGE, StopError, as_json, exporting
from desk.cli.store import opened

if TYPE_CHECKING:
    from db.commands import Command
    from db.store import Store
    from db.survey_rows import Shown


def survey(options: argparse.Namespace) -> int:
    """One of the things that can be done to surveys."""
    with opened(options, create=options.what in ("new", "list")) as store:
        return _VERBS[options.what](store, options)


def _new(store: Store, options: argparse.Namespace) -> int:
    if not options.args:
        raise StopError(EXIT_USAGE, _("Name the file: desk survey new FILE."))
    path = Path(options.args[0])
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise StopError(EXIT_USAGE, _("{file} cannot be read: {what}", file=path, what=e)) from e
    now = now_ms()
    try:
        made = surveying.from_toml(text, now)
    except BadSurveyError as bad:
        raise StopError(EXIT_REFUSED, fault(bad)) from bad
    before = survey_rows.find(store, made.id)
    _run(store, surveying.define(made, before.survey if before else None, now))
    print(_("{id}: saved here. Look at it with desk survey show {id}, then open it.", id=made.id))
    return 0


def _list(store: Store, options: argparse.Namespace) -> int:
    now = now_ms()
    found = survey_rows.read(store)
    for one in found:
        print(as_json(_plain(one, now)) if options.json else brief(one, now))
    if not found and not options.json:
        print(_("No survey was defined yet: desk survey new FILE."))
    return 0


def _show(store: Store, options: argparse.Namespace) -> int:
    one, now = _named(store, options), now_ms()
    every = survey_stats.answered(one.survey, one.counted)
    if options.json:
        asked = [
            {
                "id": a.question.id,
                "kind": str(a.question.kind),
                "text": a.question.text,
                "answered": a.base,
                **({"options": [{"code": b.code, "label": b.label, "n": b.n} for b in a.bars]} if a.bars else {}),
                **({"mean": round(a.mean, 3), "median": a.median} if a.mean is not None else {}),
            }
            for a in every
        ]
        print(as_json(_plain(one, now) | {"intro": one.survey.intro, "questions": asked}))
        return 0
    print(one.survey.title)
    print(standing(one, now))
    if one.survey.intro:
        print(one.survey.intro)
    for a in every:
        base = _("{n} answered", n=a.base)
        print(f"\n{a.question.id}  {a.question.text}（{term('question', a.question.kind)} · {base}）")
        for b in a.bars:
            print(f"  {b.code:>3} {b.n:>7} {b.share:>6.1%}  {b.label}")
        if a.mean is not None:
            print(_("      mean {mean:.2f}, median {median:g}", mean=a.mean, median=a.median))
    return 0


def _open(store: Store, options: argparse.Namespace) -> int:
    one = _named(store, options)
    ends: Any = surveying.KEEP
    if options.until is not None:
        try:
            ends = date.fromisoformat(options.until) if options.until != "none" else None
        except ValueError:
            raise StopError(EXIT_USAGE, _("“{day}” is no day: write 2024-10-31, or none.", day=options.until)) from None
    _run(store, surveying.open_(one.survey, ends))
    print(_("“{title}” takes answers as soon as the newsroom's backend has heard of it.", title=one.survey.title))
    return 0


def _close(store: Store, options: argparse.Namespace) -> int:
    one = _named(store, options)
    if one.survey.closed_at is not None:  # what would change nothing is not written
        day = day_of(one.survey.closed_at).isoformat()
        print(_("“{title}” was closed on {day} already: nothing was changed.", title=one.survey.title, day=day))
        return 0
    _run(store, surveying.close(one.survey))
    print(_("“{title}” is closed. Its last counts come with the next sync.", title=one.survey.title))
    return 0


def _export(store: Store, options: argparse.Namespace) -> int:
    from db import survey_export
    from db.redaction import redacted
    from desk.line.surveys import Asking

    one = _named(store, options)
    if options.to is None:
        raise StopError(EXIT_USAGE, _("Name a file that ends in .csv, .xlsx or .ndjson."))
    path = Path(options.to)
    clean = redacted if options.redact else None
    with exporting(path):
        n = _over_the_line(lambda: survey_export.write(one.survey, Asking(store, one.survey).answers(), path, clean))
    print(_("{n} answers are in {file}.", n=n, file=path))
    return 0


def _cross(store: Store, options: argparse.Namespace) -> int:
    from desk.line.surveys import Asking

    one = _named(store, options)
    if len(options.args) != 3 or any(one.survey.question(q) is None for q in options.args[1:]):
        raise StopError(EXIT_USAGE, _("Name two of its questions: desk survey cross ID Q1 Q2."))
    first, second = options.args[1:]
    found = _over_the_line(lambda: Asking(store, one.survey).cross(first, second))
    for row in found.rows.codes:
        cells = {c: found.counts[row][c] for c in found.columns.codes}
        if options.json:
            print(as_json({"row": row, "label": found.rows.label(row), "base": found.base[row], "counts": cells}))
            continue
        said = "  ".join(
            f"{one_line(found.columns.label(c))} {n} ({found.share(row, c):.0%})" for c, n in cells.items()
        )
        print(f"{one_line(found.rows.label(row))} · n={found.base[row]}:  {said}")
    return 0


def _over_the_line(work: Callable[[], Any]) -> Any:
    from desk.line.trouble import LineError

    try:
        return work()
    except LineError as e:
        raise StopError(EXIT_LOGIN if e.stops else EXIT_LINE, e.sentence()) from e


def _named(store: Store, options: argparse.Namespace) -> Shown:
    id_ = options.args[0] if options.args else ""
    one = survey_rows.find(store, id_)
    if one is None:
        raise StopError(EXIT_REFUSED, _("There is no survey {survey}. Look at the list.", survey=id_ or "–"))
    return one


def _run(store: Store, command: Command) -> None:
    result = commands.run(store, own_actor(store), [command])
    if result.refused:
        raise StopError(EXIT_REFUSED, say(result.refused[0][1]))


def _plain(one: Shown, now: int) -> dict[str, Any]:
    s: Survey = one.survey
    return {
        "id": s.id,
        "title": s.title,
        "state": str(s.state),
        "open": s.takes_answers(now),
        "ends": s.ends.isoformat() if s.ends else None,
        "answers": one.answers,
        "counted_at": to_iso(one.counted.at) if one.counted else None,
        "final": bool(one.counted and one.counted.final),
        "pending": one.pending,
    }


_VERBS: dict[str, Callable[[Store, argparse.Namespace], int]] = {
    "new": _new,
    "list": _list,
    "show": _show,
    "open": _open,
    "close": _close,
    "export": _export,
    "cross": _cross,
}
