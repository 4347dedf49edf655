"""Every figure of a page has a name to ask for it (`figures.Figures.named`) and a label to read; either finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from db.text import one_line
from db.words import _, term

SUGGESTED = 6

_STEPS = ("sent", "replies", "reply_rate", "on_time")


ASKED = "survey"
"""What counts answers to surveys begins so: they are no letters, and lead to the survey."""


def titles(page: Mapping[str, Any]) -> dict[str, str]:
    """`survey:ID`, `call:ID` → how the newsroom called it. A page that was frozen before these were printed has none."""
    return {
        f"{kind}:{one['id']}": one_line(one["title"])
        for kind, part in (("survey", "surveys"), ("call", "calls"))
        for one in page.get(part, ())
    }


def label(name: str, district: Callable[[str], str], called: Mapping[str, str] | None = None) -> str:
    """`field:民生` → 领域 · 民生, `500112:sent` → 渝北区 · 转办; what has no word of ours is shown as it is.

    `called`: as `titles`, how surveys and calls are called.
    """
    base = name.endswith(":base")
    plain = name.removesuffix(":base")
    head, _sep, rest = plain.partition(":")
    if head == "suggestion":
        said = f"{term('figure', 'suggestions')} · {term('suggested', rest)}"
    elif head == "call":
        id_, _colon, what = rest.rpartition(":")
        said = f"{(called or {}).get(f'call:{id_}', id_)} · {term('suggested', what)}"
    elif head == ASKED and rest:
        said = f"{term('figure', 'survey')} · {(called or {}).get(plain, rest)}"
    elif rest in _STEPS:
        said = f"{district(head)} · {term('figure', rest)}"
    elif rest:
        said = f"{term('figure', head)} · {district(rest) if head == 'district' else rest}"
    else:
        said = term("figure", head)
    return _("{figure} (base)", figure=said) if base else said


def explained(name: str, told: Mapping[str, Any]) -> str:
    """What a figure says, and of how many letters; `told`: what the page holds of it."""
    value = f"{told['value']:,}"
    if name.startswith(ASKED):
        return _("{figure}: {value} answers, which are no letters", figure=told["label"], value=value)
    return _("{figure}: {value}, {n} letters", figure=told["label"], value=value, n=told["letters"])


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
