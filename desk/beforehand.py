"""What keys may open is imported before they are pressed: while the desk rests, in a thread, one module at a time.

The first frame imports little, so each dialog used to be read from the disk when its key was first pressed: slow the first time,
and where the program had been replaced meanwhile (an upgrade while the desk is open) the new half did not fit the old one.
What is still missed when that happens says so and keeps the desk (`desk/steady.py`).
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

from db.store_error import StoreError

if TYPE_CHECKING:
    from db.store import Store
    from desk.app import DeskApp

RESTS = 0.5
"""Seconds without a key before the next module is read; one takes some milliseconds."""

PAUSE, SHORT = 0.03, 0.002
"""Seconds between two modules, and between two of `FIRST`: a key pressed meanwhile waits for one at most."""

SOON = 0.06
"""Seconds without a key before the next module of `FIRST` is read."""

FIRST = (
    "textual._text_area_theme", "textual.document._document", "textual.document._wrapped_document",
    "textual.document._document_navigator", "textual.document._syntax_aware_document", "textual.widgets._text_area",
    "desk.around", "desk.chasing", "desk.action_build", "desk.sending", "desk.contexts", "desk.bulk", "desk.widgets.sheet",
    "desk.asides", "desk.drafting", "desk.widgets.field", "desk.screens.form_hints", "desk.screens.form_parts",
    "desk.widgets.text_field", "desk.widgets.picker", "desk.screens.form_sending", "desk.screens.form_texts",
    "desk.widgets.aside", "desk.picking", "desk.widgets.choice_field", "desk.widgets.outcome_field",
    "desk.widgets.path_field", "desk.widgets.controls", "desk.screens.form", "desk.action_sets", "db.topics", "desk.beside",
    "desk.papers", "db.undo", "desk.undoing", "desk.screens.preview", "desk.palette", "textual.system_commands",
)  # fmt: skip
"""What the first key that changes something needs, in an order in which each brings little else with it: from the first frame on."""

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


def load(
    pressed: Callable[[], float] = lambda: 0.0,
    store: Store | None = None,
    dress: Callable[[], None] = lambda: None,
) -> None:
    """Imports all of them; waits while keys are pressed (`pressed`: when the last one was, on the monotonic clock).

    `store`: is warm first, and hears of a first change to a letter beforehand. `dress`: what else the first dialog needs.
    """
    while store is not None and not store.warmed and not store.closed:
        sleep(SHORT)
    for name in FIRST:
        _read(name, pressed, SOON, SHORT)
    if store is not None:
        _rest(pressed, SOON)
        with suppress(
            StoreError, RuntimeError
        ):  # what keeps it from being written says so when a person writes; or it is closed
            from db.commands import rehearse
            from db.people import own_actor

            rehearse(store, own_actor(store))
    with suppress(RuntimeError):  # the desk has ended
        dress()
    for name in list(names()):
        _read(name, pressed, RESTS, PAUSE)
    gc.freeze()  # modules stay as long as the desk: the collector need not look at them any more


def _rest(pressed: Callable[[], float], seconds: float) -> None:
    """Waits until no key was pressed for so long."""
    while monotonic() - pressed() < seconds:
        sleep(seconds / 2)


def _read(name: str, pressed: Callable[[], float], rests: float, pause: float) -> None:
    """Imports one, after so many seconds without a key, and lets as many pass."""
    if name in sys.modules:
        return
    _rest(pressed, rests)
    with suppress(ImportError):  # replaced already: whoever needs it says so
        importlib.import_module(name)
        sleep(pause)


def _dress(app: DeskApp, pressed: Callable[[], float]) -> None:
    """The rules of what dialogs are made of, in the screen's own loop (`desk/dressing.py`)."""
    from desk.dressing import steps

    for step in steps(app.stylesheet):
        _rest(pressed, SOON)
        app.call_from_thread(step)
        sleep(SHORT)


def begin(app: DeskApp) -> None:
    """The same beside the desk; it ends with it."""

    def pressed() -> float:
        return app.queue.pressed

    Thread(
        target=load, args=(pressed, app.store, partial(_dress, app, pressed)), daemon=True, name="beforehand"
    ).start()
