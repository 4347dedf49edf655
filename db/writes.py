"""How often this process has written letters, whatever became of the transaction: `Store.mark` is made of it."""

from __future__ import annotations

from itertools import count

_writes = count(1)
_last = [0]


def made() -> None:
    """Letters are written."""
    _last[0] = next(_writes)


def last() -> int:
    """Another number after each of them."""
    return _last[0]
