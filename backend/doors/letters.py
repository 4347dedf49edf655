"""For channels and citizens: a letter comes in, its state is looked up by its code, and with its secret the citizen answers."""

from __future__ import annotations

import hmac
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from backend.answers import Answer
from backend.database import Database
from backend.doors import documented, told
from backend.doors.forms import FileIn, LetterIn, RatingIn, TellIn, WithdrawIn
from backend.doors.public import status
from backend.log import doing, files, intake, newsroom
from backend.log.doing import Deed
from backend.people import throttle, tokens
from backend.people.pace import Pace
from backend.people.person import CITIZEN
from backend.people.throttle import Attempted
from backend.problems import ProblemError, language
from backend.running import Backend, address, backend, bearer
from db import calls
from db.clock import day_of
from db.model import Case, Kind, Ms

router = APIRouter(tags=["letters"])
LOOKED = Pace(120)
"""States looked up a minute from one address; an app's own server asks for many."""


@router.post(
    "/v1/letters",
    status_code=201,
    responses={
        200: {"model": told.TakenIn, "description": "It was here already: the same code"},
        201: {"model": told.TakenIn},
        **documented.problems("token", "revoked", refused=True),
    },
)
async def take_in(request: Request, given: LetterIn) -> Response:
    """Takes a letter in. The key is the channel's; the channel's own number makes it safe to send again."""
    here = backend(request)
    channel = await here.read(tokens.of_channel, bearer(request))
    taken = await here.run(_take, here.db, channel, given, here.now())
    answer = {"code": taken.code, "secret": taken.secret, "url": f"/v1/letters/{taken.code}"}
    return Answer(answer, 201 if taken.new else 200, headers={"Location": answer["url"]})


def _take(db: Database, channel: str, given: LetterIn, now: Ms) -> intake.Taken:
    at = round(given.received_at.timestamp() * 1000) if given.received_at else now
    chosen = {"kind": given.kind, "topic": given.topic, "district": given.district}
    facts: dict[str, Any] = {k: str(v) for k, v in chosen.items() if v is not None}
    if given.call is not None:
        facts |= {"call": _call(db, given.call), "kind": str(given.kind or Kind.SUGGESTION)}
    facts |= {"urgency": str(given.urgency)} | ({"confidential": True} if given.confidential else {})
    words = {"title": given.title or given.body[:30].split("\n")[0], "body": given.body, "place": given.place}
    with db.read() as conn:
        attached = attachments(conn, given.attachments)
    sender = given.sender.model_dump() if given.sender else None
    if sender is not None and not any(sender.values()):
        sender = None
    letter = intake.Letter(channel, given.number, min(at, now), facts | attached[0], words | attached[1], sender)
    return intake.take(db, letter, now)


def _call(db: Database, id_: str) -> str:
    """A call for suggestions of the newsroom's, open or over (letters may come late). Raises ProblemError(field)."""
    with db.read() as conn:
        known = calls.calls(newsroom.decided(conn)[0])
    if not any(c.id == id_ for c in known):
        raise ProblemError("field", field="call")
    return id_


@router.get("/v1/calls", responses={200: {"model": told.CallLines}, **documented.problems("slow_down")})
async def open_calls(request: Request) -> Response:
    """征集: the calls for suggestions that are open today. Nothing of a person is in it."""
    here = backend(request)
    LOOKED.step(address(request))
    return Answer({"calls": await here.read(_open_calls, here.now())}, headers={"Cache-Control": "max-age=60"})


def _open_calls(conn: Connection, now: Ms) -> list[dict[str, Any]]:
    today = day_of(now)
    return [
        {
            "id": c.id,
            "title": c.title,
            "text": c.text,
            "from": c.begins.isoformat(),
            "until": c.until.isoformat() if c.until else None,
            "topics": list(c.topics),
        }
        for c in calls.calls(newsroom.decided(conn)[0])
        if c.open_on(today)
    ]


