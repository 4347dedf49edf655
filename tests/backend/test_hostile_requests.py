"""Requests that were made to break something: forged and replayed events, bodies of every odd shape, bodies that never end."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import httpx
import pytest
import zstandard
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.problems import MEDIA
from db import frames
from db.clock import now_ms
from db.ids import uuid7
from db.model import EventKind, Role
from db.wire import event_out
from tests.backend.callers import Everybody
from tests.backend.desks import refused

# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_nobody_writes_as_somebody_else(everybody: Everybody) -> None:
    newsroom, li = everybody.newsroom, everybody.newsroom.li
    case = everybody.things["case"]
    others = [("zhou", Role.EDITOR), ("he", Role.SUPERVISOR), ("li", Role.SUPERVISOR), ("unit:500112", Role.UNIT)]
    others += [("citizen", Role.CITIZEN), ("backend", Role.BACKEND), ("system", Role.SYSTEM), ("system", Role.EDITOR)]
    forged = [li.event("noted", case, actor=actor, role=role, words={"text": "x"}) for actor, role in others]
    assert refused(await li.sync(*forged)) == {e.id: "forbidden" for e in forged}
    await newsroom.he.all()
    assert not [e for e in newsroom.he.log if e.words.get("text") == "x"]


async def test_a_forged_timer_of_the_system_is_not_believed(everybody: Everybody) -> None:
    li, case = everybody.newsroom.li, everybody.things["case"]
    for kind in ("resolved", "told", "tracked", "contact_removed", "rescheduled", "erased"):
        forged = li.event(kind, case, actor="system", role=Role.SYSTEM, facts={"result": "explained", "unrated": True})
        assert refused(await li.sync(forged)) == {forged.id: "forbidden"}, kind


async def test_a_captured_request_sent_again_or_in_another_order_changes_nothing(everybody: Everybody) -> None:
    newsroom, li = everybody.newsroom, everybody.newsroom.li
    requests = []
    letter = li.letter()
    for event in (
        letter,
        li.event("noted", letter.id, words={"text": "一"}),
        li.event("noted", letter.id, words={"text": "二"}),
    ):
        requests.append({"v": 1, "c": li.cursor, "h": li.hash, "e": [event_out(event)]})
        await li.sync(event)
    await newsroom.he.all()
    before = newsroom.he.cursor, newsroom.he.hash
    for request in (*reversed(requests), *requests):
        assert (await li.raw(request)).status_code == 200
    assert await newsroom.he.sync() == {}
    assert (newsroom.he.cursor, newsroom.he.hash) == before
    stolen = await newsroom.zhou.raw(requests[0])  # by somebody else who heard it on the line
    assert frames.unpack(stolen.content).get("x", []) == []
    assert await newsroom.he.sync() == {}, "known is known; nothing new was written in anybody's name"


async def test_a_request_for_another_log_is_told_to_begin_anew_and_judged_not_at_all(everybody: Everybody) -> None:
    li = everybody.newsroom.li
    event = li.event("noted", everybody.things["case"], words={"text": "x"})
    for cursor, hash_ in ((li.cursor, "00000000"), (li.cursor + 9, li.hash), (1, "'; --"), (li.cursor, "")):
        answer = frames.unpack((await li.raw({"c": cursor, "h": hash_, "e": [event_out(event)]})).content)
        assert set(answer) == {"reset", "t"}
    await everybody.newsroom.he.all()
    assert event.id not in {e.id for e in everybody.newsroom.he.log}


SCALARS = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=40)),
    *(st.sampled_from(["x" * 36, "\x00", "\ud800", 10**400, -1, 1 << 63, "500112", "lead", 2.5, "9" * 5000]),),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=5,
)
NAMES = [
    "into",
    "to",
    "survey",
    "questions",
    "attachments",
    "outcomes",
    "district",
    "role",
    "code",
    "received_at",
    "month",
]
NAMES += [
    "rules",
    "levels",
    "calendar",
    "topics",
    "facts",
    "result",
    "promised",
    "level",
    "add",
    "remove",
    "checklist",
    "figures",
]
FIELDS = [
    "id",
    "case",
    "kind",
    "at",
    "when",
    "actor",
    "role",
    "device",
    "re",
    "dispatch",
    "facts",
    "words",
    "salt",
    "seq",
    "heard",
]


@pytest.mark.parametrize("half", range(2))
async def test_no_event_however_it_is_made_fails_the_backend(everybody: Everybody, half: int) -> None:
    """Every kind, with facts of any shape, and events with fields of any shape: one verdict each, and the others go on."""
    he, case, dispatch = everybody.newsroom.he, everybody.things["case"], everybody.things["id_"]
    await he.all()
    made: list[list[dict[str, Any]]] = []

    @settings(max_examples=4, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        batch = []
        for kind in list(EventKind)[half::2]:
            facts = data.draw(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
            whose = data.draw(st.sampled_from([case, case, None]))
            plain = he.event(str(kind), case, dispatch=dispatch, words={"text": "x"}, re=uuid7(now_ms()))
            event = event_out(plain) | {"case": whose, "facts": facts}
            if data.draw(st.integers(0, 3)) == 0:
                event[data.draw(st.sampled_from(FIELDS[1:]))] = data.draw(VALUES)
            batch.append(event)
        made.append(batch)

    draw()
    made.append([event_out(he.event("noted", case, facts={n: "x" * 36})) for n in ("to", "into", "survey")])
    for batch in made:
        text = json.dumps({"v": 1, "c": he.cursor, "h": he.hash, "e": batch})
        raw = b"\x00" + text.encode()
        answer = await he.client.post("/v1/sync", content=raw, headers=he.headers)
        if "9" * 4400 in text.replace('"' + "9" * 5000, ""):
            assert answer.status_code in (200, 400)
        else:
            assert answer.status_code in (200, 204), answer.text
    assert (await he.get(f"/v1/cases/{case}")).status_code == 200


async def test_a_contact_is_words_and_nothing_else(everybody: Everybody) -> None:
    li = everybody.newsroom.li
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    for contact in ({"wechat": deep}, {"wechat": 1}, {"wechat": None}, [1], {"a": "x" * 5000}):
        letter = li.letter(sender="00000000-0000-4000-8000-000000000001")
        request = {"c": li.cursor, "h": li.hash, "e": [event_out(letter)]}
        sender = ["00000000-0000-4000-8000-000000000001", "陈", "先生", "1", contact]
        answer = await li.client.post("/v1/sync", content=frames.pack(request | {"p": [sender]}), headers=li.headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "p"), contact
    raw = f'{{"c":{li.cursor},"h":"{li.hash}","p":[["s","n","","",{{"a":1e999}}]]}}'.encode()
    assert (await li.client.post("/v1/sync", content=b"\x00" + raw, headers=li.headers)).status_code == 422


# ── bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _bombs() -> dict[str, bytes]:
    zeros = b"0" * 64_000_000
    undeclared = zstandard.ZstdCompressor(level=1, write_content_size=False)
    declared = zstandard.ZstdCompressor(level=1).compress(zeros)
    lying = bytearray(zstandard.ZstdCompressor(level=1).compress(b" " * 5_000_000))
    return {
        "zstd, declared": b"\x01" + declared,
        "zstd, not declared": b"\x01" + undeclared.compress(zeros),
        "zstd, many frames": b"\x01" + undeclared.compress(b" " * 100_000) * 200,
        "zstd, a lie": b"\x01" + bytes(lying[:6]) + b"\x01" + bytes(lying[7:]),
        "gzip": b"\x1f" + gzip.compress(zeros, 1),
        "gzip in gzip": b"\x1f" + gzip.compress(gzip.compress(zeros, 1), 1),
    }


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
async def test_a_compression_bomb_is_put_out_before_it_goes_off(everybody: Everybody) -> None:
    import tracemalloc

    li = everybody.newsroom.li
    for name, bomb in _bombs().items():
        tracemalloc.start()
        answer = await li.client.post("/v1/sync", content=bomb, headers=li.headers)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert answer.status_code in (400, 413), name
        assert answer.json()["code"] in ("too_big", "bad_frame", "bad_json"), name
        assert peak < 40_000_000, name


ODD: list[tuple[bytes, set[int]]] = [
    (b"[" * 100_000 + b"]" * 100_000, {400}),
    (b'{"a":' * 50_000, {400}),
    (b'{"v":1,"c":' + b"9" * 5_000 + b"}", {400}),
    (b'{"v":1,"c":1e400}', {422}),
    (b'{"v":1,"c":NaN}', {400}),
    (b'{"v":1,"c":0,"c":-1}', {422}),
    (b'{"v":1,"e":[{"id":"\\u0000"}]}', {422}),
    (b'{"v":1,"h":"\\ud800"}', {200, 204}),
    (b"\xff\xfe{", {400}),
    (b'{"v":1} trailing', {400}),
    (b'{"__proto__":{"admin":true},"v":1}', {200, 204}),
]


@pytest.mark.parametrize(("body", "statuses"), ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
async def test_odd_json_is_read_one_way_or_refused(everybody: Everybody, body: bytes, statuses: set[int]) -> None:
    li, client = everybody.newsroom.li, everybody.newsroom.client
    answer = await client.post("/v1/sync", content=b"\x00" + body, headers=li.headers)
    assert answer.status_code in statuses, answer.text
    plain = {"content-type": "application/json"}
    for path, kind in (("/v1/letters", "channel"), ("/v1/login", "nobody"), ("/v1/users", "admin")):
        answer = await client.post(path, content=body, headers=everybody.headers(kind) | plain)
        assert answer.status_code in (400, 422), (path, answer.text)
        assert answer.headers["content-type"] == MEDIA
    answer = await client.post(f"/v1/surveys/{everybody.things['id']}/answers", content=body)
    assert answer.status_code in (400, 422)


async def test_pieces_that_do_not_fit_neither_fill_nor_block_a_file(everybody: Everybody) -> None:
    client, editor = everybody.newsroom.client, everybody.headers("editor")
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
    path, size = f"/v1/attachments/{sha256(picture).hexdigest()}", len(picture)

    async def put(content: bytes, content_range: str | None) -> httpx.Response:
        headers = everybody.headers("unit") | ({"content-range": content_range} if content_range else {})
        return await client.put(path, content=content, headers=headers)

    odd = ["bytes 0-9/10, bytes 0-9/10", "bytes -1-8/10", "bytes 9-0/10", "bytes 0-9/*", "bytes */10", "items 0-9/10"]
    odd += [f"bytes 0-9/{10**15}", f"bytes {10**14}-{10**14 + 9}/{10**15 - 1}", "bytes 0-9/9"]
    for content_range in odd:
        assert (await put(picture[:10], content_range)).status_code in (413, 416, 422), content_range
    assert (await put(picture[:50], "bytes 0-49/9999")).status_code == 202, (
        "somebody squats on the name, with another size"
    )
    answer = await client.put(path, content=picture, headers=editor)
    assert (answer.status_code, answer.json()["held"]) == (201, size), "who has the file begins anew"


async def test_a_body_that_stops_coming_is_given_up(
    everybody: Everybody, monkeypatch: pytest.MonkeyPatch, app: FastAPI
) -> None:
    from backend import guarding

    monkeypatch.setattr(guarding, "PATIENCE", 0.05)

    async def stuck() -> AsyncIterator[bytes]:
        yield b'{"number":'
        await asyncio.Event().wait()

    for path, kind in (
        ("/v1/sync", "editor"),
        ("/v1/letters", "channel"),
        (f"/d/{everybody.things['link']}/sign", "nobody"),
    ):
        headers = everybody.headers(kind) | {"content-type": "application/json"}
        answer = await everybody.newsroom.client.post(path, content=stuck(), headers=headers)
        assert answer.status_code == 408, (path, answer.text)
