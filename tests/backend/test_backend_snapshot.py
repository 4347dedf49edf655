"""First fill: what a new desk gets is the log folded, however it is cut, and it can be resumed at any byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from backend.log.held import CASES
from backend.snapshot import cutting
from db import blobs, casefile, frames
from db.model import OPEN, Case, CaseId
from tests.backend.desks import Desk, Newsroom


async def _manifest(desk: Desk) -> dict[str, Any]:
    answer = await desk.get("/v1/snapshot")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = frames.unpack(answer.content)
    return told


async def _blob(desk: Desk, manifest: dict[str, Any], kind: str, scope: str = "open") -> bytes:
    entry = next(e for e in manifest["blobs"] if (e["kind"], e["scope"]) == (kind, scope))
    answer = await desk.get(f"/v1/blobs/{entry['hash']}")
    assert len(answer.content) == entry["bytes"]
    assert blobs.name(answer.content) == entry["hash"]
    return answer.content


async def _fill(desk: Desk) -> dict[CaseId, Case]:
    """Cases as a new desk has them: every row, then the log from the manifest's number on."""
    manifest = await _manifest(desk)
    rows: dict[CaseId, tuple[Case, int]] = {}
    for entry in manifest["blobs"]:
        if entry["kind"] == "rows":
            blob = await _blob(desk, manifest, "rows", entry["scope"])
            rows |= {case.id: (case, seq) for case, seq in blobs.read_rows(blob)}
    fresh = Desk(desk.client, desk.user, desk.role, desk.token, desk.device, desk.number)
    fresh.cases = {i: case for i, (case, _seq) in rows.items()}
    fresh.cursor, fresh.hash = manifest["seq"], manifest["h"]
    answer = frames.unpack((await fresh.raw({"v": 1, "c": fresh.cursor, "h": fresh.hash})).content or b"\0{}")
    for event in answer.get("e", []):
        fresh.fold(fresh.read(event))
    return fresh.cases


async def _some_work(newsroom: Newsroom) -> None:
    li = newsroom.li
    letters = [li.letter(f"第{n}件", sender=f"s-{n}") for n in range(5)]
    await li.sync(*letters, p=[[f"s-{n}", "王芳", "女士", f"1381234000{n}"] for n in range(5)])
    await li.sync(li.forward(letters[0].id), li.event("declined", letters[1].id, facts={"reason": "court"}))
    await li.sync(li.event("merged", letters[2].id, facts={"into": letters[0].id}))
    await li.sync(li.event("signed", letters[0].id), li.event("noted", letters[3].id, words={"text": "记一笔"}))


async def test_an_empty_newsroom_has_an_empty_manifest(newsroom: Newsroom) -> None:
    manifest = await _manifest(newsroom.li)
    assert (manifest["seq"], manifest["h"], manifest["blobs"]) == (0, manifest["h"], [])


async def test_a_new_desk_has_what_the_log_makes(newsroom: Newsroom) -> None:
    await _some_work(newsroom)
    assert await _fill(newsroom.zhou) == newsroom.li.cases


async def test_a_new_desk_has_it_too_where_work_went_on_after_the_cut(newsroom: Newsroom) -> None:
    await _some_work(newsroom)
    first = await _manifest(newsroom.zhou)
    li = newsroom.li
    closed = next(c.id for c in li.cases.values() if c.state not in OPEN and not c.merged_into)
    await li.sync(li.event("reopened", closed, facts={"reason": "own_error"}), li.letter("又一件"))
    assert (await _manifest(newsroom.zhou))["seq"] == first["seq"], "not cut anew for two events"
    assert await _fill(newsroom.zhou) == li.cases


