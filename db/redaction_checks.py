"""Numbers that carry their own proof: identity numbers (GB 11643), bank cards (Luhn, ISO/IEC 7812). Pure.

A check keeps case numbers, contract numbers and dates from being taken for somebody's; a word before it (身份证, 卡号)
counts as much, for people mistype.
"""

from __future__ import annotations

import re

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"
_PROVINCES = frozenset(
    {f"{a}{b}" for a, last in zip("12345678", (5, 3, 7, 6, 4, 5, 1, 3), strict=True) for b in range(1, last + 1)}
    | {"50"}
)
"""11 to 15, 21 to 23, … 81 to 83: the first two digits, by region; 50 is Chongqing."""

_IDENTITY_CUE = re.compile(r"身份|证件|证号|公民")
_CARD_CUE = re.compile(r"卡|账号|帐号|账户|帐户|银行|户头|存折|信用社")


def bare(hit: str) -> str:
    """The digits and the X of a hit, nothing between them."""
    return re.sub(r"[^0-9Xx]", "", hit).upper()


def is_identity(hit: str, before: str) -> bool:
    """18 digits whose last proves the others, 15 digits with a birthday; or a word before says so."""
    number = bare(hit)
    if _IDENTITY_CUE.search(before):
        return len(number) in (15, 17, 18)
    if number[:2] not in _PROVINCES:
        return False
    if len(number) == 15:
        return number.isdigit() and _birthday("19" + number[6:12])
    if len(number) != 18 or not number[:17].isdigit() or not _birthday(number[6:14]):
        return False
    return _SIGNS[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11] == number[17]


def _birthday(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31


def luhn(number: str) -> bool:
    """Whether the last digit proves the others."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        n = int(digit) * (1 + place % 2)
        total += n - 9 if n > 9 else n
    return total % 10 == 0


def is_account(number: str) -> bool:
    """As long as an account with a bank may be."""
    return 12 <= len(number) <= 30


def is_card(hit: str, before: str) -> bool:
    """16 to 19 digits that begin as cards do and prove themselves; or an account, where a word before says so."""
    number = bare(hit)
    if not number.isdigit() or number[0] == "0":
        return False
    if _CARD_CUE.search(before):
        return is_account(number)
    return 16 <= len(number) <= 19 and number[0] in "34569" and luhn(number)
