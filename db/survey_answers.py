"""One person's answers to a survey, checked question by question, and the tally that they are added to. Pure.

Invariant: a tally equals a recount of the answers it was made of, in whatever order they came.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from db.survey_model import Counted, Question, QuestionKind, Survey
from db.text import safe

Answers = Mapping[str, Any]
"""question → code, [codes], number or text; what was not answered is not in it."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an answer: the question's id, and why: required, unknown, choice, count, range, text."""

    field: str
    why: str


def check(survey: Survey, given: Any) -> dict[str, Any] | Wrong:
    """The answers in the questions' order, texts passed through the gate; or the first thing wrong with them."""
    if not isinstance(given, dict):
        return Wrong("answers", "shape")
    known = {q.id for q in survey.questions}
    if strange := next((name for name in given if name not in known), None):
        return Wrong(_named(strange), "unknown")
    kept: dict[str, Any] = {}
    for question in survey.questions:
        value = given.get(question.id)
        if value is None or value == "" or value == []:
            if question.required:
                return Wrong(question.id, "required")
            continue
        read = _READ[question.kind](question, value)
        if isinstance(read, Wrong):
            return read
        kept[question.id] = read
    return kept or Wrong("answers", "required")


def _named(name: str) -> str:
    """A field's name as it may stand in an answer of ours."""
    return name if name.isascii() and name.isprintable() and len(name) <= 40 else "answers"


def _single(q: Question, value: Any) -> str | Wrong:
    return value if isinstance(value, str) and value in q.codes else Wrong(q.id, "choice")


def _multiple(q: Question, value: Any) -> list[str] | Wrong:
    if not isinstance(value, list) or len(value) > len(q.options) or not all(isinstance(v, str) for v in value):
        return Wrong(q.id, "choice")
    picked = set(value)
    if not picked <= set(q.codes):
        return Wrong(q.id, "choice")
    if not q.least <= len(picked) <= q.most:
        return Wrong(q.id, "count")
    return [c for c in q.codes if c in picked]


def _scale(q: Question, value: Any) -> int | Wrong:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and q.least <= value <= q.most else Wrong(q.id, "range")


def _text(q: Question, value: Any) -> str | Wrong:
    if not isinstance(value, str) or len(value) > q.most:
        return Wrong(q.id, "text")
    text = safe(value).strip()
    if not text:
        return Wrong(q.id, "required") if q.required else Wrong(q.id, "text")
    return text if len(text) >= q.least else Wrong(q.id, "text")


_READ = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.SCALE: _scale,
    QuestionKind.TEXT: _text,
}


@dataclass(slots=True)
class Tally:
    """Answers counted: how many, on which days, who answered each question and how."""

    answers: int = 0
    days: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # question → "" (answered it) and code → how many

    def add(self, survey: Survey, answers: Answers, day: str) -> None:
        """One more, who answered on that day (ISO)."""
        self.answers += 1
        self.days[day] = self.days.get(day, 0) + 1
        for question in survey.questions:
            if (value := answers.get(question.id)) is None:
                continue
            each = self.counts.setdefault(question.id, {})
            each[""] = each.get("", 0) + 1
            for picked in chosen(question, value):
                each[picked] = each.get(picked, 0) + 1

    def told(self, survey: Survey, at: int, *, final: bool = False) -> Counted:
        """As it is told to desks, at that moment (UTC ms)."""
        counts = {}
        for q in survey.questions:
            each = self.counts.get(q.id, {})
            answered = each.get("", 0)
            codes = () if q.kind is QuestionKind.TEXT else q.codes
            counts[q.id] = (answered, *(each.get(c, 0) for c in codes))
        days = {date.fromisoformat(day): n for day, n in self.days.items()}
        return Counted(at, self.answers, days, counts, final)


def chosen(question: Question, value: Any) -> tuple[str, ...]:
    """The codes that an answer names; none of an answer in words."""
    if question.kind is QuestionKind.TEXT or value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (str(value),)


def dump(tally: Tally) -> str:
    return json.dumps([tally.answers, tally.days, tally.counts], separators=(",", ":"))


def restore(text: str) -> Tally:
    """What `dump` wrote; an empty text is an empty tally."""
    return Tally(*json.loads(text)) if text else Tally()
