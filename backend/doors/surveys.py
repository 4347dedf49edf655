"""For those who answer a survey and for the apps that ask it; and for desks that look into the answers."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.answers import Answer
from backend.doors import documented, told
from backend.people import tokens
from backend.people.pace import Pace
from backend.people.person import REVEALING, SYNCING
from backend.problems import ProblemError, language
from backend.running import address, backend, bearer, body, caller
from backend.settings import MAX_FORM
from backend.surveys import intake, reading
from backend.surveys.intake import Given, Taken
from db.survey_answers import Wrong
from db.words import term

router = APIRouter(tags=["surveys"])
LOOKED = Pace(240)
ANSWERED = Pace(60)
"""A minute and address: a house, a library, a telephone network share one."""

NUMBER: Final = 120
KEY: Final = 16
"""Characters at least of a key that a respondent's page draws: nobody guesses another's."""


SLOWED: Final = documented.problems("slow_down")


@router.get("/v1/surveys", responses={200: {"model": told.SurveyLines}, **SLOWED})
async def list_open(request: Request) -> Response:
    """Surveys that take answers now."""
    here = backend(request)
    LOOKED.step(address(request))
    return Answer({"surveys": await here.read(reading.open_ones, here.now())})


@router.get("/v1/surveys/{id}", responses={200: {"model": told.SurveyOut}, **SLOWED})
async def look(request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
    """What is asked."""
    here = backend(request)
    LOOKED.step(address(request))
    survey = await here.read(intake.find, id)
    return Answer(reading.public(survey, here.now()))


@router.post(
    "/v1/surveys/{id}/answers",
    status_code=201,
    openapi_extra=told.EITHER_IN,
    responses={
        200: {"model": told.AnswersTaken, "description": "Here already, or a batch"},
        201: {"model": told.AnswersTaken},
        **documented.problems("token", "revoked", "slow_down", refused=True),
    },
)
async def answer(request: Request, id: str) -> Response:  # noqa: A002
    """`{"number", "answers": {question: value}}`, or with a channel's key up to 500 at once: `{"batch": [{…}…]}`.

    The number makes it safe to send again: the first that came under it stands. Of a batch what is right is kept, and what is
    wrong is listed; a single one that is wrong is refused by the name of its question.
    """
    here = backend(request)
    channel = ""
    if request.headers.get("authorization"):
        channel = await here.read(tokens.of_channel, bearer(request))
    else:
        ANSWERED.step(address(request))
    given, batch = _given(await body(request, MAX_FORM), channel)
    taken: Taken = await here.run(intake.take, here.db, id, channel, given, here.now())
    lang = language(request)
    if batch:
        wrong = [_said(place, given[place].number, fault, lang) for place, fault in taken.wrong]
        return Answer({"taken": taken.new, "known": taken.known, "refused": wrong})
    if taken.wrong:
        fault = taken.wrong[0][1]
        raise ProblemError("field", field=_field(fault), more={"reason": term("answer_fault", fault.why, lang)})
    return Answer({"taken": taken.new, "known": taken.known}, 201 if taken.new else 200)


def _field(fault: Wrong) -> str:
    return fault.field if fault.field == "answers" else f"answers.{fault.field}"


def _said(place: int, number: str, fault: Wrong, lang: str) -> dict[str, Any]:
    return {
        "place": place,
        "number": number,
        "field": _field(fault),
        "code": fault.why,
        "detail": term("answer_fault", fault.why, lang),
    }


def _given(raw: bytes, channel: str) -> tuple[list[Given], bool]:
    """The answers of a request, and whether they came as a batch. Raises ProblemError."""
    try:
        sent = json.loads(raw)
    except (ValueError, RecursionError):
        raise ProblemError("bad_json") from None
    if not isinstance(sent, dict):
        raise ProblemError("bad_json")
    if "batch" not in sent:
        return [_one(sent, "", channel)], False
    batch = sent["batch"]
    if not channel:
        raise ProblemError("token")
    if not isinstance(batch, list) or not 1 <= len(batch) <= intake.MOST or set(sent) != {"batch"}:
        raise ProblemError("field", field="batch")
    return [_one(one, f"batch.{place}.", channel) for place, one in enumerate(batch)], True


def _one(given: Any, where: str, channel: str) -> Given:
    if not isinstance(given, dict):
        raise ProblemError("field", field=where.rstrip(".") or "answers")
    if strange := next((name for name in given if name not in ("number", "answers")), None):
        raise ProblemError("field", field=f"{where}{strange[:40] if strange.isprintable() else '?'}")
    number = given.get("number")
    least = 1 if channel else KEY
    if not isinstance(number, str) or not least <= len(number) <= NUMBER or not number.isprintable():
        raise ProblemError("field", field=f"{where}number")
    if "answers" not in given:
        raise ProblemError("field", field=f"{where}answers")
    return Given(number, given["answers"])


# ── for desks ────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/v1/surveys/{id}/texts", responses={200: {"model": told.Words}, **documented.KEYED})
async def texts(request: Request, id: str, question: str, before: int = 0, limit: int = 50) -> Response:  # noqa: A002
    """Answers in words, the newest first."""
    return await _told(request, reading.texts, id, question, min(max(before, 0), 1 << 62), limit)


@router.get("/v1/surveys/{id}/answers", responses={200: {"model": told.WholeAnswers}, **documented.KEYED})
async def answers(request: Request, id: str, after: int = 0, limit: int = 2000) -> Response:  # noqa: A002
    """Whole answers in the order they came, for an export."""
    return await _told(request, reading.page, id, min(max(after, 0), 1 << 62), limit)


@router.get("/v1/surveys/{id}/cross", responses={200: {"model": told.Crossed}, **documented.KEYED})
async def cross(request: Request, id: str, a: str, b: str) -> Response:  # noqa: A002
    """Two questions against each other: counts, and under "" the base of each row."""
    here = backend(request)
    if (await caller(request)).role not in SYNCING:
        raise ProblemError("role")
    return Answer(await here.read(reading.cross, id, a, b), headers={"Cache-Control": "no-store"})


async def _told(request: Request, work: Any, *args: Any) -> Response:
    """What single persons wrote: for those who may see who wrote a letter."""
    here = backend(request)
    if (await caller(request)).role not in REVEALING:
        raise ProblemError("role")
    return Answer(await here.read(work, *args), headers={"Cache-Control": "no-store"})
