"""What keys may open is imported before they are pressed: while the desk rests, in a thread, one module at a time.

The first frame imports little, so each dialog used to be read from the disk when its key was first pressed: slow the first time,
and where the program had been replaced meanwhile (an upgrade while the desk is open) the new half did not fit the old one.
What is still missed when that happens says so and keeps the desk (`desk/steady.py`).
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from threading import Thread
from time import monotonic, sleep

RESTS = 0.5
"""Seconds without a key before the next module is read; one takes some milliseconds."""

PAUSE = 0.03
"""Seconds between two modules: a key pressed meanwhile waits for one at most."""

ELSEWHERE = (
    "desk.cli", "desk.__main__", "desk.demo_line", "desk.line.login",
    "db.birth", "db.demo", "db.locale", "db.migrate", "db.migrations", "db.rebuild", "db.salvage", "db.tables",
)  # fmt: skip
"""Not for keys: the command line, and what makes, migrates and mends files (with SQLAlchemy, half a second)."""


def names() -> Iterator[str]:
    """Modules of ours that the open desk may come to need."""
    import db
    import desk

    for package in (desk, db):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(ELSEWHERE):
                yield found.name


def load(pressed: Callable[[], float] = lambda: 0.0) -> None:
    """Imports all of them; waits while keys are pressed (`pressed`: when the last one was, on the monotonic clock)."""
    while monotonic() - pressed() < RESTS:
        sleep(RESTS)
    for name in list(names()):
        if name in sys.modules:
            continue
        while monotonic() - pressed() < RESTS:
            sleep(RESTS)
        try:
            importlib.import_module(name)
        except ImportError:  # replaced already: whoever needs it says so
            continue
        sleep(PAUSE)


def begin(pressed: Callable[[], float]) -> None:
    """The same beside the desk; it ends with it."""
    began = monotonic()
    Thread(target=load, args=(lambda: max(began, pressed()),), daemon=True, name="beforehand").start()
