"""`desk sync --unsent FILE`: what never reached the newsroom, out of a desk that may send no more: its events, and its files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from db import attachments, outbox, queries, uploads
from db.attachments import HEAD, Attached
from db.words import _
from desk import opening
from desk.cli.out import EXIT_REFUSED, EXIT_USAGE, StopError

if TYPE_CHECKING:
    from db.store import Store
    from db.uploads import Upload


def export(store: Store, file: Path) -> int:
    """Writes one JSON object a line: events that no log has, then files that have not arrived, each with its path; the files
    themselves into a folder beside it. All of it is readable by its owner only. Returns the exit code. Raises StopError, StoreError.
    """
    events, files = outbox.unsent(store), uploads.waiting(store)
    folder = file.with_name(f"{file.name}-files")
    try:
        told = _files(store, files, folder) if files else []
        lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in (*events, *told))
        opening.save(file, "".join(lines).encode("utf-8", "surrogatepass"))
    except OSError as e:
        what = e.filename or file
        raise StopError(EXIT_USAGE, _("{file} could not be written: {what}", file=what, what=e.strerror)) from e
    print(_("{n} things that are not sent or were refused are in {file}.", n=len(events), file=file))
    written = [one for one in told if one["path"]]
    if written:
        print(_("{n} attached files that have not arrived are in {folder}.", n=len(written), folder=folder))
    if lost := len(told) - len(written):
        print(_("{n} attached files are not here any more; their lines say which.", n=lost))
        return EXIT_REFUSED
    return 0


def _files(store: Store, files: list[Upload], folder: Path) -> list[dict[str, object]]:
    """Writes them one by one, under names that lead nowhere else; what is told of each. Raises OSError, StoreError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink():
        raise NotADirectoryError(20, os.strerror(20), str(folder))
    told: list[dict[str, object]] = []
    for n, upload in enumerate(files, 1):
        body = attachments.body(store, upload.hash)
        media = attachments.kind_of(body[:HEAD]) if body else None
        named = Attached(n, upload.hash, media or "", upload.size, upload.name, "", 0).file_name
        if body is not None:
            opening.save(folder / named, body)
        letter = queries.letter(store, upload.case)
        told.append(
            {
                "file": upload.hash,
                "case": upload.case,
                "code": letter.case.code if letter else None,
                "name": upload.name,
                "bytes": upload.size,
                "refused": upload.code or None,
                "path": f"{folder.name}/{named}" if body is not None else None,
            }
        )
    return told
