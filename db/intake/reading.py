"""Rows of a file with the line each begins on: CSV, XLSX, NDJSON; UTF-8 and GB18030 told apart; read as a stream."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.intake.columns import field_of, mapping
from db.words import N_

MAX_FIELD = 4_000_000
"""Characters in one cell of a CSV file; more is an error of the file, not a letter."""

KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "ndjson",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it begins on (1 = the first; in XLSX the sheet's row), its fields, or what is wrong."""

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None  # a msgid


class FileTroubleError(Exception):
    """The file as a whole cannot be read; the message is a msgid, `facts` fill it."""

    def __init__(self, msgid: str, **facts: Any) -> None:
        super().__init__(msgid)
        self.msgid, self.facts = msgid, facts


def read(path: Path) -> Iterator[Row]:
    """Rows in the file's order. Raises FileTroubleError where there is no file, no known form, or no usable header."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise FileTroubleError(N_("{file}: only .csv, .xlsx and .ndjson files are imported."), file=path.name)
    if not path.is_file():
        raise FileTroubleError(N_("There is no file {file}."), file=str(path))
    if kind == "xlsx":
        return _xlsx(path)
    return _csv(path) if kind == "csv" else _ndjson(path)


def encoding(path: Path) -> str:
    """utf-8-sig where every byte is UTF-8, else gb18030; reads the file once, in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as f:
        try:
            while piece := f.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _other(path)
    return "utf-8-sig"


def _other(path: Path) -> str:
    """GB18030 where all of it is; a UTF-8 file with a few broken bytes stays UTF-8, the broken ones shown as marks."""
    with path.open("rb") as f:
        sample = f.read(1 << 20)
    if sample[:3] == codecs.BOM_UTF8:
        return "utf-8-sig"
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    try:
        sample.decode("gb18030")
    except UnicodeDecodeError as e:
        if e.end < len(sample) - 4 and broken * 100 < len(sample):
            return "utf-8-sig"
    return "gb18030" if broken * 100 >= len(sample) or broken > 20 else "utf-8-sig"


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(MAX_FIELD)
    with path.open(encoding=encoding(path), errors="replace", newline="") as f:
        first = f.readline()
        f.seek(0)
        delimiter = max(",\t;", key=first.count)
        reader = csv.reader(_Clean(f), delimiter=delimiter)
        try:
            columns = _columns(next(reader, []), path)
            line = reader.line_num + 1
            for cells in reader:
                if any(c.strip() for c in cells):
                    yield Row(line, {name: cells[i] for i, name in columns.items() if i < len(cells)})
                line = reader.line_num + 1
        except csv.Error as e:
            yield Row(
                reader.line_num,
                problem=N_("The row cannot be read: a quote is open or a cell is too long.") if e else None,
            )


class _Clean:
    """Lines without NUL, which the csv reader does not take; the picture of NUL stands for it."""

    def __init__(self, lines: io.TextIOBase | Any) -> None:
        self.lines = iter(lines)

    def __iter__(self) -> _Clean:
        return self

    def __next__(self) -> str:
        line: str = next(self.lines)
        return line.replace("\0", "␀") if "\0" in line else line


def _columns(headers: list[str], path: Path) -> dict[int, str]:
    columns = mapping(headers)
    if not {"title", "body"} & set(columns.values()):
        raise FileTroubleError(
            N_("{file}: no column is named title or body (标题, 内容). The first row must hold the names."),
            file=path.name,
        )
    return columns


def _xlsx(path: Path) -> Iterator[Row]:
    """Rows of the first sheet. A workbook is a zip of XML by anybody: whatever is wrong inside it is one sentence."""
    import zlib
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (
        *(BadZipFile, InvalidFileException, SyntaxError, zlib.error, OSError, EOFError, RecursionError),
        *(
            KeyError,
            IndexError,
            ValueError,
            TypeError,
            AttributeError,
        ),  # what openpyxl meets in XML that is no workbook; its parsers' own errors are SyntaxErrors
    )
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            yield from _sheet(book, path)
        finally:
            book.close()
    except broken as e:
        raise FileTroubleError(N_("{file} is not an XLSX file, or is damaged."), file=path.name) from e


def _sheet(book: Any, path: Path) -> Iterator[Row]:
    rows = book.worksheets[0].iter_rows(values_only=True)
    columns = _columns(["" if c is None else str(c) for c in next(rows, ())], path)
    for line, cells in enumerate(rows, 2):
        if any(c not in (None, "") for c in cells):
            yield Row(line, {name: cells[i] for i, name in columns.items() if i < len(cells) and cells[i] is not None})


def _ndjson(path: Path) -> Iterator[Row]:
    with path.open(encoding=encoding(path), errors="replace") as f:
        for line, text in enumerate(f, 1):
            if not text.strip():
                continue
            try:
                data = json.loads(text)
            except (ValueError, RecursionError):
                data = None
            if not isinstance(data, dict):
                yield Row(line, problem=N_("The line is not a JSON object."))
                continue
            yield Row(line, _named(data))


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """An object's fields by their meaning; of two names with one meaning the first is taken."""
    fields: dict[str, Any] = {}
    for key, value in data.items():
        name = field_of(str(key))
        if name is not None and name not in fields and value is not None:
            fields[name] = value
    return fields
