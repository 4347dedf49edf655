"""`desk` verbs over hostile letters and hostile words: what they print is safe, and JSON gives every character back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from db.opening import open_store
from desk.cli import main
from tests.hostile.letters import ALL, COLLECTED, MARK, bare, letters
from tests.hostile.seen import unseen

NAMED = ("show", "similar", "suggest", "redact", "attachment")
"""Verbs of one letter."""
WHOLE = (
    ("status",), ("list", "--all"), ("list", "--queue", "5"), ("doctor",), ("board",), ("board", "--by", "unit"),
    ("board", "--by", "topic"), ("ladder",), ("handover",), ("handover", "--format", "md"), ("template", "list"), ("settings",),
    ("unit", "list"), ("survey", "list"), ("survey", "show", "wild"), ("bulletin", "2024-10"),
    ("bulletin", "2024-10", "--format", "md"), ("bulletin", "2024-10", "--format", "csv"),
    ("bulletin", "2024-10", "--format", "json"), ("notice", "forward", "--query", MARK[:2], "--text"), ("calendar", "show"),
    ("key", "show"),
)  # fmt: skip
JSON = (("status",), ("list",), ("board",), ("ladder",), ("settings",), ("unit", "list"), ("survey", "list"))


SOAK = int(os.environ.get("HOSTILE", "0")) >= ALL


class Shell:
    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def __call__(self, *words: str) -> str:
        """What it printed on both streams, looked at character by character."""
        try:
            code = main(["--home", str(self.home), *words])
        except SystemExit as end:  # --help
            code = int(end.code or 0)
        got = self.capsys.readouterr()
        assert code in range(6), (words, code)
        assert unseen(got.out + got.err, "\n" if words[0] != "bulletin" else "\r\n") == set(), words
        assert "Traceback" not in got.err
        return got.out or got.err


@pytest.fixture
def desk(home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(home, capsys)


def codes(home: Path) -> list[str]:
    with open_store(home) as store:
        return [code for (code,) in store.rows("SELECT code FROM cases ORDER BY n")]


def test_every_verb_that_reads_prints_safe_text(desk: Shell) -> None:
    for words in WHOLE:
        assert desk(*words).strip(), words


def test_every_letter_is_shown_whole_and_safe(desk: Shell, home: Path) -> None:
    assert desk("show", *codes(home)).count(MARK) >= len(codes(home))
    for verb in NAMED[1:]:
        for code in codes(home)[:2]:
            desk(verb, code)


def test_every_line_of_json_is_json_and_holds_no_raw_control(desk: Shell, home: Path) -> None:
    for words in JSON:
        for line in desk(*words, "--json").rstrip("\n").split("\n"):
            json.loads(line)
    shown = [json.loads(line) for line in desk("show", *codes(home), "--json").rstrip("\n").split("\n")]
    assert len(shown) == len(list(letters()))


def test_words_of_a_person_at_the_shell_are_no_better(desk: Shell) -> None:
    """As queries, as codes, as files, as the values of options: never an error of ours, never FTS, never a folder."""
    for text in [bare(t).replace("\0", "")[:500] for t in COLLECTED[:: 1 if SOAK else 9]]:
        desk("list", "--limit", "3", "--", text)
    for text in [bare(t).replace("\0", "")[:200] for t in COLLECTED[:: 1 if SOAK else 50]]:
        desk("show", "--", text)
        desk("import", "--", text)
        desk("bulletin", "--", text)
        desk("survey", "show", "--", text)
        desk("template", "show", "--", text)
        desk("forward", "--query", MARK[:2], f"--to={text}")
        desk("settings", "set", "language", "--", text)
        desk("bulletin", "2024-10", f"--explain={text}")


def test_what_is_done_by_a_verb_says_so_in_safe_text(desk: Shell, home: Path) -> None:
    wild = [bare(t).replace("\0", "")[:300] for t in COLLECTED[:: 3 if SOAK else 70]]
    for code, text in zip(codes(home), wild, strict=False):
        desk("note", code, f"--text={text}")
        desk("accept", code, f"--topic={text}")
        desk("forward", code, "--to", "渝北", f"--note={text}", f"--unit={text}")
        desk("reply", code, f"--text={text}")
        assert MARK in desk("show", code)
