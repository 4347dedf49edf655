"""`desk demo`: the app on October's letters, on the morning of 1 November 2024. What the person does there is kept."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from db.clock import to_iso
from db.opening import open_store
from db.store_file import FILE
from db.words import _
from desk.cli.out import EXIT_USAGE, StopError
from desk.home import home
from desk.patience import tell
from desk.unlocking import at_terminal

MARK = "demo"
"""A file that says: the letters in this folder are the demo's. It holds the password of the demo's backend."""


def demo(options: argparse.Namespace) -> int:
    """Loads the letters where they are not there yet; `--prepare` stops then, `--fresh` throws the demo's store away first."""
    from db.demo import DEMO_NOW, prepare

    os.environ["DESK_NOW"] = to_iso(DEMO_NOW)
    folder = Path(options.home).expanduser() if options.home else home(None) / "demo"
    _only_a_demo(folder)
    if options.fresh:
        own = ("backend.db*", "token", f"{FILE}*")  # and nothing else of the folder
        for path in [path for name in own for path in folder.glob(name)]:
            path.unlink()
    _mark(folder)
    with open_store(folder, ask=at_terminal, told=tell) as store:
        letters = prepare(store)
    if options.prepare:
        print(_("{n} letters are in {file}.", n=letters, file=folder))
        return 0
    from desk.app import run
    from desk.demo_line import DemoBackend
    from desk.unlocking import no_terminal

    if no_terminal():
        return EXIT_USAGE

    backend = DemoBackend(folder, folder / MARK)
    if options.alone:
        return run(folder, tour=options.tour)
    try:
        print(_("starting the demo's backend; the first time it loads October …"), file=sys.stderr, flush=True)
        with open_store(folder, ask=at_terminal, told=tell) as store:
            backend.start(store)
        return run(folder, tour=options.tour)
    finally:
        backend.stop()


def _only_a_demo(folder: Path) -> None:
    """Somebody's own letters are neither mixed with the demo's nor thrown away. Raises StopError."""
    if (folder / FILE).exists() and not (folder / MARK).exists():
        raise StopError(
            EXIT_USAGE,
            _(
                "{folder} holds letters that are not the demo's. Nothing was changed: name another --home.",
                folder=folder,
            ),
        )


def _mark(folder: Path) -> None:
    with suppress(OSError):  # a folder that cannot be used is told of by the store
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / MARK).touch(mode=0o600)
