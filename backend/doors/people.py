"""Logging a device in and out, and what desks show of the newsroom: people by name, versions of the rules."""

from __future__ import annotations

from contextlib import suppress
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


class OwnPassword(BaseModel):
    """Name and password as at a login, and the one that is to count from now on."""

    model_config = ConfigDict(extra="ignore")
    name: Annotated[str, Field(max_length=200), AfterValidator(no_nul)]
    password: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


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


PROVING: Final = ("login", "inactive", "slow_down", "first_ended")


@router.post("/v1/login", responses=documented.problems(*PROVING, "first_password"))
async def login(request: Request, given: Login) -> LoggedIn:
    """A token for this device."""
    here = backend(request)
    return await here.costly(_login, here.db, given, address(request), here.now())


def _login(db: Database, given: Login, address: str, now: Ms) -> LoggedIn:
    user = _proved(db, given, address, now)
    if user.first_until is not None:
        raise ProblemError("first_password")
    with db.read() as conn:
        epoch = reading.epoch(conn)

    def let_in(conn: Connection) -> LoggedIn:
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


def _proved(db: Database, given: Login | OwnPassword, address: str, now: Ms) -> Any:
    """The row of whom name and password are; each try counts. Raises ProblemError (PROVING)."""
    tried = Attempted("login", given.name, address)
    db.write(lambda conn: throttle.count(conn, tried, now))
    with db.read() as conn:
        user = users.named(conn, given.name)
    # outside any transaction: it takes a tenth of a second on purpose
    right = passwords.right(user.password if user else passwords.nobodys(), given.password)
    if not user or not right:
        raise ProblemError("login")
    if not user.active:
        raise ProblemError("inactive")
    db.write(lambda conn: throttle.passed(conn, tried))
    if user.first_until is not None and user.first_until <= now:
        raise ProblemError("first_ended")
    return user


@router.post(
    "/v1/password", status_code=204, responses=documented.problems(*PROVING, "password"), response_class=Response
)
async def own_password(request: Request, given: OwnPassword) -> Response:
    """One's own password from now on. Every login of this person ends, but the one that the request comes with, if any."""
    here = backend(request)
    kept = 0
    with suppress(ProblemError):  # the name and the password are what counts here
        kept = (await caller(request)).token
    await here.costly(_choose, here.db, given, address(request), here.now(), kept)
    return Response(status_code=204)


def _choose(db: Database, given: OwnPassword, address: str, now: Ms, kept: int) -> None:
    user = _proved(db, given, address, now)
    if given.new == given.password:
        raise ProblemError("password")
    try:
        made = users.chosen(given.new, user.name, user.id)
    except users.UserError:
        raise ProblemError("password") from None
    db.write(lambda conn: users.own(conn, user.id, made, now, kept))


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