async def test_open_letters_come_first_and_each_kind_holds_what_it_says(newsroom: Newsroom) -> None:
    await _some_work(newsroom)
    li, zhou = newsroom.li, newsroom.zhou
    manifest = await _manifest(zhou)
    kinds = [(e["kind"], e["scope"]) for e in manifest["blobs"]]
    assert [k for k, scope in kinds if scope == "open"] == ["rows", "bodies", "senders", "events"]
    assert kinds[0] == ("rows", "open")
    open_ids = {c.id for c in li.cases.values() if c.state in OPEN}
    bodies = dict(blobs.read_bodies(await _blob(zhou, manifest, "bodies")))
    sent = {e.id: e.words["body"] for e in li.log if e.kind == "received"}
    assert bodies == {i: sent[i] for i in open_ids}
    senders = list(blobs.read_senders(await _blob(zhou, manifest, "senders")))
    assert ("s-0", "王", "女士", "138****0000") in senders
    events = [e for e, *_rest in blobs.read_events(await _blob(zhou, manifest, "events"))]
    merged = next(e.id for e in li.log if e.kind == "merged")
    assert {e.case for e in events if e.id != merged} <= open_ids
    assert merged in {e.id for e in events}, "it touched an open letter"
    assert [e.seq for e in events] == sorted(e.seq or 0 for e in events)
    assert all("body" not in e.words for e in events)


async def test_a_reader_gets_no_senders(newsroom: Newsroom) -> None:
    await _some_work(newsroom)
    manifest = await _manifest(newsroom.li)
    assert "senders" not in {e["kind"] for e in (await _manifest(newsroom.wang))["blobs"]}
    hidden = next(e["hash"] for e in manifest["blobs"] if e["kind"] == "senders")
    assert (await newsroom.wang.get(f"/v1/blobs/{hidden}")).status_code == 404


def _pieces(size: int, step: int) -> Iterator[str]:
    for start in range(0, size, step):
        yield f"bytes={start}-{start + step - 1}"


