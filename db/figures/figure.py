"""Figures that can be traced: a number, and the letters behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from db.figures.facts import Number
from db.model import Ms

HOUR: Ms = 3_600_000
MINIMUM = 3
"""A rate, a median says nothing about fewer (DESIGN.md §4, The month); plain counts have no minimum."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the letters it counts or sums, in the order of the store."""

    value: int
    letters: Sequence[Number] = ()


def count(letters: Iterable[Number]) -> Figure:
    """How many letters; one that comes several times is counted as often and listed once."""
    every = list(letters)
    return Figure(len(every), tuple(dict.fromkeys(every)))


def each(letters: Iterable[Number]) -> Figure:
    """As `count`, of letters that come once: a month's tens of thousands are not looked through again."""
    every = tuple(letters)
    return Figure(len(every), every)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a base. `share` is None where the base is below the minimum sample: too few to say."""

    part: Figure
    base: Figure

    @property
    def share(self) -> float | None:
        return self.part.value / self.base.value if self.base.value >= MINIMUM else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in hours: the middle, the slowest, and of how many.

    `median` is None below the minimum sample; the slowest is a plain fact, None only of nothing.
    """

    of: Figure
    median: float | None
    slowest: float | None
    slowest_letter: Number | None


def spread(took: Sequence[tuple[Ms, Number]]) -> Spread:
    """(ms, letter) → how they are spread."""
    if not took:
        return Spread(Figure(0), None, None, None)
    longest, letter = max(took, key=lambda t: (t[0], -t[1]))
    middle = median(ms for ms, _n in took) / HOUR if len(took) >= MINIMUM else None
    return Spread(count(n for _ms, n in took), middle, longest / HOUR, letter)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a ranking. Equal figures share a rank (1, 2, 2, 4)."""

    key: str
    figure: Figure
    rank: int
    before: int = 0  # the same figure a period earlier
    was: int | None = None  # rank a period earlier; None: it had none

    @property
    def move(self) -> int | None:
        """Places up (positive) or down against the period before; None for what had no rank there."""
        return None if self.was is None else self.was - self.rank

    @property
    def more(self) -> int:
        """How many more than a period earlier."""
        return self.figure.value - self.before


def ranking(
    now: Mapping[str, Figure], order: Sequence[str] = (), before: Mapping[str, int] | None = None
) -> tuple[Ranked, ...]:
    """Most first. What is equal stands in `order`, what is not in it behind, by key."""
    place = {key: n for n, key in enumerate(order)}

    def sort(key: str, value: int) -> tuple[int, int, str]:
        return -value, place.get(key, len(place)), key

    keys = sorted((k for k, f in now.items() if f.value), key=lambda k: sort(k, now[k].value))
    ranks = _ranks({k: now[k].value for k in keys})
    earlier = {k: v for k, v in (before or {}).items() if v}
    were = _ranks(earlier)
    return tuple(Ranked(k, now[k], ranks[k], earlier.get(k, 0), were.get(k)) for k in keys)


def _ranks(values: Mapping[str, int]) -> dict[str, int]:
    """1 + how many have more."""
    falling = sorted(values.values(), reverse=True)
    first: dict[int, int] = {}
    for n, value in enumerate(falling, 1):
        first.setdefault(value, n)
    return {key: first[value] for key, value in values.items()}
