"""A notice as .docx, laid out as official letters are (GB/T 9704-2012, 10.1 信函格式): A4, the sender's name in red over a
red double line, the number under it at the right, title 小标宋 2 号, body 仿宋 3 号 at 28 points a line, the foot ruled on
the first page, page numbers from the second on, at the outer edge.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.clock import day_in_words
from db.notices.docx_parts import BODY, BOLD, HEAD, LINE_POINTS, RED, paragraph, rule, run
from db.notices.docx_table import letters_table
from db.notices.making import Notice, Row

if TYPE_CHECKING:
    from docx.document import Document

TEXT_MM = 156
RULE_OVER_MM = 7
"""How far the red lines reach beyond the text on both sides: they are 170 mm long."""

NAME_POINTS = 36
"""The sender's name, as large as its length lets it be."""

DATE_BACK = 4
"""Characters between the date and the right edge: room for a seal."""


def write_docx(notice: Notice, path: Path) -> None:
    """Writes the notice. Raises FileExistsError: a document that is there is never written over; OSError."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(30), Mm(20)
    _defaults(document, notice)
    _name(section, notice.newsroom)
    _foot(document, section)
    _letter(document, notice)
    _annex(document, notice)
    with path.open("xb") as file:
        document.save(file)


def _defaults(document: Document, notice: Notice) -> None:
    from docx.shared import Pt

    from db.notices.docx_parts import face

    style = document.styles["Normal"]
    face(style, BODY, 16)
    style.paragraph_format.space_after = Pt(0)
    properties = document.core_properties
    properties.author, properties.title = notice.newsroom, f"{notice.title} {notice.mark}"
    properties.comments = ""


def _name(section: Any, name: str) -> None:
    """Who writes, in red, 30 mm from the upper edge, over a double line: on the first page."""
    section.different_first_page_header_footer = True
    header = section.first_page_header
    points = min(NAME_POINTS, TEXT_MM * 72 / 25.4 / max(1, len(name)))
    first = header.paragraphs[0]
    paragraph(first, name, HEAD, points, line=points * 1.25, align="centre", colour=RED, spaced=points / 6)
    rule(first, "bottom", "thickThinSmallGap", over_mm=RULE_OVER_MM, space=8)


def _foot(document: Document, section: Any) -> None:
    """The first page ends with a double line 20 mm above its lower edge; the others are numbered: odd right, even left."""
    ruled = section.first_page_footer.paragraphs[0]
    paragraph(ruled, "", BODY, 2, line=2)
    rule(ruled, "bottom", "thinThickSmallGap", over_mm=RULE_OVER_MM, space=1)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], "right")
    _number(section.even_page_footer.paragraphs[0], "left")


def _number(foot: Any, side: str) -> None:
    """— 2 —, 宋体 4 号, one character in from the outer edge."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph(foot, "", "宋体", 14, line=14, align=side, side=1, after=8)
    for kind, text in (("", "— "), ("begin", ""), ("instr", " PAGE "), ("end", ""), ("", " —")):
        piece = run(foot, text if not kind else "", "宋体", 14)
        if kind in ("begin", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            piece._r.append(mark)
        elif kind == "instr":
            code = OxmlElement("w:instrText")
            code.text = text
            piece._r.append(code)


def _letter(document: Document, notice: Notice) -> None:
    """Number, title, whom it goes to, what it says, who signs and when."""
    add = document.add_paragraph
    paragraph(add(), notice.mark, BODY, 16, align="right", before=14)
    paragraph(add(), "", BODY, 16)
    paragraph(add(), notice.title, HEAD, 22, line=34, align="centre", before=LINE_POINTS, after=LINE_POINTS)
    paragraph(add(), f"{notice.to}：", BODY, 16)
    for said in notice.paragraphs:
        paragraph(add(), said, BODY, 16, indent=2)
    paragraph(add(), "", BODY, 16)
    paragraph(add(), "附件：来信清单", BODY, 16, indent=2, with_next=True)
    for _line in range(2):
        paragraph(add(), "", BODY, 16, with_next=True)
    date = day_in_words(notice.day)
    middle = DATE_BACK + (_width(date) - _width(notice.newsroom)) / 2  # the name stands over the middle of the date
    paragraph(add(), notice.newsroom, BODY, 16, align="right", side=max(0, middle), with_next=True)
    paragraph(add(), date, BODY, 16, align="right", side=DATE_BACK)


def _width(text: str) -> float:
    """In characters of the body: a digit takes half of one."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def _annex(document: Document, notice: Notice) -> None:
    """The letters on pages of their own: the table, and of a forward each letter's words."""
    first = document.add_paragraph()
    paragraph(first, "附件", BOLD, 16)
    first.paragraph_format.page_break_before = True
    paragraph(document.add_paragraph(), "来信清单", HEAD, 22, line=34, align="centre", before=14, after=14)
    letters_table(document, notice)
    for nr, letter in enumerate(notice.rows, 1):
        if letter.body or letter.place or letter.contact:
            _words(document, nr, letter)


def _words(document: Document, nr: int, letter: Row) -> None:
    """What the citizen wrote."""
    add = document.add_paragraph
    paragraph(add(), f"{nr}. {letter.title}（{letter.code}）", BOLD, 16, before=LINE_POINTS / 2, with_next=True)
    for name, said in (("地点", letter.place), ("联系人", letter.contact)):
        if said:
            paragraph(add(), f"{name}：{said}", BODY, 16, indent=2)
    for part in letter.body.split("\n"):
        if part.strip():
            paragraph(add(), part.strip(), BODY, 16, indent=2)
