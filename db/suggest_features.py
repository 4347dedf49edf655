"""What of a letter speaks for a topic, a kind, a district: pure functions of the words as they came in.

Learning and suggesting read the same features. Whoever changes one raises `db.learning.VERSION`: what was learned is
then learned anew from the letters, in quiet moments.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping

from db.grams import EMPTY, counted, runs
from db.search_fold import fold
from db.suggest_cues import SAID, words
from db.suggest_thanks import asks, without

TITLE = 3
"""How often a title counts."""

END = 90
"""Characters at the end of a body that say what its writer wants; a beginning is mostly form."""

SAID_WEIGHT = 6.0
"""Weight of a whole phrase of a kind: “请问” says more than any bigram."""


def topic_features(title: str, body: str) -> Counter[str]:
    """Bigrams of the whole letter."""
    found = counted(body)
    for gram, times in counted(title).items():
        found[gram] += TITLE * times
    return found


def kind_features(title: str, body: str) -> Counter[str]:
    """Bigrams of the title and the end; and each phrase of a kind that stands anywhere. Polite thanks are left out."""
    title, body = without(title), without(body)
    found = counted(body[-END:])
    for gram, times in counted(title).items():
        found[gram] += TITLE * times
    heads, whole = fold(title), fold(f"{title}\n{body}")
    wants = asks(body)
    for kind, phrases in words("kind").items():
        said = heads if wants and kind == "praise" else whole
        for phrase in phrases:
            if phrase in said:
                found[SAID + phrase] += TITLE if phrase in heads else 1
    return found


FEATURES = {"topic": topic_features, "kind": kind_features}


def weights(features: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """What each feature weighs: how often it stands there, and how telling it is in this store."""
    return {
        gram: (1 + math.log(times)) * (SAID_WEIGHT if gram.startswith(SAID) else rarity.get(gram, 0.0))
        for gram, times in features.items()
    }


_ESTATE = re.compile(
    r"小区|家园|花园|花苑|新苑|佳苑|雅苑|公馆|公寓|家属院|安置房|还建房|广场|大厦|农贸市场|市场|小学|中学|幼儿园|医院|工业园|[苑园居府城湾郡庭里院](?![^\W])"
)
_OFFICE = re.compile(r".*(?:街道|社区|[区县镇乡村市路街巷号栋])")
_COMMON = re.compile(
    r"(?:老旧|居民|住宅|安置|商品房|附近|周边|整个|旁边|门口|封闭|同一|每个|各个|这个|那个|人民|中心|实验|第[一二三四五六七八九十]+|\d+)"
)
LONGEST_NAME, SHORTEST_NAME = 8, 3


def place_names(text: str) -> set[str]:
    """Names of estates, schools, markets as they stand in a letter: what the desk's decisions tie to a district."""
    found = set()
    for run in runs(text):
        for suffix in _ESTATE.finditer(run):
            head = run[max(0, suffix.end() - LONGEST_NAME) : suffix.end()]
            stem = len(suffix[0])
            cut = max((i + 1 for i, char in enumerate(head[:-stem]) if char in EMPTY or char in "住家"), default=0)
            name = head[cut:]
            if office := _OFFICE.match(name[:-stem]):
                name = name[office.end() :]
            if len(name) >= max(SHORTEST_NAME, stem + 1) and not _COMMON.match(name):
                found.add(name)
    return found
