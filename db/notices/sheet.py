"""A sheet of titles and lines as .docx to print: A4, in the fonts of official letters, with lines to sign."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from db.notices.docx_parts import BODY, BOLD, HEAD, paragraph

LINE = 16
"""Points a line: 42 letters on a page."""


def write_sheet(
    path: Path, title: str, under: str, parts: Sequence[tuple[str, Sequence[str]]], signed: Sequence[str]
) -> None:
    """Writes it: `under` the title, then each part; at the end a place to sign for each of `signed`.

    Raises FileExistsError: a sheet that is there is never written over; OSError.
    """
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin = section.right_margin = Mm(22)
    document.core_properties.title, document.core_properties.comments = title, ""
    add = document.add_paragraph
    paragraph(add(), title, HEAD, 20, line=30, align="centre")
    paragraph(add(), under, BODY, 12, line=LINE, align="centre", after=6)
    for name, lines in parts:
        paragraph(add(), name, BOLD, 12, line=LINE, align="left", before=8, with_next=bool(lines))
        for one in lines:
            paragraph(add(), one, BODY, 10.5, line=LINE, align="left", side=1)
    paragraph(add(), "　　　　　　　　　".join([*signed, ""]), BODY, 13, line=LINE, align="left", before=30)
    with path.open("xb") as file:
        document.save(file)
