"""Callers who mean harm, at every door: stolen, ended and foreign keys, names and paths tried out, pages elsewhere."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import httpx
from fastapi import FastAPI

from backend.database import Database
from backend.people import throttle, tokens
from backend.running import Backend
from backend.settings import Settings
from db.clock import DAY, now_ms
from db.model import Role
from tests.backend.callers import LETTER, Everybody
from tests.backend.desks import PASSWORD, tokened

SYNCING, REVEALING = {"editor", "supervisor", "reader"}, {"editor", "supervisor"}
DOORS: list[tuple[str, str, set[str]]] = [
    ("GET", "/v1/sync", SYNCING),
    ("GET", "/v1/snapshot", SYNCING),
    ("GET", "/v1/newsroom", SYNCING),
    ("GET", "/v1/cases/{case}", SYNCING),
    ("GET", "/v1/contacts/{case}", REVEALING),
    ("POST", "/v1/dispatches/{id_}/link", REVEALING),
    ("GET", "/v1/unit/dispatches", {"unit"}),
    ("GET", "/v1/unit/dispatches/{id_}", {"unit"}),
    ("POST", "/v1/unit/dispatches/{id_}/sign", {"unit"}),
    ("GET", "/v1/users", {"admin"}),
    ("GET", "/v1/tokens", {"admin", "unit"} | SYNCING),
    ("POST", "/v1/letters", {"channel"}),
    ("GET", "/v1/surveys/{id}/texts?question=q4", REVEALING),
    ("GET", "/v1/surveys/{id}/answers", REVEALING),
    ("GET", "/v1/surveys/{id}/cross?a=q1&b=q2", SYNCING),
]
"""Each door behind a key → who gets in. Those that take bodies get one that is right."""


async def _knock(everybody: Everybody, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    body = {"json": LETTER | {"number": "2"}} if path == "/v1/letters" else {}
    client = everybody.newsroom.client
    return await client.request(method, path.format(**everybody.things), headers=headers, **body)  # type: ignore[arg-type]


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_each_door_opens_to_its_own_callers_and_to_nobody_else(everybody: Everybody) -> None:
    for method, path, welcome in DOORS:
        for kind in ("nobody", *everybody.keys):
            answer = await _knock(everybody, method, path, everybody.headers(kind))
            if kind in welcome:
                assert answer.status_code < 300 or answer.json()["code"] == "not_revealed", (path, kind, answer.text)
            else:
                assert answer.status_code in (401, 403), (path, kind)
                assert answer.json()["code"] in ("token", "role")


async def test_an_ended_key_opens_nothing_any_more(everybody: Everybody) -> None:
    def end(conn: Any) -> None:
        for row in tokens.listed(conn):
            tokens.revoke(conn, row.id, now_ms())

    everybody.newsroom.db.write(end)
    for method, path, welcome in DOORS:
        for kind in welcome:
            answer = await _knock(everybody, method, path, everybody.headers(kind))
            assert (answer.status_code, answer.json()["code"]) == (401, "revoked"), (path, kind)


async def test_a_key_in_the_address_or_a_cookie_counts_for_nothing(everybody: Everybody) -> None:
    client, key = everybody.newsroom.client, everybody.keys["editor"]
    for given_ in (
        {"params": {"token": key, "access_token": key}},
        {"headers": {"cookie": f"token={key}; session={key}"}},
    ):
        assert (await client.get("/v1/newsroom", **given_)).status_code == 401  # type: ignore[arg-type]


async def test_an_office_opens_neither_letter_nor_file_of_the_office_next_door(everybody: Everybody) -> None:
    newsroom, li = everybody.newsroom, everybody.newsroom.li
    picture = b"\x89PNG\r\n\x1a\n" + b"x" * 100
    name = sha256(picture).hexdigest()
    await li.client.put(f"/v1/attachments/{name}", content=picture, headers=li.headers)
    letter = li.letter(attachments=[[name, "image/png", len(picture)]])
    await li.sync(letter)
    await li.sync(li.forward(letter.id, unit="城市管理局"))
    dispatch = li.cases[letter.id].lead

    def key(unit: str) -> dict[str, str]:
        text = newsroom.db.write(lambda c: tokens.give(c, "unit", now_ms(), district="500112", unit=unit))
        return {"authorization": f"Bearer {text}"}

    mine, theirs = key("城市管理局"), key("住房城乡建委")
    for path in (f"/v1/unit/dispatches/{dispatch}", f"/v1/attachments/{name}"):
        assert (await li.client.get(path, headers=mine)).status_code == 200
        assert (await li.client.get(path, headers=theirs)).status_code == 404
    await li.sync(li.event("recalled", letter.id, facts={"reason": "wrong_unit"}))
    assert (await li.client.get(f"/v1/attachments/{name}", headers=mine)).status_code == 404, "it was taken back"


async def test_another_letters_secret_opens_nothing(everybody: Everybody) -> None:
    client = everybody.newsroom.client
    other = (
        await client.post("/v1/letters", json=LETTER | {"number": "2"}, headers=everybody.headers("channel"))
    ).json()
    path = f"/v1/letters/{everybody.things['code']}"
    for typed in (other["secret"], "", "é" * 12, "\x00", "0" * 60):
        answer = await client.get(path, headers={"letter-secret": typed.encode("latin-1")})
        assert (answer.status_code, answer.json()["code"]) in ((403, "secret"), (429, "slow_down")), typed
    body = {"secret": "電梯" * 6, "text": "x"}
    assert (await client.post(f"{other['url']}/tell", json=body)).json()["code"] == "secret"


# ── limits on attempts, over two processes ───────────────────────────────────────────────────────────────────────────


async def test_two_processes_count_attempts_together(
    everybody: Everybody, client: httpx.AsyncClient, db: Database, app: FastAPI
) -> None:
    from backend.app import create

    second = create(Settings(database=db.url), db)
    second.state.backend = Backend(Settings(database=db.url), db)
    transport = httpx.ASGITransport(second, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend") as other:
        wrong = {"name": "Li", "password": "x", "key": "k" * 16}
        code = everybody.things["code"]
        for n in range(throttle.PAIR):
            at = (client, other)[n % 2]
            assert (await at.post("/v1/login", json=wrong)).json()["code"] == "login"
            answer = await at.post(f"/v1/letters/{code}/tell", json={"secret": "0000", "text": "x"})
            assert answer.json()["code"] == "secret"
        for at in (client, other):
            answer = await at.post("/v1/login", json=wrong | {"password": PASSWORD})
            assert (answer.status_code, answer.json()["code"]) == (429, "slow_down"), "also the right one waits"
            answer = await at.post(f"/v1/letters/{code}/tell", json={"secret": everybody.secret, "text": "x"})
            assert answer.json()["code"] == "slow_down"


async def test_a_name_that_is_none_is_answered_and_slowed_like_one_that_is(everybody: Everybody) -> None:
    client = everybody.newsroom.client
    told: dict[str, list[tuple[int, str]]] = {}
    for name in ("Li", "Nobody at all", "li\u0000"):
        for _ in range(throttle.PAIR + 1):
            answer = await client.post("/v1/login", json={"name": name, "password": "wrong", "key": "k" * 16})
            told.setdefault(name, []).append((answer.status_code, answer.json()["code"]))
    assert told["Li"] == told["Nobody at all"]
    assert set(told["li\u0000"]) == {(422, "field")}


async def test_one_subscriber_of_ipv6_is_one_address(app: FastAPI, db: Database) -> None:
    async def knock(host: str) -> str:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://backend") as client:
            wrong = {"name": "Li", "password": "x", "key": "k" * 16}
            return str((await client.post("/v1/login", json=wrong)).json()["code"])

    said = [await knock(f"2001:db8:1:2::{n:x}") for n in range(throttle.PAIR + 1)]
    assert said == ["login"] * throttle.PAIR + ["slow_down"]
    assert await knock("2001:db8:1:3::1") == "login"
    assert await knock("::ffff:10.0.0.1") == await knock("10.0.0.1") == "login"


async def test_a_name_in_the_path_leads_nowhere_but_to_what_it_names(everybody: Everybody) -> None:
    client, editor, unit = everybody.newsroom.client, everybody.headers("editor"), everybody.headers("unit")
    odd = [
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "a%00b",
        "%ff%fe",
        "%ed%a0%80",
        "x" * 3000,
        "' OR 1=1 --",
        "%25n",
        "漢",
        ";",
        "%e2%80%ae",
    ]
    for name in odd:
        for path in ("cases", "contacts", "blobs", "attachments"):
            answer = await client.get(f"/v1/{path}/{name}", headers=editor)
            assert answer.status_code in (404, 410), (path, name, answer.text)
            assert answer.json()["code"] in ("unknown", "gone")
        for path in ("letters", "surveys"):
            assert (await client.get(f"/v1/{path}/{name}")).status_code == 404
        assert (await client.get(f"/v1/unit/dispatches/{name}", headers=unit)).status_code == 404
        assert (await client.get(f"/d/{name}")).status_code in (403, 404)
        answer = await client.put(f"/v1/attachments/{name}", content=b"x", headers=editor)
        assert answer.status_code in (404, 422)
    for query in ("before=99999999999999999999999", "before=-1", "limit=0", "limit=1e9", "before=NaN"):
        assert (await client.get(f"/v1/unit/dispatches?{query}", headers=unit)).status_code == 422, query
    for query in ("c=99999999999999999999999", "w=NaN", "w=inf", "c=-1", "v=-5", "h=" + "x" * 999):
        assert (await client.get(f"/v1/sync?{query}", headers=editor)).status_code == 422, query


# ── what leaves ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_no_answer_may_be_framed_guessed_at_kept_or_told_on(everybody: Everybody) -> None:
    client, things = everybody.newsroom.client, everybody.things
    opened = [
        (f"/d/{things['link']}", {}),
        ("/d/none", {}),
        (f"/v1/letters/{things['code']}", {"letter-secret": everybody.secret}),
        ("/v1/unit/dispatches", everybody.headers("unit")),
        (f"/v1/contacts/{things['case']}", everybody.headers("editor")),
        (f"/v1/cases/{things['case']}", everybody.headers("editor")),
        ("/v1/users", everybody.headers("admin")),
        ("/v1/nothing", {}),
        ("/health", {}),
    ]
    for path, headers in opened:
        answer = await client.get(path, headers=headers)
        assert {"base-uri 'none'", "frame-ancestors 'none'"} <= set(
            answer.headers["content-security-policy"].split("; ")
        ), path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "no-store" in answer.headers["cache-control"], path
        assert answer.headers["content-type"]
        assert "set-cookie" not in answer.headers
        assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(answer.headers)


async def test_a_page_elsewhere_cannot_press_what_it_has_no_link_for(everybody: Everybody) -> None:
    """No door goes by anything a browser adds by itself; the page's forms lie under their own secret link."""
    client, link = everybody.newsroom.client, everybody.things["link"]
    foreign = {"origin": "https://evil.example", "referer": "https://evil.example/", "cookie": "a=b"}
    for path in (f"/v1/unit/dispatches/{everybody.things['id_']}/sign", "/v1/users", "/v1/logout"):
        assert (await client.post(path, json={}, headers=foreign)).status_code in (401, 422)
        answer = await client.options(path, headers=foreign | {"access-control-request-method": "POST"})
        assert answer.status_code == 405
        assert "access-control-allow-origin" not in answer.headers
    assert (await client.post(f"/d/{link[:-4]}AAAA/sign", headers=foreign)).status_code == 403
    page = (await client.get(f"/d/{link}")).text
    assert "http" not in page.replace("http-equiv", ""), "nothing on it leads or loads from elsewhere"


