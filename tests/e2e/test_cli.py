"""The desk from a shell, as a real process: the path of a letter, exit codes, hostile text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from db import configuring
from db.clock import from_iso
from db.commands import run
from db.opening import open_store
from db.people import own_actor
from tests.forked import Nest

HOSTILE = (
    "id,title,body,received_at\n"
    "1,电梯\x1b]52;c;eA==\x07\x9b2J\u202e[red]停运,正文\x1b[2J,2024-10-15 10:00\n"
    "2,路灯不亮,一片漆黑,2024-10-16\n"
)


class Shell:
    def __init__(self, nest: Nest, home: Path) -> None:
        self.nest, self.home = nest, home
        self.env = os.environ | {"DESK_HOME": str(home), "DESK_NOW": "2024-11-01T09:30", "DESK_LANG": "en"}

    def __call__(self, *words: str, code: int = 0) -> str:
        got = self.nest.once(*words, env=self.env)
        return self._told(got.code, got.out, got.err, code)

    def started(self, *words: str, code: int = 0) -> str:
        """The same by an interpreter's own start: what it makes of arguments, streams and environment counts too."""
        got = subprocess.run([sys.executable, "-m", "desk", *words], env=self.env, capture_output=True, check=False)
        return self._told(got.returncode, got.stdout, got.stderr, code)

    def _told(self, ended: int | None, out: bytes, err: bytes, code: int) -> str:
        assert ended == code, err.decode()
        both = out + err
        assert not set(both) & (set(range(32)) - {10}), both
        assert b"Traceback" not in both
        assert "\u202e" not in both.decode()
        return (out or err).decode()


@pytest.fixture
def desk(home: Path, tmp_path: Path, nest: Nest) -> Shell:
    shell = Shell(nest, home)
    path = tmp_path / "letters.csv"
    path.write_text(HOSTILE, encoding="utf-8")
    shell("import", str(path))
    return shell


def code_of(desk: Shell, query: str) -> str:
    return str(json.loads(desk("list", query, "--json").splitlines()[0])["code"])


def test_a_letters_whole_way(desk: Shell) -> None:
    code = code_of(desk, "电梯")
    desk("accept", code, "--kind", "complaint", "--topic", "电梯安装")
    desk("forward", code, "--to", "spb", "--note", "请核实")
    desk("chase", code)
    desk("reply", code, "--text", "已修")
    desk("redo", code, "--code", "incomplete", "--text", "何时修好")
    desk("reply", code, "--text", "昨日修好")
    desk("answer", code)
    desk("resolve", code, "--result", "solved", "--outcome", "街巷整治=3条")
    shown = json.loads(desk("show", code, "--json"))
    assert (shown["state"], shown["result"], shown["outcomes"][0]["count"]) == ("resolved", "solved", 3)
    kinds = [e["kind"] for e in shown["events"]]
    assert kinds == [
        "received",
        "accepted",
        "forwarded",
        "chased",
        "replied",
        "redone",
        "replied",
        "answered",
        "resolved",
    ]
    assert desk("doctor").strip().endswith("All is well.")


def test_a_refusal_is_a_sentence_and_exit_code_1(desk: Shell) -> None:
    assert "to review" in desk("resolve", code_of(desk, "路灯"), "--result", "solved", code=1)
    assert "no letter" in desk("show", "RMLX-1", code=1)


def test_several_letters_are_all_or_nothing(desk: Shell) -> None:
    light, lift = code_of(desk, "路灯"), code_of(desk, "电梯")
    desk("accept", light)
    assert light in desk("accept", light, lift, "--kind", "help", code=1)
    assert json.loads(desk("show", lift, "--json"))["state"] == "received"


def test_wrong_usage_is_exit_code_2(desk: Shell) -> None:
    desk("forward", code_of(desk, "路灯"), "--to", "nowhere", code=2)
    desk("list", "district:", code=2)
    desk("fly", code=2)
    assert "Not understood: --bogus" in desk("forward", "--bogus", code=2)
    assert "More: desk list --help" in desk("list", "--queue", "12", code=2)
    assert "what" in desk("forward", "--help")
    assert "More: desk list --help" in desk.started("list", "--queue", "12", code=2)


def test_the_app_without_a_terminal_says_so_and_ends(desk: Shell) -> None:
    assert "needs a terminal" in desk.started(code=2)


def test_what_is_no_text_and_what_is_no_time_are_told_of_and_nothing_changes(desk: Shell) -> None:
    code = code_of(desk, "路灯")
    assert "not UTF-8" in desk.started("note", code, "--text", "坏\udcff", code=2)
    assert len(json.loads(desk("show", code, "--json"))["events"]) == 1
    desk.env["DESK_NOW"] = "soon"
    assert "soon" in desk("status", code=2)


def test_a_pipe_gets_utf8_whatever_the_locale(desk: Shell) -> None:
    desk.env["PYTHONIOENCODING"] = "ascii"
    assert "路灯不亮" in desk.started("list", "路灯")


