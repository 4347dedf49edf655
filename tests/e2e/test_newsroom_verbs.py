"""`desk settings`, `desk calendar`, `desk unit`, as a shell runs them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.forked import Nest

Desk = Callable[..., CompletedProcess[str]]


@pytest.fixture
def desk(nest: Nest) -> Desk:
    """One command in a process of its own, in Chinese unless `env` says otherwise."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}

    def run(home: Path, *words: str, **env: str) -> CompletedProcess[str]:
        got = nest.once("--home", str(home), *words, env=clean | {"DESK_LANG": "zh_CN"} | env)
        return CompletedProcess(words, got.code or 0, got.out.decode(), got.err.decode())

    return run


NOTICE = {"year": 2027, "days": [{"name": "元旦", "date": f"2027-01-0{n}", "isOffDay": True} for n in (1, 2, 3)]}


@pytest.fixture
def late_letter(desk: Desk, home: Path, tmp_path: Path) -> str:
    """A letter forwarded so late in 2026 that its reply is due in a year without a notice."""
    now = "2026-12-21T09:30"
    row = {"id": "1", "title": "电梯停运", "body": "停了十天。", "received_at": "2026-12-21 08:00"}
    (tmp_path / "one.ndjson").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert desk(home, "import", str(tmp_path / "one.ndjson"), DESK_NOW=now).returncode == 0
    [letter] = [json.loads(line) for line in desk(home, "list", "--json", DESK_NOW=now).stdout.splitlines()]
    code = letter["code"]
    assert desk(home, "accept", code, "--kind", "complaint", DESK_NOW=now).returncode == 0
    assert desk(home, "forward", code, "--to", "沙坪坝", DESK_NOW=now).returncode == 0
    return str(code)


def test_a_notice_says_what_it_moves_and_then_moves_it(
    desk: Desk, home: Path, tmp_path: Path, late_letter: str
) -> None:
    file, now = tmp_path / "2027.json", "2026-12-21T10:00"
    file.write_text(json.dumps(NOTICE), encoding="utf-8")
    dry = desk(home, "calendar", "import", str(file), "--dry-run", DESK_NOW=now, DESK_LANG="en")
    assert dry.returncode == 0
    assert f"{late_letter} reply: 2027-01-11 → 2027-01-12" in dry.stdout
    assert "2026-12-31" in desk(home, "calendar", "show", DESK_NOW=now).stdout
    assert desk(home, "calendar", "import", str(file), DESK_NOW=now).returncode == 0
    shown = json.loads(desk(home, "show", late_letter, "--json", DESK_NOW=now).stdout)
    [move] = shown["due_moves"]
    assert (move["clock"], move["why"], move["actor"]) == ("reply", "rescheduled", "system")
    assert shown["due_at"].startswith("2026-12-23"), "to be signed first; that was never provisional"
    assert "2027-12-31" in desk(home, "calendar", "show", DESK_NOW=now).stdout
    again = desk(home, "calendar", "import", str(file), DESK_NOW=now)
    assert (again.returncode, "现在就是这样" in again.stderr) == (1, True)
    assert desk(home, "doctor", DESK_NOW=now).returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ('{"year": 2027}', "holiday-cn"),
        ('{"year": 2028, "days": [{"date": "2028-01-01", "isOffDay": true}]}', "2027"),
        ('{"year": 2027, "days": [{"date": "2027-01-01"}]}', "1"),
    ],
)
def test_a_file_that_is_no_notice_is_refused_with_a_sentence(
    desk: Desk, home: Path, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "notice.json"
    file.write_text(text)
    got = desk(home, "calendar", "import", str(file), DESK_NOW="2026-11-20T09:00")
    assert got.returncode == 1
    assert said in got.stderr
    assert "Traceback" not in got.stderr
    assert desk(home, "calendar", "import", str(tmp_path / "none.json")).returncode == 2


def test_units_are_put_down_listed_and_ended(desk: Desk, home: Path) -> None:
    now = {"DESK_NOW": "2024-11-01T09:30"}
    assert (
        desk(
            home, "unit", "add", "渝北", "城市管理局", "--contact", "王主任,138-0000-0101,科长,9:00-17:00", **now
        ).returncode
        == 0
    )
    [unit] = [json.loads(line) for line in desk(home, "unit", "list", "yb", "--json", **now).stdout.splitlines()]
    assert (unit["name"], unit["contacts"][0]["phone"]) == ("城市管理局", "138-0000-0101")
    assert desk(home, "unit", "add", "渝北", "城市管理局", **now).returncode == 1
    assert desk(home, "unit", "end", "渝北", "城市管理局", "--from", "2024-12-01", **now).returncode == 0
    assert "2024-11-30" in desk(home, "unit", "list", **now).stdout
    assert desk(home, "unit", "list", "--from", "2024-12-02", **now).stdout == ""
    assert desk(home, "unit", "end", "渝北", "没有的局", **now).returncode == 1
    assert desk(home, "unit", "add", "某某县", "某局", **now).returncode == 1


def test_settings_are_shown_and_set(desk: Desk, home: Path) -> None:
    assert desk(home, "settings", "set", "undo_window", "30").returncode == 0
    got = desk(home, "settings", "set", "undo_window", "long")
    assert got.returncode == 1
    assert "600" in got.stderr
    assert desk(home, "settings", "set", "volume", "11").returncode == 2
    shown = desk(home, "settings").stdout
    assert "undo_window = 30" in shown
    assert "2026-12-31" in shown
    first = json.loads(desk(home, "settings", "--json").stdout.splitlines()[0])
    assert first["settings"]["undo_window"] == 30
    assert first["problems"] == []


def test_the_doctor_names_keys_that_cannot_be(desk: Desk, home: Path, tmp_path: Path) -> None:
    (home / "settings.toml").write_text('theme = "ink"\n[keys]\nnote = "a"\nfly = "F"\n', encoding="utf-8")
    assert "keys = {}" in desk(home, "settings").stdout  # none of them is in force
    got = desk(home, "doctor")
    assert got.returncode == 0
    assert "第 3 行" in got.stdout
    assert "do.accept" in got.stdout
    assert "第 4 行" in got.stdout
    assert "一切正常" not in got.stdout
    assert desk(home, "settings", "set", "keys.note", "f").returncode == 1
