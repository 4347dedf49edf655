"""Every figure of a page has a name to ask for it (`figures.Figures.named`) and a label to read; either finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from db.words import _, term

SUGGESTED = 6

_STEPS = ("sent", "replies", "reply_rate", "on_time")


def label(name: str, district: Callable[[str], str]) -> str:
    """`field:民生` → 领域 · 民生, `500112:sent` → 渝北区 · 转办; what has no word of ours is shown as it is."""
    base = name.endswith(":base")
    head, _sep, rest = name.removesuffix(":base").partition(":")
    if rest in _STEPS:
        said = f"{district(head)} · {term('figure', rest)}"
    elif rest:
        said = f"{term('figure', head)} · {district(rest) if head == 'district' else rest}"
    else:
        said = term("figure", head)
    return _("{figure} (base)", figure=said) if base else said


@dataclass(frozen=True, slots=True)
class Named:
    """What was asked for: a figure's name, or None and the names that come near."""

    name: str | None
    near: tuple[str, ...] = ()


def find(known: Mapping[str, Mapping[str, Any]], typed: str) -> Named:
    """The figure that is so called: by its name, its label, or what follows the colon where only one figure has that.

    `known`: `page["figures"]`.
    """
    wanted = _plain(typed)
    if typed.strip() in known:
        return Named(typed.strip())
    by_label = [name for name, told in known.items() if _plain(told["label"]) == wanted]
    if len(by_label) == 1:
        return Named(by_label[0])
    by_key = [
        name
        for name, told in known.items()
        if wanted and wanted in (_plain(name.partition(":")[2]), _plain(told["label"].rpartition("·")[2]))
    ]
    if len(by_key) == 1:
        return Named(by_key[0])
    return Named(None, near(known, typed, by_key or by_label))


def near(known: Mapping[str, Mapping[str, Any]], typed: str, first: list[str] | None = None) -> tuple[str, ...]:
    """Names that may have been meant: those that hold what was typed, then those written much like it."""
    wanted = _plain(typed)
    holding = [n for n, told in known.items() if wanted and (wanted in _plain(n) or wanted in _plain(told["label"]))]
    plain = {_plain(told["label"]): n for n, told in known.items()} | {_plain(n): n for n in known}
    alike = [plain[p] for p in get_close_matches(wanted, plain, SUGGESTED, 0.6)]
    return tuple(dict.fromkeys([*(first or ()), *holding, *alike]))[:SUGGESTED]


def _plain(text: str) -> str:
    return "".join(text.lower().split()).replace("：", ":").replace("·", ":")
