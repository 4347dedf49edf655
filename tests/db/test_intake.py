"""An office brings in a file of letters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from db import queries
from db.clock import from_iso
from db.intake import FileTroubleError, bring_in
from db.intake.times import moment
from db.model import EventKind, State
from db.store import Store

CSV = """编号,标题,内容,姓名,电话,来信时间,答复意见,答复时间
7,电梯停运,"三栋电梯停了
已经十天",陈晓明,13812341234,2019/4/24 16:03,已修好,2019年5月9日 9:49
8,路灯不亮,兴通路路灯不亮,,,2019-04-25,,
"""


def saved(tmp_path: Path, text: str, name: str = "letters.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def cases(store: Store) -> list[str]:
    return [r[0] for r in store.rows("SELECT id FROM cases ORDER BY n")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_comes_in_whatever_its_encoding(store: Store, tmp_path: Path, encoding: str) -> None:
    report = bring_in(store, saved(tmp_path, CSV, encoding=encoding))
    assert (report.new, report.known, report.bad) == (2, 0, 0)
    letter = queries.letter(store, cases(store)[0])
    assert letter is not None
    assert letter.case.title == "电梯停运"
    assert letter.body == "三栋电梯停了\n已经十天"


def test_receipt_and_reply_stand_at_their_own_times_and_nothing_is_invented(store: Store, tmp_path: Path) -> None:
    bring_in(store, saved(tmp_path, CSV))
    letter = queries.letter(store, cases(store)[0])
    assert letter is not None
    case = letter.case
    assert (case.source, case.state) == ("import", State.REPLIED)
    assert case.received_at == from_iso("2019-04-24T16:03")
    assert case.imported_reply_at == from_iso("2019-05-09T09:49")
    assert case.dispatches == ()
    assert [e.kind for e in letter.events] == [EventKind.RECEIVED, EventKind.REPLIED]


def test_the_sender_is_a_record_apart_never_in_an_event(store: Store, tmp_path: Path) -> None:
    bring_in(store, saved(tmp_path, CSV))
    letter = queries.letter(store, cases(store)[0])
    assert letter is not None
    assert "138****1234" in letter.sender
    events = store.rows("SELECT facts || coalesce(words, '') FROM event")
    assert not any("陈晓明" in e[0] or "13812341234" in e[0] for e in events)


def test_the_same_file_again_adds_nothing(store: Store, tmp_path: Path) -> None:
    path = saved(tmp_path, CSV)
    bring_in(store, path)
    again = bring_in(store, path)
    assert (again.new, again.known) == (0, 2)
    assert store.rows("SELECT COUNT(*) FROM event")[0][0] == 3


def test_the_same_number_in_another_file_is_another_letter(store: Store, tmp_path: Path) -> None:
    bring_in(store, saved(tmp_path, CSV))
    other = saved(tmp_path, "id,title,received_at\n7,水管漏水,2019-04-24\n", "other.csv")
    assert bring_in(store, other).new == 1


def test_a_dry_run_changes_nothing(store: Store, tmp_path: Path) -> None:
    report = bring_in(store, saved(tmp_path, CSV), dry_run=True)
    assert (report.new, report.kept) == (2, False)
    assert cases(store) == []


BAD = """id,title,body,received_at
1,好的,"一行
两行",2020-01-01
2,没有时间,内容,
3,看不懂的时间,内容,昨天吧
4,也好,内容,2020-01-02
"""


def test_bad_rows_are_named_by_line_and_nothing_is_kept(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = bring_in(store, saved(tmp_path, BAD))
    assert [(p.line, p.field) for p in report.problems] == [(4, "received_at"), (5, "received_at")]
    assert report.lines()[0] == "第 4 行，来信时间：没有来信时间。"
    monkeypatch.setenv("DESK_LANG", "en")
    assert report.lines()[0] == "Line 4, time of receipt: No time of receipt."
    assert cases(store) == []


def test_the_good_rows_are_kept_if_the_person_says_so(store: Store, tmp_path: Path) -> None:
    report = bring_in(store, saved(tmp_path, BAD), keep_good=True)
    assert (report.new, report.bad, report.kept) == (2, 2, True)
    assert len(cases(store)) == 2


def test_a_reply_without_its_time_or_older_than_its_letter_is_a_bad_row(store: Store, tmp_path: Path) -> None:
    text = "id,title,received_at,reply,replied_at\n1,甲,2020-01-02,好,\n2,乙,2020-01-02,好,2020-01-01\n"
    assert [p.field for p in bring_in(store, saved(tmp_path, text)).problems] == ["replied_at", "replied_at"]


def test_a_spreadsheet_comes_in(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["来信编号", "主题", "正文", "来信时间（北京时间）"])
    sheet.append([12, "自来水发黄", "水是黄的", 43579.5])
    path = tmp_path / "letters.xlsx"
    book.save(path)
    bring_in(store, path)
    letter = queries.letter(store, cases(store)[0])
    assert letter is not None
    assert letter.case.title == "自来水发黄"
    assert letter.case.received_at == from_iso("2019-04-24T12:00")


def test_ndjson_comes_in_and_a_broken_line_is_named(store: Store, tmp_path: Path) -> None:
    lines = [json.dumps({"id": 1, "title": "甲", "body": "一", "received": 1577836800}, ensure_ascii=False), "{", "[1]"]
    report = bring_in(store, saved(tmp_path, "\n".join(lines), "letters.ndjson"), keep_good=True)
    assert report.new == 1
    assert [p.line for p in report.problems] == [2, 3]


def test_hostile_bytes_come_in_without_harm(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "hostile.csv"
    path.write_bytes(b"id,title,body,received_at\n1,a\x1b]52;c;eA==\x07b\x00c,\xff\xfe\xe7\x94\xb5,2020-01-01\n")
    assert bring_in(store, path).new == 1


@pytest.mark.parametrize(
    ("name", "text"), [("letters.pdf", "x"), ("letters.csv", "a,b\n1,2\n"), ("letters.xlsx", "not a zip")]
)
def test_a_file_that_holds_no_letters_is_a_sentence(store: Store, tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(FileTroubleError):
        bring_in(store, saved(tmp_path, text, name))


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2019-04-24T16:03:40", "2019-04-24T16:03:40"),
        ("2019-04-24 16:03", "2019-04-24T16:03"),
        ("2019/4/24 16:03:40", "2019-04-24T16:03:40"),
        ("2019年4月24日", "2019-04-24T00:00"),
        ("2019年4月24日 16时3分", "2019-04-24T16:03"),
        ("2018-02", "2018-02-01T00:00"),
        ("2019-04-24T08:03:40Z", "2019-04-24T16:03:40"),
        ("43579.5", "2019-04-24T12:00"),
        ("1556092800", "2019-04-24T16:00"),
    ],
)
def test_times_are_understood_as_files_write_them(written: str, iso: str) -> None:
    assert moment(written) == from_iso(iso)


@pytest.mark.parametrize("written", ["", "昨天", "2019-13-01", "2019-02-30", "12", "99999999999999999"])
def test_what_is_no_time_is_said(written: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        moment(written)
