"""Attachments: in pieces, by hash, of kinds that are taken, for those whose letter it is."""

from __future__ import annotations

from hashlib import sha256

import httpx

from backend.log import files
from backend.people import tokens
from db.clock import now_ms
from tests.backend.desks import Desk, Newsroom

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
NAME = sha256(PICTURE).hexdigest()


async def _put(desk: Desk, body: bytes, name: str = NAME, content_range: str | None = None) -> httpx.Response:
    headers = desk.headers | ({"content-range": content_range} if content_range else {})
    return await desk.client.put(f"/v1/attachments/{name}", content=body, headers=headers)


async def _attached(newsroom: Newsroom) -> str:
    """The picture, on a letter's note."""
    li = newsroom.li
    letter = li.letter()
    facts = {"attachments": [[NAME, "image/png", len(PICTURE)]]}
    await li.sync(letter)
    await li.sync(li.forward(letter.id))
    await li.sync(li.event("noted", letter.id, facts=facts, words={"text": "见图", "files": "照片 1.png"}))
    return letter.id


async def test_a_file_is_sent_whole_and_fetched_by_another_desk(newsroom: Newsroom) -> None:
    assert (await _put(newsroom.li, PICTURE)).status_code == 201
    await _attached(newsroom)
    answer = await newsroom.zhou.get(f"/v1/attachments/{NAME}")
    assert answer.content == PICTURE
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E7%85%A7%E7%89%87%201.png"
    assert "sandbox" in answer.headers["content-security-policy"]
    part = await newsroom.client.get(f"/v1/attachments/{NAME}", headers=newsroom.zhou.headers | {"range": "bytes=8-11"})
    assert (part.status_code, part.content) == (206, b"\x00\x01\x02\x03")


async def test_an_upload_goes_on_where_it_was_cut(newsroom: Newsroom) -> None:
    size = len(PICTURE)
    first = await _put(newsroom.li, PICTURE[:4000], content_range=f"bytes 0-3999/{size}")
    assert (first.status_code, first.json()["held"]) == (202, 4000)
    head = await newsroom.client.head(f"/v1/attachments/{NAME}", headers=newsroom.li.headers)
    assert (head.status_code, head.headers["attachment-held"]) == (204, "4000")
    again = await _put(newsroom.li, PICTURE[:4000], content_range=f"bytes 0-3999/{size}")
    assert (again.status_code, again.json()["held"]) == (202, 4000)
    gap = await _put(newsroom.li, PICTURE[5000:6000], content_range=f"bytes 5000-5999/{size}")
    assert (gap.status_code, gap.json()["held"]) == (416, 4000)
    overlapping = await _put(newsroom.li, PICTURE[3000:], content_range=f"bytes 3000-{size - 1}/{size}")
    assert (overlapping.status_code, overlapping.json()["whole"]) == (201, True)
    assert (await newsroom.zhou.get(f"/v1/attachments/{NAME}")).content == PICTURE
    assert (await _put(newsroom.li, PICTURE)).status_code == 201, "again is no harm"


async def test_what_is_not_what_its_name_says_is_thrown_away(newsroom: Newsroom) -> None:
    answer = await _put(newsroom.li, PICTURE[:-1] + b"x")
    assert (answer.status_code, answer.json()["code"]) == (422, "hash")
    assert (await newsroom.li.get(f"/v1/attachments/{NAME}")).status_code == 404
    assert (await _put(newsroom.li, PICTURE)).status_code == 201


async def test_kind_size_and_form_are_limited(newsroom: Newsroom) -> None:
    page = b"<html><script>"
    answer = await _put(newsroom.li, page, sha256(page).hexdigest())
    assert (answer.status_code, answer.json()["code"]) == (415, "forbidden_media")
    answer = await _put(newsroom.li, PICTURE, content_range=f"bytes 0-{len(PICTURE) - 1}/{files.LARGEST + 1}")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
    for name, content_range in (("x", None), (NAME, "bytes 0-9/5"), (NAME, "some")):
        answer = await _put(newsroom.li, PICTURE, name, content_range)
        assert answer.status_code == 422


async def test_only_those_whose_letter_it_is_fetch_it(newsroom: Newsroom) -> None:
    def key(district: str) -> dict[str, str]:
        text = newsroom.db.write(lambda conn: tokens.give(conn, "unit", now_ms(), district=district))
        return {"authorization": f"Bearer {text}"}

    await _put(newsroom.li, PICTURE)
    await _attached(newsroom)
    path = f"/v1/attachments/{NAME}"
    assert (await newsroom.client.get(path, headers=key("500112"))).status_code == 200
    assert (await newsroom.client.get(path, headers=key("500105"))).status_code == 404
    assert (await newsroom.client.get(path)).status_code == 401
    assert (await _put(newsroom.wang, PICTURE)).status_code == 403


async def test_a_citizen_sends_a_picture_with_the_letter(newsroom: Newsroom) -> None:
    text = newsroom.db.write(lambda conn: tokens.give(conn, "channel", now_ms(), channel="app"))
    headers = {"authorization": f"Bearer {text}"}
    assert (await newsroom.client.put(f"/v1/attachments/{NAME}", content=PICTURE, headers=headers)).status_code == 201
    letter = {"number": "1", "body": "见图", "attachments": [{"hash": NAME, "name": "图.png"}]}
    assert (await newsroom.client.post("/v1/letters", json=letter, headers=headers)).status_code == 201
    await newsroom.li.all()
    assert newsroom.li.log[0].facts["attachments"] == [[NAME, "image/png", len(PICTURE)]]
    assert (await newsroom.li.get(f"/v1/attachments/{NAME}")).content == PICTURE


async def test_an_erased_letters_files_go_with_it(newsroom: Newsroom) -> None:
    await _put(newsroom.li, PICTURE)
    case = await _attached(newsroom)
    await newsroom.he.all()
    await newsroom.he.sync(newsroom.he.event("erased", case, facts={"reason": "law"}))
    assert (await newsroom.li.get(f"/v1/attachments/{NAME}")).status_code == 404


async def test_files_that_no_letter_has_go_after_two_days(newsroom: Newsroom) -> None:
    await _put(newsroom.li, PICTURE)
    newsroom.db.write(lambda conn: files.tidy(conn, now_ms() + files.UNUSED - 60_000))
    assert (await newsroom.li.get(f"/v1/attachments/{NAME}")).status_code == 200
    newsroom.db.write(lambda conn: files.tidy(conn, now_ms() + files.UNUSED + 60_000))
    assert (await newsroom.li.get(f"/v1/attachments/{NAME}")).status_code == 404
