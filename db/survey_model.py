"""The words surveys are written in: what is asked, where it stands, what was counted. Standard library only.

Times are UTC ms, days are calendar days in Asia/Shanghai.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from db.clock import midnight
from db.model import EventId, Ms

SurveyId = str


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    TEXT = "text"


class SurveyState(StrEnum):
    """`dropped`: closed without ever having been open."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `least` and `most`: a scale's ends, how many may be picked, or characters of a text."""

    id: str
    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()  # labels; answered by their codes, a b c …
    ends: tuple[str, str] = ("", "")  # words at a scale's ends
    required: bool = True
    least: int = 1
    most: int = 1

    @property
    def codes(self) -> tuple[str, ...]:
        """By what an answer names a choice: letters for options, the numbers of a scale as text."""
        if self.kind is QuestionKind.SCALE:
            return tuple(str(n) for n in range(self.least, self.most + 1))
        return tuple(code(n) for n in range(len(self.options)))

    def label(self, of: str) -> str:
        """The words of a choice, by its code."""
        if self.kind is not QuestionKind.SCALE:
            return self.options[self.codes.index(of)]
        said = {str(self.least): self.ends[0], str(self.most): self.ends[1]}.get(of, "")
        return f"{of} {said}".strip()


def code(n: int) -> str:
    """The code of the option at that place: a … z, then a1 … z1."""
    letter = chr(ord("a") + n % 26)
    return letter + (str(n // 26) if n >= 26 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey as its events make it. Times are UTC ms; `ends` is the last day on which answers are taken."""

    id: SurveyId
    title: str
    intro: str = ""
    questions: tuple[Question, ...] = ()
    ends: date | None = None
    state: SurveyState = SurveyState.DRAFT
    defined: EventId = ""  # the definition that stands
    defined_at: Ms = 0
    opened_at: Ms | None = None  # for the first time
    closed_at: Ms | None = None
    last: EventId = ""  # the last decision: what the next one answers

    @property
    def until(self) -> Ms | None:
        """The moment from which its end day has passed."""
        return None if self.ends is None else midnight(self.ends + timedelta(days=1))

    def takes_answers(self, now: Ms) -> bool:
        """Whether somebody may answer at that moment."""
        return self.state is SurveyState.OPEN and (self.until is None or now < self.until)

    def question(self, id_: str) -> Question | None:
        return next((q for q in self.questions if q.id == id_), None)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the backend counted at a moment: how many answered, by day, and each choice.

    `counts`: question → (who answered it, then each of its codes in order).
    """

    at: Ms
    answers: int
    days: Mapping[date, int]
    counts: Mapping[str, tuple[int, ...]]
    final: bool = False

    def of(self, question: Question) -> tuple[int, dict[str, int]]:
        """(who answered it, code → how many)."""
        answered, *each = self.counts.get(question.id) or (0,)
        return answered, dict(zip(question.codes, [*each, *[0] * len(question.codes)], strict=False))


def dump(survey: Survey) -> str:
    """A survey as JSON, for a row."""
    plain = {
        "id": survey.id,
        "title": survey.title,
        "intro": survey.intro,
        "questions": [
            [q.id, q.kind, q.text, list(q.options), list(q.ends), q.required, q.least, q.most] for q in survey.questions
        ],
        "ends": survey.ends.isoformat() if survey.ends else None,
        "state": survey.state,
        "defined": survey.defined,
        "defined_at": survey.defined_at,
        "opened_at": survey.opened_at,
        "closed_at": survey.closed_at,
        "last": survey.last,
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def restore(text: str) -> Survey:
    """What `dump` wrote."""
    plain = json.loads(text)
    questions = tuple(
        Question(
            id=id_,
            kind=QuestionKind(kind),
            text=asked,
            options=tuple(options),
            ends=(ends[0], ends[1]),
            required=required,
            least=least,
            most=most,
        )
        for id_, kind, asked, options, ends, required, least, most in plain["questions"]
    )
    ends = date.fromisoformat(plain["ends"]) if plain["ends"] else None
    return Survey(**(plain | {"questions": questions, "ends": ends, "state": SurveyState(plain["state"])}))
