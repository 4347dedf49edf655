"""Answers to a survey through the public door: each once, counted as they come, told to desks; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from backend.database import Database
from backend.log.newsroom import told as listed
from backend.log.surveys import SURVEYS
from backend.people import tokens
from backend.problems import RefusedError
from backend.surveys import counting, intake
from backend.surveys.intake import ANSWERS, Given
from db import clock, log, surveying, surveys
from db.commands import Command
from db.ids import uuid7
from db.model import Event, Role
from db.survey_answers import Tally, restore
from db.survey_model import Counted, Survey
from tests.backend.desks import Newsroom
from tests.db.test_surveys import FILE

LONG = FILE.replace("2024-10-31", "2099-12-31")
GOOD = {"q1": "a", "q2": ["a", "d"], "q3": 5, "q4": "请快一点"}


def the_survey() -> Survey:
    return surveying.from_toml(LONG, clock.now_ms())


def event(command: Command, re: str | None = None, role: Role = Role.SUPERVISOR) -> Event:
    at = clock.now_ms()
    made = Event(
        id=command.id or uuid7(at),
        case=None,
        kind=str(command.kind),
        at=at,
        actor="he",
        role=role,
        device="d1",
        re=re,
        facts=command.facts,
        words=command.words,
    )
    return replace(made, salt=log.salted(made))


async def opened(newsroom: Newsroom) -> Survey:
    """A survey that takes answers."""
    drawn = event(surveying.define(the_survey(), None, clock.now_ms()))
    opening = event(surveying.open_(the_survey()), drawn.id)
    he = newsroom.he
    answer = await he.sync(replace(drawn, actor=he.user), replace(opening, actor=he.user))
    assert answer.get("x", []) == []
    return replace(the_survey(), last=opening.id, defined=drawn.id)


async def close(newsroom: Newsroom, survey: Survey) -> None:
    he = newsroom.he
    await he.sync(replace(event(surveying.close(survey), survey.last), actor=he.user))


def channel(db: Database) -> dict[str, str]:
    """The headers of an app's server."""
    token = db.write(lambda conn: tokens.give(conn, "channel", clock.now_ms(), channel="app", label="app"))
    return {"authorization": f"Bearer {token}"}


def row(db: Database) -> Any:
    with db.read() as conn:
        return conn.execute(select(SURVEYS).where(SURVEYS.c.id == "lifts")).one()


def recount(db: Database) -> Tally:
    """The tally of what is kept, counted anew."""
    tally = Tally()
    with db.read() as conn:
        for at, body in conn.execute(select(ANSWERS.c.at, ANSWERS.c.body).order_by(ANSWERS.c.n)):
            tally.add(the_survey(), json.loads(body), clock.day_of(at).isoformat())
    return tally


def told(newsroom: Newsroom) -> Counted:
    """What a desk was last told."""
    counted = [e for e in newsroom.li.log if e.kind == "survey_counted"][-1]
    return surveys.counted_of(counted.facts, counted.at)


async def test_somebody_answers_once_however_often_the_page_sends_it(
    newsroom: Newsroom, client: httpx.AsyncClient, db: Database
) -> None:
    await opened(newsroom)
    body = {"number": "0123456789abcdef", "answers": GOOD}
    first = await client.post("/v1/surveys/lifts/answers", json=body)
    again = await client.post("/v1/surveys/lifts/answers", json=body | {"answers": GOOD | {"q1": "b"}})
    assert (first.status_code, again.status_code) == (201, 200)
    assert restore(row(db).tally) == recount(db)
    assert row(db).answers == 1


