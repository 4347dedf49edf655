"""Hostile letters at a channel's door, as values and as names of fields, and what the backend says, counts and sends on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.letters import COLLECTED, letters
from tests.hostile.seen import unseen
from tests.line.office import Office


@pytest.fixture
def office(tmp_path: Path, fresh_home: Path, made_once: Path) -> Iterator[Office]:
    database = tmp_path / "backend.db"
    shutil.copy(made_once, database)
    with Office(tmp_path, fresh_home, f"sqlite:///{database}") as opened:
        yield opened


def test_a_letter_is_taken_or_refused_and_reaches_the_desk(office: Office) -> None:
    """Never a 5xx, no raw control in an answer or in the figures, and the desks get every letter that was taken."""
    headers = {"authorization": f"Bearer {office.channel_key}", "content-type": "application/json"}
    taken = set()

    def post(given: object) -> None:
        answer = office.test.post("/v1/letters", content=json.dumps(given), headers=headers)
        assert answer.status_code < 500, (given, answer.text)
        assert unseen(answer.text) == set(), given
        if answer.status_code in (200, 201):
            taken.add(answer.json()["code"])

    for n, one in enumerate(letters()):
        sender = {"name": one.name[:40], "phone": "13812341234"}
        post(
            {
                "number": str(n),
                "title": one.title[:200],
                "body": one.body[:9000],
                "place": one.place[:100],
                "sender": sender,
            }
        )
    for text in COLLECTED[::3]:
        post({"number": text, "title": text, "body": text})
        post({"number": "1", "title": "a", "body": "b", text: text})
    zhou = office.desk("zhou")
    assert {case.code for case in (zhou.case(id_) for id_ in zhou.rows())} == taken
    assert len(taken) > 10
    assert unseen(office.test.get("/metrics").text) == set()
