"""Lines cut by cells, and times as the desk says them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from db.clock import DAY, from_iso
from db.model import State
from db.newsroom import default_rules
from db.words import LANGUAGES, term
from desk.widgets.due import came, due_moment, time_left
from desk.widgets.row import columns
from desk.widgets.sheet import flow
from desk.widgets.wrap import NEVER_FIRST, clip, pad, wrap

NOW = from_iso("2024-11-01T09:30:00+08:00")
CALENDAR = default_rules().calendar
TEXT = st.text("电梯停运，。！（）abc 12、\n“”…", max_size=120)


@given(text=TEXT, width=st.integers(2, 40))
@settings(max_examples=150, deadline=None)
def test_no_line_is_wider_than_asked_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


@given(text=TEXT, width=st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_a_column_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert cell_len(pad(text.replace("\n", ""), width)) == width


def test_a_comma_never_begins_a_line() -> None:
    lines = wrap("居民多次反映情况，至今没有任何答复，希望尽快解决。", 16)
    assert len(lines) > 2
    assert not any(line[0] in NEVER_FIRST for line in lines)


def test_a_word_stays_whole_where_it_fits() -> None:
    assert wrap("please repair the elevator today", 12) == ["please", "repair the", "elevator", "today"]


def test_a_title_is_cut_between_characters_not_through_one() -> None:
    assert clip("电梯停运十天", 8) == "电梯停…"
    assert clip("电梯停运", 8) == "电梯停运"


def test_pieces_that_do_not_fit_go_to_the_next_line() -> None:
    lines = flow([("渝北区", "ink"), ("电梯安装", "ink"), ("特急", "late")], 17)
    assert [line.text for line in lines] == ["渝北区 · 电梯安装", "特急"]


@pytest.mark.parametrize(
    ("at", "said"),
    [("2024-11-01T08:12", "08:12"), ("2024-10-31T08:12", "10-31"), ("2023-12-31T08:12", "23/12")],
)
def test_a_letter_came_this_morning_this_year_or_long_ago(at: str, said: str) -> None:
    assert came(from_iso(at), NOW) == said


@pytest.mark.parametrize(
    ("due", "said", "role"),
    [
        ("2024-11-02T00:00", "今日到期", "today"),
        ("2024-11-05T00:00", "剩1日", "today"),  # Friday: the weekend is not counted
        ("2024-11-08T00:00", "剩4日", "ink"),
        ("2024-11-01T00:00", "超1日", "late"),
        ("2024-10-29T00:00", "超4日", "late"),
        ("2024-11-01T09:30", "超1分", "late"),
        ("2024-11-01T09:31", "剩1分", "today"),
        ("2024-11-01T11:30", "剩2时", "today"),
        ("2024-11-01T06:20", "超3时", "late"),
        ("2024-11-05T10:00", "剩4日", "ink"),
    ],
)
def test_what_is_left_is_said_in_words(due: str, said: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    assert time_left(from_iso(due), NOW, CALENDAR) == (said, role)


def test_a_letter_due_today_is_late_from_midnight_on_and_not_before() -> None:
    end = from_iso("2024-11-02T00:00")
    assert time_left(end, end - 1, CALENDAR)[1] == "today"
    assert time_left(end, end, CALENDAR)[1] == "late"


def test_days_are_working_days_of_the_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")

    def said(due: str, now: str) -> str:
        return time_left(from_iso(due), from_iso(now), CALENDAR)[0]

    assert said("2024-10-10T00:00", "2024-09-30T10:00") == "剩2日"  # the holiday, then the 8th and 9th
    assert said("2024-10-13T00:00", "2024-10-11T10:00") == "剩1日"  # a make-up Saturday is worked
    assert said("2024-11-02T00:00", "2024-11-02T10:00") == "超期"  # Saturday: late by no working day yet
    assert said("2024-11-02T00:00", "2024-11-04T10:00") == "超1日"


def test_a_paused_clock_says_so_whatever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    assert time_left(NOW - DAY, NOW, CALENDAR, paused=True) == ("暂停", "faint")


def test_the_end_of_a_day_is_shown_as_its_twenty_fourth_hour() -> None:
    assert due_moment(from_iso("2024-11-05T00:00"), NOW) == "11-04 24:00"
    assert due_moment(from_iso("2024-11-05T10:30"), NOW) == "11-05 10:30"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_state_is_cut_on_a_wide_terminal(lang: str) -> None:
    (room,) = [column.width for column in columns(130, 0, lang) if column.name == "state"]
    assert [state for state in State if cell_len(term("state", state, lang)) > room] == []
