"""JSON read part by part: between two of them another thread gets its turn.

`json.loads` holds the interpreter until it is done, 60 ms for the snapshot of 10,000 letters: so long no key would do anything.
"""

from __future__ import annotations

import json
from typing import Any

_ONE = json.JSONDecoder().raw_decode


def loads(text: str, depth: int) -> Any:
    """The same as `json.loads` of compact text (no space between values); the values inside of `depth` objects or lists are
    read in one go each. Raises ValueError.
    """
    try:
        value, end = _value(text, 0, depth)
    except IndexError as e:
        raise ValueError("cut short") from e
    if end != len(text):
        raise ValueError("more than one value")
    return value


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    if depth and text[at] == "{":
        return _object(text, at + 1, depth - 1)
    if depth and text[at] == "[":
        return _list(text, at + 1, depth - 1)
    return _ONE(text, at)


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    made: dict[str, Any] = {}
    if text[at] == "}":
        return made, at + 1
    while True:
        name, at = _ONE(text, at)
        if not isinstance(name, str) or text[at] != ":":
            raise ValueError("no name")
        made[name], at = _value(text, at + 1, depth)
        if text[at] == "}":
            return made, at + 1
        at = _comma(text, at)


def _list(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    made: list[Any] = []
    if text[at] == "]":
        return made, at + 1
    while True:
        value, at = _value(text, at, depth)
        made.append(value)
        if text[at] == "]":
            return made, at + 1
        at = _comma(text, at)


def _comma(text: str, at: int) -> int:
    if text[at] != ",":
        raise ValueError("no comma")
    return at + 1
