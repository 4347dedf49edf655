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


KNOWN = frozenset(
    [f"\x1b[?{mode}{way}" for mode in (7, 25, 1000, 1003, 1004, 1006, 1015, 1049, 2004) for way in "hl"]
    + [
        "\x1b[<u",
        "\x1b[>25u",
        "\x1b[?2026$p",
        "\x1b[?2048$p",
        *(f"\x1b]22;{shape}\x07" for shape in ("default", "text", "pointer")),
    ]
)
"""What Textual writes by itself, colours apart: learned by a walk over harmless letters (`make soak` walks it again)."""

_COLOUR = re.compile("[34]8;2;([0-9]+;[0-9]+;[0-9]+)")
ATTRIBUTES = frozenset(["", "0", "1", "4", "7"])  # bold, underlined, reversed (the cursor in a text)


def strange(text: str) -> set[str]:
    """Sequences that are not Textual's, and attributes that are not ours: blinking, hidden, a colour by its number."""
    found = sequences(text) - KNOWN
    colours = {s for s in found if s.startswith("\x1b[") and s.endswith("m")}
    return (found - colours) | {s for s in colours if not ATTRIBUTES.issuperset(_COLOUR.sub("", s[2:-1]).split(";"))}


def hues(text: str) -> set[str]:
    """The colours used; greys are left out: Textual mixes them where something is dimmed."""
    found = {c for s in sequences(text) if s.endswith("m") for c in _COLOUR.findall(s)}
    return {c for c in found if max(parts := [int(p) for p in c.split(";")]) - min(parts) > 12}
