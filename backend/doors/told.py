"""What the doors answer, for the OpenAPI. Answers are made where they are known (`doors/public.py`, `doors/dispatches.py` …);
that they fit is tested, not enforced at each request.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TakenIn(Told):
    """A letter's code and its secret, which follows from it: the same again where a letter is sent again."""

    code: str
    secret: str
    url: str


class Happened(Told):
    """One thing of a letter's history. `body`: of the receipt; `text`: what was said."""

    at: str
    what: str
    label: str
    text: str = ""
    body: str = ""
    level: int = 0
    reason: str = ""
    code: str = ""


class Rated(Told):
    solved: bool | None
    score: int | None


class Standing(Told):
    """Where a letter stands. From `history` on only for whoever has its secret."""

    code: str
    state: str
    state_label: str
    received_on: str
    updated_on: str
    closed: bool
    with_: str = Field("", alias="with")
    due_on: str = ""
    result: str = ""
    history: list[Happened] = []
    can: list[str] = []
    rating: Rated = Rated(solved=None, score=None)


class Held(Told):
    held: int
    bytes: int
    whole: bool


class FileOut(Told):
    hash: str
    media: str
    bytes: int
    name: str


class Contact(Told):
    name: str
    salutation: str
    phone: str


class DispatchLine(Told):
    """One dispatch in a unit's list; times ISO 8601, `sent` in UTC ms to page by."""

    id: str
    code: str
    title: str
    state: str
    lead: bool
    unit: str
    kind: str | None
    topic: str | None
    urgency: str
    sent_at: str
    sent: int
    sign_due: str
    return_due: str
    reply_due: str
    paused: bool
    late: bool
    chase_level: int


class DispatchOut(DispatchLine):
    """One with its letter; of an ended or erased one only that it is so."""

    state_label: str
    erased: bool
    can: list[str]
    history: list[Happened]
    body: str = ""
    place: str | None = None
    attachments: list[FileOut] = []
    contact: Contact | None = None


class DispatchLines(Told):
    dispatches: list[DispatchLine]


class LinkOut(Told):
    url: str
    expires_at: str


class UserLine(Told):
    id: str
    name: str
    role: str
    district: str
    unit: str
    active: bool


class UserLines(Told):
    users: list[UserLine]


class UserMade(Told):
    """`first`: the password that was drawn, told this once; null where one was given."""

    id: str
    first: str | None


class FirstPassword(Told):
    first: str


class TokenLine(Told):
    """A login. `device`: the number in its letters' codes; `cursor`: how far it has read."""

    number: int
    kind: str
    person: str | None
    channel: str | None
    district: str | None
    unit: str | None
    label: str
    device: int | None
    since: str
    seen: str | None
    cursor: int | None
    ended: str | None
    this: bool


class TokenLines(Told):
    tokens: list[TokenLine]


class CallLine(Told):
    """A call for suggestions that is open."""

    id: str
    title: str
    text: str
    from_: str = Field(alias="from")
    until: str | None
    topics: list[str]


class CallLines(Told):
    calls: list[CallLine]


class SurveyLine(Told):
    id: str
    title: str
    ends_on: str | None


class SurveyLines(Told):
    surveys: list[SurveyLine]


class OptionOut(Told):
    code: str
    label: str


class QuestionOut(Told):
    id: str
    kind: str
    text: str
    required: bool
    options: list[OptionOut] = []
    least: int | None = None
    most: int | None = None


class SurveyOut(Told):
    id: str
    title: str
    intro: str
    open: bool
    ends_on: str | None
    questions: list[QuestionOut]


class WrongAnswer(Told):
    place: int
    number: str
    field: str
    code: str
    detail: str


class AnswersTaken(Told):
    """`refused`: of a batch only."""

    taken: int
    known: int
    refused: list[WrongAnswer] = []


class Words(Told):
    """[number, time, words]; `before`: where the next page begins."""

    answers: list[list[int | str]]
    before: int | None


class WholeAnswers(Told):
    """[number, time, {question: answer}]; `after`: where the next page begins."""

    answers: list[list[int | str | dict[str, Any]]]
    after: int | None


class Crossed(Told):
    answers: int
    table: dict[str, dict[str, int]]


class Ready(Told):
    status: str
    database: bool
    migrations: bool
    stopping: bool


ANSWERS_IN: dict[str, Any] = {
    "type": "object",
    "required": ["number", "answers"],
    "properties": {"number": {"type": "string", "minLength": 1, "maxLength": 120}, "answers": {"type": "object"}},
    "additionalProperties": False,
}
BATCH_IN: dict[str, Any] = {
    "type": "object",
    "required": ["batch"],
    "properties": {"batch": {"type": "array", "minItems": 1, "maxItems": 500, "items": ANSWERS_IN}},
    "additionalProperties": False,
}
EITHER_IN: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"oneOf": [ANSWERS_IN, BATCH_IN]}}}}
}
"""`openapi_extra` of the door that takes answers: it reads its body itself, since five hundred come at once."""
