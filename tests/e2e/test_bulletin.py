"""The month as the newspaper printed it, asked for in a shell: `desk bulletin` on the demo's October."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from db import commands, demo
from db.opening import open_store
from db.store import Store
from desk.cli import main

PRINTED: dict[str, Any] = tomllib.loads(
    Path(__file__).parents[1].joinpath("data/october.toml").read_text(encoding="utf-8")
)


class Desk:
    """`desk …` in the home of a store; gives what it printed."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.capsys = capsys
        monkeypatch.setenv("DESK_NOW", "2024-11-06T09:00")
        monkeypatch.setenv("DESK_LANG", "zh_CN")

    def __call__(self, *words: str, code: int = 0) -> str:
        got = main([*words, "--home", str(self.home)])
        out = self.capsys.readouterr()
        assert got == code, out.err
        return out.out or out.err

    def json(self, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self(*words, "--format", "json"))
        return found


@pytest.fixture(scope="module")
def october_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("october") / "home"
    shutil.copytree(demo_home, home)
    return home


@pytest.fixture
def desk(october_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(october_home, capsys, monkeypatch)


def test_october_is_as_it_was_printed(desk: Desk) -> None:
    got = desk.json("bulletin", "2024-10")
    assert got["month"] == PRINTED["month"]
    assert {k: got["counts"][k] for k in PRINTED["counts"]} == PRINTED["counts"]
    assert {k: got["fields"][k] for k in PRINTED["fields"]} == PRINTED["fields"]
    districts = dict(got["districts"])
    districts["fastest_reply"] = {k: districts["fastest_reply"][k] for k in PRINTED["districts"]["fastest_reply"]}
    assert {k: districts[k] for k in PRINTED["districts"]} == PRINTED["districts"]
    assert [{k: o[k] for k in ("measure", "count", "unit")} for o in got["outcomes"]] == PRINTED["outcomes"]
    for part in ("told", "rated", "open_questions"):
        assert len(got[part]) == len(PRINTED[part])
        for line, printed in zip(got[part], PRINTED[part], strict=True):
            known = {k: v for k, v in printed.items() if k != "what"}
            assert {k: line[k] for k in known} == known


def test_without_one_letters_events_the_figures_are_others(
    home: Path, desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept outside the events: no figure of October survives without its letters."""
    whole = desk.json("bulletin", "2024-10")
    gone = whole["districts"]["fastest_reply"]["code"]
    with open_store(home) as store:
        case = next(e.case for e in demo.events() if e.facts.get("code") == gone)
        commands.receive(store, [e for e in demo.events() if e.case != case], pending=False, now=demo.DEMO_NOW)
    less = Desk(home, capsys, monkeypatch).json("bulletin", "2024-10")
    assert less["counts"]["total"] == whole["counts"]["total"] - 1
    assert less["districts"]["fastest_reply"]["hours"] > 33
    assert less["figures"]["outcome:电表安装和电费缴纳"]["value"] == 390 - 210
    assert [t["code"] for t in less["told"]] == [t["code"] for t in whole["told"] if t["code"] != gone]
    assert less["balance"]["holds"]


def test_every_figure_leads_to_its_letters(desk: Desk) -> None:
    figures = desk.json("bulletin", "2024-10")["figures"]  # not all: each is a page of its own
    for name, told in list(figures.items())[::19]:
        if name.startswith("survey"):  # leads to the survey
            continue
        lines = desk("bulletin", "2024-10", "--explain", name).splitlines()
        assert len(lines) == told["letters"] + 1, name
        assert f"({name})" in lines[0].replace("（", "(").replace("）", ")")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("街巷整治", "outcome:街巷整治"),
        ("成效 · 街巷整治", "outcome:街巷整治"),
        ("丰都县", "district:500230"),
        ("回复率", "reply_rate"),
        ("回复率（基数）", "reply_rate:base"),
        ("渝北区·回复", "500112:replies"),
    ],
)
def test_a_figure_is_asked_for_in_the_pages_own_words(desk: Desk, typed: str, name: str) -> None:
    assert f"（{name}）" in desk("bulletin", "2024-10", "--explain", typed).splitlines()[0]


def test_answers_to_a_survey_lead_to_the_survey_and_to_no_letter(desk: Desk) -> None:
    got = desk.json("bulletin", "2024-10")
    assert [(s["id"], s["answers"]) for s in got["surveys"]] == [("lifts-2024", 41_286), ("troubles-2024", 1_874)]
    assert got["counts"]["survey_answers"] == 41_286 + 1_874
    assert "热力活动" in desk("bulletin", "2024-10")
    said = desk("bulletin", "2024-10", "--explain", "老旧小区加装电梯，您怎么看")
    assert "41,286 份答卷" in said
    assert "desk survey show lifts-2024" in said
    assert "41,286" in desk("survey", "show", "lifts-2024")


def test_what_became_of_suggestions_is_counted_and_leads_to_them(desk: Desk) -> None:
    got = desk.json("bulletin", "2024-10")
    whole = got["suggestions"]
    assert whole["received"] == got["counts"]["suggestions"]
    assert whole["share"]["base"] == sum(whole["results"].values())
    assert "建议采纳" in desk("bulletin", "2024-10")
    for result, count in (*whole["results"].items(), ("studied", whole["studied"])):
        assert count
        assert len(desk("bulletin", "2024-10", "--explain", f"suggestion:{result}").splitlines()) == count + 1


def test_a_figure_that_is_not_there_is_answered_by_those_that_are(desk: Desk) -> None:
    assert "outcome:街巷整治" in desk("bulletin", "2024-10", "--explain", "街巷", code=2)
    assert "没有" in desk("bulletin", "2024-10", "--explain", "完全没有的", code=2)


def test_no_title_of_a_confidential_letter_is_told(desk: Desk, october_home: Path) -> None:
    with open_store(october_home) as store:
        titles = [t for (t,) in store.rows("SELECT title FROM cases WHERE confidential = 1")]
    assert titles
    said = desk("bulletin", "2024-10", "--explain", "received") + desk("bulletin", "2024-10", "--format", "json")
    assert not [title for title in titles if title in said]


@pytest.mark.parametrize("period", ["2024-13", "十月", "2024-10-31..2024-10-01"])
def test_what_is_no_period_is_said_so(desk: Desk, period: str) -> None:
    assert "2024-W41" in desk("bulletin", period, code=2)


def test_what_is_no_district_is_said_so(desk: Desk) -> None:
    assert "无此区" in desk("bulletin", "2024-10", "--district", "无此区", code=2)


def test_a_month_without_letters_is_a_page_that_says_so(desk: Desk) -> None:
    said = desk("bulletin", "2023-05")
    assert "本期没有来信" in said
    assert desk.json("bulletin", "2023-05")["districts"]["fastest_reply"] is None


def test_lines_of_text_are_never_wider_than_the_terminal(desk: Desk) -> None:
    from db.bulletin.as_text import cells

    for line in desk("bulletin", "2024-10").splitlines():
        assert cells(line) <= 80, line


def test_a_file_that_is_there_is_never_written_over(desk: Desk, tmp_path: Path) -> None:
    to = tmp_path / "十月.md"
    desk("bulletin", "2024-10", "--format", "md", "--to", str(to))
    assert "# 网上群众工作大数据" in to.read_text(encoding="utf-8")
    assert "已经存在" in desk("bulletin", "2024-10", "--format", "md", "--to", str(to), code=1)


def test_a_frozen_month_stays_as_it_was_signed(
    demo_store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(demo_store.home, capsys, monkeypatch)
    live = desk.json("bulletin", "2024-10")
    assert "第 1 版" in desk("bulletin", "2024-10", "--freeze")
    assert "已经定稿" in desk("bulletin", "2024-10", "--freeze", code=1)
    frozen = desk.json("bulletin", "2024-10")
    assert frozen["signed"]["intact"]
    for part in (
        "suggestions",
        "surveys",
        "counts",
        "fields",
        "districts",
        "outcomes",
        "told",
        "rated",
        "open_questions",
        "balance",
        "figures",
    ):
        assert frozen[part] == live[part], part
    code = desk("bulletin", "2024-10", "--explain", "道路维修").splitlines()[1].split()[0]
    desk("correct", code, "--topic", "电梯安装")
    assert desk.json("bulletin", "2024-10") == frozen
    assert desk.json("bulletin", "2024-10", "--live")["figures"]["topic:电梯安装"]["value"] == 15
    said = desk("bulletin", "2024-10", "--changes")
    assert "话题 · 电梯安装：14 → 15" in said
    assert f"{code} 更正 2024-11-06" in said
    desk("bulletin", "2024-10", "--revise")
    assert desk.json("bulletin", "2024-10")["signed"]["revision"] == 2
    assert desk.json("bulletin", "2024-10", "--revision", "1") == frozen
    assert "没有第 3 版" in desk("bulletin", "2024-10", "--revision", "3", code=1)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("2024-11", "--freeze"), "还没有结束"),
        (("2024-W41", "--freeze"), "整月"),
        (("2024-09", "--revise"), "还没有定稿"),
    ],
)
def test_what_cannot_be_frozen_says_why(desk: Desk, words: tuple[str, ...], why: str) -> None:
    assert why in desk("bulletin", *words, code=1)
