"""A notice as .docx, laid out as official letters are (GB/T 9704): A4, red head, 仿宋 3 号, 22 lines a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.notices.making import Notice, Row, cells, columns, day_in_words

if TYPE_CHECKING:
    from docx.document import Document

RED = "C00000"
HEAD, TITLE, BODY, TABLE = "方正小标宋简体", "方正小标宋简体", "仿宋_GB2312", "仿宋_GB2312"
LINE_POINTS = 28
"""Fixed line height: 22 lines on a page of 225 mm."""

WIDTHS = {
    "forward": (1.2, 4.6, 5.8, 2.4, 1.6),
    "chase": (1.1, 4.3, 3.6, 2.2, 1.4, 1.9, 1.3),
    "supervise": (1.1, 4.3, 3.6, 2.2, 1.4, 1.9, 1.3),
}
"""Of the table's columns, in centimetres; together the text width of 156 mm."""


def write_docx(notice: Notice, path: Path) -> None:
    """Writes the notice. Raises FileExistsError: a document that is there is never written over; OSError."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _defaults(document, notice)
    _head(document, notice)
    _line(document, notice.title, TITLE, 22, centred=True, after=LINE_POINTS)
    _line(document, f"{notice.to}：", BODY, 16)
    for paragraph in notice.paragraphs:
        _line(document, paragraph, BODY, 16, indent=2)
    _line(document, "附：来信清单", BODY, 16, indent=2)
    _line(document, "", BODY, 16)
    _line(document, notice.newsroom, BODY, 16, right=4)
    _line(document, day_in_words(notice.day), BODY, 16, right=4)
    _annex(document, notice)
    _page_number(section)
    with path.open("xb") as file:
        document.save(file)


def _defaults(document: Document, notice: Notice) -> None:
    style = document.styles["Normal"]
    _face(style, BODY, 16)
    properties = document.core_properties
    properties.author, properties.title = notice.newsroom, f"{notice.title} {notice.mark}"
    properties.comments = ""


def _face(thing: Any, face: str, points: float) -> None:
    """Font for Latin and Chinese alike: Word looks for the Chinese one in an attribute of its own."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    thing.font.name, thing.font.size = face, Pt(points)
    fonts = thing.element.get_or_add_rPr().get_or_add_rFonts() if hasattr(thing, "element") else None
    if fonts is not None:
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(script), face)


def _line(
    document: Document,
    text: str,
    face: str,
    points: float,
    *,
    centred: bool = False,
    right: int = 0,
    indent: int = 0,
    after: float = 0,
    colour: str = "",
) -> Any:
    """One paragraph; `indent` and `right` in characters."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(after)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(max(LINE_POINTS, points * 1.3))
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        form.right_indent = Pt(points * right)
    if indent:
        form.first_line_indent = Pt(points * indent)
    run = paragraph.add_run(text)
    _face(run, face, points)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    return paragraph


def _head(document: Document, notice: Notice) -> None:
    """The newsroom in red, the number under it, and the red line across."""
    _line(document, notice.newsroom, HEAD, 32, centred=True, after=12, colour=RED)
    ruled = _line(document, notice.mark, BODY, 16, centred=True, after=LINE_POINTS)
    _border(ruled)


def _border(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", RED)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _annex(document: Document, notice: Notice) -> None:
    """The letters on a page of their own: the table, and of a forward each letter's words."""
    from docx.shared import Cm

    document.add_page_break()  # type: ignore[no-untyped-call]
    _line(document, "附", "黑体", 16)
    _line(document, "来信清单", TITLE, 22, centred=True, after=12)
    heads = columns(notice.kind)
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    for i, head in enumerate(heads):
        _cell(table.rows[0].cells[i], head, "黑体")
    for nr, row in enumerate(notice.rows, 1):
        for cell, text in zip(table.add_row().cells, cells(notice.kind, nr, row), strict=True):
            _cell(cell, text, TABLE)
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS[notice.kind], strict=True):
            cell.width = Cm(width)
    for nr, letter in enumerate(notice.rows, 1):
        if letter.body or letter.place or letter.contact:
            _letter(document, nr, letter)


def _letter(document: Document, nr: int, letter: Row) -> None:
    """What the citizen wrote."""
    _line(document, "", BODY, 16)
    _line(document, f"{nr}. {letter.title}（{letter.code}）", "黑体", 16)
    for name, said in (("地点", letter.place), ("联系人", letter.contact)):
        if said:
            _line(document, f"{name}：{said}", BODY, 16, indent=2)
    for part in letter.body.split("\n"):
        if part.strip():
            _line(document, part.strip(), BODY, 16, indent=2)


def _cell(cell: Any, text: str, face: str) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _face(paragraph.add_run(text), face, 10.5)


def _page_number(section: Any) -> None:
    """— 1 —, in the foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("", "— "), ("begin", ""), ("instr", " PAGE "), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        _face(run, "宋体", 14)
        if kind in ("begin", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif kind == "instr":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)
