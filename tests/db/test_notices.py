"""Notices: one a unit, with all its letters, numbered without gaps, read back from the document itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor

from db import notices
from db.clock import DAY
from db.notices.making import cells
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


def test_it_is_laid_out_as_official_letters_are(store: Store, tmp_path: Path) -> None:
    cases = [sent(store, str(n)) for n in range(1, 31)]
    (notice,) = notices.numbered(store, notices.notices(store, "chase", cases, NOW))
    notices.write_docx(notice, tmp_path / "n.docx")
    document = Document(str(tmp_path / "n.docx"))
    section = document.sections[0]
    name = section.first_page_header.paragraphs[0]
    assert (name.text, name.runs[0].font.color.rgb) == ("人民来信编辑部", RGBColor.from_string("C00000"))
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges if edge] == [37, 35, 28, 26]
    said = {p.text: p for p in document.paragraphs if p.text}
    for text, points, spacing in (
        ("群众来信催办通知书", 22, 34),
        ("大渡口区：", 16, 28),
        (notice.paragraphs[0], 16, 28),
    ):
        run, form = said[text].runs[0], said[text].paragraph_format
        assert (run.font.size, form.line_spacing) == (Pt(points), Pt(spacing)), text
    assert said[notice.mark].alignment == said["2024年11月1日"].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    (table,) = document.tables
    assert len(table.rows) == 31
    assert sum(round(column.width.mm) for column in table.columns if column.width) == 156
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader"), "its head stands on every page"
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in table.rows)
    assert [cell.text for cell in table.rows[30].cells] == list(cells("chase", 30, notice.rows[29]))
    assert not section.first_page_footer.paragraphs[0].text, "numbered from the second page on"
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((40, 40), "2件已超过期限，至今未收到回复"),
        ((9, 9), "2件期限将至"),
        ((40, 9), "2件尚未收到回复，其中1件已超过期限"),
    ],
)
def test_a_chase_says_no_more_than_is_true_of_its_letters(store: Store, days: tuple[int, ...], said: str) -> None:
    cases = []
    for n, ago in enumerate(days):
        (case,) = bring(store, receipt(str(n), NOW - ago * DAY, title="电梯停运"))
        do(store, "forwarded", case, NOW - ago * DAY, facts={"district": "500104", "district_name": "大渡口区"})
        do(store, "signed", case, NOW - ago * DAY + 60_000)
        cases.append(case)
    (notice,) = notices.notices(store, "chase", cases, NOW)
    assert said in notice.paragraphs[0]


def test_what_is_escalated_already_is_not_threatened_with_it(store: Store) -> None:
    cases = []
    for n, level in enumerate((3, 4)):
        (case,) = bring(store, receipt(str(n), NOW - 60 * DAY, title="电梯停运"))
        do(store, "forwarded", case, NOW - 60 * DAY, facts={"district": "500104", "district_name": "大渡口区"})
        do(store, "chased", case, NOW - DAY, facts={"level": level, "channel": "phone"})
        cases.append(case)
    (both,) = notices.notices(store, "supervise", cases, NOW)
    assert "其中1件已提级督办" in both.paragraphs[0]
    assert "将提级督办" in both.paragraphs[1]
    (one,) = notices.notices(store, "supervise", cases[1:], NOW)
    assert "均已提级督办" in one.paragraphs[0]
    assert "将提级督办" not in one.paragraphs[1]


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
