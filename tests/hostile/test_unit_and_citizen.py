"""Hostile letters at the doors of units and citizens, on the page behind a link, in a survey's answers: over HTTP, both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256

import httpx
import pytest

from backend.database import Database
from db.text import safe
from tests.backend.callers import Everybody, come
from tests.backend.conftest import a_new_minute, app, client, db, one_app  # noqa: F401 - fixtures
from tests.backend.test_backend_unit_page import Page
from tests.hostile.letters import COLLECTED, FILE_NAMES, MARK, Wild, letters
from tests.hostile.seen import unseen

COUNT = 6
"""Letters a test and database: they hold every collected text once."""


@pytest.fixture
async def all_(client: httpx.AsyncClient, db: Database) -> Everybody:  # noqa: F811
    return await come(client, db)


def storable(text: str, most: int) -> str:
    """As a channel may send it: no NUL, no lone surrogate (both refused by the name of their field: `test_doors.py`)."""
    return "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")[:most]


def line(text: str, most: int) -> str:
    """As a field of one line takes it."""
    return "".join(c for c in text if c.isprintable()).strip()[:most]


def wild() -> Iterator[tuple[int, Wild]]:
    for n, one in enumerate(letters(COUNT)):
        own = "\n".join(COLLECTED[n::COUNT])
        yield n, Wild(line(one.title, 200), storable(own, 9_000), line(one.place, 200), line(one.name, 40), own)


def plain(answer: httpx.Response) -> str:
    """An answer that a terminal shows as it is; nothing but line ends in it is no character."""
    assert answer.status_code < 500, answer.text
    assert unseen(answer.text, "\n\r") == set(), (answer.request.url, unseen(answer.text, "\n\r"))
    return answer.text


def dead(answer: httpx.Response) -> Page:
    """The page behind a link: its own tags and attributes, text as text, and a policy that would not run anything else."""
    page = Page(answer)
    plain(answer)
    assert set(page.tags) <= OURS, set(page.tags) - OURS
    assert not [n for n, _v in page.attributes if n.startswith("on") or n in ("src", "href", "srcdoc", "style")]
    assert all(re.fullmatch(r"/d/[\w-]+/(sign|return|reply|extension)", a) for a in page.actions), page.actions
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return page


OURS = {"html", "meta", "title", "style", "main", "h1", "h2", "dl", "dt", "dd", "p", "ol", "li", "div", "form", "span"}
OURS |= {"fieldset", "legend", "label", "input", "textarea", "button"}


async def test_what_one_wrote_the_other_reads_as_text(all_: Everybody, client: httpx.AsyncClient) -> None:  # noqa: F811
    """A citizen's letter at the unit's doors and page; the unit's reply, return and request at the desk; its answer and the
    rating at the citizen's door. Programs get every character back, terminals none that they would obey."""
    li, unit, channel = all_.newsroom.li, all_.headers("unit"), all_.headers("channel")
    for n, one in wild():
        given = {"number": f"w{n}", "title": one.title, "body": one.body, "place": one.place}
        sender = {"name": one.name, "phone": "13812341234"}
        told = (await client.post("/v1/letters", json=given | {"sender": sender}, headers=channel)).json()
        await li.all()
        case = next(c for c in li.cases.values() if c.code == told["code"])
        note = storable(one.reply, 900)
        sent = li.forward(case.id, contact="shared", unit=line(one.place, 40))
        sent = li.event("forwarded", case.id, facts=sent.facts, words={"note": note})
        assert not (await li.sync(sent)).get("x")
        link = (await client.post(f"/v1/dispatches/{sent.id}/link", headers=li.headers)).json()["url"]
        link = link.removeprefix("https://letters.example")

        plain(await client.get("/v1/unit/dispatches", headers=unit))
        seen = json.loads(plain(await client.get(f"/v1/unit/dispatches/{sent.id}", headers=unit)))
        assert (seen["title"], seen["body"]) == (one.title, one.body.strip())
        assert seen["contact"]["name"] == one.name
        assert safe(one.title)[:20] in dead(await client.get(link)).text

        text = storable(one.reply, 9_000)
        if n % 3 == 0:
            again = await client.post(
                f"{link}/return", data={"text": text}
            )  # without its reason: what was typed comes back
            assert again.status_code == 422
            dead(again)
            plain(await client.post(f"{link}/extension", data={"text": text}))
            dead(await client.get(link))
            back = {"reason": "not_ours", "text": text[:4_000]}
            plain(await client.post(f"/v1/unit/dispatches/{sent.id}/return", json=back, headers=unit))
        elif n % 3 == 1:
            assert (await client.post(f"{link}/reply", data={"text": text})).status_code == 303
        else:
            outcome = {"measure": line(one.title, 60), "count": 3, "unit": line(one.name, 20)}
            reply = {"text": text, "outcomes": [outcome]}
            plain(await client.post(f"/v1/unit/dispatches/{sent.id}/reply", json=reply, headers=unit))
        dead(await client.get(link))

        asked = {"letter-secret": told["secret"]}
        await li.all()
        if n % 3:
            answer = li.event(
                "answered", case.id, facts={"checklist": ["polite"], "redacted": True}, words={"text": text}
            )
            assert not (await li.sync(answer)).get("x")
            looked = json.loads(plain(await client.get(told["url"], headers=asked)))
            assert [h["text"] for h in looked["history"] if h["what"] == "answered"] == [text]
            rating = {"secret": told["secret"], "score": 1, "solved": False, "words": storable(one.reply, 4_000)}
            plain(await client.post(f"{told['url']}/rating", json=rating))
        plain(await client.post(f"{told['url']}/tell", json={"secret": told["secret"], "text": text}))
        plain(await client.get(told["url"], headers=asked))
        plain(await client.get(told["url"]))
        dead(await client.get(link))
    await li.all()
    assert sum(MARK in e.words.get("title", "") for e in li.log) == COUNT
    plain(await client.get("/metrics"))


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
async def test_a_files_name_leads_nowhere_and_writes_no_header(
    all_: Everybody,
    client: httpx.AsyncClient,  # noqa: F811
) -> None:
    channel, li = all_.headers("channel"), all_.newsroom.li
    files = {}
    for n, name in enumerate(FILE_NAMES):
        picture = b"\x89PNG\r\n\x1a\n" + bytes([n]) * 60
        hash_ = sha256(picture).hexdigest()
        put = await client.put(f"/v1/attachments/{hash_}", content=picture, headers=channel)
        assert put.status_code == 201, put.text
        file = {"hash": hash_, "name": name}
        given = {"number": f"f{n}", "title": "照片", "body": "见照片", "attachments": [file]}
        taken = await client.post("/v1/letters", json=given, headers=channel)
        plain(taken)
        if taken.status_code == 422:
            assert name != line(name, 200)
            continue  # unseen, or longer than a name
        files[hash_] = file
        got = await client.get(f"/v1/attachments/{hash_}", headers=li.headers)
        assert got.content == picture
        assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", got.headers["content-disposition"])
        assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    given = {"number": "all", "title": "照片", "body": "见照片", "attachments": list(files.values())[:20]}
    code = (await client.post("/v1/letters", json=given, headers=channel)).json()["code"]
    await li.all()
    sent = li.forward(next(c.id for c in li.cases.values() if c.code == code))
    await li.sync(sent)
    told = json.loads(plain(await client.get(f"/v1/unit/dispatches/{sent.id}", headers=all_.headers("unit"))))
    assert {"../../../../tmp/owned.png", "<b>.png", "=1+1.csv"} <= {f["name"] for f in told["attachments"]}
    link = (await client.post(f"/v1/dispatches/{sent.id}/link", headers=li.headers)).json()["url"]
    dead(await client.get(link.removeprefix("https://letters.example")))


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
async def test_answers_to_a_survey_are_words(all_: Everybody, client: httpx.AsyncClient) -> None:  # noqa: F811
    survey, channel = all_.things["id"], all_.headers("channel")
    texts = [storable(text, 1_000) for text in COLLECTED]
    batch = [{"number": f"s{n}", "answers": {"q1": "a", "q2": ["a"], "q3": 5, "q4": t}} for n, t in enumerate(texts)]
    taken = await client.post(f"/v1/surveys/{survey}/answers", json={"batch": batch}, headers=channel)
    assert json.loads(plain(taken))["taken"] + len(taken.json()["refused"]) == len(batch)
    for wrong in ({"q1": "<b>"}, {"q1": "a", "q2": "\x1b[2J"}, {"\u202e[red]": 1}, {"q1": {"$ne": 1}}):
        plain(await client.post(f"/v1/surveys/{survey}/answers", json={"number": "n" * 20, "answers": wrong}))
        plain(
            await client.post(
                f"/v1/surveys/{survey}/answers",
                json={"batch": [{"number": "\u200bx", "answers": wrong}]},
                headers=channel,
            )
        )
    supervisor = all_.headers("supervisor")
    back = json.loads(plain(await client.get(f"/v1/surveys/{survey}/answers", headers=supervisor)))
    assert {"=1+1", "<svg/onload=alert(1)>", "[red]红[/red]"} <= {given.get("q4") for _n, _at, given in back["answers"]}
    plain(await client.get(f"/v1/surveys/{survey}/texts?question=q4&limit=500", headers=supervisor))
    plain(await client.get(f"/v1/surveys/{survey}"))
    plain(await client.get("/v1/surveys"))
