"""A supervisor's decisions on surveys as commands, run like everything else by `db/commands.run`; and the file form of one."""

from __future__ import annotations

import json
import secrets
import tomllib
from datetime import date
from typing import Any, Final

from db.clock import day_of
from db.commands import Command
from db.ids import uuid7
from db.model import EventKind, Ms
from db.survey_checks import BadSurveyError, checked, definition_out
from db.survey_model import Question, QuestionKind, Survey
from db.text import one_line, safe
from db.words import N_, _

_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_FIELDS: Final = frozenset({"id", "title", "intro", "ends", "question"})
_ASKED: Final = frozenset({"id", "kind", "text", "options", "required", "least", "most", "ends"})


def drawn_id(now: Ms) -> str:
    """An id for a new survey: its day and four characters drawn at random, so that two desks do not draw the same."""
    return f"{day_of(now):%Y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(4))


def define(survey: Survey, before: Survey | None, now: Ms) -> Command:
    """The survey as it shall be asked; `before`: as it stands here, if it is known."""
    facts, words = definition_out(survey)
    re = before.last if before else None
    return Command(EventKind.SURVEY_DEFINED, None, facts, words, re=re, id=uuid7(now))


KEEP: Final = object()


def open_(survey: Survey, ends: date | object | None = KEEP) -> Command:
    """Takes answers from now on; `ends` (the last day; None: without one) instead of what stands."""
    facts: dict[str, Any] = {"survey": survey.id}
    if ends is not KEEP:
        facts["ends"] = ends.isoformat() if isinstance(ends, date) else None
    return Command(EventKind.SURVEY_OPENED, None, facts, re=survey.last)


def close(survey: Survey) -> Command:
    """Takes no more answers; a draft is dropped."""
    return Command(EventKind.SURVEY_CLOSED, None, {"survey": survey.id}, re=survey.last)


# ── as a file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def from_toml(text: str, now: Ms) -> Survey:
    """A survey out of a TOML file (docs/surveys.md). Raises BadSurveyError."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise BadSurveyError("toml", str(e)) from None
    if strange := next((k for k in given if k not in _FIELDS), None):
        raise BadSurveyError("field", one_line(strange))
    asked = given.get("question", [])
    if not isinstance(asked, list):
        raise BadSurveyError("questions", "question")
    return checked(
        Survey(
            id=_text(given, "id") or drawn_id(now),
            title=one_line(_text(given, "title")),
            intro=safe(_text(given, "intro")).strip(),
            ends=_day(given.get("ends")),
            questions=tuple(_asked(one, n) for n, one in enumerate(asked, 1)),
        )
    )


TEMPLATE: Final = N_("""# A survey: correct it, save, leave the editor. What begins with # is not part of it.
id = "{id}"
title = ""
intro = ""
# ends = {day}          # the last day on which answers are taken

[[question]]
text = ""
kind = "single"               # single, multiple, scale or text
options = ["", ""]

[[question]]
text = ""
kind = "multiple"
options = ["", "", ""]
most = 2                      # how many may be picked
required = false

[[question]]
text = ""
kind = "scale"                # from least to most, words at its ends
least = 1
most = 5
ends = ["", ""]

[[question]]
text = ""
kind = "text"
most = 500                    # characters
""")


def template(now: Ms) -> str:
    """What a new survey begins from."""
    return _(TEMPLATE, id=drawn_id(now), day=day_of(now).isoformat())


def to_toml(survey: Survey) -> str:
    """A survey as the file that `from_toml` reads."""
    lines = [f"id = {_quoted(survey.id)}", f"title = {_quoted(survey.title)}", f"intro = {_quoted(survey.intro)}"]
    lines += [f"ends = {survey.ends.isoformat()}"] if survey.ends else []
    for q in survey.questions:
        lines += ["", "[[question]]", f"id = {_quoted(q.id)}", f"text = {_quoted(q.text)}", f'kind = "{q.kind}"']
        if q.options:
            lines.append(f"options = [{', '.join(map(_quoted, q.options))}]")
        if q.kind is QuestionKind.SCALE and any(q.ends):
            lines.append(f"ends = [{', '.join(map(_quoted, q.ends))}]")
        if q.kind is not QuestionKind.SINGLE:
            lines += [f"least = {q.least}", f"most = {q.most}"]
        lines.append(f"required = {str(q.required).lower()}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False)


def _asked(given: Any, n: int) -> Question:
    name = f"q{n}"
    if not isinstance(given, dict):
        raise BadSurveyError("shape", name)
    name = _text(given, "id", name) or name
    if strange := next((k for k in given if k not in _ASKED), None):
        raise BadSurveyError("field", f"{name}.{one_line(strange)}")
    try:
        kind = QuestionKind(given.get("kind", "single"))
    except ValueError:
        raise BadSurveyError("kind", name) from None
    options = given.get("options", [])
    ends = given.get("ends", ["", ""])
    if not _texts(options) or not _texts(ends) or len(ends) != 2:
        raise BadSurveyError("options", name)
    least, most = given.get("least", 1), given.get("most", whole_range(kind, len(options)))
    required = given.get("required", kind is not QuestionKind.TEXT)
    if not isinstance(required, bool) or any(not isinstance(v, int) or isinstance(v, bool) for v in (least, most)):
        raise BadSurveyError("range", name)
    return Question(
        id=name,
        kind=kind,
        text=one_line(_text(given, "text", name)),
        options=tuple(one_line(o) for o in options),
        ends=(one_line(ends[0]), one_line(ends[1])),
        required=required,
        least=least,
        most=most,
    )


def whole_range(kind: QuestionKind, options: int) -> int:
    """The most that a question allows where nothing was said: every option, five steps, 500 characters."""
    return {QuestionKind.SINGLE: 1, QuestionKind.MULTIPLE: options, QuestionKind.SCALE: 5, QuestionKind.TEXT: 500}[kind]


def _texts(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


def _text(given: dict[str, Any], name: str, where: str = "") -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise BadSurveyError("shape", where or name)
    return value


def _day(given: Any) -> date | None:
    """A day as TOML has it, or as text."""
    if given is None or given == "":
        return None
    try:
        return given if type(given) is date else date.fromisoformat(given)
    except (TypeError, ValueError):
        raise BadSurveyError("ends", "ends") from None
