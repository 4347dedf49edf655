"""Ids: UUIDv7 by the author, UUIDv5 where two desks must arrive at the same one (DESIGN.md §4)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable

from db.model import CaseId, EventId, Ms

LETTERS = uuid.UUID("6f0c3f5e-6c6c-5e1d-9b9a-0b8d7a3c2e41")
"""Namespace of everything the newsroom derives an id for."""

Bits = Callable[[int], int]


def uuid7(at: Ms, bits: Bits | None = None) -> EventId:
    """A UUIDv7 of that moment (UTC ms); `bits(n)` gives n random bits, a seeded one makes ids repeatable."""
    if bits is None:
        drawn = secrets.randbits(74)  # the system is asked once
        high, low = drawn >> 62, drawn & ((1 << 62) - 1)
    else:
        high, low = bits(12), bits(62)
    value = (at & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low
    digits = f"{value:032x}"  # as `str(uuid.UUID(int=value))` writes it, in a third of the time
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def letter_id(channel: str, number: str) -> CaseId:
    """The id of the letter with the channel's own number: the same letter from two desks is one."""
    return str(uuid.uuid5(LETTERS, f"{channel}\n{number}"))


def timer_id(case: CaseId, kind: str, due: Ms) -> EventId:
    """The id of what a timer does to a case at a due time (UTC ms): equal on every desk."""
    return str(uuid.uuid5(LETTERS, f"{case}\n{kind}\n{due}"))
