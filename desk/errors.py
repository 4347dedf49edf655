"""When something breaks: a sentence for the person, the details in a log without anything a citizen wrote."""

from __future__ import annotations

import traceback
from pathlib import Path

from rich.text import Text

from db.clock import now_ms, to_iso
from db.store_error import EXIT_STORE, StoreError
from db.text import safe
from db.words import _

LOG = "desk.log"
LOG_BYTES = 512 * 1024
"""The log begins anew past this size; the part before is kept as desk.log.1."""

EXIT_FAILED = 70
"""EX_SOFTWARE of sysexits.h: the program itself failed, not what was asked of it (those are 0 to 5, DESIGN.md §9)."""


def record(home: Path, error: BaseException) -> Path | None:
    """Appends where an error arose to the log in `home`; returns the log, None where it cannot be written.

    Frames and the error's type only: messages of errors and local variables may hold a letter's words.
    """
    log = home / LOG
    try:
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(home / f"{LOG}.1")
        with log.open("a", encoding="utf-8") as f:
            log.chmod(0o600)
            f.write(f"{to_iso(now_ms())} {_trail(error)}\n")
    except OSError:
        return None
    return log


def _trail(error: BaseException) -> str:
    """`KeyError` and the frames it came through; also of the error it followed from."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 5:
        frames = traceback.extract_tb(seen.__traceback__)
        where = "".join(f"\n    {'/'.join(Path(f.filename).parts[-3:])}:{f.lineno} {f.name}" for f in frames)
        parts.append(type(seen).__qualname__ + where)
        seen = seen.__cause__ or seen.__context__ or _behind(seen)
    return "\n  after ".join(parts)


def _behind(error: BaseException) -> BaseException | None:
    """What ended a worker: Textual raises an error of its own, and only keeps the worker's in it."""
    held = getattr(error, "error", None)
    return held if isinstance(held, BaseException) else None


def judge(home: Path, error: BaseException) -> tuple[int, Text]:
    """The exit code and what the person reads when an error ends the app. What the store says it says itself."""
    if isinstance(error, StoreError):
        return EXIT_STORE, Text(safe(error.sentence()))
    return EXIT_FAILED, Text(safe(sentence(record(home, error))))


def sentence(log: Path | None) -> str:
    """What the person reads after the app had to stop."""
    kept = _(
        "The desk had to stop: a fault of its own. Everything shown as saved is saved; start it again with  desk ."
    )
    return kept + ("\n" + _("Where it happened is in {log} (without any letter's words).", log=log) if log else "")
