"""What a letter is made of, for telling letters apart: Han bigrams and words, each once. No meaning, no order.

Single characters say too little, longer pieces are too rare to be counted; a bigram is the word of this field.
"""

from __future__ import annotations

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


def runs(text: str) -> list[str]:
    """The stretches of Han of a text, as they stand, folded."""
    return [han for han, _word, _sign in RUN.findall(fold(text)) if han]
