"""Passwords by Argon2id. The library's defaults are RFC 9106's second choice: 64 MiB, three passes."""

from __future__ import annotations

import re
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
"""Characters of a password at least (NIST SP 800-63B asks for 8; a desk is opened once a device)."""

LONGEST = 500

_COMMON = (
    "password passwort pass word qwertyuiop qwerty asdfghjkl asdf zxcvbnm qazwsx iloveyou welcome letmein monkey "
    "dragon football baseball princess sunshine superman master shadow michael administrator admin root login user "
    "guest test demo default change changeme secret hello abc woaini wojiushi mima kouling nihao letters desk "
    "letter newsroom editor supervisor bianji renmin laixin bianjitai chongqing"
)
"""What is tried first, at this desk too; with digits and signs around it, it is tried as well."""

_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LEET = str.maketrans("@4013$57!", "aaoiessti")
FEWEST = 5
"""Different characters at least."""

LEFT = 3
"""Letters at least that are not of a common word, a name or a row of keys."""

_hasher = PasswordHasher()


_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""No character that is taken for another one when it is read out."""


def drawn() -> str:
    """A first password: four groups of four, 79 bits, to be read out over the telephone."""
    while True:
        text = "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
        if not guessed(text):
            return text


def hashed(password: str) -> str:
    return _hasher.hash(password)


def guessed(password: str, *names: str) -> bool:
    """Whether it is among what is tried first: too few characters, rows of keys, a piece again and again, common words or a
    person's own names with digits and signs. Instead of a list of leaked ones: those of ten characters and more are of this sort.
    """
    typed = password.casefold()
    if len(set(typed)) < FEWEST or re.fullmatch(r"(.{1,5})\1+.{0,4}", typed, re.DOTALL):
        return True
    plain = re.sub(r"[\W\d_]+$", "", typed).translate(_LEET)
    return any(len(_left(form, names)) < LEFT for form in (typed, plain))


def _left(typed: str, names: tuple[str, ...]) -> str:
    """What a password has beside common words, names, rows of keys, digits and signs."""
    words = sorted({*_COMMON.split(), *(n.casefold() for n in names if len(n) > 1)}, key=len, reverse=True)
    for word in words:
        typed = typed.replace(word, " ")
    for row in _ROWS:
        for way in (row, row[::-1]):
            for size in range(len(way), 3, -1):
                for at in range(len(way) - size + 1):
                    typed = typed.replace(way[at : at + size], " ")
    return re.sub(r"[\W\d_]+", "", typed)


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
