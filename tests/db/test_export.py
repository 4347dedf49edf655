"""Letters leave the store for a spreadsheet, and come back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from db import export
from db.intake import bring_in
from db.opening import open_store
from db.store import Store

ROWS = (
    "id,title,body,sender_name,sender_phone,received_at\n"
    '1,=HYPERLINK("x"),@SUM(A1)\x1b[2J,陈晓明,13812341234,2020-01-01\n'
    "2,路灯不亮,兴通路,,,2020-01-02\n"
)


@pytest.fixture
def store(store: Store, tmp_path: Path) -> Store:
    source = tmp_path / "in.csv"
    source.write_text(ROWS, encoding="utf-8")
    bring_in(store, source)
    return store


def cases(store: Store) -> list[str]:
    return [r[0] for r in store.rows("SELECT id FROM cases ORDER BY n")]


def test_no_cell_is_a_formula_and_no_control_byte_leaves(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert export.write(store, cases(store), path) == 2
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    assert rows[0]["title"].startswith("'=")
    assert rows[0]["body"].startswith("'@")
    assert b"\x1b" not in path.read_bytes()


def test_a_spreadsheet_holds_text_only(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    export.write(store, cases(store), path)
    sheet = load_workbook(path).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert sheet.cell(2, 3).value.startswith("'=")


def test_the_sender_stays_behind(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.ndjson"
    export.write(store, cases(store), path)
    text = path.read_text(encoding="utf-8")
    assert "陈晓明" not in text
    assert "13812341234" not in text
    assert "138****1234" in text


def test_what_went_out_comes_in_again(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.ndjson"
    export.write(store, cases(store), path)
    with open_store(tmp_path / "other") as other:
        assert bring_in(other, path).new == 2
        titles = {r[0] for r in other.rows("SELECT title FROM cases")}
    assert "路灯不亮" in titles
    assert {json.loads(line)["title"] for line in path.open(encoding="utf-8")} == titles


def test_a_file_that_is_there_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        export.write(store, cases(store), path)
    assert path.read_text(encoding="utf-8") == "mine"
