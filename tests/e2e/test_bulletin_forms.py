"""The month as files: for a browser, for spreadsheets, with nothing of outside taken for markup or a formula."""

from __future__ import annotations

import csv
import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

from db import commands, demo
from db.bulletin import charts
from db.commands import Command
from db.model import Actor, Role
from db.opening import open_store
from desk.cli import main

HOSTILE = '<script>alert(1)</script>\x1b]52;c;eA==\x07\u202e=HYPERLINK("http://x")'
FORMULA = '=HYPERLINK("http://x";"点")'


@pytest.fixture(scope="module")
def files(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """October in every form, with a told case and a topic that somebody made to do harm."""
    folder = tmp_path_factory.mktemp("forms")
    shutil.copytree(demo_home, folder / "home")
    with open_store(folder / "home") as store:
        case, other = (
            i for (i,) in store.rows("SELECT id FROM cases WHERE state = 'resolved' AND code LIKE '%202410%' LIMIT 2")
        )
        supervisor = Actor("local", Role.SUPERVISOR, "00")
        done = commands.run(
            store,
            supervisor,
            [
                Command("published", case, {"as": "told"}, {"title": HOSTILE, "text": HOSTILE}),
                Command("corrected", other, {"topic": FORMULA}),
            ],
            demo.DEMO_NOW,
        )
        assert not done.refused
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESK_NOW", "2024-11-06T09:00")
        patch.setenv("DESK_LANG", "zh_CN")
        for form in ("html", "csv", "xlsx", "md", "text", "json"):
            made[form] = folder / f"october.{form}"
            words = ["bulletin", "2024-10", "--home", str(folder / "home"), "--format", form, "--to", str(made[form])]
            assert main(words) == 0
    return made


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.add(str(value))
            if name == "href":
                self.links.append(str(value))
            if name in ("src", "srcset", "action") or name.startswith("on"):
                self.outside.append(f"{name}={value}")


@pytest.fixture(scope="module")
def page(files: dict[str, Path]) -> tuple[str, Page]:
    text = files["html"].read_text(encoding="utf-8")
    read = Page()
    read.feed(text)
    return text, read


def test_the_page_needs_nothing_else_and_runs_nothing(page: tuple[str, Page]) -> None:
    text, read = page
    assert not {"script", "link", "img", "iframe", "form", "object"} & set(read.tags)
    assert read.outside == []
    assert not re.search(r"url\(|@import|https?://", text.replace("http://x", ""))


def test_every_number_of_the_page_leads_to_codes(page: tuple[str, Page]) -> None:
    text, read = page
    assert len(read.links) > 150
    assert {link.removeprefix("#") for link in read.links} <= read.ids
    said = re.search(r"成效 · 街巷整治：41，4 封来信</summary><p id=\"f\d+\">(.*?)</p>", text)
    assert said
    assert len(re.findall(r"<code>RMLX-\d{8}-\d\d-\d{4}</code>", said[1])) == 4


def test_what_others_wrote_is_shown_and_never_obeyed(page: tuple[str, Page], files: dict[str, Path]) -> None:
    assert "&lt;script&gt;alert(1)" in page[0]
    for form in ("html", "csv", "md", "text", "json"):
        text = files[form].read_text(encoding="utf-8-sig")
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "\\<script\\>" in files["md"].read_text(encoding="utf-8")


def test_no_title_of_a_letter_leaves_the_desk(files: dict[str, Path]) -> None:
    with open_store(files["html"].parent / "home") as store:
        titles = [t for (t,) in store.rows("SELECT title FROM cases")]
    for form in ("html", "csv", "md", "text", "json"):
        text = files[form].read_text(encoding="utf-8-sig")
        assert not [title for title in titles if title in text]


def test_no_cell_is_a_formula_and_every_figure_has_its_rows(files: dict[str, Path]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig"))))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert len([r for r in rows if r["name"] == "outcome:街巷整治"]) == 4
    book = load_workbook(files["xlsx"])
    figures, letters = book.worksheets
    assert not [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    place = next(row for row in figures.iter_rows() if row[3].value == "outcome:街巷整治")
    assert (place[1].value, place[2].value) == (41, 4)
    target = re.search(r"!A(\d+)$", str(place[1].hyperlink.target or place[1].hyperlink.location))
    assert target
    first = int(target[1])
    led = [[c.value for c in row] for row in letters.iter_rows(min_row=first, max_row=first + 3)]
    assert {row[7] for row in led} == {"outcome:街巷整治"}
    assert len({row[1] for row in led}) == 4


def test_charts_of_nothing_are_nothing() -> None:
    assert charts.days([0, 0, 0], "a", "b") == ""
    assert charts.moves([]) == ""
