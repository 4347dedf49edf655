"""What goes wrong at a door, as RFC 9457 problem documents: a code for programs, a sentence for people in their language."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from backend.answers import Answer
from backend.settings import MAX_FORM
from db.model import Refusal
from db.sentences import say
from db.text import one_line
from db.words import N_, _

MEDIA: Final = "application/problem+json"
logger = logging.getLogger("backend.app")

SENTENCES: Final[Mapping[str, str]] = {
    "bad_frame": N_("This cannot be unpacked. Send it again; if it stays so, update the desk."),
    "bad_json": N_("This is not JSON. Nothing was kept; correct it and send it again."),
    "bad_request": N_("The request cannot be understood."),
    "dictionary": N_("This dictionary is not known here: send without it."),
    "field": N_("“{field}” is missing or not what is allowed here. Nothing was kept; correct it and send again."),
    "first_password": N_("This password was given to you. Choose one of your own first: desk login asks for it."),
    "first_ended": N_("The password you were given has ended. Ask an admin for a new one."),
    "forbidden_media": N_(
        "Files of this kind are not taken. Pictures, PDF, office documents, sound and short films are."
    ),
    "gone": N_("This is no longer here. Fetch the list again."),
    "hash": N_("What arrived is not what its name says: it was thrown away. Send the file again from the start."),
    "inactive": N_("This person no longer works here. Unsent work is still on the desk: export it there."),
    "internal": N_("Something failed here. Nothing of this request was kept; send it again later."),
    "link": N_("This link is not valid, or no longer. Ask the newspaper for a new one."),
    "login": N_("The name or the password is wrong."),
    "not_ready": N_("The backend is not ready. Nothing was kept; it is tried again."),
    "not_revealed": N_("Who wrote is shown only after it was recorded why. Reveal it first, then ask again."),
    "range": N_("The pieces do not fit: {held} bytes are here. Go on from there."),
    "password": N_(
        "The new password was not taken: 10 to 500 characters, another than before, and none that is tried first "
        "(rows of keys, common words, your name). Nothing was changed."
    ),
    "revoked": N_(
        "This login has ended: locked out, a new password, or half a year old. "
        "Unsent work is still here: export it, or log in again."
    ),
    "role": N_("This door is not for your role."),
    "secret": N_("The code or the secret is wrong."),
    "slow": N_("This came too slowly and was given up. Nothing was kept; send it again."),
    "slow_down": N_("Too many attempts. Wait {seconds} seconds and try again."),
    "token": N_("Nobody is logged in here, or the login is unknown. Log in again; unsent work stays."),
    "too_big": N_("This is larger than {limit} bytes: send less at once."),
    "too_old": N_(
        "This version of the desk is too old for the backend. Update it; unsent work stays and can be exported."
    ),
    "unknown": N_("There is nothing here under this name."),
}

STATUS: Final[Mapping[str, int]] = {
    "bad_frame": 400,
    "bad_json": 400,
    "bad_request": 400,
    "dictionary": 415,
    "field": 422,
    "first_ended": 403,
    "first_password": 403,
    "forbidden_media": 415,
    "gone": 410,
    "hash": 422,
    "inactive": 401,
    "internal": 500,
    "link": 403,
    "login": 401,
    "not_ready": 503,
    "not_revealed": 403,
    "password": 422,
    "range": 416,
    "revoked": 401,
    "role": 403,
    "secret": 403,
    "slow": 408,
    "slow_down": 429,
    "token": 401,
    "too_big": 413,
    "too_old": 426,
    "unknown": 404,
}


class ProblemError(Exception):
    """A request that cannot be done; what its sentence needs is in `facts`, what programs need in `more`."""

    def __init__(self, code: str, *, more: Mapping[str, Any] | None = None, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        self.more = dict(more or {})
        super().__init__(code)

    def headers(self) -> dict[str, str]:
        found = {}
        if self.code in ("token", "revoked", "inactive"):
            found["WWW-Authenticate"] = "Bearer"
        if self.code == "too_old":
            found["Upgrade"] = f"desk-schema/{self.more.get('v', 1)}"
        if self.code == "slow_down":
            found["Retry-After"] = str(self.facts["seconds"])
        if self.code == "not_ready":
            found["Retry-After"] = "5"
        return found


class RefusedError(Exception):
    """What the rules refuse at a door: 409, with the rule's own sentence."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


def language(request: Request) -> str:
    """The language of what the person is told: the first of theirs that we speak, else Chinese."""
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return "zh_CN"


def document(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """The problem document."""
    title = code.replace("_", " ")
    return {
        "type": f"urn:letters-desk:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def response(request: Request, problem: ProblemError) -> Response:
    status = STATUS[problem.code]
    sentence = SENTENCES[problem.code]
    detail = _(sentence, language(request), **problem.facts)
    field = {"field": problem.facts["field"]} if "field" in problem.facts else {}
    body = document(status, problem.code, detail, **field, **problem.more)
    return Answer(body, status, headers=problem.headers(), media_type=MEDIA)


def install(app: FastAPI) -> None:
    """Every error of the app leaves as a problem document."""
    app.add_exception_handler(ProblemError, _ours)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(kind, _away)
    app.add_exception_handler(Exception, _failed)


async def _ours(request: Request, e: Exception) -> Response:
    assert isinstance(e, ProblemError)
    return response(request, e)


async def _refused(request: Request, e: Exception) -> Response:
    assert isinstance(e, RefusedError)
    body = document(409, e.refusal.code, say(e.refusal, language(request)), facts=dict(e.refusal.facts))
    return Answer(body, 409, media_type=MEDIA)


async def _invalid(request: Request, e: Exception) -> Response:
    assert isinstance(e, RequestValidationError)
    first = e.errors()[0]
    if first["type"] == "json_invalid":
        return response(request, ProblemError("bad_json"))
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    field = one_line(field)[:100]  # a name of the caller's own, for whoever reads the answer in a terminal
    return response(request, ProblemError("field", field=field, more={"reason": first["msg"]}))


async def _http(request: Request, e: Exception) -> Response:
    """What the framework refuses: no such path, no such method, too large a body."""
    assert isinstance(e, HTTPException)
    if e.status_code == 404:
        return response(request, ProblemError("unknown"))
    if e.status_code == 408:
        slow = response(request, ProblemError("slow"))
        slow.headers.update(e.headers or {})
        return slow
    if e.status_code == 413:
        return response(request, ProblemError("too_big", limit=MAX_FORM))
    sentence = SENTENCES["bad_request"]
    body = document(e.status_code, "bad_request", _(sentence, language(request)))
    return Answer(body, e.status_code, headers=dict(e.headers or {}), media_type=MEDIA)


async def _failed(request: Request, _e: Exception) -> Response:
    return response(request, ProblemError("internal"))


async def _away(request: Request, e: Exception) -> Response:
    logger.error("the database does not answer", extra={"error": type(e).__name__})
    return response(request, ProblemError("not_ready"))
