"""A page for spreadsheets: CSV, and XLSX with a sheet of figures and a sheet of rows that leads each figure to its letters.

No cell is a formula (`db/text.formula_safe`); letters are named by their code, what they are about and where, never by their title.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from db.bulletin.heads import standing, title
from db.bulletin.tracing import letters_of
from db.text import formula_safe
from db.words import _, term

if TYPE_CHECKING:
    from db.bulletin.making import Bulletin
    from db.store import Store

MOST_ROWS = 1_000_000
"""What a sheet of XLSX holds."""

CELL = 32_767
"""Characters a cell of XLSX holds."""


def as_csv(store: Store, bulletin: Bulletin) -> str:
    """One table of everything: a row a figure and letter; a figure of nothing has one row. The mark at the beginning lets
    spreadsheets read Chinese. Raises StoreError.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(["figure", "name", "value", *LETTER])
    for name, told in bulletin.page["figures"].items():
        first = [formula_safe(told["label"]), formula_safe(name), told["value"]]
        for row in _rows(store, bulletin, name) or [[""] * len(LETTER)]:
            table.writerow([*first, *row])
    return "\ufeff" + out.getvalue()


LETTER = ("code", "received_on", "kind", "state", "district", "topic")


def _rows(store: Store, bulletin: Bulletin, name: str) -> list[list[str]]:
    return [
        [formula_safe(_shown(column, letter[column])) for column in LETTER]
        for letter in letters_of(store, bulletin.letters[name])
    ]


def _shown(column: str, value: Any) -> str:
    if value is None:
        return ""
    return term(column, value) if column in ("kind", "state") else str(value)


def as_xlsx(store: Store, bulletin: Bulletin) -> bytes:
    """The workbook. On the first sheet every figure leads by a link to its first row on the second. Raises StoreError."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    figures = book.active
    assert figures is not None
    figures.title = _("figures")
    letters = book.create_sheet(_("letters behind them"))
    for said in (title(bulletin.page), *standing(bulletin.page)):
        figures.append([_text(said)])
    figures.append([])
    figures.append([_("figure"), _("value"), _("letters"), "name"])
    head = figures.max_row
    letters.append([_("figure"), *(term("column", column) for column in LETTER), "name"])
    bold, linked = Font(bold=True), Font(color="B3261E", underline="single")
    for cell in (figures["A1"], *figures[head], *letters[1]):
        cell.font = bold
    row = 1
    for name, told in bulletin.page["figures"].items():
        found = _rows(store, bulletin, name)
        figures.append([_text(told["label"]), told["value"], len(found), _text(name)])
        if found and row + len(found) < MOST_ROWS:
            cell = figures.cell(figures.max_row, 2)
            # within the file: a plain string would be written as a target outside it
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{letters.title}'!A{row + 1}")
            cell.font = linked
            for line in found:
                letters.append([_text(told["label"]), *map(_text, line), _text(name)])
            row += len(found)
    for sheet in (figures, letters):
        _plain(sheet)
        for letter, width in zip("ABCDEFGH", _WIDTHS[sheet is letters], strict=False):
            sheet.column_dimensions[letter].width = width
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0  # as wide as a page, as long as it is
    figures.print_title_rows, letters.print_title_rows = f"{head}:{head}", "1:1"
    figures.freeze_panes = f"A{head + 1}"
    letters.freeze_panes = "A2"
    letters.auto_filter.ref = f"A1:H{max(1, row)}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_WIDTHS: tuple[Sequence[int], Sequence[int]] = ((34, 10, 10, 30), (34, 24, 12, 10, 10, 22, 20, 28))


def _text(value: str) -> str:
    return formula_safe(value)[:CELL]


def _plain(sheet: Any) -> None:
    """Whatever begins like a formula is text all the same."""
    for cell in _cells(sheet):
        if cell.data_type == "f":
            cell.data_type = "s"


def _cells(sheet: Any) -> Iterator[Any]:
    for row in sheet.iter_rows():
        yield from row
