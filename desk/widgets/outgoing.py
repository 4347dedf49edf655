"""Words on their way out, drawn with what is exchanged in them: a wrapped text whose marked places keep their roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from desk.widgets.sheet import Line
from desk.widgets.wrap import wrap

Mark = tuple[int, int, str]
"""Characters start to end, and the role of their colour."""


def wrapped(text: str, marks: Sequence[Mark], width: int, *, indent: int = 0) -> tuple[list[Line], list[int]]:
    """The lines, and for each the place in `text` where it begins. `text` is safe text; marks do not overlap."""
    lines, starts, at = [], [], 0
    for part in wrap(text, max(8, width - indent)):
        at = max(at, text.find(part, at)) if part else text.find("\n", at) + 1 or at
        lines.append(Line(((" " * indent, "ink"), *_cut(part, at, marks))))
        starts.append(at)
        at += len(part)
    return lines, starts


def _cut(part: str, at: int, marks: Iterable[Mark]) -> list[tuple[str, str]]:
    """One line in pieces, each with its role."""
    inside = [(max(0, a - at), min(len(part), b - at), role) for a, b, role in marks if a < at + len(part) and b > at]
    edges = sorted({0, len(part), *(e for a, b, _role in inside for e in (a, b))})
    return [
        (part[a:b], next((role for start, end, role in inside if start <= a < end), "ink")) for a, b in pairwise(edges)
    ]
