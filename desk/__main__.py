"""`desk`: without a verb the app, which imports no verbs; with one the command line."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the app or a verb; returns the exit code of DESIGN.md §9."""
    words = list(sys.argv[1:] if argv is None else argv)
    if _no_verb(words):
        gc.disable()  # nothing to collect before the first frame; `DeskApp._warm` turns it on again
        from desk.app import run
        from desk.home import home
        from desk.unlocking import no_terminal

        if no_terminal():
            return 2
        return run(home(words[-1].removeprefix("--home=") if words else None))
    from desk.cli import main as cli

    return cli(words)


def _no_verb(words: list[str]) -> bool:
    """Nothing but where the store is: `desk`, `desk --home DIR`, `desk --home=DIR`."""
    return (
        not words or (len(words) == 2 and words[0] == "--home") or (len(words) == 1 and words[0].startswith("--home="))
    )


if __name__ == "__main__":
    sys.exit(main())
