"""Keys that are printed on the screen, pressed with the mouse: which one stands where, and as the terminal would send it."""

from __future__ import annotations

import re

from rich.cells import cell_len
from textual import events
from textual.keys import _character_to_key

NAMED = {
    "⏎": "enter",
    "回车": "enter",
    "空格": "space",
    "enter": "enter",
    "space": "space",
    "esc": "escape",
    "tab": "tab",
    "F1": "f1",
}
"""As they are printed, in either language → as Textual names them."""

_SAID = re.compile(rf"▌?(?P<named>{'|'.join(NAMED)})|(?P<chord>ctrl\+\w)\b|(?P<single>[!-~](?: [!-~])*)(?= )")
_PARTS = re.compile(r"( · | {2,})")


def key(printed: str) -> events.Key:
    """A key as it is printed (`f`, `/`, `esc`) as the terminal would send it."""
    if len(printed) == 1 and printed not in NAMED:
        return events.Key(_character_to_key(printed), printed)
    return events.Key(NAMED.get(printed, printed), None)


def at(line: str, x: int) -> str | None:
    """The printed key of the part of a line of keys (`enter opens · n makes one · esc`) that has the cell `x`; None: none.

    Of several keys of one part (`j k`) the one that is pointed at, else the first.
    """
    begin = 0
    for part in _PARTS.split(line):
        end = begin + cell_len(part)
        if begin <= x < end:
            indent = len(part) - len(part.lstrip())
            said = _SAID.match(part, indent)
            if said is None or said["single"] is None:
                return said and (said["named"] or said["chord"])
            under = x - begin - indent
            keys = said["single"]
            return keys[under] if 0 <= under < len(keys) and keys[under] != " " else keys[0]
        begin = end
    return None
