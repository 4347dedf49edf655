"""`desk attachment CODE [N] [--to FILE]`: the files of a letter, and one of them into a file of one's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from db import attachments, file_room, queries
from db.clock import now_ms
from db.words import _, term
from desk import opening, settings
from desk.cli.out import EXIT_LINE, EXIT_LOGIN, EXIT_REFUSED, EXIT_USAGE, StopError, as_json
from desk.cli.store import named, opened
from desk.home import settings_file

if TYPE_CHECKING:
    from db.attachments import Attached
    from db.store import Store


def attachment(options: argparse.Namespace) -> int:
    """Lists them, or writes one. Raises StopError, StoreError."""
    with opened(options, create=False) as store:
        (case,) = named(store, [options.code])
        letter = queries.letter(store, case)
        files = attachments.of_events(letter.events) if letter else ()
        if options.to is None:
            _list(store, files, json=options.json)
            return 0
        file = _chosen(files, options.n)
        path = Path(options.to)
        if path.exists():
            raise StopError(EXIT_USAGE, _("{file} is there already; nothing was written.", file=path))
        body = attachments.body(store, file.hash) or _fetched(store, case, file)
        try:
            opening.save(path, body)
        except OSError as e:
            raise StopError(EXIT_USAGE, _("{file} could not be written: {what}", file=path, what=e.strerror)) from e
        liked, _problems = settings.load(settings_file(store.home))
        file_room.opened(store, file.hash, now_ms(), liked.files_mb * settings.MEGABYTE)
    print(
        _(
            "{name}: {n} bytes in {file}, readable by you alone.",
            name=file.name or file.file_name,
            n=len(body),
            file=path,
        )
    )
    return 0


def _list(store: Store, files: tuple[Attached, ...], *, json: bool) -> None:
    for file in files:
        here = attachments.body(store, file.hash) is not None
        if json:
            told = {"n": file.n, "name": file.name, "media": file.media, "bytes": file.size, "sha256": file.hash}
            print(as_json(told | {"here": here}))
        else:
            where = _("here") if here else _("to be fetched")
            print(f"{file.n}  {term('file', file.kind)}  {file.size} B  {file.name or file.file_name}  ({where})")
    if not files and not json:
        print(_("This letter has no files."))


def _chosen(files: tuple[Attached, ...], n: int | None) -> Attached:
    if not files:
        raise StopError(EXIT_REFUSED, _("This letter has no files."))
    if n is None and len(files) > 1:
        raise StopError(EXIT_USAGE, _("This letter has {n} files: say which, 1 to {n}.", n=len(files)))
    found = [file for file in files if file.n == (n or 1)]
    if not found:
        raise StopError(EXIT_USAGE, _("This letter has {n} files: say which, 1 to {n}.", n=len(files)))
    return found[0]


def _fetched(store: Store, case: str, file: Attached) -> bytes:
    """The file from the newsroom; what had come of it before is not fetched again."""
    from db import link
    from desk.line import login
    from desk.line.errands import Errands
    from desk.line.state import Brought
    from desk.line.trouble import LineError

    if link.of(store) is None:
        raise StopError(EXIT_LOGIN, _("This file is not here, and nobody is logged in to fetch it: desk login."))
    codes: list[str] = []

    def told(brought: Brought) -> None:
        news = brought.file
        if news is not None and news.code:
            codes.append(news.code)
        elif news is not None and sys.stderr.isatty():
            print(f"\r⇣ {news.held * 100 // max(1, news.size)} %", end="", file=sys.stderr, flush=True)

    errands = Errands(store, told)
    errands.file(case, file)
    try:
        rounds = login.rounds(store)
        while errands.run(rounds):
            pass
    except LineError as e:
        kept = attachments.held(store, file)
        more = _("{n} of {m} bytes are here; the same command goes on from there.", n=kept, m=file.size)
        raise StopError(EXIT_LINE, f"{e.sentence()} {more}") from e
    body = attachments.body(store, file.hash)
    if body is None:
        from desk.line.trouble import say

        raise StopError(EXIT_LINE, say("no_file" if codes[-1:] == ["unknown"] else (codes or ["failed"])[-1]))
    return body
