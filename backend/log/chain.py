"""The log's chain of hashes (DESIGN.md §4): each number's hash holds all that came before it."""

from __future__ import annotations

from hashlib import sha256

SHORT = 8
"""Hex digits of a hash that travel with a cursor."""


def genesis(epoch: str) -> bytes:
    """The hash of an empty log."""
    return sha256(epoch.encode()).digest()


def following(hash_: bytes, seq: int, digest: bytes) -> bytes:
    """The hash at number `seq`, whose event has that digest, after `hash_`."""
    return sha256(hash_ + seq.to_bytes(8) + digest).digest()


def short(hash_: bytes) -> str:
    """What a cursor carries of a hash."""
    return hash_.hex()[:SHORT]
