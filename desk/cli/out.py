"""How verbs speak: lines of safe text, one JSON object a line, and the exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.text import as_json
from db.tongue import EXIT_LINE, EXIT_LOGIN, EXIT_REFUSED, EXIT_STOPPED, EXIT_STORE, EXIT_USAGE, StopError
from db.words import _

__all__ = [
    "EXIT_LINE",
    "EXIT_LOGIN",
    "EXIT_REFUSED",
    "EXIT_STOPPED",
    "EXIT_STORE",
    "EXIT_USAGE",
    "StopError",
    "as_json",
    "exporting",
]


@contextmanager
def exporting(path: Path) -> Iterator[None]:
    """What is written inside goes to `path`; why it cannot, as a sentence. Raises StopError."""
    try:
        yield
    except ValueError as e:
        raise StopError(EXIT_USAGE, _("Name a file that ends in .csv, .xlsx or .ndjson.")) from e
    except FileExistsError as e:
        raise StopError(EXIT_USAGE, _("{file} is there already; nothing was written.", file=path)) from e
    except OSError as e:
        raise StopError(EXIT_USAGE, _("{file} could not be written: {what}", file=path, what=e.strerror)) from e
