"""Answers out in files: nothing of them is a formula, a command to a terminal, or turns the line around."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from db.redaction import redacted
from db.survey_export import write
from db.survey_model import Question, QuestionKind, Survey

ASKED = Survey(id="wild", title="=1+1", questions=(Question(id="w", text="=说说\x1b[31m", kind=QuestionKind.TEXT),))
WILD = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "\x1b]0;owned\x07\x1b[2J",
    "\u202egnp.exe",
    "\x00",
    "好" * 200_000,
)
BEGINS = tuple("=+-@\t\r＝＋－＠")


def texts(path: Path) -> list[str]:
    """Every cell and value of the file."""
    if path.suffix == ".csv":
        csv.field_size_limit(10**7)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [cell for row in csv.reader(file) for cell in row]
    if path.suffix == ".xlsx":
        from openpyxl import load_workbook

        cells = [cell for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
        assert all(cell.data_type == "s" for cell in cells if cell.value is not None)
        return [str(cell.value) for cell in cells if cell.value is not None]
    return [json.dumps(json.loads(line), ensure_ascii=False) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("form", ["csv", "xlsx", "ndjson"])
def test_wild_answers_are_only_words_in_a_file(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"answers.{form}"
    answers = ((n, "2024-10-31T10:00:00+08:00", {"w": said}) for n, said in enumerate(WILD, 1))
    assert write(ASKED, answers, path, redacted) == len(WILD)
    found = texts(path)
    if form != "ndjson":
        assert not [cell for cell in found if cell.lstrip(" ").startswith(BEGINS)]
    for cell in found:
        assert not set(cell) & {"\x1b", "\x07", "\x00", "\u202e"}
