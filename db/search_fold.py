"""Text → index tokens (DESIGN.md §5): Han bigrams and single characters, words for the rest.

Folding is character by character, so that a match in folded text can be traced back to the cells of the original:
compatibility forms, case, full width and accents are levelled, invisible characters vanish, and controls, private
characters and lone surrogates become spaces. Whatever somebody writes, no token can hold a quote, a space or the
mark of a facet: raw FTS5 syntax never comes from a text or a query.

Invariant the search rests on: the tokens of a part of a text are among the tokens of the text, but for words cut in
the middle. So a row that holds a searched passage is always among the rows that hold all tokens of the passage.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

TOKENIZER = "ascii"
"""The FTS5 tokenizer to make the index with: it parts at ASCII punctuation and spaces and leaves Han text whole."""

FACET = "\ue000"
"""Opens tokens that are not words (queue, district, state). A private character: folding lets none through."""

LONGEST = 32
"""Characters of a word that go into the index; the text itself decides about the rest."""

# Han, with 々〇 and kana: scripts written without spaces, cut into bigrams.
_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_SIGNS = "\u2190-\u2bff\U0001f000-\U0001faff"  # arrows, symbols, emoji: each a token of its own
WORD = rf"[^\W_{_HAN}]"
"""A regular expression for one character of a word that is not Han."""

RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>{WORD}+)|(?P<sign>[{_SIGNS}])")


class _Fold(dict[int, str]):
    """Code point → its folded form, filled as characters are met."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        category = unicodedata.category(char)
        if category in ("Cf", "Mn", "Me"):
            folded = ""
        elif category in ("Cc", "Cs", "Co", "Cn"):
            folded = char if char in "\n\t" else " "
        else:
            parts = unicodedata.normalize("NFKD", char)
            folded = "".join(c for c in parts if unicodedata.category(c) != "Mn").casefold()
        self[point] = folded
        return folded


_FOLD = _Fold()


def fold(text: str) -> str:
    """The text as search sees it."""
    return text.translate(_FOLD)


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters the index of the original one; None where they are the same."""
    folded = [_FOLD[ord(char)] for char in text]
    if all(len(part) == 1 for part in folded):
        return "".join(folded), None
    return "".join(folded), [at for at, part in enumerate(folded) for _ in part]


def tokens(text: str) -> list[str]:
    """The tokens of a text for the index, each once, in order of first appearance."""
    found: dict[str, None] = {}
    for han, word, sign in RUN.findall(fold(text)):
        if han:
            found.update(dict.fromkeys(han))
            found.update(dict.fromkeys(map("".join, pairwise(han))))
        else:
            found[word[:LONGEST] or sign] = None
    return list(found)
