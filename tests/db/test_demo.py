"""October as it was printed, computed from the demo's events alone; nothing else holds a figure."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest

from db import cases, demo, places, queries, topics
from db.clock import from_iso, local
from db.demo import texts
from db.model import Absorbed, Case, Event, Refusal, State
from db.newsroom import default_rulebook
from db.store import Store

ROOT = Path(__file__).parents[2]
OCTOBER: dict[str, Any] = tomllib.loads(
    Path(__file__).parents[1].joinpath("data/october.toml").read_text(encoding="utf-8")
)
SEPTEMBER_1, OCTOBER_1, NOVEMBER_1 = (from_iso(f"2024-{m:02d}-01T00:00") for m in (9, 10, 11))
HOUR = 3_600_000


def folded(events: Iterable[Event]) -> dict[str, Case]:
    """Every case after all its events, those that a merge touches included."""
    held: dict[str, Case] = {}
    for e in events:
        case = held.get(e.case or "")
        near = {i: held[i] for i in cases.touches(case, e) if i != e.case} if case else {}
        after = {}
        for other, was in ((e.case or "", case), *near.items()):
            around = {i: c for i, c in (near | ({case.id: case} if case else {})).items() if i != other}
            got = cases.fold(was, e, around, default_rulebook(), demo.DEMO_NOW)
            assert not isinstance(got, (Refusal, Absorbed)), (e, got)
            after[other] = got
        held |= after
    return held


def unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


class Month:
    """The figures of October, straightforwardly."""

    def __init__(self, events: Iterable[Event]) -> None:
        every = folded(events).values()
        self.letters = [c for c in every if OCTOBER_1 <= c.received_at < NOVEMBER_1]
        self.before = [c for c in every if SEPTEMBER_1 <= c.received_at < OCTOBER_1]
        self.replies = [
            (d, c)
            for c in every
            for d in c.dispatches
            if d.first_reply_at and OCTOBER_1 <= d.first_reply_at < NOVEMBER_1
        ]
        self.resolved = [c for c in every if c.state is State.RESOLVED and OCTOBER_1 <= (c.closed_at or 0) < NOVEMBER_1]
        self.all = list(every)

    @property
    def outcomes(self) -> Counter[tuple[str, str]]:
        total: Counter[tuple[str, str]] = Counter()
        for c in self.resolved:
            for o in c.outcomes:
                total[o.measure, o.unit] += o.count
        return total

    def by_district(self) -> list[tuple[str, int]]:
        return Counter(places.load().name(c.district) for c in self.letters if c.district).most_common()


def published(month: Month, as_: str) -> list[Case]:
    """What was published that way, in the order of publication."""
    of = {c.id: c for c in month.all}
    return [of[e.case or ""] for e in demo.events() if e.kind == "published" and e.facts["as"] == as_]


def local_day(at: int) -> str:
    return local(at).date().isoformat()


def ranked(letters: Iterable[Case]) -> list[tuple[str, int]]:
    """Fields by their letters, most first."""
    return Counter(str(topics.field_of(c.topic or "")) for c in letters).most_common()


def strictly(counts: list[tuple[str, int]], n: int) -> bool:
    return all(a[1] > b[1] for a, b in pairwise(counts[: n + 1]))


@pytest.fixture(scope="module")
def month() -> Month:
    return Month(demo.events())


def test_the_letters_are_167_of_which_51_are_suggestions(month: Month) -> None:
    counts = OCTOBER["counts"]
    suggestions = [c for c in month.letters if c.kind == "suggestion"]
    assert (len(month.letters), len(suggestions)) == (counts["total"], counts["suggestions"])
    assert len(month.letters) - len(suggestions) == counts["letters"]


def test_fields_stand_in_the_printed_order_with_the_printed_moves(month: Month) -> None:
    now, then = ranked(month.letters), ranked(month.before)
    top = [field for field, _n in now[:5]]
    earlier = [field for field, _n in then]
    assert top == OCTOBER["fields"]["top"]
    assert strictly(now, 5)
    assert strictly(then, 5)
    assert [f for f in top if f not in earlier[:5]] == OCTOBER["fields"]["new_in_top"]
    assert [f for f in top if f in earlier[:5] and earlier.index(f) > top.index(f)] == OCTOBER["fields"]["up_one_place"]
    assert earlier.index("交通") - top.index("交通") == 1


def test_exactly_two_topics_rise_the_one_that_rose_more_first(month: Month) -> None:
    now, then = (Counter(str(c.topic) for c in letters) for letters in (month.letters, month.before))
    rose = (now - then).most_common()
    assert [topic for topic, _more in rose] == OCTOBER["fields"]["topics_rising"]
    assert strictly(rose, 2)


def test_districts_stand_as_printed(month: Month) -> None:
    printed = OCTOBER["districts"]
    most = month.by_district()
    assert [name for name, _n in most[:3]] == printed["most_letters"]
    assert strictly(most, 3)


@pytest.mark.parametrize("sent_from", [0, OCTOBER_1])
def test_most_replies_stand_as_printed_whichever_way_they_are_counted(month: Month, sent_from: int) -> None:
    """Replies made in October; and, the base of the reply rate, only those to what was sent in October."""
    replies = Counter(d.district_name for d, _c in month.replies if d.sent_at >= sent_from).most_common()
    assert [name for name, _n in replies[:3]] == OCTOBER["districts"]["most_replies"]
    assert strictly(replies, 3)


def test_the_districts_that_replied_stand_in_the_printed_order(month: Month) -> None:
    """In the order of their first reply of the month."""
    divisions = places.load()
    codes = [
        division.code
        for name in OCTOBER["districts"]["replied"]
        for division in divisions.named(name)
        if not division.valid_from or division.valid_from.year < 2025
    ]
    in_order = sorted(month.replies, key=lambda r: r[0].first_reply_at or 0)
    assert unique(d.district for d, _c in in_order) == codes
    assert len(codes) == OCTOBER["counts"]["districts_replied"]


def test_the_fastest_reply_took_33_hours_and_no_other_less(month: Month) -> None:
    fastest = OCTOBER["districts"]["fastest_reply"]
    times = sorted(((d.first_reply_at or 0) - d.sent_at, d.district_name, c.topic) for d, c in month.replies)
    assert times[0] == (fastest["hours"] * HOUR, fastest["district"], fastest["topic"])
    assert times[1][0] > times[0][0]


def test_outcomes_sum_to_what_was_printed(month: Month) -> None:
    assert month.outcomes == {(o["measure"], o["unit"]): o["count"] for o in OCTOBER["outcomes"]}


def test_outcomes_stand_in_the_printed_order(month: Month) -> None:
    """In the order in which a letter first brought them."""
    closed = sorted(month.resolved, key=lambda c: c.closed_at or 0)
    assert unique(o.measure for c in closed for o in c.outcomes) == [o["measure"] for o in OCTOBER["outcomes"]]


def test_the_told_cases_are_the_printed_ones_on_their_printed_days(month: Month) -> None:
    for case, printed in zip(published(month, "told"), OCTOBER["told"], strict=True):
        lead = case.lead_dispatch
        assert lead
        assert lead.district_name == printed["district"]
        assert case.topic == printed.get("topic", case.topic)
        assert case.kind == printed.get("kind", case.kind)
        assert lead.unit == printed.get("unit", lead.unit)
        assert local_day(case.received_at) == printed.get("received", local_day(case.received_at))
        assert local_day(lead.sent_at) == printed.get("acted", local_day(lead.sent_at))


def test_of_the_told_cases_one_waited_43_households_and_one_33_hours(month: Month) -> None:
    lift, _minibus, power, _dormitory = published(month, "told")
    assert [(o.measure, o.count) for o in lift.outcomes] == [("加装电梯协议", 43)]
    assert lift.rating
    assert lift.rating.thanks
    assert local_day(lift.rating.at) == "2024-11-01"
    lead = power.lead_dispatch
    assert lead
    assert (lead.first_reply_at or 0) - lead.sent_at == 33 * HOUR


def test_the_ratings_with_words_stand_as_printed(month: Month) -> None:
    rated = [
        (e.at, d.district_name, d.unit, c.topic, e.facts["score"])
        for e in demo.events()
        if e.kind == "rated" and e.facts.get("score") == 5 and e.words.get("text") and e.at >= OCTOBER_1
        for c in month.all
        if c.id == e.case
        for d in c.dispatches
    ]
    printed = [(r["district"], r["unit"], r["about"], r["rating"]) for r in OCTOBER["rated"]]
    assert [tuple(r[1:]) for r in sorted(rated)] == printed


def test_the_system_resolves_what_stayed_unrated_for_fourteen_days(month: Month) -> None:
    by_system = [e for e in demo.events() if e.kind == "resolved" and e.actor == "system"]
    answered = {c.id: c.answer_at or 0 for c in month.all}
    assert by_system
    assert all(e.facts["unrated"] and e.at == answered[e.case or ""] + 14 * 24 * HOUR for e in by_system)
    waiting = [c for c in month.all if c.state is State.ANSWERED and c.rating is None]
    assert waiting
    assert all(demo.DEMO_NOW - (c.answer_at or 0) <= 14 * 24 * HOUR for c in waiting)


def test_the_demo_knows_what_happens_to_letters() -> None:
    """Whatever a person at the desk may meet has happened to some letter."""
    rare = "merged extended extension_refused redone told asked recalled returned upheld tracked reopened corrected"
    kinds = {e.kind for e in demo.events()}
    assert set(rare.split()) <= kinds


def test_no_two_letters_have_the_same_words() -> None:
    """Nor the same sentences about different places: each text of ours is one letter's."""
    bodies = [e.words["body"] for e in demo.events() if e.kind == "received"]
    assert len(set(bodies)) == len(bodies)
    for name in texts.TOPICS:
        for entry in chain.from_iterable(texts.read(name).values()):
            longest = max(re.split(r"\{\w+\}", entry["b"]), key=len)
            assert sum(longest in body for body in bodies) <= 1, longest


