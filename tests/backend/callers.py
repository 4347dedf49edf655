"""Everybody who may come to a door, with a valid key each, and one of each thing to ask for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from backend.database import Database
from backend.people import tokens, users
from db.clock import now_ms
from db.model import Role
from tests.backend.desks import PASSWORD, Newsroom, tokened
from tests.backend.test_survey_intake import opened

LETTER = {
    "number": "1",
    "title": "电梯停运",
    "body": "3栋电梯停了三天。",
    "sender": {"name": "陈晓明", "phone": "13812341234"},
}


@dataclass
class Everybody:
    """`keys`: kind of caller → its token; `things`: name of a path's part → something that is there."""

    newsroom: Newsroom
    keys: dict[str, str]
    things: dict[str, str]
    secret: str  # of the letter `things["code"]`

    def headers(self, kind: str) -> dict[str, str]:
        """Of a caller; none for `nobody`."""
        return {"authorization": f"Bearer {self.keys[kind]}"} if kind in self.keys else {}


async def come(client: httpx.AsyncClient, db: Database) -> Everybody:
    """Hires, lets a letter in, forwards it, opens a survey, makes a link."""
    newsroom = await Newsroom.open(client, db)
    li = newsroom.li
    admin = db.write(lambda conn: users.add(conn, users.NewUser("Admin", Role.ADMIN, PASSWORD), now_ms()))

    def give(kind: str, **values: Any) -> str:
        return db.write(lambda conn: tokens.give(conn, kind, now_ms(), **values))

    keys = {
        "editor": li.token,
        "supervisor": newsroom.he.token,
        "reader": newsroom.wang.token,
        "admin": tokened(client, db, admin, Role.ADMIN).token,
        "unit": give("unit", district="500112"),
        "channel": give("channel", channel="app"),
    }
    bearer = {"authorization": f"Bearer {keys['channel']}"}
    told = (await client.post("/v1/letters", json=LETTER, headers=bearer)).json()
    await li.all()
    case = next(c.id for c in li.cases.values() if c.code == told["code"])
    await li.sync(li.forward(case, contact="shared"))
    await li.sync(li.event("revealed", case, facts={"reason": "call_back"}))
    dispatch = str(li.cases[case].lead)
    url = (await client.post(f"/v1/dispatches/{dispatch}/link", headers=li.headers)).json()["url"]
    survey = await opened(newsroom)
    answers = {"number": secrets.token_hex(16), "answers": {"q1": "a", "q2": ["a", "d"], "q3": 5, "q4": "请快一点"}}
    assert (await client.post(f"/v1/surveys/{survey.id}/answers", json=answers)).status_code == 201
    things = {"code": told["code"], "id_": dispatch, "link": url.rsplit("/", 1)[1], "case": case, "named": case}
    return Everybody(newsroom, keys, things | {"id": survey.id, "question": "q4", "a": "q1", "b": "q2"}, told["secret"])
