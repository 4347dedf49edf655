"""Logging a device in and out, and what desks show of the newsroom: people by name, versions of the rules."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from backend import sync
from backend.database import Database
from backend.doors import documented
from backend.doors.forms import no_nul
from backend.doors.sync import framed, may_sync, readable
from backend.log import newsroom, reading
from backend.people import passwords, throttle, tokens, users
from backend.people.throttle import Attempted
from backend.problems import ProblemError
from backend.running import address, backend, caller
from db import frames
from db.model import Ms
from db.text import one_line
from db.wire import SCHEMA, dumps

router = APIRouter(tags=["people"])


class Login(BaseModel):
    """Name and password, once a device. `key`: random text that the terminal draws once and keeps."""

    model_config = ConfigDict(extra="ignore")
    name: Annotated[str, Field(max_length=200), AfterValidator(no_nul)]
    password: str = Field(max_length=1000)
    key: str = Field(min_length=16, max_length=100)
    label: Annotated[str, Field(max_length=100), AfterValidator(no_nul)] = ""


class Who(BaseModel):
    id: str
    name: str
    role: str


class LoggedIn(BaseModel):
    """The token is told this once."""

    token: str
    device: str
    number: int
    user: Who
    epoch: str
    v: int
    d: list[int]
    t: int


@router.post("/v1/login", responses=documented.problems("login", "inactive", "slow_down"))
async def login(request: Request, given: Login) -> LoggedIn:
    """A token for this device."""
    here = backend(request)
    return await here.costly(_login, here.db, given, address(request), here.now())


def _login(db: Database, given: Login, address: str, now: Ms) -> LoggedIn:
    tried = Attempted("login", given.name, address)
    db.write(lambda conn: throttle.count(conn, tried, now))
    with db.read() as conn:
        user = users.named(conn, given.name)
        epoch = reading.epoch(conn)
    # outside any transaction: it takes a tenth of a second on purpose
    right = passwords.right(user.password if user else passwords.nobodys(), given.password)
    if not user or not right:
        raise ProblemError("login")
    if not user.active:
        raise ProblemError("inactive")

    def let_in(conn: Connection) -> LoggedIn:
        throttle.passed(conn, tried)
        device = tokens.device(conn, given.key, one_line(given.label), now)
        token = tokens.give(conn, "device", now, user=user.id, device=device.id, label=one_line(given.label))
        who = users.person_of(user, device.id, 0)
        return LoggedIn(
            token=token,
            device=device.id,
            number=device.number,
            user=Who(id=who.id, name=user.name, role=str(who.role)),
            epoch=epoch,
            v=SCHEMA,
            d=list(frames.DICTIONARIES),
            t=now,
        )

    return db.write(let_in)


@router.post("/v1/logout", status_code=204, responses=documented.KEYED, response_class=Response)
async def logout(request: Request) -> Response:
    """This token ends; what is unsent stays on the desk."""
    here = backend(request)
    who = await caller(request)
    await here.write(tokens.revoke, who.token, here.now())
    return Response(status_code=204)


UNCHANGED: Final[documented.Responses] = {304: {"description": "As the tag says"}}


@router.get("/v1/newsroom", responses={200: documented.FRAME, **UNCHANGED, **documented.KEYED}, response_class=Response)
async def the_newsroom(request: Request) -> Response:
    """People by name, and every decision of the newsroom (`configured` events), as a frame. ETag: its tag."""
    here = backend(request)
    may_sync(await caller(request))
    tag, told = await here.read(_newsroom)
    if request.headers.get("if-none-match", "").strip('"') == tag:
        return Response(status_code=304, headers={"ETag": f'"{tag}"'})
    answer = framed(dumps(told), readable(request))
    answer.headers["ETag"] = f'"{tag}"'
    return answer


def _newsroom(conn: Connection) -> tuple[str, dict[str, Any]]:
    tag = sync.newsroom_tag(conn)
    people = [[u.id, u.name, u.role, u.active] for u in users.everybody(conn)]
    return tag, {"n": tag, "users": people, "e": newsroom.told(conn)}
