"""Which words of a letter speak for a label, as whole words that a person recognises: never a cut-out pair of characters. Pure.

What decides is bigrams (`db/suggest_model.py`); what is said are the listed words that hold them, or the words around
them, where other letters of the label tell where a word begins and ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from db.grams import EMPTY
from db.suggest_cues import SAID, courtesy, words
from db.suggest_model import Scored

MOST_WORDS = 2
LONGEST = 6

LEAST_LETTERS = 4
"""Letters that must hold a bigram before what stands around it tells the word it is part of."""

SAME = 0.6
"""A word goes on where so many of the letters have the same character next to it."""


def spoken(field: str, best: Scored, folded: str, others: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words that are listed for this label, all words), each those that say most, first; at most two.

    `folded`: the letter; `others`: letters of the label, folded, to tell whole words by.
    """
    own = {best.label, *words(field).get(best.label, ())}
    standing = [word for word in _listed() if word in folded]
    listed: list[str] = []
    found: list[str] = []
    for gram, _value in best.because:
        word = _word(gram, folded, own, standing, others)
        if not word or any(word in other or other in word for other in found):
            continue
        if word not in own and word in courtesy():
            continue
        found.append(word)
        if word in own:
            listed.append(word)
    return tuple(listed[:MOST_WORDS]), tuple(found[:MOST_WORDS])


@cache
def _listed() -> tuple[str, ...]:
    """Every word that is listed for any label: surely a whole one. The longest first."""
    listed = {word for field in ("topic", "kind") for label, own in words(field).items() for word in (label, *own)}
    return tuple(sorted((word for word in listed if len(word) > 1), key=lambda word: (-len(word), word)))


def _word(gram: str, folded: str, own: set[str], standing: Sequence[str], others: Sequence[str]) -> str:
    """The whole word of the letter that a bigram or phrase belongs to; "" where that cannot be told."""
    if gram.startswith(SAID):
        return gram.removeprefix(SAID)
    if EMPTY.intersection(gram) or gram not in folded or gram.isascii():
        return ""
    around = [word for word in standing if gram in word]
    return next((word for word in around if word in own), "") or next(iter(around), "") or whole(gram, folded, others)


def whole(gram: str, folded: str, others: Sequence[str]) -> str:
    """The word around a bigram: it goes on as long as most letters that hold it go on alike, and ends on both sides where
    they differ. "" where too few letters hold it, or this one goes on otherwise than most.
    """
    holders = [other for other in others if gram in other]
    if len(holders) < LEAST_LETTERS:
        return ""
    start = folded.index(gram)
    end = start + len(gram)
    while end - start <= LONGEST:
        word = folded[start:end]
        holders = [other for other in holders if word in other]
        after, before = _next(word, holders, 1), _next(word, holders, -1)
        if after is not None and folded[end : end + 1] == after:
            end += 1
        elif before is not None and start > 0 and folded[start - 1] == before:
            start -= 1
        elif after is not None or before is not None:
            return ""
        else:
            return word if word.isalpha() else ""
    return ""


def _next(word: str, holders: Sequence[str], side: int) -> str | None:
    """The character that most holders have next to the word; None where they differ, or it ends there: a sign, a word of
    grammar.
    """
    found = Counter[str]()
    for other in holders:
        at = other.index(word)
        next_to = at + len(word) if side > 0 else at - 1
        char = other[next_to] if 0 <= next_to < len(other) else ""
        found[char if char.isalpha() and char not in EMPTY else ""] += 1
    char, times = found.most_common(1)[0]
    return char if char and times >= max(2, SAME * len(holders)) else None
