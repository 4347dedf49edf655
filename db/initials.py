"""Initials of pinyin, for typing to filter: 电梯安装 → dtaz, without a dictionary.

GB 2312 lists its 3,755 common characters in the order of their pinyin, so that the place of a character tells its first
letter; of a character with several readings it is the usual one. Rare characters have none here: "".
"""

from __future__ import annotations

from bisect import bisect_right

_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
"""The first character of each letter."""

_LETTERS = "abcdefghjklmnopqrstwxyz"
_STARTS = [int.from_bytes(char.encode("gb2312")) for char in _FIRST]
_LAST = int.from_bytes("座".encode("gb2312"))
"""The last of the common characters; behind it they stand by radical."""


def initials(text: str) -> str:
    """One letter for each common character; letters and digits stand for themselves, everything else is left out."""
    return "".join(_initial(char) for char in text)


def _initial(char: str) -> str:
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    try:
        place = int.from_bytes(char.encode("gb2312"))
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_STARTS, place) - 1] if _STARTS[0] <= place <= _LAST else ""
