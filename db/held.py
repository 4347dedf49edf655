"""The letters behind a figure, counted once and held by what asked for them: a list of them is then read without counting.

Counting a figure may take longer than a key may: it is done in a thread, or by the page that shows the figure anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from db.store import Store

MOST = 16
"""Figures held of a store; of more those that were counted last."""

_held: WeakKeyDictionary[Store, dict[str, frozenset[int]]] = WeakKeyDictionary()


def hold(store: Store, asked: str, ns: Iterable[int]) -> None:
    """Holds these letters (`cases.n`) for what `asked` for them, in place of those held before."""
    held = _held.setdefault(store, {})
    held.pop(asked, None)
    held[asked] = frozenset(ns)
    if len(held) > MOST:
        del held[next(iter(held))]


def of(store: Store, asked: str) -> frozenset[int] | None:
    """The letters held; None where nobody has counted them."""
    return _held.get(store, {}).get(asked)
