"""`POST /v1/sync` and the poll: what docs/sync.md says, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from fastapi import FastAPI

from db import casefile, chain, frames, log
from db.blobs import fingerprint
from db.ids import uuid7
from db.model import OPEN, Role, State
from db.wire import event_out
from tests.backend.desks import Desk, Newsroom, refused


async def test_nothing_new_is_204_and_empty(newsroom: Newsroom) -> None:
    answer = await newsroom.li.raw({"v": 1, "c": 0, "h": "", "e": []})
    assert (answer.status_code, answer.content) == (204, b"")
    answer = await newsroom.li.get("/v1/sync?c=0&h=&w=0")
    assert (answer.status_code, answer.content) == (204, b"")


async def test_own_events_come_back_as_id_and_number_and_others_whole(newsroom: Newsroom) -> None:
    letter = newsroom.li.letter()
    answer = await newsroom.li.sync(letter)
    [[id_, seq, heard]] = answer["e"]
    assert (id_, seq) == (letter.id, 1)
    assert (await newsroom.zhou.sync())["e"] == [event_out(letter) | {"seq": 1, "heard": heard}]


async def test_full_brings_own_events_whole(newsroom: Newsroom) -> None:
    letter = newsroom.li.letter()
    answer = await newsroom.li.sync(letter, full=1)
    assert answer["e"][0]["words"] == dict(letter.words)


async def test_two_desks_fold_to_the_same_cases(newsroom: Newsroom) -> None:
    li, zhou = newsroom.li, newsroom.zhou
    letter = li.letter()
    await li.sync(letter)
    await li.sync(li.forward(letter.id))
    await zhou.sync()
    await zhou.sync(zhou.event("signed", letter.id), zhou.event("noted", letter.id, words={"text": "已电话确认"}))
    await li.sync()
    assert li.cases == zhou.cases
    assert li.cases[letter.id].state is State.IN_PROGRESS


async def test_the_chain_of_hashes_can_be_followed(newsroom: Newsroom) -> None:
    li = newsroom.li
    for _ in range(3):
        await li.sync(li.letter())
    told = frames.unpack((await newsroom.zhou.raw({"v": 1, "c": 9, "h": "00000000"})).content)
    hash_ = chain.genesis(told["reset"])
    for event in li.log:
        assert event.seq is not None
        hash_ = chain.following(hash_, event.seq, log.digest(event, log.inner(event.salt, event.words)))
        heard = event.heard
    assert chain.short(hash_, heard or 0) == li.hash


async def test_the_same_request_twice_has_one_effect_and_the_same_answer(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    stale = replace(li.event("signed", letter.id), re=uuid7(1), dispatch=uuid7(1))
    request = {"v": 1, "c": 0, "h": "", "e": [event_out(letter), event_out(stale)]}
    first, second = await li.raw(request), await li.raw(request)
    a, b = frames.unpack(first.content), frames.unpack(second.content)
    assert {k: a[k] for k in "cehx"} == {k: b[k] for k in "cehx"}
    assert refused(a) == {stale.id: "depends"}
    assert a["c"] == 1


async def test_the_same_request_twice_at_once_has_one_effect(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    request = {
        "v": 1,
        "c": 0,
        "h": "",
        "e": [event_out(letter), event_out(replace(li.forward(letter.id), re=letter.id))],
    }
    answers = await asyncio.gather(*(li.raw(request) for _ in range(6)))
    assert {a.status_code for a in answers} == {200}
    assert {json.dumps(frames.unpack(a.content)["e"]) for a in answers} == {
        json.dumps(frames.unpack(answers[0].content)["e"])
    }
    assert (await newsroom.zhou.sync())["c"] == 2


async def test_each_event_is_judged_for_itself(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    await li.sync(letter)
    good = li.event("noted", letter.id, words={"text": "好"})
    bad = li.event("resolved", letter.id, facts={"result": "solved"})
    later = li.event("tagged", letter.id, facts={"add": ["电梯"]})
    answer = await li.sync(good, bad, later)
    assert refused(answer) == {bad.id: "state"}
    assert [e[0] for e in answer["e"]] == [good.id, later.id]


async def test_the_same_id_with_other_content_is_refused(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    note = li.event("noted", letter.id, words={"text": "一"})
    await li.sync(letter, note)
    other = replace(note, words={"text": "二"})
    assert refused(await li.sync(other)) == {note.id: "reused"}
    refused_note = li.event("noted", uuid7(5), words={"text": "x"})
    assert refused(await li.sync(refused_note)) == {refused_note.id: "unknown_case"}
    assert refused(await li.sync(replace(refused_note, words={"text": "y"}))) == {refused_note.id: "reused"}


async def test_two_forwards_to_one_unit_are_one_and_both_ids_work(newsroom: Newsroom) -> None:
    li, zhou = newsroom.li, newsroom.zhou
    letter = li.letter()
    await li.sync(letter)
    await zhou.sync()
    mine, theirs = li.forward(letter.id), zhou.forward(letter.id)
    await li.sync(mine)
    signed = zhou.event("signed", letter.id, dispatch=theirs.id, re=theirs.id)
    answer = await zhou.sync(theirs, signed)
    assert "x" not in answer
    assert len(zhou.cases[letter.id].dispatches) == 1
    assert zhou.cases[letter.id].dispatch(theirs.id) == zhou.cases[letter.id].dispatch(mine.id)
    await li.sync()
    assert li.cases == zhou.cases


async def test_two_forwards_to_different_units_the_second_is_refused_with_what_hangs_on_it(newsroom: Newsroom) -> None:
    li, zhou = newsroom.li, newsroom.zhou
    letter = li.letter()
    await li.sync(letter)
    await zhou.sync()
    await li.sync(li.forward(letter.id))
    theirs = zhou.forward(letter.id, "500105", "江北区")
    signed = zhou.event("signed", letter.id, dispatch=theirs.id, re=theirs.id)
    answer = await zhou.sync(theirs, signed)
    assert refused(answer) == {theirs.id: "taken", signed.id: "depends"}
    assert next(x for x in answer["x"] if x[0] == theirs.id)[2]["district"] == "渝北区"


async def test_merging_two_ways_the_first_holds(newsroom: Newsroom) -> None:
    li, zhou = newsroom.li, newsroom.zhou
    a, b = li.letter(), li.letter()
    await li.sync(a, b)
    await zhou.sync()
    await li.sync(li.event("merged", a.id, facts={"into": b.id}))
    back = zhou.event("merged", b.id, facts={"into": a.id})
    answer = await zhou.sync(back)
    assert refused(answer) == {back.id: "merged_here"}
    await li.all()
    assert li.cases == zhou.cases
    assert li.cases[b.id].followers == (a.id,)


async def test_a_masters_answer_reaches_its_followers(newsroom: Newsroom) -> None:
    li = newsroom.li
    a, b, c = li.letter(kind="inquiry"), li.letter(), li.letter()
    await li.sync(a, b, c)
    for x in (b, c):
        await li.sync(li.event("merged", x.id, facts={"into": a.id}))
    answer = await li.sync(li.event("answered_directly", a.id, words={"text": "可以"}))
    assert "x" not in answer
    assert li.cases[b.id].answer == li.cases[c.id].answer == li.cases[a.id].answer
    await _agrees(newsroom, li)


async def _agrees(newsroom: Newsroom, desk: Desk) -> None:
    """The backend's rows are what the desk folded."""
    from sqlalchemy import select

    from backend.log.held import CASES

    with newsroom.db.read() as conn:
        rows = {id_: casefile.restore(row) for id_, row in conn.execute(select(CASES.c.id, CASES.c.row))}
    assert rows == desk.cases


