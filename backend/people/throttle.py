"""How often somebody may try a password or a secret: failures are counted by what was tried and from where.

Counted in the database, so that it holds over all processes and restarts. Keys are hashes: no name and no address is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from backend.problems import ProblemError
from backend.tables import Attempt
from db.model import Ms

ATTEMPTS = Attempt.__table__  # type: ignore[attr-defined]

WINDOW: Final[Ms] = 15 * 60_000
PAIR: Final = 5
"""Failures of one name from one address in a window."""

NAME: Final = 30
ADDRESS: Final = 60
"""Of one name from anywhere; from one address with any name (an office shares one)."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """What is tried: `what` is login or secret, `name` whose, `address` from where."""

    what: str
    name: str
    address: str

    def keys(self) -> tuple[tuple[bytes, int], ...]:
        """(key, most failures)"""
        parts = (((self.name, self.address), PAIR), ((self.name, ""), NAME), (("", self.address), ADDRESS))
        return tuple(
            (sha256("\0".join((self.what, *p)).encode("utf-8", "replace")).digest(), most) for p, most in parts
        )


def count(conn: Connection, tried: Attempted, now: Ms) -> None:
    """Counts a try as failed before it is looked at, so that many at once are not more. Raises ProblemError(slow_down)."""
    most = dict(tried.keys())
    conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.until <= now))
    tried_before = select(ATTEMPTS).where(ATTEMPTS.c.key.in_(list(most))).order_by(ATTEMPTS.c.key).with_for_update()
    found = {bytes(row.key): row for row in conn.execute(tried_before)}
    waits = [row.until - now for key, row in found.items() if row.failed >= most[key]]
    if waits:
        raise ProblemError("slow_down", seconds=max(1, -(-max(waits) // 1000)))
    for key in sorted(most):
        if key in found:
            conn.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == key).values(failed=ATTEMPTS.c.failed + 1))
        else:
            conn.execute(insert(ATTEMPTS), {"key": key, "failed": 1, "until": now + WINDOW})


def passed(conn: Connection, tried: Attempted) -> None:
    """It was right after all: the pair begins anew, the others lose this one."""
    pair, *others = (key for key, _most in tried.keys())  # noqa: SIM118 - a method of ours
    conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == pair))
    for key in sorted(others):
        conn.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == key).values(failed=ATTEMPTS.c.failed - 1))
