"""`desk redact CODE|FILE|-`: what in a letter or a text tells who somebody is, by which rule; or the text without it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from db import queries
from db.people import own_actor
from db.redaction import find_all, replaced
from db.text import one_line, safe
from db.words import _, term
from desk.cli.out import EXIT_USAGE, StopError, as_json
from desk.cli.store import opened

_LARGEST = 2_000_000
"""Bytes of a file: more is no letter."""


def redact(options: argparse.Namespace) -> int:
    """Prints; changes nothing, here or in a store."""
    texts, known = _of_letter(options) or ({"text": _of_file(options.what)}, [])
    found = find_all(texts, known)
    if options.accept:
        print(*(safe(replaced(text, found[part])) for part, text in texts.items() if text), sep="\n\n")
        return 0
    for part, spots in found.items():
        for spot in spots:
            was = texts[part][spot.start : spot.end]
            if options.json:
                told = {"part": part, "start": spot.start, "end": spot.end, "rule": spot.rule}
                print(as_json(told | {"was": one_line(was), "instead": spot.instead}))
            else:
                print(f"{term('redaction', spot.rule)}  {one_line(was)}  → {spot.instead}")
    if not options.json and not any(found.values()):
        print(_("Nothing was found that tells who somebody is. Read it all the same."))
    return 0


def _of_letter(options: argparse.Namespace) -> tuple[dict[str, str], list[str]] | None:
    """The texts of the letter of that code, and the sender's own name and numbers; None where it is a file's name."""
    if options.what == "-" or Path(options.what).is_file():
        return None
    from desk.publishing import begin

    with opened(options) as store:
        case = queries.find(store, options.what)
        publishing = begin(store, own_actor(store), case) if case else None
        if publishing is None:
            raise StopError(EXIT_USAGE, _("“{name}” is neither a letter here nor a file.", name=one_line(options.what)))
        return dict(publishing.untouched), publishing.known


def _of_file(name: str) -> str:
    """Raises StopError for what is no text."""
    try:
        raw = sys.stdin.buffer.read(_LARGEST) if name == "-" else Path(name).read_bytes()[:_LARGEST]
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise StopError(EXIT_USAGE, _("{file} cannot be read as UTF-8 text.", file=one_line(name))) from None