def attachments(conn: Connection, given: list[FileIn]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts and words of an event that carries these files. Raises ProblemError(field) for one that is not here whole."""
    if not given:
        return {}, {}
    listed = []
    for n, one in enumerate(given):
        row = files.find(conn, one.hash)
        if row is None or not row.whole:
            raise ProblemError("field", field=f"attachments.{n}.hash")
        listed.append([one.hash, row.media, row.size])
    return {"attachments": listed}, {"files": "\n".join(one.name for one in given)}


OPENED: Final = {200: {"model": told.Standing}} | documented.problems("secret", "slow_down")
DONE: Final = OPENED | documented.problems(refused=True)


@router.get("/v1/letters/{code}", responses=OPENED)
async def look(request: Request, code: str) -> Response:
    """Where a letter stands: nothing personal. With its secret (header `Letter-Secret`): what was asked and answered too."""
    here = backend(request)
    LOOKED.step(address(request))
    case = await here.read(doing.find, code.strip().upper())
    typed = request.headers.get("letter-secret")
    if typed is not None:
        case = await _opened(here, request, code, typed)
    if case is None:
        raise ProblemError("unknown")
    answer = await here.read(status, case, language(request), typed is not None)
    return Answer(answer, headers={"Cache-Control": "no-store"})


async def _opened(here: Backend, request: Request, code: str, typed: str) -> Case:
    """The letter of a code and its secret. Raises ProblemError(secret, slow_down), the same for a code that is none."""
    return await here.run(_open, here.db, code.strip().upper(), typed, address(request), here.now())


def _open(db: Database, code: str, typed: str, address: str, now: Ms) -> Case:
    tried = Attempted("secret", code, address)
    db.write(lambda conn: throttle.count(conn, tried, now))
    with db.read() as conn:
        case = doing.find(conn, code)
        wanted = intake.secret_of(doing.secret(conn), case.id if case else "")
    right = hmac.compare_digest(intake.plain_secret(typed).encode(), intake.plain_secret(wanted).encode())
    if case is None or not right:
        raise ProblemError("secret")
    db.write(lambda conn: throttle.passed(conn, tried))
    return case


@router.post("/v1/letters/{code}/rating", responses=DONE)
async def rate(request: Request, code: str, given: RatingIn) -> Response:
    """评价: the citizen rates the answer."""
    if given.solved is None and given.score is None:
        raise ProblemError("field", field="score")
    facts: dict[str, Any] = {k: v for k, v in (("solved", given.solved), ("score", given.score)) if v is not None}
    facts |= {k: True for k in ("thanks", "reopen") if getattr(given, k)}
    return await _do(request, code, given.secret, "rated", facts, {"text": given.words})


@router.post("/v1/letters/{code}/tell", responses=DONE)
async def tell(request: Request, code: str, given: TellIn) -> Response:
    """补充: the citizen adds something, asked or not."""
    here = backend(request)
    facts, words = await here.read(attachments, given.attachments)
    return await _do(request, code, given.secret, "told", facts, {"text": given.text} | words)


@router.post("/v1/letters/{code}/withdraw", responses=DONE)
async def withdraw(request: Request, code: str, given: WithdrawIn) -> Response:
    """撤回: the citizen takes the letter back."""
    return await _do(request, code, given.secret, "withdrawn", {"reason": given.reason}, {"text": given.text})


async def _do(
    request: Request, code: str, secret: str, kind: str, facts: dict[str, Any], words: dict[str, str]
) -> Response:
    here = backend(request)
    case = await _opened(here, request, code, secret)
    place = await here.run(doing.do, here.db, CITIZEN, Deed(kind, case.id, facts, words), here.now())
    here.news.reached(place.seq)
    after = await here.read(doing.by_id, case.id)
    answer = await here.read(status, after, language(request), True)
    return Answer(answer, headers={"Cache-Control": "no-store"})
