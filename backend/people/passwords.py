"""Passwords by Argon2id. The library's defaults are RFC 9106's second choice: 64 MiB, three passes."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
"""Characters of a password at least (NIST SP 800-63B asks for 8; a desk is opened once a device)."""

LONGEST = 500

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    return _hasher.hash(password)


def right(stored: str, password: str) -> bool:
    """Whether the password is the one that was hashed."""
    try:
        return _hasher.verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def nobodys() -> str:
    """A hash to compare with where there is no such person, so that it takes as long."""
    return _hasher.hash("nobody has this password")
