"""All that is held about one citizen, for that citizen: from the newsroom, and from a desk."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from backend.cli import run as backend_verb
from desk.cli import main as desk_verb
from tests.line.office import Desk, Office


def given(path: Path) -> dict[str, Any]:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


@pytest.fixture
def li(office: Office) -> Desk:
    """Two letters of one citizen, one of another; somebody has looked."""
    first = office.write("电梯停运", sender={"name": "林小满", "phone": "13700001111"})
    office.write("路灯不亮", sender={"name": "林小满", "phone": "13700001111"})
    office.write("别人的信", sender={"name": "周大暑", "phone": "13700002222"})
    desk = office.desk("li")
    desk.do("revealed", first, facts={"reason": "call_back"})
    desk.do("noted", first, words={"text": "已电话确认"})
    desk.sync()
    return desk


def test_the_newsroom_gives_everything_and_nothing_of_others(office: Office, li: Desk, tmp_path: Path) -> None:
    code = next(c.code for c in li.rows().values() if c.title == "电梯停运")
    path = tmp_path / "given.json"
    assert backend_verb(["citizen", code, "--database", office.url, "--to", str(path)]) == 0
    told = given(path)
    assert (told["record"]["name"], told["record"]["phone"]) == ("林小满", "13700001111")
    letters = {letter["title"]: letter for letter in told["letters"]}
    assert set(letters) == {"电梯停运", "路灯不亮"}
    assert letters["电梯停运"]["looked_at_contact"][0]["why"] == "call_back"
    assert "已电话确认" in path.read_text("utf-8")
    assert "别人" not in path.read_text("utf-8")
    assert backend_verb(["citizen", code, "--database", office.url, "--to", str(path)]) == 2, "a file is never replaced"
    assert backend_verb(["citizen", "RMLX-20200101-00-0001", "--database", office.url]) == 1


def test_a_desk_gives_what_it_holds_says_where_the_rest_is_and_keeps_the_look(
    li: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = next(c for c in li.rows().values() if c.title == "路灯不亮")
    path = tmp_path / "given.json"
    assert desk_verb(["citizen", case.code, "--home", str(li.store.home), "--to", str(path)]) == 0
    assert "desk-backend citizen" in capsys.readouterr().out
    told = given(path)
    assert told["record"]["phone"] == "137****1111"
    letters = {letter["title"]: letter for letter in told["letters"]}
    assert set(letters) == {"电梯停运", "路灯不亮"}
    assert letters["路灯不亮"]["looked_at_contact"][0]["why"] == "citizen_asks"
    assert li.case(case.id).reveals == case.reveals + 1
