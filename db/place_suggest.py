"""Which district a letter is about, from the places it names: sure, ambiguous or unknown, never guessed.

Names of districts, streets, towns and townships valid on the day are found (the longest first), what stands around
them says what each is worth, and the worth decides: one district that everything firm points to is the answer; names
that several districts share need other evidence in the same letter; two districts are a question for the editor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from db.place_context import EVERYDAY, ORDINARY, Weight
from db.place_mentions import Mention, cities_elsewhere, mentions
from db.place_names import Name, Names, Sort, names_on
from db.search_fold import fold

if TYPE_CHECKING:
    from db.places import Divisions

HOME = "重庆"
"""Said in a letter, it makes every full name one of ours."""

LONG_SHORT = 3
"""Characters from which on the short name of a township is more than a coincidence; two of them agree."""


class Because(NamedTuple):
    """A piece of evidence."""

    found: str  # as it stands in the letter
    name: str  # full name of the division it names
    district: str  # code of the district that follows


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`district`: the code, where the letter says it surely. Else `candidates` (ambiguous), or neither (unknown)."""

    district: str | None = None
    because: tuple[Because, ...] = ()
    candidates: tuple[str, ...] = ()


def suggest(divisions: Divisions, text: str, day: date, hint: str | None = None) -> Suggestion:
    """See `Divisions.suggest`."""
    names = _names(divisions, divisions.epoch(day))
    if hint:
        stated = _decide(divisions, mentions(names, fold(hint)), at_home=True)
        if stated.district:
            return stated
        text = f"{hint}\n{text}"
    folded = fold(text)
    at_home = HOME in folded
    found = mentions(names, folded)
    if not at_home and any(city in folded for city in cities_elsewhere()):
        found = [mention for mention in found if mention.weight is not Weight.HOMONYM]
    return _decide(divisions, found, at_home=at_home)


@lru_cache(maxsize=4)
def _names(divisions: Divisions, day: date) -> Names:
    return names_on(divisions, day)


def _decide(divisions: Divisions, found: list[Mention], *, at_home: bool) -> Suggestion:
    """What the mentions of a letter come to."""
    firm = [mention for mention in found if mention.weight is Weight.FIRM]
    homonyms = [mention for mention in found if mention.weight is Weight.HOMONYM]
    if at_home or firm or any(not _weakly_named(found).isdisjoint(mention.name.codes) for mention in homonyms):
        firm = [mention for mention in found if mention.weight >= Weight.HOMONYM]
    if not firm:
        return _from_weak(found)
    named = _in_order(mention.name.codes[0] for mention in firm if len(mention.name.codes) == 1)
    shared = [set(mention.name.codes) for mention in firm if len(mention.name.codes) > 1]
    if not named:
        return _from_shared(found, firm)
    open_ones = [codes for codes in shared if codes.isdisjoint(named)]
    zones = _zones_within(divisions, found, named)
    if zones:
        return Suggestion(None, _because(found, [*named, *zones]), (*named, *zones))
    if len(named) == 1 and not open_ones:
        return Suggestion(named[0], _because(found, named))
    candidates = _in_order([*named, *(code for codes in open_ones for code in sorted(codes))])
    return Suggestion(None, _because(firm, candidates), tuple(candidates))


def _zones_within(divisions: Divisions, found: list[Mention], named: list[str]) -> list[str]:
    """Zones named beside the one district on whose ground they lie: 綦江区万盛 may be either's."""
    if len(named) != 1:
        return []
    beside = _in_order(code for code in _weakly_named(found) if code not in named)
    return [code for code in beside if (zone := divisions.get(code)) and zone.zone and named[0] in zone.parents]


def _from_shared(found: list[Mention], firm: list[Mention]) -> Suggestion:
    """Only names that several districts share: what they have in common, or what a district's short name says."""
    common = set.intersection(*(set(mention.name.codes) for mention in firm))
    distinct = len({mention.name.text for mention in firm})
    if len(common) == 1 and distinct > 1:
        return Suggestion(next(iter(common)), _because(found, list(common)))
    every = _in_order(code for mention in firm for code in mention.name.codes)
    hinted = [code for code in every if code in (common or every) and code in _weakly_named(found)]
    if len(hinted) == 1:
        return Suggestion(hinted[0], _because(found, hinted))
    candidates = [code for code in every if code in common] or every
    return Suggestion(None, _because(firm, candidates), tuple(candidates))


def _weakly_named(found: list[Mention]) -> set[str]:
    """Districts whose own name stands in the letter, if only in passing."""
    return {
        code
        for mention in found
        if mention.name.sort in (Sort.DISTRICT, Sort.DISTRICT_SHORT)
        for code in mention.name.codes
    }


def _from_weak(found: list[Mention]) -> Suggestion:
    """Nothing firm: two weak pieces that agree, and nothing that disagrees, are enough."""
    telling = [mention for mention in found if _telling(mention)]
    candidates = _in_order(code for mention in telling for code in mention.name.codes)
    named = _weakly_named(found)
    agreeing = [code for code in candidates if _agree(found, telling, code, named)]
    if len(agreeing) == 1 and len(candidates) == 1:
        return Suggestion(agreeing[0], _because(found, agreeing))
    return Suggestion(None, _because(telling, candidates), tuple(candidates))


def _telling(mention: Mention) -> bool:
    """Worth a question to the editor: a district's short name, a full name of which there are many, a long short one."""
    name = mention.name
    if name.sort in (Sort.TOWNSHIP_SHORT, Sort.RENAMED):
        return name.sort is Sort.TOWNSHIP_SHORT and _distinctive(name)
    return name.text not in EVERYDAY or mention.weight is not Weight.WEAK


def _distinctive(name: Name) -> bool:
    return len(name.text) >= LONG_SHORT and len(name.codes) == 1 and name.text not in ORDINARY and not name.elsewhere


def _agree(found: list[Mention], telling: list[Mention], code: str, named: set[str]) -> bool:
    """A district's short name and one of its townships, or two of its townships."""
    places = {m.name.division for m in (found if code in named else telling) if code in m.name.codes}
    return len(places) > 1


def _because(found: list[Mention], codes: list[str]) -> tuple[Because, ...]:
    """The mentions that lead to these districts, each once."""
    return tuple(
        dict.fromkeys(
            Because(mention.name.text, mention.name.division, code)
            for mention in found
            for code in mention.name.codes
            if code in codes
        )
    )


def _in_order(codes: Iterable[str]) -> list[str]:
    """Each once, the most often named first, else as they come."""
    counted = Counter(codes)
    return [code for code, _times in counted.most_common()]
