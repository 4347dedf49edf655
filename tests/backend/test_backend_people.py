"""Logging in: a token for a device, limits on attempts, and being locked out without losing anything."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy import select

from backend.database import Database
from backend.people import passwords, tokens, users
from db.clock import now_ms, to_iso
from tests.backend.desks import PASSWORD, Newsroom, refused

KEY = "k" * 32


async def _login(
    client: httpx.AsyncClient, name: str = "Li", password: str = PASSWORD, key: str = KEY
) -> httpx.Response:
    return await client.post("/v1/login", json={"name": name, "password": password, "key": key, "label": "前台"})


async def test_the_same_terminal_keeps_its_number(newsroom: Newsroom) -> None:
    first = (await _login(newsroom.client)).json()
    again = (await _login(newsroom.client)).json()
    other = (await _login(newsroom.client, key="x" * 32)).json()
    somebody = (await _login(newsroom.client, "Zhou")).json()
    assert first["number"] == again["number"] == somebody["number"] != other["number"]
    assert first["device"] == f"d{first['number']}"
    assert first["token"] != again["token"]
    assert len(first["token"]) == 22


async def test_many_terminals_at_once_get_numbers_of_their_own(newsroom: Newsroom) -> None:
    answers = await asyncio.gather(*(_login(newsroom.client, key=f"{n:032d}") for n in range(4)))
    assert len({a.json()["number"] for a in answers}) == 4


async def test_tokens_and_passwords_are_kept_as_hashes(newsroom: Newsroom) -> None:
    token = (await _login(newsroom.client)).json()["token"]
    with newsroom.db.read() as conn:
        kept = str(conn.execute(select(tokens.TOKENS)).all()) + str(conn.execute(select(users.USERS)).all())
    assert token not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept


@pytest.mark.parametrize(("name", "password"), [("Li", "wrong"), ("Nobody", PASSWORD), ("li", PASSWORD), ("Li", "")])
async def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    newsroom: Newsroom, name: str, password: str
) -> None:
    answer = await _login(newsroom.client, name, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "login")
    assert answer.json()["detail"] == "姓名或密码不正确。"


async def test_who_tries_too_often_waits(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        assert (await _login(newsroom.client, password="wrong")).status_code == 401
    answer = await _login(newsroom.client)
    assert (answer.status_code, answer.json()["code"]) == (429, "slow_down")
    wait = int(answer.headers["retry-after"])
    assert 0 < wait <= 900
    assert (await _login(newsroom.client, "Zhou")).status_code == 200
    monkeypatch.setenv("DESK_NOW", to_iso(now_ms() + wait * 1000 + 2000))
    assert (await _login(newsroom.client)).status_code == 200


async def test_a_right_password_clears_what_was_mistyped(newsroom: Newsroom) -> None:
    for _ in range(3):
        for _ in range(4):
            await _login(newsroom.client, password="wrong")
        assert (await _login(newsroom.client)).status_code == 200


async def test_many_tries_at_once_are_no_more_than_the_limit(newsroom: Newsroom) -> None:
    answers = await asyncio.gather(*(_login(newsroom.client, password="wrong") for _ in range(12)))
    assert sorted(a.status_code for a in answers) == [401] * 5 + [429] * 7


async def test_a_device_locked_out_is_told_so(newsroom: Newsroom) -> None:
    li = newsroom.li
    with newsroom.db.read() as conn:
        id_ = next(row.id for row in tokens.listed(conn) if row.person == "Li")
    newsroom.db.write(lambda conn: tokens.revoke(conn, id_, now_ms()))
    answer = await li.get("/v1/sync")
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "导出" in answer.json()["detail"]


async def test_who_left_is_told_so_and_can_come_back(newsroom: Newsroom) -> None:
    newsroom.db.write(lambda conn: users.change(conn, "Li", now_ms(), active=0))
    assert (await newsroom.li.get("/v1/sync")).json()["code"] == "inactive"
    assert (await _login(newsroom.client)).json()["code"] == "inactive"
    newsroom.db.write(lambda conn: users.change(conn, "Li", now_ms(), active=1))
    assert (await newsroom.li.get("/v1/sync")).json()["code"] == "revoked", "old logins stay ended"
    assert (await _login(newsroom.client)).status_code == 200


async def test_a_new_password_ends_every_login(newsroom: Newsroom) -> None:
    newsroom.db.write(lambda conn: users.change(conn, "Li", now_ms(), password="another long one"))
    assert (await newsroom.li.get("/v1/sync")).json()["code"] == "revoked"
    assert (await _login(newsroom.client)).json()["code"] == "login"


async def test_a_role_taken_away_counts_at_once(newsroom: Newsroom) -> None:
    newsroom.db.write(lambda conn: users.change(conn, "Li", now_ms(), role="admin"))
    answer = await newsroom.li.raw({"v": 1, "c": 0, "h": "", "e": [{"id": "x"}]})
    assert (answer.status_code, answer.json()["code"]) == (403, "role")


async def test_a_reader_may_sync_and_write_nothing(newsroom: Newsroom) -> None:
    newsroom.db.write(lambda conn: users.change(conn, "Li", now_ms(), role="reader"))
    letter = newsroom.li.letter()
    assert refused(await newsroom.li.sync(letter)) == {letter.id: "forbidden"}


async def test_logging_out_ends_this_token_only(newsroom: Newsroom) -> None:
    first, second = (await _login(newsroom.client)).json(), (await _login(newsroom.client)).json()
    headers = {"authorization": f"Bearer {first['token']}"}
    assert (await newsroom.client.post("/v1/logout", headers=headers)).status_code == 204
    assert (await newsroom.client.get("/v1/sync", headers=headers)).status_code == 401
    headers = {"authorization": f"Bearer {second['token']}"}
    assert (await newsroom.client.get("/v1/sync", headers=headers)).status_code == 204


@pytest.mark.parametrize("header", ["", "Basic x", "Bearer", "Bearer " + "x" * 999, "Bearer \xff"], ids=range(5))
async def test_no_token_is_a_problem_document(newsroom: Newsroom, header: str) -> None:
    answer = await newsroom.client.get("/v1/sync", headers={"authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "token")


async def test_where_devices_are_is_written_down(newsroom: Newsroom, db: Database) -> None:
    li = newsroom.li
    await li.sync(li.letter())
    await li.sync()
    newsroom.client._transport.app.state.backend.note_seen()  # type: ignore[attr-defined]
    with db.read() as conn:
        assert next(row.cursor for row in tokens.listed(conn) if row.person == "Li") == 1


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "qwertyuiop",
        "P@ssw0rd1234",
        "1q2w3e4r5t6y",
        "aaaaaaaaaa",
        "abcabcabcabc",
        "woaini1314520",
        "a123456789",
        "iloveyou2024!",
        "admin@123456",
        "赵敏赵敏2024!!",
        "zhaomin.2024",
        "5201314520a",
        "letmein!!!!",
    ],
)
def test_what_is_tried_first_is_no_password(password: str) -> None:
    assert passwords.guessed(password, "赵敏", "zhaomin")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "another long one",
        "我家门口有两棵黄桷树",
        "Kx9#mP2vQz7w",
        "the password is tall trees",
        "y7Hq-2Lm4-Wz",
    ],
)
def test_any_other_is_one_whatever_it_is_made_of(password: str) -> None:
    assert not passwords.guessed(password, "赵敏", "zhaomin")


def test_a_new_newsroom_has_nobody_to_log_in_as(db: Database) -> None:
    with db.read() as conn:
        assert users.everybody(conn) == []


async def test_an_admin_looks_after_people_and_sees_no_letters(newsroom: Newsroom) -> None:
    newsroom.db.write(lambda conn: users.change(conn, "Wang", now_ms(), role="admin"))
    admin, client = newsroom.wang, newsroom.client
    assert (await admin.get("/v1/sync")).status_code == 403
    new = {"name": "赵敏", "role": "editor", "password": PASSWORD}
    id_ = (await client.post("/v1/users", json=new, headers=admin.headers)).json()["id"]
    again = await client.post("/v1/users", json=new, headers=admin.headers)
    assert (again.status_code, again.json()["field"]) == (422, "name")
    short = await client.post("/v1/users", json=new | {"name": "x", "password": "short"}, headers=admin.headers)
    assert short.json()["field"] == "password"
    first = await client.post("/v1/users", json=new | {"name": "x", "password": "1234567890"}, headers=admin.headers)
    assert first.json()["field"] == "password"
    own = {"name": "赵敏", "password": PASSWORD, "new": "一株开花的石榴树在门口"}
    assert (await client.post("/v1/password", json=own)).status_code == 204
    assert (await _login(client, "赵敏", own["new"])).status_code == 200
    tokens_ = (await admin.get("/v1/tokens")).json()["tokens"]
    theirs = next(t["number"] for t in tokens_ if t["person"] == "赵敏")
    assert (await client.delete(f"/v1/tokens/{theirs}", headers=admin.headers)).status_code == 204
    assert (await client.patch(f"/v1/users/{id_}", json={"active": False}, headers=admin.headers)).status_code == 204
    assert (await _login(client, "赵敏", own["new"])).json()["code"] == "inactive"
    listed = (await admin.get("/v1/users")).json()["users"]
    assert next(u for u in listed if u["id"] == id_)["active"] is False
    assert (await client.patch("/v1/users/nobody", json={"active": True}, headers=admin.headers)).status_code == 404


async def test_everybody_else_sees_and_ends_only_their_own_logins(newsroom: Newsroom) -> None:
    li, zhou, client = newsroom.li, newsroom.zhou, newsroom.client
    [mine] = (await li.get("/v1/tokens")).json()["tokens"]
    assert mine["this"]
    assert (await client.delete(f"/v1/tokens/{mine['number']}", headers=zhou.headers)).status_code == 404
    assert (await client.get("/v1/users", headers=li.headers)).status_code == 403
    assert (await client.post("/v1/users", json={}, headers=li.headers)).status_code in (403, 422)
    assert (await client.delete(f"/v1/tokens/{mine['number']}", headers=li.headers)).status_code == 204
    assert (await li.get("/v1/sync")).json()["code"] == "revoked"
