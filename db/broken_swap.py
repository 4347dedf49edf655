"""A store put in another's place by a process that was killed in the middle of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def undo_broken_swap(path: Path) -> None:
    """The store that still stands at `path` gets its log back.

    Restoring and repairing link file and log to the name under which they are to be kept, take the log's own name away and put
    the new store in place. Killed before the last step, the work in the log would be found under the other name only. Only for
    whoever holds the home: then nobody else is about to swap.
    """
    log = path.with_name(f"{path.name}-wal")
    for kept in path.parent.glob("letters.*-*.db"):
        with suppress(FileNotFoundError):  # another who opens the store was quicker
            if not kept.samefile(path):
                continue
            kept_log = kept.with_name(f"{kept.name}-wal")
            if kept_log.exists() and not log.exists():
                kept_log.rename(log)
            kept_log.unlink(missing_ok=True)
            kept.unlink()
