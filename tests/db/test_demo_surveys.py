"""The demo's surveys: what was counted is a recount of the answers, and October's page can be printed from them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from db import demo, figures, survey_rows
from db.clock import day_of
from db.demo import surveys
from db.store import Store
from db.survey_answers import Tally, check
from db.survey_model import Survey


@pytest.fixture(scope="module")
def store(demo_read: Store) -> Store:
    return demo_read


@pytest.mark.parametrize("survey", surveys.all_surveys(), ids=lambda s: s.id)
def test_counts_are_a_recount_of_the_answers(survey: Survey, store: Store) -> None:
    tally = Tally()
    for n, (at, given) in enumerate(surveys.answers(survey)):
        if n % 500 == 0:
            assert check(survey, given) == given
        tally.add(survey, given, day_of(at).isoformat())
    shown = survey_rows.find(store, survey.id)
    assert shown is not None
    assert shown.counted is not None
    assert tally.told(survey, shown.counted.at, final=shown.counted.final) == shown.counted


def test_october_has_more_answers_than_were_printed(store: Store) -> None:
    printed = tomllib.loads(Path("tests/data/october.toml").read_text("utf-8"))
    over = next(
        v
        for part in [printed, *printed.values()]
        if isinstance(part, dict)
        for k, v in part.items()
        if k == "survey_answers_over"
    )
    found = figures.read(store, figures.parse("2024-10"), now=demo.DEMO_NOW)
    assert found.survey_answers > over
    assert {s.id: s.answers for s in found.surveys} == {"lifts-2024": 41_286, "troubles-2024": 1_874}
    assert figures.read(store, figures.parse("2024-W43"), now=demo.DEMO_NOW).survey_answers == sum(surveys.DAYS[13:])
    assert figures.read(store, figures.parse("2024-09"), now=demo.DEMO_NOW).survey_answers == 0
