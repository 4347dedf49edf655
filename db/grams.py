"""What a letter is made of, for telling letters apart: Han bigrams and words, each once. No meaning, no order.

Single characters say too little, longer pieces are too rare to be counted; a bigram is the word of this field.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from db.search_fold import LONGEST, RUN, fold

EMPTY = frozenset(
    "的了是在和我你他她它们这那有就不也都为与及等对到上下个么什把被让给从于而且或但又还已将会能可要请没很太本该其之所以因此如若则"
)
"""Characters of grammar: a bigram that holds one seldom tells letters apart."""


def grams(text: str) -> dict[str, None]:
    """The bigrams and words of a text, in order of first appearance, without those of grammar."""
    found: dict[str, None] = {}
    for han, word, _sign in RUN.findall(fold(text)):
        if han:
            for a, b in pairwise(han):
                if a not in EMPTY and b not in EMPTY:
                    found[a + b] = None
        elif word:
            found[word[:LONGEST]] = None
    return found


def counted(text: str) -> Counter[str]:
    """All bigrams and words of a text, those of grammar too, with how often each stands there."""
    found: Counter[str] = Counter()
    for han, word, _sign in RUN.findall(fold(text)):
        if han:
            found.update(map("".join, pairwise(han)))
        elif word:
            found[word[:LONGEST]] += 1
    return found


def pieces(text: str) -> list[str]:
    """The bigrams and words of a word or phrase, in order; a single character is a piece by itself."""
    return list(counted(text)) or list(fold(text).strip())


def runs(text: str) -> list[str]:
    """The stretches of Han of a text, as they stand, folded."""
    return [han for han, _word, _sign in RUN.findall(fold(text)) if han]
