"""October as it was printed, from the demo's letters in a store; nothing else holds a figure."""

from __future__ import annotations

import tomllib
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

import pytest

from db import commands, demo, figures, places
from db.clock import from_iso, local
from db.store import Store

OCTOBER: dict[str, Any] = tomllib.loads(
    Path(__file__).parents[1].joinpath("data/october.toml").read_text(encoding="utf-8")
)
PERIOD = figures.parse("2024-10")


@pytest.fixture(scope="module")
def told(demo_read: Store) -> Store:
    return demo_read


@pytest.fixture(scope="module")
def october(told: Store) -> figures.Figures:
    return figures.read(told, PERIOD, now=demo.DEMO_NOW)


def code(name: str) -> str:
    """The district of that name in 2024."""
    return next(d.code for d in places.load().named(name) if d.valid_on(PERIOD.first))


def test_counts(october: figures.Figures) -> None:
    counts = OCTOBER["counts"]
    x = october.letters
    assert (x.letters.value, x.suggestions.value, x.total.value) == (
        counts["letters"],
        counts["suggestions"],
        counts["total"],
    )
    assert len(october.replied) == counts["districts_replied"]


def test_fields_their_moves_and_the_newcomers(october: figures.Figures) -> None:
    printed = OCTOBER["fields"]
    first = october.letters.fields[:5]
    assert [line.key for line in first] == printed["top"]
    assert [line.key for line in first if line.move == 1 and line.key not in printed["new_in_top"]] == printed[
        "up_one_place"
    ]
    assert list(october.letters.newcomers) == printed["new_in_top"]
    assert [line.key for line in october.letters.rising] == printed["topics_rising"]


def test_districts(october: figures.Figures) -> None:
    printed = OCTOBER["districts"]
    assert [line.key for line in october.letters.districts[:3]] == [code(n) for n in printed["most_letters"]]
    assert [line.key for line in october.most_replies[:3]] == [code(n) for n in printed["most_replies"]]
    assert list(october.replied) == [code(n) for n in printed["replied"]]
    fastest = october.fastest
    assert fastest
    assert fastest.head
    assert (fastest.name, fastest.hours, fastest.head.topic) == tuple(
        printed["fastest_reply"][k] for k in ("district", "hours", "topic")
    )


def test_outcomes(october: figures.Figures) -> None:
    assert [(o.measure, o.figure.value, o.unit) for o in october.outcomes] == [
        (o["measure"], o["count"], o["unit"]) for o in OCTOBER["outcomes"]
    ]


def test_told_cases_open_questions_and_ratings(october: figures.Figures) -> None:
    def districts(said: Any) -> list[str]:
        return [october.heads[s.n].name for s in said]

    assert districts(october.told) == [t["district"] for t in OCTOBER["told"]]
    assert districts(october.questions) == [q["district"] for q in OCTOBER["open_questions"]]
    five = [(october.heads[s.n], s) for s in october.words if s.score == 5]
    assert [(h.name, h.unit, h.topic, s.score) for h, s in five] == [
        (r["district"], r["unit"], r["about"], r["rating"]) for r in OCTOBER["rated"]
    ]


def test_the_balance_holds_and_september_carries_what_october_is_brought(told: Store, october: figures.Figures) -> None:
    september = figures.read(told, PERIOD.before(), now=demo.DEMO_NOW)
    assert september.balance.holds
    assert october.balance.holds
    assert list(september.balance.carried.letters) == list(october.balance.brought.letters)
    assert len(october.balance.carried.letters) == len(list(october.balance.carried.letters))


def test_every_figure_is_explained_by_its_letters(told: Store, october: figures.Figures) -> None:
    """As many letters as it says, each of them in the store; sums of outcomes, answers to surveys and districts apart."""
    names = [name for name, _figure in october.named()]
    assert len(names) == len(set(names))
    for name, figure in october.named():
        heads = figures.letters_of(told, figure)
        assert [h.n for h in heads] == list(figure.letters)
        counts_replies = name.split(":")[-1] in ("replies", "sent") or "rate" in name or "on_time" in name
        if (
            not name.startswith(("outcome:", "survey", "districts_")) and not counts_replies
        ):  # a letter may have several dispatches
            assert len(heads) == figure.value, name
    assert october.find("topic:电梯安装") is not None
    assert october.find("topic:no such") is None


def test_nothing_happens_between_a_letter_of_another_month_and_october(october: figures.Figures) -> None:
    for letter in october.letters.total.letters:
        assert local(letter >> 20).month == 10


