"""`desk demo`: the app on October's letters, on the morning of 1 November 2024. What the person does there is kept."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from db.clock import to_iso
from db.store import Store
from db.words import _
from desk.home import home


def demo(options: argparse.Namespace) -> int:
    """Loads the letters where they are not there yet; `--prepare` stops then, `--fresh` throws the demo's store away first."""
    from db.demo import DEMO_NOW, prepare

    os.environ["DESK_NOW"] = to_iso(DEMO_NOW)
    folder = Path(options.home) if options.home else home(None) / "demo"
    if options.fresh and (folder / "demo").exists():
        shutil.rmtree(folder)
    with Store.open(folder) as store:
        letters = prepare(store)
    (folder / "demo").touch()
    if options.prepare:
        print(_("{n} letters are in {file}.", n=letters, file=folder))
        return 0
    from desk.app import run

    return run(folder)
