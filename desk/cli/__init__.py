"""`desk VERB …`: the same actions as in the app, for scripts and for offices that work from a shell (DESIGN.md §9).

Exit codes: 0 done, 1 refused by a rule, 2 wrong usage, 3 no connection where one is needed, 4 the store says no, 5 not logged in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from db.text import safe
from desk.cli.out import EXIT_REFUSED, EXIT_STORE, EXIT_USAGE, StopError

__all__ = ["EXIT_REFUSED", "EXIT_STORE", "EXIT_USAGE", "main"]


def main(words: Sequence[str]) -> int:
    """Runs one verb; returns the exit code. Whatever is printed passed the gate for outside text."""
    from db.store_error import StoreError
    from desk.cli.parser import parser

    try:
        options = parser().parse_args(list(words))
        return int(options.run(options) or 0)
    except StopError as stop:
        if stop.sentence:
            print(safe(stop.sentence), file=sys.stderr)
        return stop.code
    except StoreError as e:
        print(safe(e.sentence()), file=sys.stderr)
        return EXIT_STORE
    except BrokenPipeError:  # `desk list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
