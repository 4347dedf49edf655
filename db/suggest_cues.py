"""Where suggestions begin: the words of each topic and kind (`db/data/cues.toml`), before the desk has decided anything."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from db.grams import pieces

FILE = Path(__file__).with_name("data") / "cues.toml"

Cues = Mapping[str, Mapping[str, float]]
"""Label → bigram → its part of the label's words; the parts of a label make 1."""


@cache
def words(field: str) -> Mapping[str, tuple[str, ...]]:
    """Label → its words, as the file lists them."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {label: tuple(listed.split()) for label, listed in held[field].items()}


@cache
def courtesy() -> frozenset[str]:
    """Words of courtesy and of pointing: said in letters of every kind, a reason for none that does not list them."""
    return frozenset(tomllib.loads(FILE.read_text(encoding="utf-8"))["courtesy"]["words"].split())


SAID = "="
"""Opens a feature that is a whole phrase, not a bigram: no bigram holds the sign."""


def cues(field: str, labels: Iterable[str]) -> Cues:
    """The words of these labels: of a topic as bigrams, its name among them; of a kind as whole phrases."""
    known = words(field)
    if field == "kind":
        return {label: {SAID + p: 1 / len(known[label]) for p in known[label]} for label in labels}
    return {label: parts((label, *known.get(label, ()))) for label in labels}


def parts(listed: Iterable[str]) -> Mapping[str, float]:
    """Words as bigrams, each with its part of the whole."""
    counted = Counter(gram for word in dict.fromkeys(listed) for gram in pieces(word))
    whole = sum(counted.values())
    return {gram: times / whole for gram, times in counted.items()}
