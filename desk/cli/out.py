"""How verbs speak: lines of safe text, one JSON object a line, and the exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

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

_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")


def as_json(values: Mapping[str, Any]) -> str:
    """One JSON object on one line; what a terminal would obey or hide is escaped, everything else readable."""
    return _UNSEEN.sub(_escaped, json.dumps(values, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\u{unit:04x}" for unit in _utf16(match[0]))


def _utf16(char: str) -> list[int]:
    data = char.encode("utf-16-be")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]
