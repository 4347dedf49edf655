"""The page behind a signed link: read and pressed as a browser without scripts does."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest

from db.clock import DAY, now_ms, to_iso
from db.model import State
from tests.backend.desks import Newsroom

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)> \x1b[2J\u202e{{7*7}}'


class Page(HTMLParser):
    """Tags, attributes and text of a page, as a browser sees them."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.actions: list[str] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.actions += [str(v) for k, v in attrs if k == "action"]

    def handle_data(self, data: str) -> None:
        self.text += data


async def _link(newsroom: Newsroom, title: str = "路灯不亮", note: str = "请尽快", **facts: object) -> tuple[str, str]:
    """A link to a new dispatch, and its case."""
    li = newsroom.li
    letter = li.letter(title, **facts)
    await li.sync(letter)
    forward = li.event(
        "forwarded",
        letter.id,
        facts={"role": "lead", "district": "500230", "district_name": "丰都县", "rules": 1, "contact": "withheld"},
        words={"note": note},
    )
    await li.sync(forward)
    answer = await newsroom.client.post(f"/v1/dispatches/{forward.id}/link", headers=li.headers)
    assert answer.status_code == 201
    url = answer.json()["url"]
    assert url.startswith("https://letters.example/d/")
    return url.removeprefix("https://letters.example"), letter.id


async def test_an_officer_reads_signs_and_replies(newsroom: Newsroom) -> None:
    link, case = await _link(newsroom)
    page = Page(await newsroom.client.get(link))
    assert "路灯不亮，已经第" in page.text
    assert "请尽快" in page.text
    assert "24:00" in page.text, "a day clock ends with its last day"
    assert page.actions == [f"{link}/{a}" for a in ("sign", "return", "reply", "extension")]
    signed = await newsroom.client.post(f"{link}/sign")
    assert (signed.status_code, signed.headers["location"]) == (303, f"{link}?done=sign")
    assert "已签收" in Page(await newsroom.client.get(signed.headers["location"])).text
    replied = await newsroom.client.post(f"{link}/reply", data={"text": "已于今日修复。\r\n谢谢监督。"})
    assert replied.status_code == 303
    await newsroom.li.all()
    case_now = newsroom.li.cases[case]
    assert case_now.state is State.REPLIED
    assert newsroom.li.log[-1].words["text"] == "已于今日修复。\n谢谢监督。"
    assert newsroom.li.log[-1].actor == "unit:500230"


async def test_looking_signs_for_nobody(newsroom: Newsroom) -> None:
    link, case = await _link(newsroom)
    for _ in range(3):
        await newsroom.client.get(link)
        await newsroom.client.head(f"{link}/sign")
        assert (await newsroom.client.get(f"{link}/sign")).status_code in (404, 405)
    await newsroom.li.all()
    assert newsroom.li.cases[case].state is State.FORWARDED


async def test_nothing_of_a_persons_making_becomes_markup(newsroom: Newsroom) -> None:
    link, _case = await _link(newsroom, HOSTILE, HOSTILE, place=None)
    answer = await newsroom.client.get(link)
    page = Page(answer)
    assert not {"script", "img"} & set(page.tags)
    assert not [name for name, _v in page.attributes if name.startswith("on")]
    assert "<script>" in page.text
    assert not set(answer.text) & {"\x1b", "\u202e"}
    assert answer.text.count("<style>") == 1


async def test_the_page_allows_nothing_but_its_own_form_and_style(newsroom: Newsroom) -> None:
    link, _case = await _link(newsroom)
    answer = await newsroom.client.get(link)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    import base64
    from hashlib import sha256

    assert base64.b64encode(sha256(style[1].encode()).digest()).decode() in policy
    assert "base-uri 'none'" in policy
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]


async def test_a_changed_or_old_link_opens_nothing(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    link, _case = await _link(newsroom)
    for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), link[:-5], "/d/x", "/d/" + "A" * 48, "/d/漢"):
        answer = await newsroom.client.get(wrong)
        assert answer.status_code == 403
        assert "链接" in Page(answer).text
    monkeypatch.setenv("DESK_NOW", to_iso(now_ms() + 31 * DAY))
    assert (await newsroom.client.get(link)).status_code == 403
    assert (await newsroom.client.post(f"{link}/sign")).status_code == 403


async def test_what_was_typed_comes_back_where_it_could_not_be_done(newsroom: Newsroom) -> None:
    link, case = await _link(newsroom)
    answer = await newsroom.client.post(f"{link}/return", data={"text": "不归我们管，因为……"})
    assert answer.status_code == 422
    assert "不归我们管，因为……" in answer.text
    assert (await newsroom.client.post(f"{link}/reply", data={"text": "  "})).status_code == 422
    assert (await newsroom.client.post(f"{link}/answer", data={"text": "x"})).status_code == 404
    returned = await newsroom.client.post(f"{link}/return", data={"reason": "not_ours", "text": "属涪陵区"})
    assert returned.status_code == 303
    answer = await newsroom.client.post(f"{link}/reply", data={"text": "来不及了"})
    assert answer.status_code == 409
    assert "来不及了" not in Page(answer).actions
    await newsroom.li.all()
    assert newsroom.li.cases[case].state is State.RETURNED


async def test_a_recalled_letter_is_no_longer_shown(newsroom: Newsroom) -> None:
    link, case = await _link(newsroom)
    await newsroom.li.sync(newsroom.li.event("recalled", case, facts={"reason": "wrong_unit"}))
    page = Page(await newsroom.client.get(link))
    assert "路灯" not in page.text
    assert page.actions == []


async def test_only_the_desk_makes_links(newsroom: Newsroom) -> None:
    _text, case = await _link(newsroom)
    lead = newsroom.li.cases[case].lead
    answer = await newsroom.client.post(f"/v1/dispatches/{lead}/link", headers=newsroom.wang.headers)
    assert answer.status_code == 403
    bad = await newsroom.client.post(f"/v1/dispatches/{lead}/link", json={"days": 999}, headers=newsroom.li.headers)
    assert (bad.status_code, bad.json()["field"]) == (422, "days")
    none = await newsroom.client.post(f"/v1/dispatches/{case}/link", headers=newsroom.li.headers)
    assert none.status_code == 404
