"""`desk-backend`: run a newsroom's backend, and say who may use it."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb; returns the exit code: 0 done, 1 refused, 2 wrong usage, 3 no connection, 4 the database says no."""
    from backend.cli import run

    return run(list(sys.argv[1:] if argv is None else argv))


if __name__ == "__main__":
    sys.exit(main())
