"""Texts to begin from and the person's own editor, as the keys of a dialog reach them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from db import templates
from db.store import Store
from db.templates import Template, fill, fitting, put, variables
from desk import editor
from desk.app import DeskApp
from desk.cli import main
from desk.screens.form import Form
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


def text(seat: Seat) -> str:
    return "\n".join(seat.lines)


def test_the_closest_template_comes_first_and_ones_own_before_those_shipped(store: Store) -> None:
    put(store, Template("", "ask", "随便", "请补充。"))
    put(store, Template("", "ask", "渝北电梯", "请补充。", "电梯安装", "渝北区住建委"))
    names = [t.name for t in fitting(store, "ask", "电梯安装", "渝北区住建委")]
    assert names[0] == "渝北电梯"
    assert names.index("随便") < names.index("请补充地点和时间")
    assert "渝北电梯" not in [t.name for t in fitting(store, "ask", "电梯安装", "别的单位")]
    assert "请补充用水用电情况" not in names


def test_a_variable_without_a_value_stays_and_is_named(store: Store) -> None:
    (case,) = inbox.many(store, 1)
    values = variables(inbox.letter(store, case).case, inbox.NOW)
    filled = fill("{标题}，{承办单位}于{date}，{ code }", values)
    assert filled.text == f"{values['title']}，{{承办单位}}于{{date}}，{values['code']}"
    assert (filled.empty, filled.unknown) == (("承办单位",), ("date",))


def test_no_variable_is_the_senders(store: Store) -> None:
    (case,) = inbox.many(store, 1)
    values = variables(inbox.letter(store, case).case, inbox.NOW, reply="好", editor="王编辑")
    assert not any("陈" in v or "138" in v for v in values.values())
    assert set(templates.NAMES.values()) == set(values)


@pytest.mark.parametrize(("lang", "day"), [("zh_CN", "2024年11月1日"), ("en", "2024-11-01")])
def test_a_day_in_a_letter_is_written_as_letters_write_it(
    store: Store, lang: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    (case,) = inbox.many(store, 1)
    assert variables(inbox.letter(store, case).case, inbox.NOW)["today"] == day


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_shipped_template_knows_its_variables(store: Store, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    known = dict.fromkeys(templates.NAMES.values(), "x")
    shipped = templates.all_templates(store)
    assert len(shipped) == 18
    assert [t.name for t in shipped if fill(t.body, known).unknown] == []


async def test_a_template_is_taken_with_its_preview_looked_at(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("i", "ctrl+t")
        assert "您反映的“路灯不亮，第 1 封”" in text(seat)
        await seat.press("enter")
        assert isinstance(seat.app.screen, Form)
        await seat.press("ctrl+s")
    asked = next(e for e in inbox.letter(store, case).events if e.kind == "asked")
    assert "路灯不亮，第 1 封" in asked.words["text"]


async def test_a_declining_begins_from_the_text_for_the_reason_that_was_chosen(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("x", "1", "ctrl+t", "enter")
        assert "不属于本栏目的受理范围" in text(seat)


def test_a_newsrooms_own_text_stands_before_the_shipped_one_for_the_reason(store: Store) -> None:
    put(store, Template("", "decline", "我们的", "不能受理。"))
    names = [t.name for t in fitting(store, "decline", chosen=["resolved_before"])]
    assert names[:2] == ["我们的", "此前已答复"]


async def test_a_template_is_made_of_what_was_typed_changed_and_taken_away(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("n", *"call back", "ctrl+t", "n", *"mine", "ctrl+s")
        own = [t for t in templates.all_templates(store) if t.own]
        assert [(t.name, t.body, t.action) for t in own] == [("mine", "call back", "note")]
        await seat.press("e", "tab", "tab", "tab", "!", "ctrl+s")
        assert [t.body for t in templates.all_templates(store) if t.own] == ["call back!"]
        await seat.press("d")
        assert "再按一次 d" in text(seat)
        await seat.press("d")
        assert [t for t in templates.all_templates(store) if t.own] == []
        await seat.press("d")
        assert "自带的" in text(seat)


async def test_leaving_a_changed_template_asks_once(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("n", "ctrl+t", "n", *"mine", "escape")
        assert "还没有保存" in text(seat)
        await seat.press("escape")
        assert [t for t in templates.all_templates(store) if t.own] == []


async def test_a_hostile_template_stays_text(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    put(store, Template("", "note", "[red]\x1b[2J", "[@click=app.bell]x[/]\x1b]52;c;eA==\x07"))
    async with seated(desk()) as seat:
        await seat.press("n", "ctrl+t")
        assert "\x1b" not in text(seat)
        assert "[@click=app.bell]x" in text(seat)
        await seat.press("enter")
        assert "[@click=app.bell]x" in text(seat)


# the person's own editor


def script(folder: Path, line: str) -> str:
    path = folder / "ed.sh"
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o700)
    return str(path)


def test_an_editors_text_comes_back_through_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", script(tmp_path, 'printf "改过\\033[2J\\n第二行\\n" > "$1"'))
    home = tmp_path / "home"
    home.mkdir()
    done = editor.edit("旧", home)
    assert done.text is not None
    assert done.text.startswith("改过")
    assert "\x1b" not in done.text
    assert list(home.iterdir()) == []


def test_the_editor_sees_the_text_in_a_file_of_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("VISUAL", script(tmp_path, f'cat "$1" > {seen}; stat -c %a "$1" >> {seen}'))
    assert editor.edit("正在写", tmp_path).text is None
    assert seen.read_text() == "正在写600\n"


@pytest.mark.parametrize(
    ("command", "said"), [("/no/such/editor", "无法启动"), ("false", "退出"), ("true", "没有改动")]
)
def test_an_editor_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, said: str
) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    monkeypatch.setenv("VISUAL", command)
    done = editor.edit("正在写", tmp_path)
    assert done.text is None
    assert said in done.sentence
    assert list(tmp_path.iterdir()) == []


def test_templates_are_listed_and_shown(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(store.path.parent)
    assert main(["--home", home, "template", "list", "ask", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {t["action"] for t in found} == {"ask"}
    assert main(["--home", home, "template", "show", found[0]["name"]]) == 0
    assert capsys.readouterr().out.strip() == found[0]["body"].strip()
    assert main(["--home", home, "template", "show", "没有这条"]) == 1


async def test_the_box_is_as_high_as_its_words_and_shows_what_other_topics_have(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("i", "ctrl+t")
        lines = seat.lines
        top, bottom = (next(i for i, x in enumerate(lines) if sign in x) for sign in ("常用语", "回车采用"))
        assert not any(line.strip(" │") == "" for line in lines[bottom - 2 : bottom])
        assert "别的话题或单位的" in text(seat)
        await seat.press("j")
        assert "▌请补充加装电梯情况" in text(seat)
        await seat.press("enter")
        form = seat.app.screen
        assert isinstance(form, Form)
        assert "共几层几户" in form.values["text"]
        assert bottom - top < 22
