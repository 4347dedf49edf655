"""Passwords of one's own, first ones that must be replaced, and the end of every login."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from backend.people import tokens, users
from db.clock import DAY, now_ms, to_iso
from tests.backend.desks import PASSWORD, Newsroom

OWN = "一株开花的石榴树在门口"


async def _login(client: httpx.AsyncClient, name: str, password: str) -> httpx.Response:
    return await client.post("/v1/login", json={"name": name, "password": password, "key": "k" * 32})


async def _choose(
    client: httpx.AsyncClient, name: str = "Li", password: str = PASSWORD, new: str = OWN, **headers: str
) -> httpx.Response:
    return await client.post(
        "/v1/password", json={"name": name, "password": password, "new": new}, headers=headers or None
    )


async def _hired(newsroom: Newsroom, **given: Any) -> dict[str, Any]:
    """赵敏, added by an admin over HTTP."""
    newsroom.db.write(lambda conn: users.change(conn, "Wang", now_ms(), role="admin"))
    answer = await newsroom.client.post(
        "/v1/users", json={"name": "赵敏", "role": "editor"} | given, headers=newsroom.wang.headers
    )
    assert answer.status_code == 201
    return dict(answer.json())


async def test_a_new_password_of_ones_own_ends_every_login_but_this_one(newsroom: Newsroom) -> None:
    client, li = newsroom.client, newsroom.li
    other = (await _login(client, "Li", PASSWORD)).json()["token"]
    assert (await _choose(client, **li.headers)).status_code == 204
    assert (await li.get("/v1/sync")).status_code == 204
    elsewhere = await client.get("/v1/sync", headers={"authorization": f"Bearer {other}"})
    assert elsewhere.json()["code"] == "revoked"
    assert (await _login(client, "Li", PASSWORD)).json()["code"] == "login"
    assert (await _login(client, "Li", OWN)).status_code == 200


async def test_the_token_of_somebody_else_keeps_no_login(newsroom: Newsroom) -> None:
    assert (await _choose(newsroom.client, **newsroom.zhou.headers)).status_code == 204
    assert (await newsroom.li.get("/v1/sync")).json()["code"] == "revoked"
    assert (await newsroom.zhou.get("/v1/sync")).status_code == 204


async def test_a_device_alone_chooses_no_password(newsroom: Newsroom) -> None:
    for _ in range(5):
        answer = await _choose(newsroom.client, password="a guess of mine", **newsroom.li.headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "login")
    assert (await _choose(newsroom.client)).json()["code"] == "slow_down", "tries count as at a login"
    assert (await _login(newsroom.client, "Li", PASSWORD)).json()["code"] == "slow_down"


@pytest.mark.parametrize("new", [PASSWORD, "short", "1234567890", "li-li-li-li", "x" * 501], ids=range(5))
async def test_what_is_no_good_password_leaves_the_old_one(newsroom: Newsroom, new: str) -> None:
    answer = await _choose(newsroom.client, new=new)
    assert (answer.status_code, answer.json()["code"]) == (422, "password")
    assert "没有改动" in answer.json()["detail"]
    assert (await _login(newsroom.client, "Li", PASSWORD)).status_code == 200


@pytest.mark.parametrize("given", [{}, {"password": PASSWORD}], ids=["drawn", "typed"])
async def test_a_password_that_an_admin_knows_opens_nothing_but_the_choice_of_ones_own(
    newsroom: Newsroom, given: dict[str, str]
) -> None:
    client, told = newsroom.client, await _hired(newsroom, **given)
    first = told["first"] or PASSWORD
    assert bool(told["first"]) != bool(given)
    answer = await _login(client, "赵敏", first)
    assert (answer.status_code, answer.json()["code"]) == (403, "first_password")
    assert (await _choose(client, "赵敏", first, first)).json()["code"] == "password"
    assert (await _choose(client, "赵敏", first)).status_code == 204
    assert (await _login(client, "赵敏", OWN)).status_code == 200
    assert (await _login(client, "赵敏", first)).json()["code"] == "login"


async def test_a_first_password_ends_after_a_week(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    first = (await _hired(newsroom))["first"]
    monkeypatch.setenv("DESK_NOW", to_iso(now_ms() + users.FIRST + 1000))
    for answer in (await _login(newsroom.client, "赵敏", first), await _choose(newsroom.client, "赵敏", first)):
        assert (answer.status_code, answer.json()["code"]) == (403, "first_ended")


async def test_who_forgot_gets_a_first_password_that_no_admin_chose(newsroom: Newsroom) -> None:
    await _hired(newsroom)
    path = f"/v1/users/{newsroom.li.user}/password"
    assert (await newsroom.client.post(path, headers=newsroom.he.headers)).status_code == 403
    answer = await newsroom.client.post(path, headers=newsroom.wang.headers)
    first = answer.json()["first"]
    assert (answer.status_code, len(first)) == (201, 19)
    assert (await newsroom.li.get("/v1/sync")).json()["code"] == "revoked"
    assert (await _choose(newsroom.client, "Li", first)).status_code == 204
    assert (await _login(newsroom.client, "Li", OWN)).status_code == 200
    gone = await newsroom.client.post("/v1/users/nobody/password", headers=newsroom.wang.headers)
    assert gone.status_code == 404


async def test_a_login_ends_after_half_a_year_however_much_it_is_used(newsroom: Newsroom) -> None:
    li = newsroom.li
    unit = newsroom.db.write(lambda conn: tokens.give(conn, "unit", now_ms(), district="500112"))

    def at(when: int) -> None:
        newsroom.db.write(lambda conn: conn.execute(tokens.DEVICES.update().values(seen_at=when)))
        newsroom.db.write(lambda conn: tokens.tidy(conn, when))

    at(now_ms() + tokens.LONGEST - DAY)
    assert (await li.get("/v1/sync")).status_code == 204
    at(now_ms() + tokens.LONGEST + DAY)
    ended = await li.get("/v1/sync")
    assert (ended.status_code, ended.json()["code"]) == (401, "revoked")
    assert "导出" in ended.json()["detail"]
    theirs = await newsroom.client.get("/v1/unit/dispatches", headers={"authorization": f"Bearer {unit}"})
    assert theirs.status_code == 200, "a unit's key belongs to no person who could type a password"