async def test_the_fingerprint_of_open_letters_is_compared(newsroom: Newsroom) -> None:
    li = newsroom.li
    letters = [li.letter() for _ in range(3)]
    await li.sync(*letters)
    await li.sync(li.forward(letters[0].id), li.event("declined", letters[1].id, facts={"reason": "court"}))
    mine = fingerprint(c for c in li.cases.values() if c.state in OPEN)
    assert (await li.sync(s=mine))["s"] == 1
    assert (await li.sync(s="0" * 16))["s"] == 0


async def test_a_cursor_of_another_log_is_told_to_begin_anew(newsroom: Newsroom) -> None:
    li = newsroom.li
    await li.sync(li.letter())
    letter = li.letter()
    for c, h in ((1, "00000000"), (7, li.hash)):
        answer = frames.unpack((await li.raw({"v": 1, "c": c, "h": h, "e": [event_out(letter)]})).content)
        assert answer.keys() == {"reset", "t"}
    assert (await newsroom.zhou.sync())["c"] == 1, "nothing of those requests was judged"


async def test_events_offered_again_after_a_reset_are_told_where_they_stand(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter, note = li.letter(), li.letter()
    await li.sync(letter, note)
    answer = await li.sync(letter)
    assert answer["y"] == [[letter.id, 1, li.log[0].heard]]
    assert "e" not in answer


async def test_a_long_log_comes_in_pages_without_a_gap(newsroom: Newsroom) -> None:
    li, zhou = newsroom.li, newsroom.zhou
    letters = [li.letter("很长的信" * 40) for _ in range(300)]
    await li.sync(*letters)
    first = await zhou.sync()
    assert first["m"] == 1
    await zhou.all()
    assert zhou.cursor == 300
    assert zhou.hash == li.hash or li.cursor < 300


async def test_a_clock_ahead_is_no_reason_to_refuse(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    await li.sync(letter)
    answer = await li.sync(li.event("noted", letter.id, at=4_000_000_000_000, words={"text": "钟快了"}))
    assert "x" not in answer
    assert li.cases[letter.id].last_at <= answer["t"]


async def test_roles_are_checked_for_each_event(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    await li.sync(letter)
    await li.sync(li.forward(letter.id))
    forged = [
        li.event("chased", letter.id, role=Role.SUPERVISOR, facts={"level": 3, "channel": "phone"}),
        li.event("noted", letter.id, actor="he", words={"text": "x"}),
        li.event("signed", letter.id, role=Role.UNIT, actor="unit:500112"),
        li.event("noted", letter.id, role=Role.SYSTEM, actor="system"),
    ]
    answer = await li.sync(*forged)
    assert set(refused(answer).values()) == {"forbidden"}
    assert len(answer["x"]) == 4
    assert "x" not in await newsroom.he.sync(
        newsroom.he.event("noted", letter.id, role=Role.EDITOR, words={"text": "x"})
    )


async def test_a_reader_reads_and_writes_nothing(newsroom: Newsroom) -> None:
    await newsroom.li.sync(newsroom.li.letter())
    assert (await newsroom.wang.sync())["c"] == 1
    own = newsroom.wang.letter()
    answer = await newsroom.wang.sync(own)
    assert answer["x"][0][:2] == [own.id, "forbidden"], "kept on the desk, and news goes on"


async def test_senders_travel_apart_and_come_back_masked_for_those_who_may(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter(sender="s-1")
    answer = await li.sync(letter, p=[["s-1", "陈晓明", "先生", "13812341234", {"address": "人民路1号"}]])
    assert answer["p"] == [["s-1", "陈", "先生", "138****1234"]]
    assert (await newsroom.zhou.sync())["p"] == answer["p"]
    whole = json.dumps(await newsroom.wang.sync(), ensure_ascii=False)
    assert "陈" not in whole
    assert "1234" not in whole.replace(letter.id, "")


async def test_a_code_belongs_to_one_letter(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    twin = li.letter(code=letter.facts["code"])
    assert refused(await li.sync(letter, twin)) == {twin.id: "code_taken"}


async def test_what_is_no_event_is_refused_by_its_field_and_the_others_go_on(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter, other = li.letter(), li.letter()
    broken = event_out(other) | {"facts": {"code": 7}}
    answer = await li.raw({"v": 1, "c": 0, "h": "", "e": [broken, event_out(letter)]})
    told = frames.unpack(answer.content)
    assert told["x"] == [[other.id, "bad_event", {"field": "facts.code"}, 1]], (
        "and the number is the log's when it was judged"
    )
    assert told["c"] == 1
    answer = await li.raw({"v": 1, "c": 0, "h": "", "e": [{"id": "no"}]})
    assert (answer.status_code, answer.json()["field"]) == (422, "e.id")


async def test_a_kind_from_a_newer_desk_waits_and_what_follows_on_its_case_too(newsroom: Newsroom) -> None:
    li = newsroom.li
    a, b = li.letter(), li.letter()
    await li.sync(a, b)
    new = li.event("teleported", a.id)
    answer = await li.sync(
        new,
        li.event("noted", a.id, words={"text": "1"}),
        mine := li.event("noted", b.id, words={"text": "2"}),
        v=2,
    )
    assert [e[0] for e in answer["e"]] == [mine.id]
    assert answer["v"] == 1
    assert "x" not in answer


@pytest.mark.parametrize(
    ("status", "code", "request_"),
    [
        (400, "bad_frame", b""),
        (400, "bad_frame", b"\x01garbage"),
        (400, "bad_json", b"\x00[1]"),
        (413, "too_big", b"\x00" + b" " * 8_000_001),
        (415, "dictionary", b"\x63xx"),
        (422, "field", b'\x00{"c":-1}'),
        (422, "field", b'\x00{"e":7}'),
        (422, "field", b'\x00{"p":[["a"]]}'),
        (426, "too_old", b'\x00{"v":0}'),
    ],
    ids=range(9),
)
async def test_a_request_that_cannot_be_heard_is_a_problem_document(
    newsroom: Newsroom, status: int, code: str, request_: bytes
) -> None:
    answer = await newsroom.client.post("/v1/sync", content=request_, headers=newsroom.li.headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["status"]) == (code, status)
    assert any("\u4e00" <= c <= "\u9fff" for c in told["detail"])


async def test_too_old_says_so_in_english_too(newsroom: Newsroom) -> None:
    headers = newsroom.li.headers | {"accept-language": "en", "desk-schema": "0"}
    answer = await newsroom.client.post("/v1/sync", content=b"\x00{}", headers=headers)
    assert answer.status_code == 426
    assert "too old" in answer.json()["detail"]


async def test_a_poll_is_answered_by_anothers_work(newsroom: Newsroom) -> None:
    waiting = asyncio.ensure_future(newsroom.zhou.get("/v1/sync?c=0&h=&w=50&d=1"))
    while not newsroom.client._transport.app.state.backend.news.waiting:  # type: ignore[attr-defined]
        await asyncio.sleep(0)
    await newsroom.li.sync(newsroom.li.letter())
    answer = await asyncio.wait_for(waiting, 20)
    assert frames.unpack(answer.content)["c"] == 1


async def test_a_poll_of_a_locked_out_device_gets_no_news(newsroom: Newsroom, app: FastAPI) -> None:
    from backend.people import tokens

    waiting = asyncio.ensure_future(newsroom.zhou.get("/v1/sync?c=0&h=&w=50&d=1"))
    while not app.state.backend.news.waiting:
        await asyncio.sleep(0)
    with newsroom.db.read() as conn:
        ids = {row.person: row.id for row in tokens.listed(conn)}
    newsroom.db.write(lambda conn: tokens.revoke(conn, ids["Zhou"], 1))
    await newsroom.li.sync(newsroom.li.letter())
    answer = await asyncio.wait_for(waiting, 20)
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked")


async def test_all_who_wait_at_one_place_get_the_same_answer(newsroom: Newsroom, app: FastAPI) -> None:
    polls = [
        asyncio.ensure_future(d.get("/v1/sync?c=0&h=&w=50&d=1")) for d in (newsroom.zhou, newsroom.he, newsroom.zhou)
    ]
    reader = asyncio.ensure_future(newsroom.wang.get("/v1/sync?c=0&h=&w=50&d=1"))
    while app.state.backend.news.waiting < 4:
        await asyncio.sleep(0)
    letter = newsroom.li.letter(sender="s-1")
    await newsroom.li.sync(letter, p=[["s-1", "陈晓明", "先生", "13812341234", {}]])
    answers = [frames.unpack((await asyncio.wait_for(p, 20)).content) for p in (*polls, reader)]
    assert [a["e"][0]["id"] for a in answers] == [letter.id] * 4
    assert ["p" in a for a in answers] == [True, True, True, False]


async def test_who_has_no_zstd_pushes_and_pulls_in_gzip(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    request = {"v": 1, "d": [frames.GZIP], "c": 0, "h": "", "e": [event_out(letter)], "full": 1}
    frame = frames.pack(request, (frames.GZIP,))
    answer = await newsroom.client.post("/v1/sync", content=frame, headers=li.headers)
    assert (frame[0], answer.content[0]) == (frames.GZIP, frames.GZIP)
    assert frames.unpack(answer.content)["e"][0]["id"] == letter.id
    polled = await newsroom.zhou.get(f"/v1/sync?v=1&c=0&h=&d={frames.GZIP}")
    assert polled.content[0] == frames.GZIP
    assert frames.unpack(polled.content)["c"] == 1
