"""The log's chain of hashes (DESIGN.md §4): each number's hash holds all that came before it. Pure; the backend and the desk both ask.

`walk` finds where a stored log no longer hangs together and says what was done to it. What it cannot find is a log that
was written anew to its end, counter included: that shows only beside a number and hash kept elsewhere, which every desk has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Final

from db.model import Ms

SHORT = 8
"""Hex digits of a hash that travel with a cursor."""

AHEAD: Final = 4
"""Links looked ahead at where one does not follow: up to three inserted in a row are told from a changed one."""

FAR: Final = 1_000
"""Events removed in a row, the later ones renumbered, that are still recognised as removed."""


def genesis(epoch: str) -> bytes:
    """The hash of an empty log."""
    return sha256(epoch.encode()).digest()


def following(hash_: bytes, seq: int, digest: bytes) -> bytes:
    """The hash at number `seq`, whose event has that digest, after `hash_`."""
    return sha256(hash_ + seq.to_bytes(8) + digest).digest()


def short(hash_: bytes, heard: Ms) -> str:
    """What a cursor carries of the log at its number: of the hash there, and of when that event was received (UTC ms; 0 at
    number 0). The chain alone does not hold the receipt: a backend that was restored and hears the same events again in the same
    order has the same hashes, and other beginnings of terms.
    """
    return sha256(hash_ + heard.to_bytes(8)).hexdigest()[:SHORT]


@dataclass(frozen=True, slots=True)
class Link:
    """An event as the chain sees it: its number, its digest, the hash stored with it."""

    seq: int
    digest: bytes
    hash: bytes


class Wrong(StrEnum):
    """What was done to a log."""

    CHANGED = "changed"  # this event, or the one before it together with its hash
    REMOVED = "removed"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Break:
    """Where a log does not hang together: from which number on, what, and how many events."""

    seq: int
    what: Wrong
    count: int = 1


def walk(start: bytes, links: Iterable[Link], end: Link, *, first: int = 1) -> Iterator[Break]:
    """Follows the log from `start`, the hash before number `first`; `end`: number and hash that the log claims to end with.

    `links` in the order of their numbers. Nothing comes where every hash follows from the one before it.
    """
    coming = iter(links)
    window = deque(islice(coming, AHEAD))
    hash_, expected, shift = start, first, 0  # shift: what a link's number was before others were taken out or put in
    while window:
        here = window[0]
        if here.seq > expected:
            yield Break(expected, Wrong.REMOVED, here.seq - expected)
        elif following(hash_, here.seq + shift, here.digest) != here.hash:
            found = _judged(hash_, window, end, shift)
            yield found
            if found.what is Wrong.INSERTED:
                shift -= found.count
                for _n in range(found.count):
                    expected = window.popleft().seq + 1
                window.extend(islice(coming, AHEAD - len(window)))
                continue
            if found.what is Wrong.REMOVED:
                shift += found.count
        hash_, expected = here.hash, here.seq + 1
        window.popleft()
        window.extend(islice(coming, 1))
    last = expected - 1 + shift
    if last < end.seq:
        yield Break(expected, Wrong.REMOVED, end.seq - last)
    elif last > end.seq or hash_ != end.hash:
        yield Break(expected - 1, Wrong.CHANGED)


def _judged(hash_: bytes, window: deque[Link], end: Link, shift: int) -> Break:
    """What was done at the first link of the window, which does not follow from `hash_`."""
    here = window[0]
    for m in range(1, len(window)):
        later = window[m]
        if following(hash_, later.seq + shift - m, later.digest) == later.hash:
            return Break(here.seq, Wrong.INSERTED, m)
    if end.hash == hash_ and end.seq == here.seq + shift - 1:
        return Break(here.seq, Wrong.INSERTED, len(window))
    if (gone := _gone(window, end, shift)) > 0:
        return Break(here.seq, Wrong.REMOVED, gone)
    return Break(here.seq, Wrong.CHANGED)


def _gone(window: deque[Link], end: Link, shift: int) -> int:
    """How many events are missing before the first link, if the later ones were only renumbered; 0 where it was changed."""
    here = window[0]
    if len(window) == 1:
        return end.seq - here.seq - shift if end.hash == here.hash else 0
    later = window[1]
    for gone in range(FAR + 1):
        if following(here.hash, later.seq + shift + gone, later.digest) == later.hash:
            return gone
    return 0
