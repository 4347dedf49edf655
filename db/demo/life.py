"""Each plan lived through: when the letter came and from whom, what the desk did with it, how it went on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

from db import deadlines
from db.clock import day_of, from_iso, local, midnight
from db.demo import cast, desk_work, told
from db.demo.plan import MORNING, STORIES, Plan
from db.demo.plan_october import october
from db.demo.plan_september import september
from db.demo.story import CALENDAR, HOUR, MINUTE, Story
from db.demo.texts import Deck, Letter, Words
from db.ids import letter_id
from db.model import Case, CaseId, Event, Ms, Urgency
from db.people import Sender

SEED = 20241101
MONTHS = {"s": 9, "o": 10, "n": 11}
DAYS = {"s": (1, 20), "o": (1, 23), "n": (1, 1)}
WINDOWS = {  # what became of it → first and last day of its month on which it came
    "carried": (24, 26),
    "unchecked": (15, 24),
    "accepted": (30, 31),
    "asked": (29, 30),
    "returned": (29, 29),
    "unsigned": (28, 29),
    "lapsed": (14, 21),
    "wait": (22, 29),
    "overdue": (8, 14),
    "withdrawn": (18, 26),
    "direct": (8, 24),
    "merged": (10, 11),
}
LONG_WAY = (1, 11)
"""When those came that had a long way to go, and those several people wrote about (the first of them on the 9th)."""

AGAIN = 16
"""Every so many letters, one is by somebody who wrote before."""


@dataclass(slots=True)
class Entry:
    """A plan on its way to become a letter."""

    plan: Plan
    letter: Letter
    at: Ms
    story: Story
    words: Words | None = None
    before: Entry | None = None  # an earlier letter of the same sender


def plans(rng: Random) -> Iterator[Plan]:
    """All letters in no particular order; the same for the same generator state. Followers hang on their masters."""
    yield from STORIES
    yield from october(rng)
    yield from (Plan("n", topic, code, "inbox", group=group) for topic, code, group in MORNING)
    yield from september(rng)


@cache
def lives() -> tuple[tuple[Event, ...], tuple[Sender, ...]]:
    """All events by time, and the senders; the same each time."""
    world: dict[CaseId, Case] = {}
    entries = _entries(world)
    people = _receive(entries)
    stories = {id(e.plan): e.story for e in entries}
    for e in entries:
        assert e.words is not None
        before = e.before.story.id if e.before else None
        desk_work.live(e.story, e.plan, e.words, [stories[id(f)] for f in e.plan.followers], before)
    events = sorted((event for e in entries for event in e.story.events), key=lambda event: event.at)
    return tuple(events), tuple(people)


def _entries(world: dict[CaseId, Case]) -> list[Entry]:
    """Every letter with its text and its moment, in the order in which they came."""
    rng, deck = Random(SEED), Deck(Random(SEED + 1))
    entries: list[Entry] = []
    for n, p in enumerate(_all(plans(rng))):
        letter = told.letter(p) if p.story else deck.deal(p)
        own = Random(SEED * 1000 + n)
        entries.append(Entry(p, letter, _came(p, own, n), Story(world, own, own.choice(cast.EDITORS))))
    return sorted(entries, key=lambda e: e.at)


def _all(made: Iterable[Plan]) -> Iterable[Plan]:
    for p in made:
        yield p
        yield from p.followers


def _came(p: Plan, rng: Random, n: int) -> Ms:
    """When the letter came: early enough for what its plan says became of it."""
    if p.story:
        return from_iso(told.RECEIVED[p.story])
    if p.urgency == Urgency.CRITICAL:
        return from_iso("2024-11-01T08:52")
    first, last = _window(p, n)
    day = midnight(date(2024, MONTHS[p.month], rng.randint(first, last)))
    if p.month == "n":
        return day + rng.randrange(20, 510) * MINUTE
    hours = (8, 16) if p.urgency != Urgency.NORMAL else (7, 22)
    return day + rng.randint(*hours) * HOUR + rng.randrange(60) * MINUTE


def _window(p: Plan, n: int) -> tuple[int, int]:
    if p.goes == "inbox" and p.month == "o":
        return (30, 30) if n % 3 == 0 else (31, 31)
    if p.followers:
        return (9, 9)
    if p.outcome:
        return (1, 6) if p.resolved else (8, 16)
    if p.goes == "wait" and p.kind in ("complaint", "inquiry"):
        return (29, 29) if p.kind == "inquiry" else (14, 29)
    if p.goes in WINDOWS:
        return WINDOWS[p.goes]
    return LONG_WAY if p.twist else DAYS[p.month]


# ── the letter itself ────────────────────────────────────────────────────────────────────────────────────────────────


def _receive(entries: list[Entry]) -> list[Sender]:
    """Every letter gets a sender, its words and a code; returns the senders."""
    people: list[Sender] = []
    of: dict[int, Sender] = {}
    numbers: dict[str, int] = {}
    heard: set[str] = set()
    for n, e in enumerate(entries):
        e.before = _earlier(entries[:n], e) if n % AGAIN == AGAIN - 1 else None
        person = of[id(e.before)] if e.before else cast.sender(f"demo-{n:04d}", e.story.rng)
        of[id(e)] = person
        if e.before is None:
            people.append(person)
        e.words = Words(e.plan, e.letter, e.at, e.story.rng, person)
        _begin(e, person, numbers, n, heard)
    return people


def _earlier(entries: list[Entry], e: Entry) -> Entry | None:
    """The last letter from the same district, if it was not one of those with a story or a company."""
    found = (x for x in reversed(entries) if x.plan.district == e.plan.district)
    return next((x for x in found if not x.plan.story and not x.plan.group), None)


def _begin(e: Entry, person: Sender, numbers: dict[str, int], n: int, heard: set[str]) -> None:
    s, p, w = e.story, e.plan, e.words
    assert w is not None
    channel = _channel(e)
    by_hand = channel in cast.BY_HAND
    s.now = e.at + (s.rng.randrange(4, 40) * MINUTE if by_hand else 0)
    device = cast.DEVICES[s.editor] if by_hand else "00"
    stem = f"{day_of(e.at):%Y%m%d}-{device}"
    numbers[stem] = numbers.get(stem, 0) + 1
    number = f"{local(e.at):%y%m%d}{n:04d}"
    facts: dict[str, Any] = {
        "code": f"RMLX-{stem}-{numbers[stem]:04d}",
        "channel": channel,
        "number": number,
        "source": "manual" if by_hand else "channel",
        "received_at": e.at,
        "rules": 1,
        "sender": person.id,
    }
    facts |= _given(p, s.rng, whole=by_hand or (p.goes == "inbox" and p.month == "o"))
    words = {"title": w.title, "body": w.body(heard), "place": w.place}
    if p.story:
        words = told.words_of(p)
    elif p.month == "n" and s.rng.random() < 0.5:
        del words["place"]
    s.receive(letter_id(channel, number), s.editor if by_hand else "backend", facts, words)


def _channel(e: Entry) -> str:
    """The telephone and the post are only open in office hours."""
    hour = local(e.at).hour
    attended = deadlines.is_working_day(day_of(e.at), CALENDAR) and 9 <= hour < 17
    ways = cast.DIGITAL | (cast.BY_HAND if attended and e.plan.month != "n" and not e.plan.story else {})
    return e.story.rng.choices(list(ways), list(ways.values()))[0]


def _given(p: Plan, rng: Random, *, whole: bool) -> dict[str, Any]:
    """What the app and its form asked the citizen, who may leave it out, or an editor who wrote the letter down filled in."""
    facts: dict[str, Any] = {}
    if whole or rng.random() < 0.5:
        facts |= {"kind": p.kind, "topic": p.topic}
    if whole or rng.random() < 0.4:
        facts["district"] = p.district
    if (whole or p.month == "n") and p.urgency != Urgency.NORMAL:
        facts["urgency"] = p.urgency
    if p.confidential:
        facts["confidential"] = True
    return facts
