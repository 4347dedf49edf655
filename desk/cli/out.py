"""How verbs speak: lines of safe text, one JSON object a line, and the exit codes."""

from __future__ import annotations

from db.text import as_json
from db.tongue import EXIT_LINE, EXIT_LOGIN, EXIT_REFUSED, EXIT_STOPPED, EXIT_STORE, EXIT_USAGE, StopError

__all__ = [
    "EXIT_LINE",
    "EXIT_LOGIN",
    "EXIT_REFUSED",
    "EXIT_STOPPED",
    "EXIT_STORE",
    "EXIT_USAGE",
    "StopError",
    "as_json",
]