async def test_a_blob_is_fetched_in_pieces_and_resumes_at_any_byte(newsroom: Newsroom) -> None:
    await _some_work(newsroom)
    manifest = await _manifest(newsroom.li)
    entry = manifest["blobs"][0]
    whole = await _blob(newsroom.li, manifest, "rows")
    path = f"/v1/blobs/{entry['hash']}"
    got = b""
    for piece in _pieces(entry["bytes"], 100):
        answer = await newsroom.client.get(path, headers=newsroom.li.headers | {"range": piece})
        assert answer.status_code == 206
        assert answer.headers["content-range"].startswith(f"bytes {len(got)}-")
        got += answer.content
    assert got == whole
    rest = await newsroom.client.get(path, headers=newsroom.li.headers | {"range": "bytes=33-"})
    assert rest.content == whole[33:]
    beyond = await newsroom.client.get(path, headers=newsroom.li.headers | {"range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    head = await newsroom.client.head(path, headers=newsroom.li.headers)
    assert (head.headers["content-length"], head.headers["etag"]) == (str(len(whole)), f'"{entry["hash"]}"')


async def test_a_segment_that_did_not_change_keeps_its_name(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "SEGMENT", 1)
    await _some_work(newsroom)
    li = newsroom.li
    newsroom.db.write(
        lambda conn: conn.execute(update(CASES).where(CASES.c.open == 0, CASES.c.code.like("%1")).values(month=202401))
    )
    first = cutting.cut(newsroom.db, 1)
    await li.sync(li.event("noted", next(c.id for c in li.cases.values() if c.state in OPEN), words={"text": "x"}))
    second = cutting.cut(newsroom.db, 2)
    closed = [e["hash"] for e in first.entries if e["scope"] != "open"]
    assert closed
    assert [e["hash"] for e in second.entries if e["scope"] != "open"] == closed
    assert [e["hash"] for e in second.entries if e["kind"] == "rows"] != [
        e["hash"] for e in first.entries if e["kind"] == "rows"
    ]


async def test_an_old_snapshot_is_cut_anew(newsroom: Newsroom) -> None:
    li = newsroom.li
    letter = li.letter()
    await li.sync(letter)
    first = await _manifest(li)
    for _ in range(5):
        await li.sync(*(li.event("noted", letter.id, words={"text": "x"}) for _ in range(50)))
    assert (await _manifest(li))["seq"] == first["seq"], "what is there is given at once"
    await newsroom.client._transport.app.state.cutting  # type: ignore[attr-defined]
    assert (await _manifest(li))["seq"] == 251


async def test_erasure_drops_what_held_the_person_and_the_chain_still_verifies(newsroom: Newsroom) -> None:
    await _some_work(newsroom)
    li, he = newsroom.li, newsroom.he
    manifest = await _manifest(li)
    letter = next(c for c in li.cases.values() if c.title == "第3件")
    await he.all()
    await he.sync(he.event("erased", letter.id, facts={"reason": "citizen_asks"}))
    gone = [(await li.get(f"/v1/blobs/{e['hash']}")) for e in manifest["blobs"] if e["scope"] == "open"]
    assert {(a.status_code, a.json()["code"]) for a in gone} == {(410, "gone")}
    again = await _manifest(newsroom.zhou)
    texts = [await _blob(newsroom.zhou, again, k) for k in ("bodies", "senders", "events")]
    bodies, senders, events = texts
    assert dict(blobs.read_bodies(bodies))[letter.id] == ""
    assert "s-3" not in {s[0] for s in blobs.read_senders(senders)}
    assert all(not e.words for e, *_rest in blobs.read_events(events) if e.case == letter.id)
    fresh = await _whole_log(newsroom)
    assert "第3件" not in str(fresh)
    assert "记一笔" not in str(fresh)
    _verify(fresh, again)


async def _whole_log(newsroom: Newsroom) -> list[dict[str, Any]]:
    answer = frames.unpack((await newsroom.zhou.raw({"v": 1, "c": 0, "h": ""})).content)
    return list(answer["e"])


def _verify(entries: list[dict[str, Any]], manifest: dict[str, Any]) -> None:
    """Follows the chain with what is left of each event."""
    from db import chain, log
    from db.wire import event_in

    hash_ = chain.genesis(manifest["epoch"])
    for entry in entries:
        event = event_in(entry)
        inner = bytes.fromhex(entry["inner"]) if "inner" in entry else log.inner(event.salt, event.words)
        hash_ = chain.following(hash_, entry["seq"], log.digest(event, inner))
    assert chain.short(hash_, entries[-1]["heard"] if entries else 0) == manifest["h"]


async def test_one_letter_is_fetched_whole_by_id_or_code(newsroom: Newsroom) -> None:
    await _some_work(newsroom)
    li = newsroom.li
    case = next(c for c in li.cases.values() if c.title == "第0件")
    for named in (case.id, case.code):
        told = frames.unpack((await newsroom.zhou.get(f"/v1/cases/{named}")).content)
        assert casefile.from_plain(told["row"]) == case
        assert [e["kind"] for e in told["e"]] == ["received", "forwarded", "merged", "signed"]
        assert told["p"][0][1:] == ["王", "女士", "138****0000"]
    assert (await newsroom.zhou.get("/v1/cases/RMLX-1")).status_code == 404
    assert "p" not in frames.unpack((await newsroom.wang.get(f"/v1/cases/{case.id}")).content)


async def test_blobs_nobody_names_go_after_a_week(newsroom: Newsroom) -> None:
    from backend.snapshot import manifest
    from db.clock import DAY, now_ms

    await _some_work(newsroom)
    first = cutting.cut(newsroom.db, now_ms() - 8 * DAY)
    li = newsroom.li
    await li.sync(li.letter())
    second = cutting.cut(newsroom.db, now_ms() - 8 * DAY)
    newsroom.db.write(lambda conn: manifest.tidy(conn, now_ms()))
    kept = {e["hash"] for e in second.entries}
    for entry in first.entries:
        answer: httpx.Response = await li.get(f"/v1/blobs/{entry['hash']}")
        assert (answer.status_code == 200) == (entry["hash"] in kept)