def test_nobody_is_greeted_twice_in_one_answer() -> None:
    answers = [e for e in demo.events() if e.kind in ("answered", "answered_directly")]
    assert answers
    assert [t for e in answers for t in e.words.values() if t.count("您好") + t.count("谢谢您的来信") > 1] == []


def test_every_start_makes_the_same_events() -> None:
    """In processes whose hashes differ, down to the last word and id."""
    code = "import hashlib; from db import demo; print(hashlib.sha256(repr(demo.events()).encode()).hexdigest())"
    made = [
        subprocess.Popen([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, cwd=ROOT)
        for seed in ("1", "2")
    ]
    here = hashlib.sha256(repr(demo.events()).encode()).hexdigest()
    assert {p.communicate()[0].decode().strip() for p in made} == {here}


def test_the_three_open_questions_are_the_printed_ones_and_still_open(month: Month) -> None:
    asked = published(month, "open_question")
    assert [(c.lead_dispatch.district_name, c.place) for c in asked if c.lead_dispatch] == [
        (q["district"], q["place"]) for q in OCTOBER["open_questions"]
    ]
    assert {c.state for c in asked} <= {State.FORWARDED, State.IN_PROGRESS}


def test_without_one_case_the_figures_move(month: Month) -> None:
    """Nothing is kept outside the events: with a case's events go its letter, its households, its hours."""
    lift, _minibus, power, _dormitory = published(month, "told")
    less = Month(e for e in demo.events() if e.case not in {lift.id, power.id})
    assert len(less.letters) == len(month.letters) - 2
    assert less.outcomes["加装电梯协议", "户"] == 1339 - 43
    assert less.outcomes["电表安装和电费缴纳", "户"] == 390 - 210
    assert min((d.first_reply_at or 0) - d.sent_at for d, _c in less.replies) > 33 * HOUR


def test_the_morning_of_the_first_of_november_has_work_in_every_queue(demo_read: Store) -> None:
    counts = queries.counts(demo_read, demo.DEMO_NOW)
    assert all(counts[n] for n in range(1, 9))
    assert 15 <= counts[1] <= 20


def test_loading_twice_changes_nothing(demo_store: Store) -> None:
    store = demo_store
    (letters,) = store.rows("SELECT count(*) FROM cases")[0]
    once = store.rows("SELECT count(*), count(case_n) FROM event")
    assert demo.prepare(store) == letters
    assert store.rows("SELECT count(*), count(case_n) FROM event") == once
    assert once[0][1] == len(demo.events())


def test_nobody_in_the_demo_has_a_real_number() -> None:
    assert all(s.phone.startswith("138-0000-") for s in demo.senders())
