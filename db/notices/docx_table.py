"""The table of letters in a notice: its head on every page, no letter cut by a page's end, columns as wide as they need."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from db.notices.docx_parts import BODY, BOLD, run
from db.notices.making import Notice, cells, columns

if TYPE_CHECKING:
    from docx.document import Document

POINTS = 10.5
CODE_POINTS = 9
"""Codes and days: small enough to stay on one line in whatever font a machine has."""

LINE_POINTS = 16

WIDTHS_MM = {
    "forward": (11, 46, 58, 23, 18),
    "chase": (11, 46, 36, 22, 13, 15, 13),
    "supervise": (11, 46, 36, 22, 13, 15, 13),
    "rating": (11, 46, 51, 22, 26),
}
"""Of the columns; together the width of the text, 156 mm."""

TWO_LINES = {"超期工作日": "超期\n工作日"}
"""Heads that are broken where they should be."""

LEFT = frozenset({2})
"""Columns whose text begins at the left: titles. All others are centred."""


SMALL = frozenset({1, 3})
"""Columns of codes and days."""


def letters_table(document: Document, notice: Notice) -> None:
    """Adds the table to the document's end. No cell of a letter is empty (`making.cells`)."""
    from docx.oxml.ns import qn

    heads, widths = columns(notice.kind), WIDTHS_MM[notice.kind]
    table = document.add_table(rows=0, cols=len(heads), style="Table Grid")
    table.autofit = False
    _fixed(table, widths)
    _row(table, tuple(TWO_LINES.get(head, head) for head in heads), widths, BOLD, head=True)
    first, *others = (cells(notice.kind, nr, letter) for nr, letter in enumerate(notice.rows, 1))
    model = _row(table, first, widths, BODY)
    for texts in others:  # a copy with other words: laying each out anew takes ten times as long
        copied = deepcopy(model)
        for place, text in zip(copied.iter(qn("w:t")), texts, strict=True):
            place.text = text
        table._tbl.append(copied)


def _fixed(table: Any, widths: tuple[int, ...]) -> None:
    """The grid too: what does not read the cells' own widths goes by it."""
    from docx.shared import Mm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _row(table: Any, texts: tuple[str, ...], widths: tuple[int, ...], name: str, *, head: bool = False) -> Any:
    """Adds a row; returns its element."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    for flag in ("cantSplit", *(("tblHeader",) if head else ())):
        properties.append(OxmlElement(f"w:{flag}"))
    for at, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        margins = OxmlElement("w:tcMar")
        for side in ("left", "right"):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), "57")  # twentieths of a point: 1 mm
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        cell._tc.get_or_add_tcPr().insert_element_before(margins, "w:textDirection", "w:tcFitText", "w:vAlign")
        filled = cell.paragraphs[0]
        form = filled.paragraph_format
        form.space_before = form.space_after = Pt(2)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_POINTS)
        left = at in LEFT and not head
        filled.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
        run(filled, text, name, POINTS if head or at not in SMALL else CODE_POINTS)
    return row._tr
