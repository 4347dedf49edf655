"""What a survey may ask: the shape of a `survey_defined` event, read and checked. Pure.

facts: `questions` [{id, kind, required, options (how many), least, most}], `ends` day or null; words: `title`, `intro`,
`questions`, a JSON list with [text, [labels], [words at a scale's ends]] of each. Words travel apart from facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from db.survey_model import Question, QuestionKind, Survey
from db.text import one_line, safe

QUESTIONS: Final = 60
OPTIONS: Final = 40
TITLE: Final = 120
ASKED: Final = 400
"""Characters of a question; an option has `TITLE`."""

INTRO: Final = 4_000
TEXT: Final = 2_000
"""Most characters of an answer in words."""

SCALE: Final = 11
"""Steps of a scale: 0 to 10."""

ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
QUESTION_ID = re.compile(r"[a-z][a-z0-9_]{0,19}")


class BadSurveyError(ValueError):
    """No survey; `code` says why, `where` names the question or the field."""

    def __init__(self, code: str, where: str = "") -> None:
        self.code, self.where = code, where
        super().__init__(f"{code} {where}")


def definition_in(id_: str, facts: Mapping[str, Any], words: Mapping[str, str]) -> Survey:
    """The survey of such an event. Raises BadSurveyError."""
    try:
        texts = json.loads(words.get("questions") or "[]")
        questions = tuple(_question(f, t) for f, t in zip(facts["questions"], texts, strict=True))
        ends = date.fromisoformat(facts["ends"]) if facts.get("ends") else None
    except BadSurveyError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise BadSurveyError("shape") from None
    return checked(
        Survey(
            id=id_,
            title=one_line(words.get("title")),
            intro=safe(words.get("intro")),
            questions=questions,
            ends=ends,
        )
    )


def definition_out(survey: Survey) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts and words of the event that defines it."""
    facts = [
        {
            "id": q.id,
            "kind": str(q.kind),
            "options": len(q.options),
            "required": q.required,
            "least": q.least,
            "most": q.most,
        }
        for q in survey.questions
    ]
    texts = [[q.text, list(q.options), list(q.ends)] for q in survey.questions]
    ends = survey.ends.isoformat() if survey.ends else None
    words = {"title": survey.title, "questions": json.dumps(texts, ensure_ascii=False, separators=(",", ":"))}
    return (
        {"survey": survey.id, "questions": facts, "ends": ends},
        words | ({"intro": survey.intro} if survey.intro else {}),
    )


def checked(survey: Survey) -> Survey:
    """The survey itself. Raises BadSurveyError for what nobody could answer or count."""
    if not ID.fullmatch(survey.id):
        raise BadSurveyError("id", survey.id)
    if not survey.title or len(survey.title) > TITLE:
        raise BadSurveyError("title", "title")
    if len(survey.intro) > INTRO:
        raise BadSurveyError("long", "intro")
    if not 1 <= len(survey.questions) <= QUESTIONS:
        raise BadSurveyError("questions", "questions")
    ids = [q.id for q in survey.questions]
    for question in survey.questions:
        if ids.count(question.id) > 1:
            raise BadSurveyError("twice", question.id)
        _answerable(question)
    return survey


def _answerable(q: Question) -> None:
    if not QUESTION_ID.fullmatch(q.id):
        raise BadSurveyError("id", q.id)
    if not q.text or len(q.text) > ASKED:
        raise BadSurveyError("text", q.id)
    choosing = q.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
    if choosing and not 2 <= len(q.options) <= OPTIONS:
        raise BadSurveyError("options", q.id)
    if any(not o or len(o) > TITLE for o in q.options) or len(set(q.options)) < len(q.options):
        raise BadSurveyError("options", q.id)
    if not choosing and q.options:
        raise BadSurveyError("options", q.id)
    low, high = {
        QuestionKind.SINGLE: (1, 1),
        QuestionKind.MULTIPLE: (1, len(q.options)),
        QuestionKind.SCALE: (0, 10),
        QuestionKind.TEXT: (1, TEXT),
    }[q.kind]
    if not low <= q.least <= q.most <= high or (q.kind is QuestionKind.SCALE and q.least == q.most):
        raise BadSurveyError("range", q.id)
    if any(len(text) > TITLE for text in q.ends):
        raise BadSurveyError("long", q.id)


def _question(facts: Mapping[str, Any], texts: Sequence[Any]) -> Question:
    text, labels, ends = texts
    required, least, most = facts["required"], facts["least"], facts["most"]
    if not isinstance(required, bool) or facts["options"] != len(labels):
        raise BadSurveyError("shape", str(facts["id"])[:40])
    if any(not isinstance(n, int) or isinstance(n, bool) for n in (least, most)):
        raise BadSurveyError("range", str(facts["id"])[:40])
    first, last = ends
    return Question(
        id=str(facts["id"]),
        kind=QuestionKind(facts["kind"]),
        text=one_line(_text(text)),
        options=tuple(one_line(_text(label)) for label in labels),
        ends=(one_line(_text(first)), one_line(_text(last))),
        required=required,
        least=least,
        most=most,
    )


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise BadSurveyError("shape")
    return given
