"""One survey: its answers as bars, words page by page, two questions against each other, everything into a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from db import survey_rows, survey_stats
from db.clock import now_ms
from db.survey_model import QuestionKind
from db.words import _
from desk.screens.handover import Sheet
from desk.screens.keyed import bound
from desk.screens.surveys import CSS, Deciding
from desk.widgets import survey_lines
from desk.widgets.sheet import BLANK, Line

if TYPE_CHECKING:
    from db.survey_model import Question
    from db.survey_rows import Shown
    from desk.line.surveys import Asking
    from desk.shelf import Shelf


class SurveyScreen(Deciding):
    """j k go from question to question; enter reads words, c crosses two questions, w writes a file."""

    DEFAULT_CSS = f"SurveyScreen {{ {CSS} }}"
    BINDINGS: ClassVar[list[BindingType]] = bound("survey")
    keys_of = "survey"

    def __init__(self, shelf: Shelf, one: Shown) -> None:
        super().__init__(shelf, one.survey.id)
        self.one = one
        self.at = 0
        self.first: str | None = None  # of a cross table, chosen with c
        self.starts: list[int] = []  # the line at which each question begins

    def refill(self) -> None:
        from db.store_error import StoreError

        try:
            found = survey_rows.find(self.shelf.store, self.one.survey.id)
        except StoreError as e:
            self.tell(e.sentence(), "bad")
            return
        if found is None:
            self.dismiss(None)
        elif found != self.one:
            self.one = found
            self.sheet.tell()

    def _lines(self, width: int) -> list[Line]:
        lines = [*survey_lines.head(self.one, now_ms(), width), BLANK]
        self.starts = []
        for n, a in enumerate(survey_stats.answered(self.one.survey, self.one.counted), 1):
            self.starts.append(len(lines))
            picked = a.question.id == self.first
            lines += survey_lines.question(n, a, width - 2, here=n - 1 == self.at, picked=picked)
        return lines

    def why_not(self, key: str) -> str | None:
        """By the kind of question under the cursor, by who it is, and by what became of the survey."""
        words = self.question.kind is QuestionKind.TEXT
        if key == "read" and not words and self.first is None:
            return _("This question is answered by choosing: c crosses it with another.")
        if key == "cross" and words:
            return _("Answers in words are not crossed.")
        if key in ("open", "end"):
            return self.why_not_decide("o" if key == "open" else "x", self.one.survey)
        return None

    @property
    def question(self) -> Question:
        return self.one.survey.questions[self.at]

    def asking(self) -> Asking:
        from desk.line.surveys import Asking

        return Asking(self.shelf.store, self.one.survey)

    # keys

    def action_back(self) -> None:
        if self.first is not None:
            self.first = None
            self.sheet.tell()
            self.tell()
        else:
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.asked = ""
        self.at = min(max(0, self.at + by), len(self.one.survey.questions) - 1)
        self.sheet.tell()
        start = 0 if self.at == 0 else self.starts[self.at]
        end = self.starts[self.at + 1] if self.at + 1 < len(self.starts) else start + 8
        height = max(1, self.sheet.size.height)
        if start < self.sheet.top or end > self.sheet.top + height:
            self.sheet.scroll_by(min(start, max(self.sheet.top, end - height)) - self.sheet.top)
            if start < self.sheet.top:
                self.sheet.scroll_by(start - self.sheet.top)
        if self.first is None:
            self.tell()

    def action_scroll(self, by: int) -> None:
        self.sheet.page(by)

    def action_decide(self, key: str) -> None:
        self.open_or_close(self.one, key)

    def action_read(self) -> None:
        if self.first is not None:
            self.action_cross()
        elif self.question.kind is not QuestionKind.TEXT:
            self.tell(_("This question is answered by choosing: c crosses it with another."), "warn")
        else:
            self.tell(_("Fetching …"))
            self.run_worker(self._read(self.question), exclusive=True)

    async def _read(self, asked: Question) -> None:
        from desk.line.trouble import LineError

        asking = self.asking()
        try:
            page = await asyncio.to_thread(asking.texts, asked.id)
        except LineError as e:
            self.tell(_("{why} Counts stay as they are here.", why=e.sentence()), "warn")
            return
        self.tell()
        self.app.push_screen(Written(asked, asking, page.rows, page.before))

    def action_cross(self) -> None:
        """The question under the cursor against one chosen before."""
        if self.question.kind is QuestionKind.TEXT:
            self.tell(_("Answers in words are not crossed."), "warn")
        elif self.first is None:
            self.first = self.question.id
            self.sheet.tell()
            self.tell(_("Crossed with which? j k to it, then c once more; esc leaves it."), "warn")
        elif self.first != self.question.id:
            first, self.first = self.first, None
            self.sheet.tell()
            self.tell(_("Fetching …"))
            self.run_worker(self._cross(first, self.question.id), exclusive=True)

    async def _cross(self, first: str, second: str) -> None:
        from desk.line.trouble import LineError

        try:
            found = await asyncio.to_thread(self.asking().cross, first, second)
        except LineError as e:
            self.tell(_("{why} Counts stay as they are here.", why=e.sentence()), "warn")
            return
        self.tell()
        self.app.push_screen(Sheet(_("Cross table"), lambda width: survey_lines.crossed(found, width)))

    def action_write(self) -> None:
        self.tell(_("Fetching …"))
        self.run_worker(self._write(), exclusive=True)

    async def _write(self) -> None:
        """Into the home's `surveys` folder, as a spreadsheet, with what tells who somebody is taken out."""
        from db import survey_export
        from db.redaction import redacted
        from desk.line.trouble import LineError

        folder: Path = self.shelf.store.home / "surveys"
        survey = self.one.survey

        def work() -> tuple[int, Path]:
            folder.mkdir(mode=0o700, exist_ok=True)
            stem, n = survey.id, 1
            while (path := folder / f"{stem}{f'-{n}' if n > 1 else ''}.xlsx").exists():
                n += 1
            return survey_export.write(survey, self.asking().answers(), path, redacted), path

        try:
            n, path = await asyncio.to_thread(work)
        except LineError as e:
            self.tell(_("{why} Nothing was written.", why=e.sentence()), "warn")
        except OSError as e:
            self.tell(_("{file} could not be written: {what}", file=folder, what=e.strerror), "bad")
        else:
            self.tell(
                _("{n} answers are in {file}; phones, names and numbers in words were taken out.", n=n, file=path),
                "good",
            )


class Written(Sheet):
    """Answers in words, the newest first; m brings older ones."""

    DEFAULT_CSS = "Written Panel { height: 90%; } Written .foot { padding: 0 2; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("m", "more", show=False, id="written.more")]

    def __init__(
        self, asked: Question, asking: Asking, rows: tuple[tuple[int, str, str], ...], before: int | None
    ) -> None:
        self.rows, self.before = rows, before
        self.asked, self.asking = asked, asking
        super().__init__(_("What was written"), self._written)

    def _written(self, width: int) -> list[Line]:
        return survey_lines.written(self.asked.text, self.rows, width, self.before is not None)

    def action_more(self) -> None:
        if self.before is not None:
            self.run_worker(self._more(), exclusive=True)

    async def _more(self) -> None:
        from desk.line.trouble import LineError

        try:
            page = await asyncio.to_thread(self.asking.texts, self.asked.id, self.before)
        except LineError:
            return  # what is shown stays; m tries again
        self.rows, self.before = self.rows + page.rows, page.before
        self.sheet.tell()
