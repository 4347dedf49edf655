"""Hostile letters in every form they come in by, and in every file that leaves the desk."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook

from db import bulletin, export, figures, notices
from db.clock import from_iso
from db.intake import bring_in
from db.opening import open_store
from db.text import safe
from desk.cli import main
from tests.hostile.letters import MARK, bare, letters
from tests.hostile.seen import unseen

csv.field_size_limit(10_000_000)
LONGEST = 1_000_000
NOW = from_iso("2024-11-01T09:30:00+08:00")
COLUMNS = ("id", "title", "body", "place", "sender_name", "received_at", "reply", "replied_at")


def rows() -> Iterator[tuple[str, ...]]:
    for n, one in enumerate(letters()):
        yield (
            f"{one.place}{n}",
            one.title,
            one.body,
            one.place,
            one.name,
            "2024-10-02 10:00",
            one.reply + "复",
            "2024-10-05",
        )


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_csv(path: Path) -> None:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as f:  # lone surrogates: no UTF-8 at all
        csv.writer(f).writerows([COLUMNS, *rows()])


def as_ndjson(path: Path) -> None:
    text = "\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows())  # \ud800 stays as an escape
    path.write_text(text, encoding="utf-8")


def as_xlsx(path: Path) -> None:
    book = Workbook()
    for row in (COLUMNS, *rows()):
        book.active.append([safe(bare(cell))[:32_000] for cell in row])
    for cells in book.active.iter_rows():
        for cell in cells:
            cell.data_type = "s"
    book.save(path)


@pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx"])
def test_every_letter_comes_in_and_nothing_falls_over(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"in.{form}"
    {"csv": as_csv, "ndjson": as_ndjson, "xlsx": as_xlsx}[form](path)
    with open_store(tmp_path / "home") as store:
        report = bring_in(store, path, keep_good=True)
        long = sum(len(one.body) > LONGEST for one in letters()) if form != "xlsx" else 0  # a cell takes less
        assert report.rows == len(list(letters()))
        assert (report.new, report.bad) == (report.rows - long, long), report.lines()
        assert all(MARK in title for (title,) in store.rows("SELECT title FROM cases"))


BROKEN = {
    "not.xlsx": b"PK\x03\x04 not a zip",
    "torn.xlsx": b"<xml",
    "deep.ndjson": b'{"title":' + b"[" * 100_000,
    "big.ndjson": b'{"title":' + b"9" * 50_000 + b',"received_at":"2024-10-01"}\n',
    "nul.csv": b"title,body,received_at\n\x00,\x00,\x00\n\xff\xfe,\x80,2024-10-01\n",
    "quote.csv": b'title,received_at\n"' + b"x" * 5_000_000,
    "head.csv": b"\x1b]52;c;eA==\x07,[red]\n1,2\n",
    "utf16.csv": "title,body,received_at\n电梯,停,2024-10-01\n".encode("utf-16"),
}


def zipped(name: str, text: str) -> bytes:
    """A workbook whose sheet says that."""
    made, book = io.BytesIO(), io.BytesIO()
    Workbook().save(book)
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.namelist():
            new.writestr(item, text if item == name else old.read(item))
    return made.getvalue()


BROKEN["xml.xlsx"] = zipped("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row></sheetData>")
BROKEN["book.xlsx"] = zipped("xl/workbook.xml", "<workbook")
BROKEN["entities.xlsx"] = zipped(
    "xl/worksheets/sheet1.xml",
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
    "<worksheet><sheetData><row><c t='inlineStr'><is><t>&j;</t></is></c></row></sheetData></worksheet>",
)


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_none_is_a_sentence(
    name: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    assert main(["import", str(path), "--home", str(home)]) in (0, 1, 2)
    said = capsys.readouterr()
    assert (said.out + said.err).strip()
    assert unseen(said.out + said.err) == set()


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def out(wild_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Everything that can be written, written."""
    folder = tmp_path_factory.mktemp("out")
    made: dict[str, Path] = {}
    with open_store(wild_home) as store:
        ids = [id_ for (id_,) in store.rows("SELECT id FROM cases")]
        for form in ("csv", "xlsx", "ndjson"):
            made[f"export.{form}"] = folder / f"export.{form}"
            assert export.write(store, ids, made[f"export.{form}"]) == len(ids)
        found = bulletin.read(store, figures.parse("2024-10"), now=NOW)
        assert found.page["counts"]["total"] == len(ids)
        for form in ("text", "md", "html", "csv", "xlsx", "json"):
            made[f"bulletin.{form}"] = folder / f"bulletin.{form}"
            made[f"bulletin.{form}"].write_bytes(bulletin.written(store, found, form))
        for kind in ("forward", "chase", "supervise"):
            for n, notice in enumerate(notices.notices(store, kind, ids, NOW)[: max(4, len(ids) // 50)]):
                name = f"notice-{kind}{n}"
                made[f"{name}.docx"], made[f"{name}.text"] = folder / f"{name}.docx", folder / f"{name}.text"
                notices.write_docx(notice, made[f"{name}.docx"])
                made[f"{name}.text"].write_text(notices.as_text(notice), encoding="utf-8")
    assert {p.name for p in folder.iterdir()} == {p.name for p in made.values()}
    return made


def test_no_file_of_text_holds_what_a_terminal_obeys(out: dict[str, Path]) -> None:
    texts = [p for p in out.values() if p.suffix not in (".xlsx", ".docx")]
    assert len(texts) > 8
    for path in texts:
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        assert unseen(text, "\r\n" if path.suffix == ".csv" else "\n") == set(), path.name


def test_no_cell_is_a_formula(out: dict[str, Path]) -> None:
    for path in (p for p in out.values() if p.suffix == ".csv"):
        with path.open(encoding="utf-8-sig", newline="") as f:
            cells = [cell for row in csv.reader(f) for cell in row]
        assert not [c for c in cells if re.match(r"\s*[=+@＝＋－＠-](?![\d.]+$)", c)], path.name
    for path in (p for p in out.values() if p.suffix == ".xlsx"):
        book = load_workbook(path)
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "inlineStr"}, path.name
        assert not [n for n in zipfile.ZipFile(path).namelist() if "external" in n.lower() or "vba" in n.lower()]


def test_what_was_exported_is_each_letter_once(out: dict[str, Path]) -> None:
    for name in ("export.csv", "export.ndjson", "export.xlsx"):
        path = out[name]
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as f:
                titles = [row["title"] for row in csv.DictReader(f)]
        elif path.suffix == ".xlsx":
            titles = [str(row[2]) for row in load_workbook(path).active.iter_rows(min_row=2, values_only=True)]
        else:
            titles = [json.loads(line)["title"] for line in path.read_text(encoding="utf-8").split("\n") if line]
        assert len(titles) == len(list(letters()))
        assert all(MARK in title for title in titles)


def test_documents_are_well_formed_and_fetch_nothing(out: dict[str, Path]) -> None:
    papers = [p for p in out.values() if p.suffix in (".docx", ".xlsx")]
    assert any(p.suffix == ".docx" for p in papers)
    for path in papers:
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.endswith((".xml", ".rels")):
                    root = ElementTree.fromstring(packed.read(name))
                    assert not [e for e in root.iter() if e.get("TargetMode") == "External"], (path.name, name)
                    fields = [e.text for e in root.iter() if e.tag.endswith("}instrText")]
                    assert set(fields) <= {" PAGE "}, (path.name, fields)


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str]] = set()
        self.values: list[tuple[str, str]] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {(tag, name) for name, _value in attrs} | {(tag, "")}
        self.values += [(name, value or "") for name, value in attrs]

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def parsed(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def test_the_page_has_no_tag_or_attribute_but_our_own(out: dict[str, Path], tmp_path: Path) -> None:
    from tests.hostile.furnished import furnish

    with open_store(tmp_path / "tame") as store:
        furnish(store, 14, wild=False)
        ours = bulletin.written(store, bulletin.read(store, figures.parse("2024-10"), now=NOW), "html").decode()
    page, tame = parsed(out["bulletin.html"].read_text(encoding="utf-8")), parsed(ours)
    assert page.seen <= tame.seen
    assert page.others == tame.others == []
    assert all(value.startswith("#") for name, value in page.values if name in ("href", "src", "action", "style"))
    assert MARK in out["bulletin.html"].read_text(encoding="utf-8")


def test_json_gives_every_character_back(out: dict[str, Path]) -> None:
    told = json.loads(out["bulletin.json"].read_text(encoding="utf-8"))
    assert MARK in json.dumps(told, ensure_ascii=False)
