"""A key sealed with a passphrase: Argon2id makes a one-time pad and a check of it, so that a wrong passphrase is told from
a right one without the store.

Line: `argon2id TIME MEMORY LANES SALT SEALED CHECK`, memory in KiB, the rest in hex. The salt is new each time something is
sealed, so a pad is used once; the check (HMAC-SHA256) covers all that stands before it.
"""

from __future__ import annotations

import os
import unicodedata

WORD = "argon2id"
TIME, MEMORY_KIB, LANES = 3, 65_536, 4
"""RFC 9106's second recommended choice: 64 MiB, about a tenth of a second."""

MOST_TIME, MOST_MEMORY_KIB, MOST_LANES = 32, 1 << 20, 16
"""What a line may ask for at most: a line that somebody made must not eat the machine."""

SHORTEST = 8
"""Characters of a passphrase."""


class WrongPassphraseError(Exception):
    """It does not open this line."""


class BadLineError(Exception):
    """The line is none of ours, or was changed so that it cannot be read."""


def seal(key: bytes, passphrase: str) -> str:
    """The line that gives `key` back to whoever knows the passphrase."""
    salt = os.urandom(16)
    pad, check = _derive(passphrase, salt, TIME, MEMORY_KIB, LANES, len(key))
    head = f"{WORD} {TIME} {MEMORY_KIB} {LANES} {salt.hex()} {_xor(key, pad).hex()}"
    return f"{head} {_mac(check, head)}"


def unseal(line: str, passphrase: str) -> bytes:
    """The key. Raises WrongPassphraseError, BadLineError."""
    from hmac import compare_digest

    parts = line.split()
    try:
        word, time, memory, lanes, salt, sealed, mac = parts
        cost = (int(time), int(memory), int(lanes))
        raw_salt, raw_sealed = bytes.fromhex(salt), bytes.fromhex(sealed)
    except ValueError:
        raise BadLineError from None
    most = (MOST_TIME, MOST_MEMORY_KIB, MOST_LANES)
    if word != WORD or len(raw_salt) < 8 or any(not 1 <= c <= m for c, m in zip(cost, most, strict=True)):
        raise BadLineError
    pad, check = _derive(passphrase, raw_salt, *cost, len(raw_sealed))
    if not compare_digest(_mac(check, " ".join(parts[:-1])), mac):
        raise WrongPassphraseError
    return _xor(raw_sealed, pad)


def _derive(passphrase: str, salt: bytes, time: int, memory: int, lanes: int, size: int) -> tuple[bytes, bytes]:
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    said = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    try:
        made = hash_secret_raw(
            said, salt, time_cost=time, memory_cost=memory, parallelism=lanes, hash_len=size + 32, type=Type.ID
        )
    except HashingError:
        raise BadLineError from None
    return made[:size], made[size:]


def _mac(key: bytes, text: str) -> str:
    import hmac  # with OpenSSL: three milliseconds that a key file need not wait for

    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