async def test_methods_that_a_door_does_not_know_are_refused(everybody: Everybody) -> None:
    client = everybody.newsroom.client
    for method in ("TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"):
        for path in (
            "/v1/sync",
            f"/d/{everybody.things['link']}",
            f"/v1/letters/{everybody.things['code']}",
            "/health",
        ):
            answer = await client.request(method, path, headers=everybody.headers("editor"))
            assert (answer.status_code, answer.json()["code"]) == (405, "bad_request"), (method, path)


async def test_a_foreign_host_header_is_in_no_link(everybody: Everybody) -> None:
    client = everybody.newsroom.client
    headers = everybody.headers("editor") | {"host": "evil.example", "x-forwarded-host": "evil.example"}
    answer = await client.post(f"/v1/dispatches/{everybody.things['id_']}/link", headers=headers)
    assert answer.json()["url"].startswith("https://letters.example/d/")
    answer = await client.get(f"/d/{everybody.things['link']}", headers={"host": "evil.example"})
    assert "evil" not in answer.text
    signed = await client.post(f"/d/{everybody.things['link']}/sign", headers={"host": "evil.example"})
    assert signed.headers["location"].startswith("/d/")


async def test_a_lost_device_is_locked_out_by_itself_after_a_month(everybody: Everybody, db: Database) -> None:
    desk = tokened(everybody.newsroom.client, db, "li", Role.EDITOR)
    db.write(lambda conn: tokens.tidy(conn, now_ms() + tokens.UNSEEN - DAY))
    assert (await desk.get("/v1/newsroom")).status_code == 200
    db.write(lambda conn: tokens.tidy(conn, now_ms() + tokens.UNSEEN + DAY))
    assert (await desk.get("/v1/newsroom")).json()["code"] == "revoked"
