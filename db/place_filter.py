"""Typing to filter: which divisions match what was typed, best first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from db.place_data import Division

_ENDINGS = ("zizhixian", "jingkaiqu", "xinqu", "qu", "xian", "jiedao", "zhen", "xiang")

_SYLLABLE = 3
"""Letters from which on the middle of a full pinyin counts: fewer straddle syllables (dian*gx*ian)."""


def ranked(typed: str, divisions: Sequence[Division]) -> list[Division]:
    """The divisions that match, exact names first, then beginnings, then parts; all where nothing was typed.

    Latin letters match pinyin initials (spbq, spb) and full pinyin (shapingba), digits the code.
    """
    wanted = _plain(typed)
    if not wanted:
        return list(divisions)
    found = [(rank, nr) for nr, division in enumerate(divisions) if (rank := _rank(wanted, division)) is not None]
    return [divisions[nr] for _rank_, nr in sorted(found)]


def named(typed: str, divisions: Iterable[Division]) -> list[Division]:
    """The divisions exactly so called; else those with such an alias; else those whose name so begins."""
    wanted = _plain(typed)
    if not wanted:
        return []
    all_of = list(divisions)
    return (
        [d for d in all_of if wanted in (d.name, d.short, d.code.lower())]
        or [d for d in all_of if wanted in d.aliases]
        or [d for d in all_of if wanted in (d.initials, d.pinyin, _stem(d.pinyin), d.initials[: len(d.short)])]
        or [d for d in all_of if d.name.startswith(wanted)]
    )


def _rank(wanted: str, division: Division) -> int | None:
    """0 is best; None: no match."""
    names = (division.name, division.short, *division.aliases)
    code = division.code.lower()
    if wanted in (division.name, division.short, code):
        return 0
    if wanted in division.aliases or wanted in (division.initials, division.initials[: len(division.short)]):
        return 1
    if wanted in (division.pinyin, _stem(division.pinyin)):
        return 2
    if any(name.startswith(wanted) for name in names[:2]):
        return 3
    if division.initials.startswith(wanted):
        return 4
    if any(key.startswith(wanted) for key in (division.pinyin, code, *division.aliases)):
        return 5
    if any(wanted in name for name in names):
        return 6
    if wanted in division.initials:
        return 7
    return 8 if len(wanted) >= _SYLLABLE and wanted in division.pinyin else None


def _stem(pinyin: str) -> str:
    """Full pinyin without the word for district or county: shapingbaqu → shapingba."""
    for ending in _ENDINGS:
        if pinyin.endswith(ending) and len(pinyin) > len(ending):
            return pinyin[: -len(ending)]
    return pinyin


def _plain(typed: str) -> str:
    """Lower case, half width, without spaces and the apostrophes of pinyin."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed).casefold() if not c.isspace() and c not in "'’")