def test_a_store_that_is_none_is_exit_code_4_and_left_as_it_is(tmp_path: Path, nest: Nest) -> None:
    home = tmp_path / "home"
    shell = Shell(nest, home)
    shell("status")
    (file,) = [p for p in home.iterdir() if p.suffix == ".db"]
    file.write_bytes(b"not a store" * 1000)
    before = {p: p.read_bytes() for p in home.iterdir()}
    shell("status", code=4)
    assert {p: p.read_bytes() for p in home.iterdir()} == before


def test_status_and_export_tell_what_is_here(desk: Shell, tmp_path: Path) -> None:
    status = json.loads(desk("status", "--json"))
    assert (status["letters"], status["pending"], status["refused"], status["cursor"]) == (2, 2, 0, 0)
    desk("export", "--to", str(tmp_path / "out.csv"))
    assert b"\x1b" not in (tmp_path / "out.csv").read_bytes()
    desk("export", "--to", str(tmp_path / "out.csv"), code=2)


def test_the_demo_neither_mixes_with_a_persons_letters_nor_throws_them_away(desk: Shell) -> None:
    keep = desk.home / "notes.txt"
    keep.write_text("mine", encoding="utf-8")
    for more in ((), ("--fresh",)):
        assert "not the demo's" in desk("demo", "--prepare", "--home", str(desk.home), *more, code=2)
    assert json.loads(desk("status", "--json"))["letters"] == 2
    assert keep.read_text(encoding="utf-8") == "mine"


def test_a_demo_goes_on_where_it_was_and_a_fresh_one_throws_away_its_own_store_and_nothing_else(
    tmp_path: Path, nest: Nest
) -> None:
    demo = Shell(nest, tmp_path / "demo-home")
    demo("demo", "--prepare", "--home", str(demo.home))
    keep = demo.home / "notes.txt"
    keep.write_text("mine", encoding="utf-8")
    code = code_of(demo, "state:received")
    demo("accept", code)
    demo("note", code, "--text", "seen")
    demo.started("demo", "--prepare", "--home", str(demo.home))
    assert json.loads(demo("show", code, "--json"))["state"] == "accepted"
    assert json.loads(demo("status", "--json"))["pending"] == 2
    demo("demo", "--prepare", "--home", str(demo.home), "--fresh")
    assert json.loads(demo("show", code, "--json"))["state"] == "received"
    assert json.loads(demo("status", "--json"))["pending"] == 0
    assert keep.read_text(encoding="utf-8") == "mine"


def test_similar_letters_are_listed_with_what_they_share(desk: Shell, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text(
        "id,title,body,received_at\n7,文体路路灯全灭,文体路从桥头起路灯全灭，一片漆黑,2024-10-20 08:00\n"
        "8,夜里看不见路,文体路桥头的路灯又不亮了,2024-10-22 08:00\n",
        encoding="utf-8",
    )
    desk("import", str(path))
    code = code_of(desk, "夜里看不见路")
    first = json.loads(desk("similar", code, "--json").splitlines()[0])
    assert (first["title"], first["days_apart"]) == ("文体路路灯全灭", 2)
    assert "文体路" in first["places"]
    assert "文体路路灯全灭" in desk("similar", code)
    desk("similar", "RMLX-0", code=1)


def test_a_forward_and_a_co_forward_to_districts_on_paper_write_their_documents(desk: Shell) -> None:
    code = code_of(desk, "路灯")
    with open_store(desk.home) as store:
        today = date(2024, 11, 1)
        on_paper = [configuring.paper(district, today, on=True) for district in ("500112", "500106")]
        assert run(store, own_actor(store), on_paper, from_iso("2024-11-01T09:30")).ok
    assert "document" in desk("forward", code, "--to", "渝北区")
    notices = desk.home / "notices"
    assert len(list(notices.glob("*.docx"))) == len(list(notices.glob("*.txt"))) == 1
    desk.env["DESK_NOW"] = "2024-11-01T09:40"
    assert "1 documents" in desk("co-forward", code, "--to", "沙坪坝区")
    texts = [path.read_text(encoding="utf-8") for path in notices.glob("*.txt")]
    assert [sum(name in text for text in texts) for name in ("渝北区", "沙坪坝区")] == [1, 1], "each is written once"


def test_the_doctor_makes_sums_anew_that_do_not_follow_from_the_letters(desk: Shell) -> None:
    code_of(desk, "路灯")
    with open_store(desk.home) as store, store.write() as conn:
        conn.execute("UPDATE day_count SET received = received + 1")
    assert "day_count" in desk("doctor", code=4)
    assert "made anew" in desk("doctor", "--repair")
    assert desk("doctor").strip().endswith("All is well.")


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE event SET facts = replace(facts, 'app', 'apq'), words = replace(words, '路灯', '灯光') WHERE kind = 'received'",
        "UPDATE event SET actor = 'somebody' WHERE kind = 'accepted'",
        "UPDATE event SET words = 'no json' WHERE kind = 'noted'",
    ],
)
def test_the_doctor_names_an_event_that_was_changed_behind_the_desks_back(desk: Shell, harm: str) -> None:
    code = code_of(desk, "路灯")
    desk("accept", code)
    desk("note", code, "--text", "来过电话")
    assert desk("doctor").strip().endswith("All is well.")
    with open_store(desk.home) as store, store.write() as conn:
        conn.execute(harm)
    said = desk("doctor", code=4)
    assert code in said
    assert "not what was written" in said
