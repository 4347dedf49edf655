"""Counts of bigrams by label, and which label a letter's bigrams speak for: complement naive Bayes. Pure.

A label is judged by the letters that do *not* have it, which are many and steady, instead of by its own few. Letters
are counted, not their repetitions, so learning and unlearning are exact and their order does not matter: invariant, the
same letters in any order, less those taken out again, give the same counts.
"""

from __future__ import annotations

import math
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

FULL = 65_535
"""Letters of one label that are counted for one bigram; by then one more changes nothing."""

PRIOR_GRAMS = 9_000
"""What a label's words count before anything was learned: as many bigrams as about sixty letters hold."""

SMOOTH, VOCABULARY = 3.0, 60_000
"""Added to each count; bigrams there may be."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of one label: in how many of its letters each bigram stands. Bigrams are kept as hashes, so that
    an erased letter leaves no words behind.
    """

    letters: int = 0
    grams: int = 0  # of all its letters together
    keys: array[int] = field(default_factory=lambda: array("I"))  # ascending
    counts: array[int] = field(default_factory=lambda: array("H"))  # beside the keys

    def of(self, key: int) -> int:
        """In how many letters."""
        at = bisect_left(self.keys, key)
        return self.counts[at] if at < len(self.keys) and self.keys[at] == key else 0

    def changed(self, letters: int, by: Mapping[int, int]) -> Learned:
        """With so many letters more, and so much more of each key; less where negative."""
        held = dict(zip(self.keys, self.counts, strict=True))
        for key, times in by.items():
            held[key] = min(FULL, max(0, held.get(key, 0) + times))
        kept = sorted(key for key, times in held.items() if times)
        return Learned(
            max(0, self.letters + letters),
            max(0, self.grams + sum(by.values())),
            array("I", kept),
            array("H", [held[key] for key in kept]),
        )

    def stored(self) -> bytes:
        """Keys and counts, little-endian and compressed."""
        keys, counts = self.keys, self.counts
        if sys.byteorder == "big":
            keys, counts = array("I", keys), array("H", counts)
            keys.byteswap()
            counts.byteswap()
        return zlib.compress(keys.tobytes() + counts.tobytes(), 1)

    @classmethod
    def read(cls, letters: int, grams: int, stored: bytes) -> Learned:
        """What `stored` wrote."""
        raw = zlib.decompress(stored)
        keys, counts = array("I"), array("H")
        cut = len(raw) // 6 * 4
        keys.frombytes(raw[:cut])
        counts.frombytes(raw[cut:])
        if sys.byteorder == "big":
            keys.byteswap()
            counts.byteswap()
        return cls(letters, grams, keys, counts)


@lru_cache(maxsize=4_096)  # more only grew all day: a miss costs a quarter of a microsecond
def key(gram: str) -> int:
    """The hash of a bigram or word: the same on every machine, now and later."""
    return zlib.crc32(gram.encode("utf-8", "surrogatepass"))


NOTHING = Learned()


class Scored(NamedTuple):
    """A label and what speaks for it: the mean over the letter's weight, 0 for a label like any other."""

    label: str
    score: float
    because: tuple[tuple[str, float], ...]  # bigrams and what each adds, the most first


def scored(
    weights: Mapping[str, float], learned: Mapping[str, Learned], cues: Mapping[str, Mapping[str, float]]
) -> list[Scored]:
    """Every label of `cues` for a letter whose bigrams have these weights, the likeliest first.

    Score 0.1 and more is clear; that of a letter which no label fits lies near 0.
    """
    labels = list(cues)
    known = [learned.get(label, NOTHING) for label in labels]
    all_grams = sum(one.grams for one in known) + PRIOR_GRAMS * (len(labels) - 1)
    rest = [math.log(all_grams - one.grams + SMOOTH * VOCABULARY) for one in known]
    spoken = [0.0] * len(labels)
    parts: list[dict[str, float]] = [{} for _ in labels]
    for gram, weight in weights.items():
        at = key(gram)
        counts = [
            one.of(at) + PRIOR_GRAMS * cues[label].get(gram, 0.0) for label, one in zip(labels, known, strict=True)
        ]
        total = sum(counts) + SMOOTH
        said = [weight * (there - math.log(total - own)) for own, there in zip(counts, rest, strict=True)]
        usual = sum(said) / len(said)
        for i, value in enumerate(said):
            spoken[i] += value - usual
            if value > usual:
                parts[i][gram] = value - usual
    whole = sum(weights.values()) or 1.0
    found = [
        Scored(label, spoken[i] / whole, tuple(sorted(parts[i].items(), key=lambda p: (-p[1], p[0]))[:24]))
        for i, label in enumerate(labels)
    ]
    return sorted(found, key=lambda s: (-s.score, s.label))
