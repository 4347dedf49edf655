"""`erased` from end to end (DESIGN.md §8): a person is searched for by bytes, on the backend and on every desk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pytest

from backend.cli import run as backend_verb
from backend.log import timer
from backend.snapshot import cutting
from db import audit, drafts
from db.clock import now_ms
from db.upkeep import settle
from tests.line import bytes_at_rest
from tests.line.office import Desk, Office

NAME, PHONE = "欧阳饕餮", "13987654321"
SAID = {
    "title": "魑魅路的魍魉灯",
    "body": "我住彳亍里七号，夜里犄角旮旯漆黑，老人跌跤。",
    "note": "来电旖旎先生代诉",
    "reply": "已赴耄耋巷踟蹰处更换",
    "draft": "踌躇满志的草稿",
    "pending": "蹀躞未发的话",
}
PICTURE = b"\xff\xd8\xff\xe0" + "光怪陆离的图片".encode() * 50
WORDS = [NAME, PHONE, "139****4321", *SAID.values(), "彳亍里", "光怪陆离的图片", "旖旎.jpg"]
TOKENS = ["魑魅", "魍魉", "饕餮", "彳亍", "旮旯", "旖旎", "耄耋", "踟蹰", "蹀躞", PHONE]
"""Bigrams that no other text here has: what an index would keep of them."""


def traces(body: bytes, texts: Iterable[str]) -> set[str]:
    """Which of these texts the bytes still hold."""
    return {text for text in texts if text.encode() in body or _escaped(text) in body}


def _escaped(text: str) -> bytes:
    """As JSON writes it where it keeps to ASCII."""
    return text.encode("unicode_escape")


def at_rest(desk: Desk) -> bytes:
    """The desk's file as it lies on the disk once its quiet work is done."""
    while settle(desk.store):
        pass
    return bytes_at_rest.of_store(desk.store.path, desk.store._key)


@pytest.fixture
def letter(office: Office) -> str:
    """A letter full of a person, with a picture, worked on at two desks."""
    headers = {"authorization": f"Bearer {office.channel_key}"}
    name = hashlib.sha256(PICTURE).hexdigest()
    put = office.test.put(f"/v1/attachments/{name}", content=PICTURE, headers=headers | {"content-type": "image/jpeg"})
    assert put.status_code == 201
    return office.write(
        SAID["title"],
        body=SAID["body"],
        sender={"name": NAME, "phone": PHONE},
        attachments=[{"hash": name, "name": "旖旎.jpg"}],
    )


def test_no_byte_of_an_erased_person_is_left_anywhere(office: Office, letter: str) -> None:
    for n in range(30):
        office.write(f"另一封信第{n}")
    li, he = office.desk("li"), office.desk("he")
    li.forward(letter)
    li.do("noted", letter, words={"text": SAID["note"]})
    li.do("replied", letter, words={"text": SAID["reply"]})
    li.sync()
    he.sync()
    cutting.cut(office.db, now_ms())
    drafts.put(li.store, letter, "note", {"text": SAID["draft"]})
    li.do("noted", letter, words={"text": SAID["pending"]})
    assert traces(at_rest(li), TOKENS) >= {"魑魅", "旖旎", "耄耋", "蹀躞"}
    assert traces(bytes_at_rest.of_sqlite(office.file), WORDS) >= {NAME, PHONE, SAID["note"]}

    he.do("erased", letter, facts={"reason": "citizen_asks"})
    he.sync()
    li.sync()
    he.sync()
    office.db.empty_log()  # as it does by itself every hour

    for desk in (li, he):
        left = traces(at_rest(desk), [*WORDS, *TOKENS])
        assert not left, (desk.rounds.tie().user, left)
        assert list(audit.changed(desk.store)) == []
    assert not traces(bytes_at_rest.of_sqlite(office.file), [*WORDS, *TOKENS])
    assert backend_verb(["verify", "--database", office.url]) == 0


def test_a_desk_that_was_filled_before_and_comes_back_later_forgets_too(office: Office, letter: str) -> None:
    he = office.desk("he")
    zhou = office.desk("zhou")
    zhou.line.cut = True
    he.do("erased", letter, facts={"reason": "law"})
    he.sync()
    assert traces(at_rest(zhou), ["魑魅"])
    zhou.line.cut = False
    zhou.sync()
    assert not traces(at_rest(zhou), [*WORDS, *TOKENS])


def test_what_others_wrote_stays(office: Office, letter: str) -> None:
    other = office.write("蓊郁小区的路灯", sender={"name": NAME, "phone": PHONE})
    he = office.desk("he")
    he.do("erased", letter, facts={"reason": "law"})
    he.sync()
    body = at_rest(he)
    assert he.case(other).title == "蓊郁小区的路灯"
    assert traces(body, ["蓊郁"]) == {"蓊郁"}
    assert not traces(body, ["魑魅", "彳亍"])


def test_a_contact_whose_time_has_come_is_nowhere_any_more(
    office: Office, monkeypatch: pytest.MonkeyPatch, letter: str
) -> None:
    """180 days after closing: the words stay, who wrote them goes."""
    monkeypatch.setenv("DESK_NOW", "2024-01-10T09:30")
    old = office.write("踯躅路的积水", sender={"name": NAME, "phone": PHONE})
    li = office.desk("li")
    li.do("declined", old, facts={"reason": "court"}, words={"text": "请向法院提起。"})
    li.do("declined", letter, facts={"reason": "court"}, words={"text": "请向法院提起。"})
    li.sync()
    monkeypatch.setenv("DESK_NOW", "2024-07-20T09:30")
    assert timer.write_due(office.db, now_ms()) == 2
    li.sync()
    office.db.empty_log()
    body = at_rest(li)
    assert not traces(body, [NAME, PHONE, "139****4321"])
    assert traces(body, ["踯躅路的积水"])
    assert not traces(bytes_at_rest.of_sqlite(office.file), [NAME, PHONE])
    assert li.case(old).sender is None
    assert backend_verb(["verify", "--database", office.url]) == 0
    office.settled()
