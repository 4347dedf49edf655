"""What a search found, shown where it stands: pieces of a line cut at the places that match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

Spans = Callable[[str], list[tuple[int, int]]]
"""Where a text matches the search in force: [start, end) in characters, in order."""

MATCH = "match"
"""The role of what was found: bold and underlined as well as coloured, so that it shows without colour too."""

AROUND = 12
"""Characters of the neighbouring lines looked at: a passage may be broken by the end of a line."""


def marked(pieces: Iterable[tuple[str, str]], spans: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
    """Pieces (text, role) of one line with what lies in `spans` under the role `MATCH`; spans count over the line."""
    if not spans:
        return list(pieces)
    made: list[tuple[str, str]] = []
    at = 0
    for text, role in pieces:
        edges = {0, len(text)}
        for start, end in spans:
            edges |= {edge - at for edge in (start, end) if 0 < edge - at < len(text)}
        cuts = sorted(edges)
        for first, last in pairwise(cuts):
            inside = any(start <= at + first < end for start, end in spans)
            made.append((text[first:last], MATCH if inside else role))
        at += len(text)
    return made


def across(lines: Sequence[str], index: int, find: Spans) -> list[tuple[int, int]]:
    """The spans of a line, those included that begin on the line above or end on the one below."""
    here = lines[index]
    above = lines[index - 1].rstrip()[-AROUND:] if index else ""
    below = lines[index + 1].lstrip()[:AROUND] if index + 1 < len(lines) else ""
    shift, end = len(above), len(above) + len(here)
    found = [(max(a, shift) - shift, min(b, end) - shift) for a, b in find(above + here + below)]
    return [(a, b) for a, b in found if a < b]
