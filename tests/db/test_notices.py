"""Notices: one a unit, with all its letters, numbered without gaps, read back from the document itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from db import notices
from db.clock import DAY
from db.people import Sender
from db.store import Store
from db.text import safe
from tests.db.store_letters import NOW, bring, do, receipt

EARLY = NOW - 40 * DAY


def sent(
    store: Store, number: str, district: str = "500104", name: str = "大渡口区", unit: str = "", **facts: object
) -> str:
    (case,) = bring(
        store,
        receipt(number, EARLY, title=f"第{number}封：电梯停运", sender=f"s{number}"),
        senders=(Sender(f"s{number}", "陈晓明", "先生", "13800001234"),),
    )
    to = {"district": district, "district_name": name} | ({"unit": unit} if unit else {})
    do(store, "forwarded", case, EARLY, facts=to | facts)
    return case


def words(path: Path) -> str:
    document = Document(str(path))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + tables)


def test_each_unit_gets_one_notice_with_all_its_letters(store: Store) -> None:
    one, two = sent(store, "1"), sent(store, "2")
    other = sent(store, "3", "500112", "渝北区", "渝北区交巡警支队")
    made = notices.notices(store, "chase", [one, other, two], NOW)
    assert [(n.to, [r.case for r in n.rows]) for n in made] == [("大渡口区", [one, two]), ("渝北区交巡警支队", [other])]
    assert made[0].rows[0].late > 0


def test_the_document_says_what_the_text_says(store: Store, tmp_path: Path) -> None:
    case = sent(store, "1")
    (notice,) = notices.numbered(store, notices.notices(store, "chase", [case], NOW))
    notices.write_docx(notice, tmp_path / "n.docx")
    text, document = notices.as_text(notice), words(tmp_path / "n.docx")
    for said in (
        "群众来信催办通知书",
        "人民来信催〔2024〕1号",
        "大渡口区：",
        "2024年11月1日",
        notice.rows[0].code,
        "电梯停运",
    ):
        assert said in text
        assert said in document
    assert Document(str(tmp_path / "n.docx")).sections[0].page_width.mm == pytest.approx(210, abs=0.1)  # type: ignore[union-attr]


def test_numbers_follow_one_another_by_kind_and_year(store: Store) -> None:
    case = sent(store, "1")
    marks = [
        notices.numbered(store, notices.notices(store, kind, [case], when))[0].mark
        for kind, when in (("chase", NOW), ("chase", NOW), ("supervise", NOW), ("chase", NOW + 90 * DAY))
    ]
    assert marks == ["人民来信催〔2024〕1号", "人民来信催〔2024〕2号", "人民来信督〔2024〕1号", "人民来信催〔2025〕1号"]


def test_looking_takes_no_number(store: Store) -> None:
    case = sent(store, "1")
    notices.notices(store, "chase", [case], NOW)
    assert notices.numbered(store, notices.notices(store, "chase", [case], NOW))[0].number == 1


@pytest.mark.parametrize(("contact", "there"), [("shared", True), ("withheld", False)])
def test_a_contact_is_in_a_forward_only_where_it_was_shared(
    store: Store, tmp_path: Path, contact: str, there: bool
) -> None:
    case = sent(store, "1", contact=contact)
    (notice,) = notices.notices(store, "forward", [case], NOW)
    notices.write_docx(notice, tmp_path / "n.docx")
    for said in (notices.as_text(notice), words(tmp_path / "n.docx")):
        assert ("陈晓明" in said) is there
        assert ("13800001234" in said) is there
        assert "楼里的电梯又停了" in said


def test_a_chase_never_carries_a_contact(store: Store) -> None:
    case = sent(store, "1", contact="shared")
    (notice,) = notices.notices(store, "chase", [case], NOW)
    assert "陈" not in notices.as_text(notice)


def test_what_no_unit_works_on_is_in_no_notice(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    assert notices.notices(store, "chase", [case], NOW) == []


def test_a_hostile_letter_makes_a_sound_document(store: Store, tmp_path: Path) -> None:
    (case,) = bring(store, receipt("1", title="\x1b]52;c;eA==\x07<w:p>&\u202e", body="\x00\x1b[2J\ud800 <script>"))
    do(store, "forwarded", case, facts={"district": "500104", "district_name": "大渡口区"})
    (notice,) = notices.notices(store, "forward", [case], NOW)
    notices.write_docx(notice, tmp_path / "n.docx")
    for said in (words(tmp_path / "n.docx"), notices.as_text(notice)):
        assert safe(said) == said
        assert "<w:p>&" in said


def test_a_document_is_never_written_over(store: Store, tmp_path: Path) -> None:
    case = sent(store, "1")
    (notice,) = notices.notices(store, "chase", [case], NOW)
    (tmp_path / "n.docx").write_text("mine")
    with pytest.raises(FileExistsError):
        notices.write_docx(notice, tmp_path / "n.docx")
    assert (tmp_path / "n.docx").read_text() == "mine"
