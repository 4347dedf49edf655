"""Letters out of the store: CSV, XLSX, NDJSON. Safe text only, no cell that a spreadsheet takes for a formula, senders masked.

What is written can be imported again; the sender's name and contact stay behind.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db import places, queries
from db.clock import to_iso
from db.model import CaseId, EventKind
from db.text import as_json, formula_safe, safe

if TYPE_CHECKING:
    from db.letters import Letter
    from db.store import Store

COLUMNS = (
    "id",
    "kind",
    "title",
    "body",
    "place",
    "state",
    "urgency",
    "topic",
    "district",
    "unit",
    "sender_masked",
    "received_at",
    "due_at",
    "reply",
    "replied_at",
    "result",
)
FORMATS = (".csv", ".xlsx", ".ndjson")


def write(store: Store, cases: Iterable[CaseId], path: Path) -> int:
    """Writes those letters to a new file of the form its name says; returns how many.

    Raises ValueError for another ending, FileExistsError where the file is there already, OSError where it cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise ValueError(kind)
    letters = (record(got) for id_ in cases if (got := queries.letter(store, id_)) is not None)
    with path.open("xb") as f:
        f.close()
    return {".csv": _csv, ".xlsx": _xlsx, ".ndjson": _ndjson}[kind](path, letters)


def record(letter: Letter) -> dict[str, str]:
    """A letter as one flat record of safe texts; times ISO 8601 with their zone; what is not known is empty."""
    from db import deadlines

    case = letter.case
    lead = case.lead_dispatch
    clock = deadlines.next_due(case)
    reply = next((e for e in reversed(letter.events) if e.kind == EventKind.REPLIED), None)
    replied_at = lead.replied_at if lead is not None else case.imported_reply_at
    values: dict[str, Any] = {
        "id": case.code,
        "kind": case.kind,
        "title": case.title,
        "body": letter.body,
        "place": case.place,
        "state": case.state,
        "urgency": case.urgency,
        "topic": case.topic,
        "district": lead.district_name if lead is not None else case.district and places.load().name(case.district),
        "unit": lead.unit if lead is not None else "",
        "sender_masked": letter.sender,
        "received_at": to_iso(case.received_at),
        "due_at": to_iso(clock.due) if clock is not None else "",
        "reply": reply.words.get("text", "") if reply is not None and replied_at is not None else "",
        "replied_at": to_iso(replied_at) if replied_at is not None else "",
        "result": case.result,
    }
    return {name: safe(str(values[name])) if values[name] else "" for name in COLUMNS}


def _csv(path: Path, records: Iterator[dict[str, str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as f:  # the mark lets spreadsheets read Chinese
        out = csv.writer(f)
        out.writerow(COLUMNS)
        for count, row in enumerate(records, 1):  # noqa: B007 - the last number is the count
            out.writerow(_cells(row))
    return count


def _cells(row: dict[str, str]) -> Sequence[str]:
    return [formula_safe(row[name]) for name in COLUMNS]


def _xlsx(path: Path, records: Iterator[dict[str, str]]) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("letters")
    sheet.append(list(COLUMNS))
    count = 0
    for count, row in enumerate(records, 1):  # noqa: B007 - the last number is the count
        cells = []
        for text in _cells(row):
            cell = WriteOnlyCell(sheet, text[:32_767])  # what a cell of XLSX holds
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
    return count


def _ndjson(path: Path, records: Iterator[dict[str, str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as f:
        for count, row in enumerate(records, 1):  # noqa: B007 - the last number is the count
            f.write(as_json(row) + "\n")
    return count
