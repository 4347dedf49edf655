"""Calls for suggestions: which suggestion belongs to which, found, counted, and never told twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import configured_rows, figures, queries
from db.calls import Call, belongs, calls, from_json, to_json
from db.clock import now_ms
from db.commands import run
from db.configuring import call, end_call
from db.figures import read
from db.model import CaseId
from db.people import own_actor
from db.store import Store
from desk.cli import main
from tests.desk.letters import do, fill, write_letter
from tests.desk.letters import read as letter_of

BUS = Call("bus", "公交线路优化", "哪一路该改？", date(2024, 10, 1), date(2024, 10, 31), ("公交线路优化",))
OPEN = Call("any", "金点子", "", date(2024, 9, 1), None, ())


def decided(store: Store, *commands: object) -> None:
    result = run(store, own_actor(store), list(commands))  # type: ignore[arg-type]
    assert result.ok, result.refused


def found(store: Store, query: str) -> set[CaseId]:
    return {row.id for row in queries.page(store, 0, query=query, now=now_ms()).rows}


@given(st.dates(date(2024, 8, 1), date(2024, 12, 31)), st.sampled_from(["公交线路优化", "用水用电", None]))
def test_a_suggestion_belongs_to_the_call_of_its_day_and_topic(day: date, topic: str | None) -> None:
    expected = "bus" if topic == "公交线路优化" and date(2024, 10, 1) <= day <= date(2024, 10, 31) else None
    assert belongs(None, topic, day, [BUS, OPEN]) == expected


def test_what_somebody_named_counts_before_day_and_topic() -> None:
    assert belongs("any", "公交线路优化", date(2024, 10, 5), [BUS, OPEN]) == "any"


def test_calls_are_kept_as_they_are() -> None:
    assert from_json(to_json([BUS, OPEN])) == (BUS, OPEN)
    assert from_json(None) == ()


@pytest.fixture
def suggested(store: Store) -> dict[str, CaseId]:
    fill(store)
    decided(store, call("bus", date(2024, 10, 1), "公交线路优化", "哪一路该改？", ["用水用电"], date(2024, 10, 31)))
    decided(store, call("any", date(2024, 9, 1), "金点子", ""))
    more = {"kind": "suggestion", "topic": "用水用电"}
    return {
        "in": write_letter(store, "1", at="2024-10-15T08:10", **more),
        "late": write_letter(store, "2", at="2024-11-01T08:10", **more),
        "named": write_letter(store, "3", at="2024-10-16T08:10", call="any", **more),
        "complaint": write_letter(store, "4", at="2024-10-15T09:10", kind="complaint", topic="用水用电"),
    }


def test_a_calls_suggestions_are_found_by_its_theme_and_its_id(store: Store, suggested: dict[str, CaseId]) -> None:
    assert found(store, "call:bus") == {suggested["in"]}
    assert found(store, "征集:公交") == {suggested["in"]}
    assert found(store, "call:any") == {suggested["named"]}
    assert found(store, "call:nothing") == set()


def test_an_editor_puts_a_suggestion_under_a_call_and_takes_it_away_again(
    store: Store, suggested: dict[str, CaseId]
) -> None:
    do(store, suggested["late"], "classified", call="bus")
    assert found(store, "call:bus") == {suggested["in"], suggested["late"]}
    do(store, suggested["late"], "classified", call=None)
    assert found(store, "call:bus") == {suggested["in"]}


def test_what_became_of_suggestions_is_counted_over_all_and_by_call(store: Store, suggested: dict[str, CaseId]) -> None:
    for name, result in (("in", "adopted"), ("named", "not_adopted")):
        do(store, suggested[name], "answered_directly", text="谢谢", source="")
        do(store, suggested[name], "resolved", result=result)
    do(store, suggested["late"], "answered_directly", text="谢谢", source="")
    do(store, suggested["late"], "tracked", promised="2024-12-02", text="研究中", worded=True)
    month = read(store, figures.parse("2024-11"), now=now_ms())
    named = dict(month.named())
    assert named["suggestion:received"].value == 1
    assert named["suggestion:adopted"].value == 1
    assert named["suggestion:not_adopted"].value == 1
    assert named["suggestion:studied"].value == 1
    assert named["call:bus:adopted"].value == 1
    assert named["call:any:not_adopted"].value == 1
    assert month.suggestions.share.share is None  # two are too few to say a share of
    [n] = named["call:bus:adopted"].letters
    assert store.rows("SELECT id FROM cases WHERE n = ?", (n,)) == [(suggested["in"],)]


def test_a_suggestion_is_not_turned_down_without_a_reason(
    store: Store, suggested: dict[str, CaseId], capsys: pytest.CaptureFixture[str]
) -> None:
    do(store, suggested["in"], "answered_directly", text="谢谢", source="")
    code = letter_of(store, suggested["in"]).case.code
    words = ["resolve", code, "--result", "not_adopted", "--home", str(store.home)]
    assert main(words) == 2
    assert "--words" in capsys.readouterr().err
    assert main([*words, "--words", "已有同类方案"]) == 0


def test_a_call_that_is_withdrawn_takes_nothing_more(store: Store, suggested: dict[str, CaseId]) -> None:
    decided(store, end_call("any", date(2024, 11, 1)))
    [gone] = [c for c in calls(configured_rows.read(store)) if c.id == "any"]
    assert gone.until == date(2024, 10, 31)
    assert found(store, "call:any") == {suggested["named"]}


def test_a_call_whose_last_day_lies_before_its_first_is_refused(store: Store) -> None:
    wrong = call("x", date(2024, 11, 5), "标题", "", [], date(2024, 11, 1))
    assert not run(store, own_actor(store), [wrong]).ok


def test_calls_are_opened_listed_and_ended_from_the_shell(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(store.home)]
    assert main(["call", "open", "金点子", "--topic", "用水用电", "--until", "2024-12-31", *home]) == 0
    assert main(["call", "list", *home]) == 0
    assert "2024-11-01 – 2024-12-31  金点子" in capsys.readouterr().out
    assert main(["call", "open", "坏话题", "--topic", "没有的话题", *home]) == 2
    assert main(["call", "end", "金点子", *home]) == 0


def test_a_letter_named_to_a_call_says_so(store: Store, suggested: dict[str, CaseId]) -> None:
    assert letter_of(store, suggested["named"]).case.call == "any"
