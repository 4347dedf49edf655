"""The demo's letters: sentences of our own from `letters/*.toml`, dealt like a deck so that none comes back before all were used."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from db import places
from db.clock import day_of
from db.demo.plan import Plan
from db.model import Ms
from db.people import Sender

FOLDER = Path(__file__).with_name("letters")
TOPICS = (
    *("unlicensed", "water_power", "hazards", "land"),
    *("parking", "parking_fees", "fire_lanes"),
    *("roads", "gyms", "facilities"),
    *("rivers", "streets", "square_dance"),
    *("lifts", "young_homes", "house_quality"),
    *("school_places", "after_school", "medical_elsewhere", "social_insurance"),
)
"""Files, one a topic."""

PRESSING = frozenset({"reply", "overdue", "inbox"})
"""What may become of a letter that cannot wait, if nothing else happens on its way."""

KINDS = {"c": "complaint", "h": "help", "i": "inquiry", "s": "suggestion", "p": "praise"}
ONLY_IF_WANTED = "sp"
"""Kinds that are counted apart: a plan without a kind gets any other."""


@cache
def read(name: str) -> dict[str, Any]:
    """One of the files."""
    return tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter still to be filled in: its `{slots}` are listed in docs/demo.md."""

    kinds: str
    title: str
    body: str
    reply: str
    measure: str = ""
    group: str = ""
    urgency: str = "normal"
    confidential: bool = False


class Deck:
    """Deals letters by topic and sort: a measure's, a group's, of one kind, or of any that is no suggestion and no praise.

    None is dealt a second time while one that fits was not dealt at all.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._dealt: Counter[Letter] = Counter()
        self._letters = {
            topic: [_letter(e) for e in entries] for name in TOPICS for topic, entries in read(name).items()
        }

    def deal(self, plan: Plan) -> Letter:
        """A letter that fits the plan; sets the plan's kind where it has none, its urgency and whether it is confidential."""
        sort = plan.group or (plan.outcome[0] if plan.outcome else "") or plan.kind
        calm = bool(plan.twist) or plan.goes not in PRESSING
        fitting = [x for x in self._letters[plan.topic] if _fits(x, sort) and not (calm and x.urgency != "normal")]
        least = min(self._dealt[x] for x in fitting)
        fresh = [x for x in fitting if self._dealt[x] == least]
        letter = fresh[0] if plan.group else self._rng.choice(fresh)  # letters of a group are told in their order
        self._dealt[letter] += 1
        plan.kind = plan.kind or KINDS[self._rng.choice(letter.kinds)]
        plan.urgency = letter.urgency
        plan.confidential = letter.confidential
        return letter


def _letter(entry: dict[str, Any]) -> Letter:
    return Letter(
        kinds=entry["k"],
        title=entry["t"],
        body=entry["b"],
        reply=entry["r"],
        measure=entry.get("m", ""),
        group=entry.get("g", ""),
        urgency=entry.get("u", "normal"),
        confidential=entry.get("confidential", False),
    )


def _fits(letter: Letter, sort: str) -> bool:
    if letter.group or letter.measure:
        return bool(sort) and sort in (letter.group, letter.measure)
    if sort:
        return sort in (KINDS[k] for k in letter.kinds)
    return not set(letter.kinds) & set(ONLY_IF_WANTED)


_GREETED = re.compile(r"(您好|谢谢您的来信)[，。！]")


class Words:
    """The words of one letter's history: every sentence filled with the same places and numbers."""

    def __init__(self, plan: Plan, letter: Letter, at: Ms, rng: Random, person: Sender) -> None:
        self._rng = rng
        self._common = read("common")
        self.letter = letter
        self.kind = plan.kind
        self.topic = plan.topic
        name = places.load().name(plan.district)
        towns = places.load().townships(plan.district, day_of(at))
        self.slots = {
            "d": name,
            "p": rng.choice(towns).name if towns else name,
            "e": rng.choice(self._common["estates"]),
            "r": rng.choice(self._common["roads"]),
            "school": rng.choice(self._common["schools"]),
            "since": rng.choice(self._common["since"][plan.month]),
            "b": rng.randint(1, 18),
            "u": rng.randint(1, 4),
            "f": rng.randint(3, 9),
            "n": rng.randint(2, 9),
            "m": rng.randint(11, 48),
            "count": plan.outcome[1] if plan.outcome else 0,
            "phone": person.phone,
        }
        self.slots |= plan.places
        self.title = self.fill(letter.title)
        self.place = f"{name}{self.slots['p']}" if self.slots["p"] != name else name

    def fill(self, sentence: str, **more: Any) -> str:
        return sentence.format(**self.slots, **more)

    def body(self, heard: set[str]) -> str:
        """The letter with a beginning and an end of its own, in words that nobody used before; adds it to `heard`."""
        openings, closings = self._ways("opening"), self._ways("closing")
        if self.letter.body.startswith("我"):  # who says twice in a row who he is
            openings = [x for x in openings if not x.startswith(("我", "本人"))]
        while True:
            opening, closing = self._rng.choice(openings), self._rng.choice(closings)
            body = self.fill(opening + self.letter.body + closing)
            if body not in heard:
                heard.add(body)
                return body

    def _ways(self, part: str) -> list[str]:
        """The openings or closings that suit the letter's kind, words and topic."""
        ways: list[str] = list(self._common[part][self.kind])
        for more in self._common[f"{part}_where"]:
            if more.get("word", "") in self.letter.body and self.topic not in more.get("not_on", ()):
                ways += more.get(self.kind, [])
        return ways

    def reply(self) -> str:
        """What the unit writes."""
        return self.fill(self.letter.reply)

    def say(self, name: str, **more: Any) -> str:
        """One of the desk's sentences of that name."""
        said = self._common["desk"][name]
        chosen = said if isinstance(said, str) else self._rng.choice(said)
        if "reply" in more and _GREETED.match(chosen):  # nobody greets twice in one letter
            more["reply"] = _GREETED.sub("", str(more["reply"]), count=1)
        return self.fill(chosen, **more)

    def maybe(self, name: str, share: float) -> str:
        """The same, or nothing in the other cases."""
        return self.say(name) if self._rng.random() < share else ""