def test_with_one_letter_less_the_figures_move(store: Store, october: figures.Figures) -> None:
    """Nothing is kept outside events: without its events a letter is in no figure."""
    assert october.fastest
    assert october.fastest.head
    gone = october.fastest.head.id
    commands.receive(store, [e for e in demo.events() if e.case != gone], pending=False, now=demo.DEMO_NOW)
    less = figures.read(store, PERIOD, now=demo.DEMO_NOW)
    assert less.letters.total.value == october.letters.total.value - 1
    assert less.fastest
    assert less.fastest.hours > 33
    assert {o.measure: o.figure.value for o in less.outcomes}["电表安装和电费缴纳"] == 390 - 210
    assert len(less.told) == len(october.told) - 1


@pytest.mark.parametrize("span", ["2024-10-01..2024-10-20", "2024-W41", "2024-09"])
def test_what_happened_later_does_not_change_what_had_happened(told: Store, store: Store, span: str) -> None:
    """A store that has only what was written until then says the same of it."""
    period = figures.parse(span)
    then = [e for e in demo.events() if e.at < period.end]
    commands.receive(store, then, demo.senders(), pending=False, now=period.end)
    at_its_end, later = (figures.read(s, period, now=demo.DEMO_NOW) for s in (store, told))
    assert happened(at_its_end) == happened(later)


def happened(found: figures.Figures) -> dict[str, Any]:
    """What may not change any more, with the letters: all but topics, ratings and words."""
    mine = ("balance", "units", "districts", "most_replies", "forwarding")
    said = {f.name: getattr(found, f.name) for f in fields_of(found) if f.name in mine}
    balance = {name: list(figure.letters) for name, figure in found.named() if name in ("carried", "brought")}
    return said | {"balance": (balance, found.balance.ended, found.balance.back), "fastest": found.fastest}


def test_the_parts_of_a_month_and_of_a_city_are_the_whole(told: Store, october: figures.Figures) -> None:
    weeks = [figures.read(told, figures.parse(f"2024-10-{a}..2024-10-{b}"), now=demo.DEMO_NOW) for a, b in HALVES]
    assert sum(w.letters.total.value for w in weeks) == october.letters.total.value
    assert sum(w.units.replies.value for w in weeks) == october.units.replies.value
    codes = [line.key for line in october.letters.districts]
    some = figures.read(told, PERIOD, now=demo.DEMO_NOW, districts=codes[:5])
    rest = figures.read(told, PERIOD, now=demo.DEMO_NOW, districts=[*codes[5:], "500116"])
    for part in (some, rest):
        assert part.balance.holds
        assert list(part.balance.carried.letters) == sorted(part.balance.carried.letters)
        assert len(list(part.balance.carried.letters)) == part.balance.carried.value
    nowhere = [n for n in october.letters.total.letters if n not in located(october)]
    assert len(nowhere) == 1  # still unread, and its sender named no place
    for name, less in (("received", 1), ("brought", 0), ("carried", 0), ("replies", 0), ("resolved", 0)):
        figure, *parts = (x.find(name) for x in (october, some, rest))
        assert figure
        assert sum(p.value for p in parts if p) == figure.value - less, name


def located(found: figures.Figures) -> set[int]:
    return {n for line in found.letters.districts for n in line.figure.letters}


HALVES = (("01", "13"), ("14", "31"))


def test_read_by_successors_two_districts_are_one(told: Store, october: figures.Figures) -> None:
    became = figures.read(told, PERIOD, now=demo.DEMO_NOW, successors=True)
    then = {line.key: line.figure.value for line in october.letters.districts}
    now = {line.key: line.figure.value for line in became.letters.districts}
    assert now["500157"] == then["500105"] + then["500112"] + then["500Z01"]
    assert became.letters.total.value == october.letters.total.value
    assert {"500105", "500112", "500Z01"}.isdisjoint(became.districts)
    only = figures.read(told, PERIOD, now=demo.DEMO_NOW, successors=True, districts=["500105"])
    assert only.letters.total.value == now["500157"]


def test_a_frozen_month_waits_for_words_until_the_freeze(demo_store: Store) -> None:
    store = demo_store
    before = from_iso("2024-11-01T08:00")
    with store.write() as conn:
        conn.execute(
            "INSERT INTO bulletin(month, revision, body, frozen_at, signed_by) VALUES ('2024-10', 0, '{}', ?, '')",
            (before,),
        )
    early = figures.read(store, PERIOD, now=demo.DEMO_NOW)
    assert [s.score for s in early.words].count(5) == 2  # the silk banner came at 08:50
    november = figures.read(store, PERIOD.after(), now=from_iso("2024-11-30T12:00"))
    assert [s.score for s in november.words] == [5]
