"""What is said at the terminal while a store is brought to this version's form, before there is a screen to say it on."""

from __future__ import annotations

import sys

from db.words import _

EVERY = 15
"""Seconds between two lines where they are not written over: into a file, or a mail from cron."""


def tell(step: str, seconds: int, done: int, of: int) -> None:
    """Which step, how far and how long so far, on stderr: in one line that is written over at a terminal."""
    said = _sentence(step, seconds, done, of)
    if sys.stderr.isatty():
        end = "\n" if step == "done" else "\r"
        print(f"\r{said}\x1b[K", end=end, file=sys.stderr, flush=True)
    elif step == "done" or seconds % EVERY == 1:
        print(said, file=sys.stderr, flush=True)


def _sentence(step: str, seconds: int, done: int, of: int) -> str:
    if step == "letters":
        return _("Going through the letters once more: {done} of {of}, {n} s so far.", done=done, of=of, n=seconds)
    if step == "waiting":
        return _("Going through what waits to be sent: {done} of {of}, {n} s so far.", done=done, of=of, n=seconds)
    if step == "done":
        return _("The letters are in this version's form; it took {n} s.", n=seconds)
    return _("Bringing the letters to this version's form: {n} s. Broken off, nothing is lost. Please wait.", n=seconds)
