"""What is said at the terminal while a store is brought to this version's form, before there is a screen to say it on."""

from __future__ import annotations

import sys

from db.words import _


def tell(seconds: int) -> None:
    """How long it has taken so far, on stderr: in one line that is written over at a terminal, else once a minute."""
    said = _("Bringing the letters to this version's form: {n} s. Broken off, nothing is lost. Please wait.", n=seconds)
    if sys.stderr.isatty():
        print(f"\r{said}\x1b[K", end="\r", file=sys.stderr, flush=True)
    elif seconds % 60 == 1:
        print(said, file=sys.stderr, flush=True)
