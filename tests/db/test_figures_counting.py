"""Periods, rankings, rates and spreads: ties, few, none, and months across the new year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_letters import actor

from db import demo, figures
from db.clock import DAY, from_iso
from db.commands import Command, run
from db.figures import counting, told
from db.figures.facts import Ended, Facts, Received, Sent
from db.figures.figure import Figure, Rate, count, ranking, spread
from db.figures.period import BadPeriodError, Period, parse
from db.model import Outcome
from db.store import Store

HOUR = 3_600_000
OCTOBER = parse("2024-10")

periods = st.one_of(
    st.builds(lambda d: figures.month_of(from_iso(d.isoformat())), st.dates(date(2020, 1, 1), date(2030, 12, 31))),
    st.builds(lambda y, w: parse(f"{y}-W{w:02d}"), st.integers(2020, 2030), st.integers(1, 52)),
    st.builds(lambda y, q: parse(f"{y}-Q{q}"), st.integers(2020, 2030), st.integers(1, 4)),
    st.builds(lambda y: parse(str(y)), st.integers(2020, 2030)),
    st.builds(
        lambda d, n: Period("days", d, d + timedelta(days=n)),
        st.dates(date(2020, 1, 1), date(2030, 12, 31)),
        st.integers(0, 100),
    ),
)


@given(periods)
def test_a_period_can_be_typed_again_and_joins_its_neighbours(period: Period) -> None:
    assert parse(period.name) == period
    before, after = period.before(), period.after()
    assert before.end == period.start
    assert after.start == period.end
    assert before.after() == period
    assert 0 < period.grace <= 6 * DAY


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2024-10", "2024-10-01", "2024-10-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2024-q4", "2024-10-01", "2024-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-12-30..2025-01-02", "2024-12-30", "2025-01-02"),
        ("2024-10-12", "2024-10-12", "2024-10-12"),
    ],
)
def test_periods_as_typed(typed: str, first: str, last: str) -> None:
    period = parse(typed)
    assert (str(period.first), str(period.last)) == (first, last)


def test_january_is_compared_with_december() -> None:
    assert parse("2025-01").before() == parse("2024-12")
    assert parse("2025-Q1").before() == parse("2024-Q4")
    assert parse("2026-W01").before() == parse("2025-W52")


@pytest.mark.parametrize(
    "typed", ["", "2024-13", "2024-Q5", "2024-W60", "October", "2024-10-31..2024-10-01", "2023-02-29"]
)
def test_what_is_no_period(typed: str) -> None:
    with pytest.raises(BadPeriodError):
        parse(typed)


def test_equal_figures_share_a_rank_and_stand_in_the_printed_order() -> None:
    lines = ranking(
        {k: Figure(n) for k, n in (("丙", 3), ("乙", 5), ("甲", 5), ("丁", 1), ("戊", 0))}, order=("甲", "乙")
    )
    assert [(line.key, line.rank) for line in lines] == [("甲", 1), ("乙", 1), ("丙", 3), ("丁", 4)]


def test_moves_are_places_against_the_period_before() -> None:
    lines = ranking({"甲": Figure(9), "乙": Figure(8), "丙": Figure(7)}, before={"乙": 5, "甲": 3, "丁": 2})
    assert [(line.key, line.move, line.more) for line in lines] == [("甲", 1, 6), ("乙", -1, 3), ("丙", None, 7)]


def test_a_rate_says_nothing_about_fewer_than_three() -> None:
    assert Rate(count([1]), count([1, 2])).share is None
    assert Rate(count([1]), count([1, 2, 3])).share == pytest.approx(1 / 3)


def test_a_median_says_nothing_about_fewer_than_three_the_slowest_is_a_fact() -> None:
    assert spread([]).slowest is None
    two = spread([(2 * HOUR, 1), (4 * HOUR, 2)])
    assert (two.median, two.slowest, two.slowest_letter) == (None, 4, 2)
    assert spread([(2 * HOUR, 1), (4 * HOUR, 2), (9 * HOUR, 3)]).median == 4


def facts(**more: Any) -> Facts:
    empty: dict[str, Any] = dict.fromkeys(("received", "sent", "ended", "back", "carried", "brought"), ())
    given_facts = {"period": OCTOBER, "now": OCTOBER.end, "earlier": {}, **empty, **more}
    return Facts(**given_facts)


def test_a_month_without_any_letter_says_nothing_and_breaks_nothing() -> None:
    found = figures.of(facts())
    assert found.balance.holds
    assert (found.letters.total.value, found.fastest, found.outcomes, found.replied) == (0, None, (), ())
    assert found.units.reply_rate.share is None
    assert all(figure.value == 0 for _name, figure in found.named())


def test_of_fields_tied_at_the_fifth_place_all_are_among_the_first_and_only_those_new_there_are_newcomers() -> None:
    """Now 己 and 庚 share the fifth place; before, 戊 and 己 did, so 庚 alone is new, and 戊 has gone."""
    now = {"甲": 9, "乙": 8, "丙": 7, "丁": 6, "戊": 1, "己": 5, "庚": 5}
    before = {"甲": 9, "乙": 8, "丙": 7, "丁": 6, "戊": 5, "己": 5, "庚": 4}
    numbers = iter(range(1_000))
    received = [Received(next(numbers), "help", name, None) for name, n in now.items() for _ in range(n)]
    found = counting.letters(
        Facts(OCTOBER, OCTOBER.end, received, before, [], [], [], [], [], field_of=lambda topic: topic, fields=[*now])
    )
    assert [(line.key, line.rank) for line in found.fields][3:] == [("丁", 4), ("己", 5), ("庚", 5), ("戊", 7)]
    assert found.newcomers == ("庚",)
    assert found.total.value == sum(now.values()) == sum(line.figure.value for line in found.fields)


def test_with_nothing_before_there_is_nothing_to_rise_from() -> None:
    """The first month of a desk: no topic rises, no field is new."""
    found = counting.letters(facts(received=[Received(1, "help", "电梯安装", None)], field_of=lambda _t: "住房"))
    assert (found.compared, found.rising, found.newcomers) == (False, (), ())


def sent(n: int, took: int | None, **more: Any) -> Sent:
    start = OCTOBER.start + DAY
    reply = None if took is None else start + took * HOUR
    values: dict[str, Any] = {
        "n": n,
        "first": True,
        "lead": True,
        "district": "500104",
        "name": "大渡口区",
        "unit": "",
        "sent_at": start,
        "first_reply_at": reply,
        "replied_at": reply,
        "due": start + 5 * DAY,
        "void": False,
        "cancelled": False,
    }
    return Sent(**values | more)


def test_the_reply_rate_leaves_out_what_was_recalled_or_returned() -> None:
    rows = [sent(1, 10), sent(2, None), sent(3, 200), sent(4, None, void=True)]
    found = counting.units(facts(sent=rows))
    assert (found.sent.value, found.reply_rate.base.value, found.reply_rate.part.value) == (4, 3, 2)
    assert (found.on_time.base.letters, found.on_time.part.letters) == ((1, 2, 3), (1,))


def test_what_is_not_yet_due_is_neither_late_nor_in_time() -> None:
    rows = [sent(1, None, due=OCTOBER.end - DAY), sent(2, 10, due=OCTOBER.end - DAY)]
    found = counting.units(facts(sent=rows, now=OCTOBER.end - 2 * DAY))
    assert found.on_time.base.letters == (2,)
    gone = counting.units(facts(sent=[sent(1, None, cancelled=True)]))
    assert gone.on_time.base.value == 0


def test_equally_fast_replies_the_earlier_one_is_told() -> None:
    rows = [sent(2, 40), sent(1, 40), sent(3, 41)]
    fastest = counting.fastest(facts(sent=rows))
    assert fastest
    assert (fastest.hours, fastest.letter) == (40, 1)


def test_one_measure_in_two_units_is_two_outcomes() -> None:
    ended = [
        Ended(n, OCTOBER.start + n, "resolved", "help", (Outcome("路灯", n, unit),))
        for n, unit in ((1, "盏"), (2, "条"), (3, "盏"))
    ]
    found = figures.of(facts(ended=ended))
    assert [(o.unit, o.figure.value, o.figure.letters) for o in found.outcomes] == [("盏", 4, (1, 3)), ("条", 2, (2,))]
    assert found.find("outcome:路灯") == Figure(4, (1, 3))
    assert found.find("outcome:路灯/条") == Figure(2, (2,))


def test_every_word_belongs_to_exactly_one_month() -> None:
    """Said after the end about what had ended before, it is the old month's; else the new one's."""
    months = [parse(f"2024-{m:02d}") for m in (9, 10, 11)]
    windows = [told.Window(p.start, p.start + p.before().grace, p.end, p.end + p.grace) for p in months]
    for hours in range(-20 * 24, 20 * 24, 7):
        for ended in (None, -30, -1, 0, 10):
            at = OCTOBER.end + hours * HOUR
            when = None if ended is None else OCTOBER.end + ended * DAY
            assert sum(w.holds(at, when) for w in windows) == 1, (hours, ended)


def test_imported_letters_have_times_of_their_own(store: Store, tmp_path: Any) -> None:
    from db.intake import bring_in

    rows = "".join(
        f'{{"id": "{n}", "title": "路灯", "body": "路灯不亮。", "received_at": "2024-10-02T09:00", '
        f'"reply": "已修。", "replied_at": "2024-10-0{3 + n}T09:00"}}\n'
        for n in range(1, 4)
    )
    tmp_path.joinpath("letters.ndjson").write_text(rows, encoding="utf-8")
    bring_in(store, tmp_path / "letters.ndjson", keep_good=False, dry_run=False)
    took = figures.imported(store, OCTOBER)
    assert (took.of.value, took.median, took.slowest) == (3, 72, 96)
    found = figures.read(store, OCTOBER, now=OCTOBER.end)
    assert (found.letters.total.value, found.units.sent.value, found.units.replies.value) == (3, 0, 0)


def test_confidential_letters_are_not_quoted(demo_store: Store) -> None:
    store = demo_store
    quoted = figures.read(store, OCTOBER, now=demo.DEMO_NOW)
    (case,) = store.rows("SELECT id FROM cases WHERE n = ?", (quoted.words[0].n,))[0]
    result = run(store, actor(store), [Command("corrected", case, {"confidential": True})], demo.DEMO_NOW)
    assert result.ok
    assert figures.read(store, OCTOBER, now=demo.DEMO_NOW).words == quoted.words[1:]
