"""October as it was printed, computed from the demo's events alone; nothing else holds a figure."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from db import cases, demo, places, queries, topics
from db.clock import from_iso, local
from db.model import Absorbed, Case, Event, Refusal, State
from db.newsroom import default_rulebook
from db.store import Store

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


def test_exactly_two_topics_rise(month: Month) -> None:
    now, then = (Counter(c.topic for c in letters) for letters in (month.letters, month.before))
    assert {t for t in now if now[t] > then[t]} == set(OCTOBER["fields"]["topics_rising"])


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


@pytest.mark.parametrize(("as_", "printed"), [("told", "told"), ("open_question", "open_questions")])
def test_what_was_published_stands_in_the_printed_order(month: Month, as_: str, printed: str) -> None:
    lead = {c.id: c.lead_dispatch.district_name for c in month.all if c.lead_dispatch}
    published = [lead[e.case or ""] for e in demo.events() if e.kind == "published" and e.facts["as"] == as_]
    assert published == [p["district"] for p in OCTOBER[printed]]


def test_outcomes_stand_in_the_printed_order(month: Month) -> None:
    """In the order in which a letter first brought them."""
    closed = sorted(month.resolved, key=lambda c: c.closed_at or 0)
    assert unique(o.measure for c in closed for o in c.outcomes) == [o["measure"] for o in OCTOBER["outcomes"]]


def test_the_told_cases_are_published_as_told(month: Month) -> None:
    told = {d.district_name for c in month.all for p in c.publications if p.as_ == "told" for d in c.dispatches}
    assert told == {t["district"] for t in OCTOBER["told"]}
    (lift,) = [c for c in month.all if c.topic == "电梯安装" and c.publications]
    printed = OCTOBER["told"][0]
    acted = [e for e in demo.events() if e.case == lift.id and e.kind in ("forwarded", "replied")]
    assert local(lift.received_at).date().isoformat() == printed["received"]
    assert printed["acted"] in {local(e.when or e.at).date().isoformat() for e in acted}
    assert lift.rating is not None
    assert lift.rating.thanks


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


def test_nothing_stays_unrated_for_more_than_fourteen_days(month: Month) -> None:
    waiting = [c for c in month.all if c.state is State.ANSWERED and c.rating is None]
    assert waiting
    assert all(demo.DEMO_NOW - (c.answer_at or 0) <= 14 * 24 * HOUR for c in waiting)


def test_the_demo_knows_what_happens_to_letters() -> None:
    """Whatever a person at the desk may meet has happened to some letter."""
    rare = "merged extended extension_refused redone told asked recalled returned upheld tracked reopened corrected"
    kinds = {e.kind for e in demo.events()}
    assert set(rare.split()) <= kinds


def test_no_two_letters_have_the_same_words() -> None:
    bodies = Counter(e.words["body"] for e in demo.events() if e.kind == "received")
    assert bodies.most_common(1)[0][1] == 1


def test_three_questions_are_open(month: Month) -> None:
    asked = [c for c in month.all if any(p.as_ == "open_question" for p in c.publications)]
    assert {d.district_name for c in asked for d in c.dispatches} == {q["district"] for q in OCTOBER["open_questions"]}
    assert {c.state for c in asked} <= {State.FORWARDED, State.IN_PROGRESS}


def test_without_one_case_the_figures_move(month: Month) -> None:
    lift = next(c for c in month.all if c.topic == "电梯安装" and c.publications)
    less = Month(e for e in demo.events() if e.case != lift.id)
    assert len(less.letters) == len(month.letters) - 1
    assert less.outcomes["加装电梯协议", "户"] == 1339 - 43


def test_the_morning_of_the_first_of_november_has_work_in_every_queue(store: Store) -> None:
    demo.prepare(store)
    counts = queries.counts(store, demo.DEMO_NOW)
    assert all(counts[n] for n in range(1, 9))
    assert 15 <= counts[1] <= 20


def test_loading_twice_changes_nothing(store: Store) -> None:
    assert demo.prepare(store) == demo.prepare(store)
    assert store.rows("SELECT COUNT(*) FROM event")[0][0] == len(demo.events())


def test_nobody_in_the_demo_has_a_real_number() -> None:
    assert all(s.phone.startswith("138-0000-") for s in demo.senders())
