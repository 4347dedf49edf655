"""What may leave for a terminal, and what may not."""

from __future__ import annotations

import re
import unicodedata

_SEQUENCE = re.compile(
    "\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)"  # OSC
    "|\x1b[P_^X][^\x1b]*\x1b\\\\"  # DCS, APC, PM, SOS
    "|\x1b\\[[0-?]*[ -/]*[@-~]"  # CSI
    "|\x1b[ -/]*[0-~]"
)
_MOVED = re.compile("\x1b\\[[0-9;]*H")
BAD = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def sequences(text: str) -> set[str]:
    """The control sequences a program wrote; where the cursor goes is left out."""
    return {s for s in _SEQUENCE.findall(text) if not _MOVED.fullmatch(s)}


def unseen(text: str, allowed: str = "\n") -> set[str]:
    """Characters that a terminal would obey or hide, as numbers."""
    return {f"{ord(c):04x}" for c in set(text) if c not in allowed and unicodedata.category(c) in BAD}


def left(text: str) -> str:
    """What stands between the sequences: what is drawn."""
    return _SEQUENCE.sub("", text)
