"""Paragraphs, lines and letters of an official document, as Word wants to be told of them."""

from __future__ import annotations

from typing import Any

RED = "C00000"
HEAD, BODY, BOLD = "方正小标宋简体", "仿宋_GB2312", "黑体"
LATIN = "Times New Roman"
"""For digits and Latin letters within the text, as offices set them."""

LINE_POINTS = 28
"""Fixed line height of the body: 22 lines on a page of 225 mm."""

RULE_EIGHTHS = 24
"""Width of a double line as a whole, in eighths of a point."""


def face(thing: Any, name: str, points: float) -> None:
    """Font of a style or run for Latin and Chinese: Word looks for the Chinese one in an attribute of its own."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    thing.font.name, thing.font.size = LATIN, Pt(points)
    fonts = thing.element.get_or_add_rPr().get_or_add_rFonts()
    for script, used in (("w:eastAsia", name), ("w:ascii", LATIN), ("w:hAnsi", LATIN), ("w:cs", LATIN)):
        fonts.set(qn(script), used)
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks, dashes and brackets are Chinese here


def run(given: Any, text: str, name: str, points: float, *, colour: str = "", spaced: float = 0) -> Any:
    """Text at the end of a paragraph; `spaced`: points between its characters."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    made = given.add_run(text)
    face(made, name, points)
    if colour:
        made.font.color.rgb = RGBColor.from_string(colour)
    if spaced:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round(spaced * 20)))
        made.element.get_or_add_rPr().append(spacing)
    return made


def paragraph(
    given: Any,
    text: str,
    name: str,
    points: float,
    *,
    line: float = LINE_POINTS,
    align: str = "",
    side: float = 0,
    indent: int = 0,
    before: float = 0,
    after: float = 0,
    colour: str = "",
    spaced: float = 0,
    with_next: bool = False,
) -> None:
    """Fills and lays out an empty paragraph.

    `line`: fixed height of its lines, `before` and `after` it, in points; `align`: left, right or centre, else both
    edges; `side`: characters in from the edge it stands at; `indent`: of the first line, in characters; `with_next`:
    on one page with what follows.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    form = given.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(line)
    form.keep_with_next = with_next or None
    given.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "centre": WD_ALIGN_PARAGRAPH.CENTER,
    }.get(align, WD_ALIGN_PARAGRAPH.JUSTIFY)
    if side and align == "right":
        form.right_indent = Pt(points * side)
    elif side:
        form.left_indent = Pt(points * side)
    if indent:
        form.first_line_indent = Pt(points * indent)
    if text:
        run(given, text, name, points, colour=colour, spaced=spaced)


def rule(given: Any, edge: str, kind: str, *, over_mm: float, space: int) -> None:
    """A red line along the paragraph's edge (top, bottom), `space` points away, longer than the text by `over_mm` on both sides."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    form = given.paragraph_format
    form.left_indent = form.right_indent = Mm(-over_mm)
    borders, drawn = OxmlElement("w:pBdr"), OxmlElement(f"w:{edge}")
    for name, value in (("val", kind), ("sz", RULE_EIGHTHS), ("space", space), ("color", RED)):
        drawn.set(qn(f"w:{name}"), str(value))
    borders.append(drawn)
    properties = given._p.get_or_add_pPr()
    properties.insert_element_before(  # the schema wants an order, and Word minds it
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
