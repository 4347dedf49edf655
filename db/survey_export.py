"""Answers to a survey out of the backend into a file: CSV, XLSX, NDJSON; safe text, no cell that counts as a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from db.survey_answers import chosen
from db.survey_model import Question, QuestionKind, Survey
from db.text import as_json, formula_safe, safe

FORMATS: Final = (".csv", ".xlsx", ".ndjson")
CELL: Final = 32_767
"""Characters that a cell of XLSX holds."""

Told = tuple[int, str, dict[str, Any]]
"""(number, when as ISO 8601, question → answer) as the backend tells them."""


def write(survey: Survey, answers: Iterable[Told], path: Path, clean: Callable[[str], str] | None = None) -> int:
    """Writes them to a new file of the form its name says; how many. `clean`: what is done to words before they go out.

    Raises ValueError for another ending, FileExistsError where the file is there already, OSError.
    """
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise ValueError(kind)
    with path.open("xb") as f:
        f.close()
    try:
        return {".csv": _csv, ".xlsx": _xlsx, ".ndjson": _ndjson}[kind](survey, answers, path, clean or str)
    except BaseException:
        path.unlink(missing_ok=True)  # half an export is none
        raise


def header(survey: Survey) -> list[str]:
    return ["n", "at", *(f"{q.id} {q.text}" for q in survey.questions)]


def _cell(question: Question, value: Any, clean: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if question.kind is QuestionKind.TEXT:
        return safe(clean(safe(str(value))))
    if question.kind is QuestionKind.SCALE:
        return str(value)
    return "; ".join(question.label(c) for c in chosen(question, value) if c in question.codes)


def _rows(survey: Survey, answers: Iterable[Told], clean: Callable[[str], str]) -> Iterator[list[str]]:
    for n, at, given in answers:
        cells = [_cell(q, given.get(q.id), clean) for q in survey.questions]
        yield [str(n), at, *(formula_safe(c) for c in cells)]


def _csv(survey: Survey, answers: Iterable[Told], path: Path, clean: Callable[[str], str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as f:  # the mark lets spreadsheets read Chinese
        out = csv.writer(f)
        out.writerow([formula_safe(c) for c in header(survey)])
        for count, row in enumerate(_rows(survey, answers, clean), 1):  # noqa: B007 - the last number is the count
            out.writerow(row)
    return count


def _xlsx(survey: Survey, answers: Iterable[Told], path: Path, clean: Callable[[str], str]) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("answers")

    def put(row: list[str]) -> None:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text[:CELL])
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)

    put([formula_safe(c) for c in header(survey)])
    count = 0
    for count, row in enumerate(_rows(survey, answers, clean), 1):  # noqa: B007 - the last number is the count
        put(row)
    book.save(path)
    return count


def _ndjson(survey: Survey, answers: Iterable[Told], path: Path, clean: Callable[[str], str]) -> int:
    worded = {q.id for q in survey.questions if q.kind is QuestionKind.TEXT}
    count = 0
    with path.open("w", encoding="utf-8") as f:
        for count, (n, at, given) in enumerate(answers, 1):  # noqa: B007 - the last number is the count
            kept = {k: safe(clean(safe(str(v)))) if k in worded else v for k, v in given.items()}
            f.write(as_json({"n": n, "at": at, "answers": kept}) + "\n")
    return count