async def test_anybody_may_read_what_is_asked_and_nothing_of_a_draft(
    newsroom: Newsroom, client: httpx.AsyncClient
) -> None:
    he = newsroom.he
    drawn = event(surveying.define(the_survey(), None, clock.now_ms()))
    await he.sync(replace(drawn, actor=he.user))
    assert (await client.get("/v1/surveys/lifts")).status_code == 404
    await he.sync(replace(event(surveying.open_(the_survey()), drawn.id), actor=he.user))
    shown = (await client.get("/v1/surveys/lifts")).json()
    assert shown["open"] is True
    assert [o["label"] for o in shown["questions"][0]["options"]] == ["1—2 楼", "3—5 楼", "6 楼以上"]
    assert [s["id"] for s in (await client.get("/v1/surveys")).json()["surveys"]] == ["lifts"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"q1": "z"}, "answers.q1"),
        ({"q3": 9}, "answers.q3"),
        ({"q2": ["a", "b", "c"]}, "answers.q2"),
        ({"x": 1}, "answers.x"),
    ],
)
async def test_a_wrong_answer_is_refused_by_the_name_of_its_question(
    newsroom: Newsroom, client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    await opened(newsroom)
    response = await client.post(
        "/v1/surveys/lifts/answers",
        json={"number": "k" * 16, "answers": GOOD | change},
        headers={"accept-language": "en"},
    )
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["field"] == field
    assert response.json()["reason"]


async def test_of_a_batch_what_is_right_is_kept_and_what_is_wrong_is_named(
    newsroom: Newsroom, client: httpx.AsyncClient, db: Database
) -> None:
    await opened(newsroom)
    batch = [{"number": str(n), "answers": GOOD | ({"q1": "?"} if n == 3 else {})} for n in [*range(10), 4]]
    response = await client.post("/v1/surveys/lifts/answers", json={"batch": batch}, headers=channel(db))
    assert response.json()["taken"] == 9
    assert response.json()["known"] == 1
    assert [(r["place"], r["field"]) for r in response.json()["refused"]] == [(3, "answers.q1")]
    without = await client.post("/v1/surveys/lifts/answers", json={"batch": batch})
    assert without.status_code == 401


async def test_a_closed_survey_refuses_with_a_sentence_and_is_told_for_the_last_time(
    newsroom: Newsroom, client: httpx.AsyncClient, db: Database
) -> None:
    survey = await opened(newsroom)
    await client.post("/v1/surveys/lifts/answers", json={"number": "k" * 16, "answers": GOOD})
    await close(newsroom, survey)
    late = await client.post("/v1/surveys/lifts/answers", json={"number": "l" * 16, "answers": GOOD})
    assert late.status_code == 409
    assert "加装电梯" in late.json()["detail"]
    assert counting.run(db, clock.now_ms()) == 1
    assert counting.run(db, clock.now_ms()) == 0
    await newsroom.li.sync()
    assert (told(newsroom).answers, told(newsroom).final) == (1, True)


async def test_a_survey_ends_by_itself_after_its_last_day(newsroom: Newsroom, db: Database) -> None:
    survey = await opened(newsroom)
    intake.take(db, "lifts", "app", [Given("1", GOOD)], clock.now_ms())
    assert survey.until is not None
    with pytest.raises(RefusedError):
        intake.take(db, "lifts", "app", [Given("2", GOOD)], survey.until)
    assert counting.run(db, survey.until) == 2
    assert row(db).state == "closed"
    await newsroom.li.sync()
    assert told(newsroom).final


async def test_counts_are_told_soon_at_first_and_then_as_they_grow(newsroom: Newsroom, db: Database) -> None:
    await opened(newsroom)
    now = clock.now_ms()
    intake.take(db, "lifts", "app", [Given(str(n), GOOD) for n in range(400)], now)
    assert counting.run(db, now) == 1
    intake.take(db, "lifts", "app", [Given("400", GOOD)], now)
    assert counting.run(db, now + counting.SOON) == 0  # one in 400: not worth an event yet
    assert counting.run(db, now + counting.LATER) == 1
    intake.take(db, "lifts", "app", [Given(f"b{n}", GOOD) for n in range(40)], now)
    assert counting.run(db, now + counting.LATER + counting.SOON - 1) == 0
    assert counting.run(db, now + counting.LATER + counting.SOON) == 1
    await newsroom.li.sync()
    assert told(newsroom).answers == 441


async def test_a_desk_that_is_filled_later_hears_of_surveys_too(newsroom: Newsroom, db: Database) -> None:
    await opened(newsroom)
    for later in range(3):
        intake.take(db, "lifts", "app", [Given(f"{later}", GOOD)], clock.now_ms())
        counting.run(db, clock.now_ms() + later * counting.LATER)
    with db.read() as conn:
        told_ = listed(conn)
    assert [e["kind"] for e in told_] == ["survey_defined", "survey_opened", "survey_counted"]
    assert told_[-1]["facts"]["answers"] == 3


async def test_an_editor_neither_opens_nor_tells_counts(newsroom: Newsroom) -> None:
    li = newsroom.li
    drawn = event(surveying.define(the_survey(), None, clock.now_ms()), role=Role.EDITOR)
    answer = await li.sync(replace(drawn, actor=li.user))
    assert [x[1] for x in answer["x"]] == ["supervisor_only"]
    counts = Counted(clock.now_ms(), 9, {}, {})
    forged = event(Command("survey_counted", None, surveys.counted_out("lifts", counts)), role=Role.SYSTEM)
    answer = await li.sync(replace(forged, actor="system"))
    assert [x[1] for x in answer["x"]] == ["forbidden"]


async def test_words_are_read_by_pages_and_two_questions_against_each_other(
    newsroom: Newsroom, client: httpx.AsyncClient, db: Database
) -> None:
    await opened(newsroom)
    he = newsroom.he
    many = [Given(str(n), {"q1": "ab"[n % 2], "q3": 1 + n % 2, "q4": f"\x1b[31m第 {n} 条"}) for n in range(60)]
    intake.take(db, "lifts", "app", many, clock.now_ms())
    first = (await client.get("/v1/surveys/lifts/texts?question=q4", headers=he.headers)).json()
    rest = (
        await client.get(f"/v1/surveys/lifts/texts?question=q4&before={first['before']}", headers=he.headers)
    ).json()
    assert [n for n, _at, _t in first["answers"] + rest["answers"]] == list(range(60, 0, -1))
    assert rest["before"] is None
    assert "\x1b" not in first["answers"][0][2]
    for _again in range(2):
        table = (await client.get("/v1/surveys/lifts/cross?a=q1&b=q3", headers=he.headers)).json()["table"]
        assert table == {"a": {"": 30, "1": 30}, "b": {"": 30, "2": 30}}
    assert (await client.get("/v1/surveys/lifts/texts?question=q4", headers=newsroom.wang.headers)).status_code == 403
    assert (await client.get("/v1/surveys/lifts/answers")).status_code == 401


STEPS = st.lists(
    st.tuples(st.sampled_from(["app", "web"]), st.lists(st.integers(0, 12), min_size=1, max_size=6)), max_size=8
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.randoms(use_true_random=False))
async def test_counts_equal_a_recount_after_any_order_of_batches_and_retries(
    newsroom: Newsroom, db: Database, steps: list[tuple[str, list[int]]], rng: random.Random
) -> None:
    with db.read() as conn:
        known = conn.execute(select(SURVEYS.c.id)).first()
    if known is None:
        await opened(newsroom)
    for who, numbers in [*steps, *rng.sample(steps, len(steps) // 2)]:
        given_ = [
            Given(f"{n}", {"q1": "abc"[n % 3], "q3": n % 5 + 1} | ({"q2": ["b"]} if n % 2 else {})) for n in numbers
        ]
        intake.take(db, "lifts", who, given_, clock.now_ms())
    assert restore(row(db).tally) == recount(db)
    assert row(db).answers == recount(db).answers


PROCESS = """
import sys
from backend.database import Database
from backend.surveys import intake
from backend.surveys.intake import Given
from db.clock import now_ms
db = Database(sys.argv[1])
for first in range(0, 80, 10):
    given = [Given(str(n), {"q1": "abc"[n % 3], "q3": n % 5 + 1}) for n in range(first, first + 15)]
    intake.take(db, "lifts", "app", given, now_ms())
"""


async def test_two_processes_take_the_same_answers_at_once_and_count_each_once(
    newsroom: Newsroom, db: Database
) -> None:
    await opened(newsroom)
    running = [subprocess.Popen([sys.executable, "-c", PROCESS, db.url]) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert row(db).answers == 85
    assert restore(row(db).tally) == recount(db)
    with db.read() as conn:
        ns: Iterable[int] = conn.execute(select(ANSWERS.c.n).order_by(ANSWERS.c.n)).scalars().all()
    assert list(ns) == list(range(1, 86))


async def test_an_answer_under_a_taken_number_of_the_table_is_impossible(newsroom: Newsroom, db: Database) -> None:
    await opened(newsroom)
    intake.take(db, "lifts", "app", [Given("1", GOOD)], clock.now_ms())
    with db.read() as conn:
        kept = conn.execute(select(ANSWERS)).one()
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.write(lambda conn: conn.execute(insert(ANSWERS), dict(kept._mapping) | {"n": 2}))
