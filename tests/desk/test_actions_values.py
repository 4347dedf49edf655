"""What people type into fields, and what an event then carries."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.clock import day_of, from_iso, to_iso
from db.ids import letter_id
from db.model import Actor, Case, Role
from db.model_rules import Rulebook
from db.newsroom import default_rules
from desk.action_fields import Context, Field, always
from desk.action_values import Wrong, day_typed, moment_typed, read, read_all

NOW = from_iso("2024-11-01T09:30")
FRIDAY = date(2024, 11, 1)


def context() -> Context:
    case = Case(
        id=letter_id("app", "1"), code="RMLX-1", channel="app", number="1", source="channel", received_at=NOW - 1
    )
    return Context(case, Actor("local", Role.SUPERVISOR, "07"), Rulebook({1: default_rules()}), NOW)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024-11-05", date(2024, 11, 5)),
        ("11-05", date(2024, 11, 5)),
        ("11月5日", date(2024, 11, 5)),
        ("2024年12月1日", date(2024, 12, 1)),
        ("+3", date(2024, 11, 4)),
        ("+3w", date(2024, 11, 6)),
        ("+2个工作日", date(2024, 11, 5)),
        ("明天", date(2024, 11, 2)),
        ("01-05", date(2025, 1, 5)),
        ("10/31", date(2024, 10, 31)),
    ],
)
def test_a_day_is_understood_as_people_write_it(typed: str, day: date) -> None:
    assert day_typed(typed, FRIDAY, default_rules().calendar) == day


@pytest.mark.parametrize("typed", ["", "13-40", "02-30", "soon", "2024-11-05x", "+", "11"])
def test_what_is_no_day_is_not_taken_for_one(typed: str) -> None:
    assert day_typed(typed, FRIDAY) is None


def test_working_days_ahead_pass_over_the_national_holiday_and_count_make_up_days() -> None:
    cal = default_rules().calendar
    assert day_typed("+1w", date(2024, 9, 30), cal) == date(2024, 10, 8)
    assert day_typed("+1w", date(2024, 10, 11), cal) == date(2024, 10, 12)  # a working Saturday


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("08:15", "2024-11-01T08:15:00+08:00"),
        ("昨天 9:00", "2024-10-31T09:00:00+08:00"),
        ("10-31 14:30", "2024-10-31T14:30:00+08:00"),
        ("2024-10-31 14:30", "2024-10-31T14:30:00+08:00"),
        ("10-30", "2024-10-30T12:00:00+08:00"),
        ("12-30 10:00", "2023-12-30T10:00:00+08:00"),
    ],
)
def test_a_moment_that_is_recorded_lies_behind(typed: str, moment: str) -> None:
    at = moment_typed(typed, NOW)
    assert at is not None
    assert to_iso(at) == moment


def test_a_time_still_to_come_cannot_be_recorded() -> None:
    got = read(Field("when", "moment", "when"), context(), "15:00", {})
    assert isinstance(got, Wrong)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_whatever_is_typed_into_a_day_or_moment_is_read_or_said_to_be_wrong(typed: str) -> None:
    ctx = context()
    day = read(Field("promised", "day"), ctx, typed, {})
    assert day is None or isinstance(day, Wrong) or date.fromisoformat(day)
    at = read(Field("when", "moment", "when"), ctx, typed, {})
    assert at is None or isinstance(at, Wrong) or at <= NOW


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_a_day_without_its_year_is_the_nearest_one(day: date, today: date) -> None:
    read_back = day_typed(day.strftime("%m-%d"), today)
    if (day.month, day.day) != (2, 29):
        assert read_back is not None
        assert abs((read_back - today).days) <= 183


def test_a_district_is_taken_by_code_or_name_and_an_unknown_one_is_said() -> None:
    field = Field("district", "district")
    assert read(field, context(), "500104", {}) == "500104"
    assert read(field, context(), "大渡口区", {}) == "500104"
    wrong = read(field, context(), "东莞", {})
    assert isinstance(wrong, Wrong)
    assert "东莞" in wrong.sentence


def test_a_district_that_has_ceased_to_exist_is_not_taken_today() -> None:
    ctx = context()
    later = Context(ctx.case, ctx.actor, ctx.book, from_iso("2026-01-10T09:00"))
    assert read(Field("district", "district"), ctx, "江北区", {}) == "500105"
    assert isinstance(read(Field("district", "district"), later, "江北区", {}), Wrong)


def test_co_handlers_are_taken_once_each() -> None:
    assert read(Field("co", "districts"), context(), ["500104", "大渡口区", "500103"], {}) == ["500104", "500103"]


def test_outcomes_are_counted_and_a_measure_without_a_count_is_said() -> None:
    field = Field("outcomes", "outcomes")
    rows = [["街巷整治", "４１", "条"], ["", "", ""]]
    assert read(field, context(), rows, {}) == [{"measure": "街巷整治", "count": 41, "unit": "条"}]
    for bad in (["街巷整治", "", "条"], ["街巷整治", "很多", "条"], ["", "3", "条"], ["x", "0", ""], ["x", "²", ""]):
        assert isinstance(read(field, context(), [bad], {}), Wrong), bad


def test_what_must_be_filled_in_is_asked_for_by_its_label() -> None:
    values, wrong = read_all((Field("text", "long", "word", required=always),), context(), {"text": "  "})
    assert values == {}
    assert "内容" in wrong[0].sentence


def test_a_field_that_is_not_shown_is_neither_asked_for_nor_sent() -> None:
    hidden = Field("text", "long", "word", required=always, shown=lambda _c, _v: False)
    assert read_all((hidden,), context(), {"text": "typed before"}) == ({}, [])


def test_a_text_of_a_hundred_thousand_characters_is_the_longest() -> None:
    field = Field("text", "long", "word")
    assert len(read(field, context(), "字" * 100_000, {})) == 100_000
    assert isinstance(read(field, context(), "字" * 100_001, {}), Wrong)


def test_today_alone_means_now() -> None:
    assert moment_typed("今天", NOW) == NOW
    assert day_of(NOW) == FRIDAY
