"""What two letters share, in their own words: places, and the passages that tell most. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from db.grams import EMPTY, runs

MOST_PLACES, MOST_PASSAGES = 3, 4
SHORTEST_PLACE = 3
SHORTEST = 2
"""Characters of a passage that may be no word at all, only the end of one and the beginning of the next."""

LONGEST_PASSAGE = 14
"""Characters shown of a passage: more is a copy, and the beginning says so."""

TELLING = 3.0
"""Weight from which on a bigram is worth naming: held by a twentieth of the letters or fewer."""

_SUFFIX = re.compile(
    r"小区|社区|家园|花园|公园|新[城村苑]|[佳雅]苑|街道|大[道厦桥]|广场|市场|商[场城]|学校|[小中大]学|幼儿园|医院|工业园|产业园|"
    r"酒店|[车航]站|地铁站|公交站|收费站|路口|号线|路公交|公司|集团|[路街巷镇乡村苑城湾庭郡桥湖河江岛寺庙厂矿园馆]|(?<!政)府"
)
_GENERIC = re.compile(
    r"[本我该各全此同某两在的住]?(?:小区|社区|街道|有?限?公司|学校|医院|广场|市场|大道|大厦|公园|花园|路口|车站|[马公道铁水]路|农村|新农村|"
    r"城|[县主全]城|[物开建][业发筑]公司|"
    r"(?:燃气|天然气|自来水|供水|水务|供电|电力|热力|供热|公交|环卫|保洁|装修|装饰|房地?产|电梯|维保|通信|移动|联通|电信)公司|"
    r"幼儿园|[中小大]学|中小学|工厂|家庭|周边小区|附近小区|居民小区|住宅小区|老旧小区|安置小区|"
    r"(?:人行|过街)?天桥|立交桥|高架桥|断头路|人行道|消防通道|路公交|停车场)"
)
"""Not the name of anything."""

_BEFORE = re.compile(
    r"^(?:[市区县省]|进入|位于|坐落|地处|根据|属于|来自|反映|投诉|举报|请问|关于|建[在设]|住在|严重|影响|周边|附近|旁边|一条)+"
)

LONGEST_NAME, LONGEST_COMPANY = 9, 16
"""Characters of a name, suffix included: what is longer is a sentence that ends like one."""


class Shared(NamedTuple):
    """As they stand in the letters, folded; the most telling first."""

    places: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()

    @property
    def telling(self) -> bool:
        """Whether it is a place or a matter: two characters alone stand side by side in any letters by chance, as in 人家地下室."""
        return bool(self.places) or any(len(passage) > SHORTEST for passage in self.passages)


def shared(mine: str, other: str, weight: Mapping[str, float]) -> Shared:
    """What two texts share. `weight` of bigrams as `db/rarity.py` gives it; those it does not hold tell nothing."""
    found: dict[str, float] = {}
    places: dict[str, float] = {}
    for passage in _common(runs(mine), "\n".join(runs(other))):
        names = [name for name in _names(passage) if _most(name, weight) >= TELLING]
        places |= {name: _worth(name, weight) for name in names}
        rest = _trimmed(passage)
        for name in names:
            rest = _trimmed(rest.replace(name, "", 1)) if rest.startswith(name) or rest.endswith(name) else rest
        if len(rest) > 1 and _most(rest, weight) >= TELLING:
            found[rest] = _worth(rest, weight)
    named = _best(places, MOST_PLACES)
    told = _best({p: w for p, w in found.items() if not any(p in n or n in p for n in named)}, MOST_PASSAGES)
    return Shared(tuple(named), tuple(_cut(p) for p in told))


def _names(passage: str) -> list[str]:
    """What looks like the name of a place, a line or a company in a passage that two letters share."""
    names: list[str] = []
    for suffix in _SUFFIX.finditer(passage):
        head = passage[: suffix.end()]
        name = head[max((i + 1 for i, char in enumerate(head) if char in EMPTY), default=0) :]
        name = _BEFORE.sub("", name)  # 区: of a longer name that the two letters do not share
        longest = LONGEST_COMPANY if suffix[0] in ("公司", "集团") else LONGEST_NAME
        if SHORTEST_PLACE <= len(name) <= longest and not _GENERIC.fullmatch(name):
            names = [*(n for n in names if n not in name), name]
    return names


def _common(mine: Sequence[str], other: str) -> set[str]:
    """The longest passages of two characters and more that stand in the other text too, left to right."""
    found = set()
    for run in mine:
        at = 0
        while at < len(run) - 1:
            end = at + 2
            if run[at:end] not in other:
                at += 1
                continue
            while end < len(run) and run[at : end + 1] in other:
                end += 1
            found.add(run[at:end])
            at = end - 1 if end - at > 2 else at + 1
    return found


def _trimmed(text: str) -> str:
    while text and text[0] in EMPTY:
        text = text[1:]
    while text and text[-1] in EMPTY:
        text = text[:-1]
    return text


def _weights(text: str, weight: Mapping[str, float]) -> list[float]:
    return [weight.get(text[i : i + 2], 0.0) for i in range(len(text) - 1)]


def _most(text: str, weight: Mapping[str, float]) -> float:
    return max(_weights(text, weight), default=0.0)


def _worth(text: str, weight: Mapping[str, float]) -> float:
    return sum(_weights(text, weight))


def _best(found: Mapping[str, float], most: int) -> list[str]:
    """The weightiest, none of which is part of another."""
    chosen: list[str] = []
    for text in sorted(found, key=lambda t: (-found[t], t)):
        if not any(text in other or other in text for other in chosen):
            chosen.append(text)
        if len(chosen) == most:
            break
    return chosen


def _cut(passage: str) -> str:
    return passage if len(passage) <= LONGEST_PASSAGE else passage[: LONGEST_PASSAGE - 1] + "…"
