"""A survey from its definition to its closing, and a tally that equals a recount whatever the order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import commands, survey_rows, surveying, surveys
from db.clock import from_iso
from db.commands import Command
from db.ids import uuid7
from db.model import Actor, Event, EventKind, Refusal, Role
from db.opening import open_store
from db.store import Store
from db.survey_answers import Tally, Wrong, check, chosen, dump, restore
from db.survey_checks import BadSurveyError
from db.survey_model import Survey, SurveyState
from db.surveys import Surveys, decide

NOW = from_iso("2024-10-15T09:00")
HE = Actor("he", Role.SUPERVISOR, "03")
LI = Actor("li", Role.EDITOR, "03")
FILE = """
id = "lifts"
title = "加装电梯，您怎么看"
ends = 2024-10-31
[[question]]
text = "您家住几楼"
options = ["1—2 楼", "3—5 楼", "6 楼以上"]
[[question]]
kind = "multiple"
text = "最担心什么"
options = ["采光", "费用", "噪声", "施工"]
most = 2
required = false
[[question]]
kind = "scale"
text = "对推进满意吗"
ends = ["很不满意", "很满意"]
[[question]]
kind = "text"
text = "还想说的话"
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path, create=True) as opened:
        yield opened


def the_survey() -> Survey:
    return surveying.from_toml(FILE, NOW)


def do(store: Store, command: Command, who: Actor = HE, now: int = NOW) -> Refusal | None:
    result = commands.run(store, who, [command], now)
    return result.refused[0][1] if result.refused else None


def here(store: Store) -> Survey:
    found = survey_rows.find(store, "lifts")
    assert found is not None
    return found.survey


def test_a_survey_is_defined_changed_opened_and_closed(store: Store) -> None:
    assert do(store, surveying.define(the_survey(), None, NOW)) is None
    assert here(store).state is SurveyState.DRAFT
    changed = replace(the_survey(), title="加装电梯大家谈")
    assert do(store, surveying.define(changed, here(store), NOW)) is None
    assert do(store, surveying.open_(here(store))) is None
    assert (here(store).title, here(store).state) == ("加装电梯大家谈", SurveyState.OPEN)
    assert do(store, surveying.close(here(store))) is None
    assert here(store).state is SurveyState.CLOSED


def test_what_is_asked_is_fixed_once_opened(store: Store) -> None:
    do(store, surveying.define(the_survey(), None, NOW))
    do(store, surveying.open_(here(store)))
    refused = do(store, surveying.define(replace(the_survey(), title="别的"), here(store), NOW))
    assert refused is not None
    assert refused.code == "survey_fixed"


def test_an_editor_only_looks(store: Store) -> None:
    refused = do(store, surveying.define(the_survey(), None, NOW), LI)
    assert refused is not None
    assert refused.code == "supervisor_only"
    assert survey_rows.read(store) == []


def test_a_definition_that_somebody_changed_meanwhile_is_not_opened(store: Store) -> None:
    do(store, surveying.define(the_survey(), None, NOW))
    seen = here(store)
    do(store, surveying.define(replace(the_survey(), title="别的"), seen, NOW))
    refused = do(store, surveying.open_(seen))
    assert refused is not None
    assert refused.code == "stale"


def test_a_survey_is_opened_again_with_another_last_day(store: Store) -> None:
    do(store, surveying.define(the_survey(), None, NOW))
    do(store, surveying.open_(here(store)))
    later = from_iso("2024-11-01T08:00")
    assert not here(store).takes_answers(later)
    assert here(store).takes_answers(from_iso("2024-10-31T23:59"))
    refused = do(store, surveying.open_(here(store), date(2024, 10, 31)), now=later)
    assert refused is not None
    assert refused.code == "survey_ends_past"
    assert do(store, surveying.open_(here(store), date(2024, 11, 30)), now=later) is None
    assert here(store).takes_answers(later)


def test_a_draft_that_is_closed_is_gone(store: Store) -> None:
    do(store, surveying.define(the_survey(), None, NOW))
    do(store, surveying.close(here(store)))
    assert survey_rows.read(store) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('title = ""', "title"),
        ('kind = "guess"', "kind"),
        ('options = ["一样", "一样"]', "options"),
        ('options = ["只有一个"]', "options"),
        ("colour = 3", "field"),
        ('ends = "下周"', "ends"),
    ],
)
def test_a_file_that_cannot_be_asked_says_where(line: str, code: str) -> None:
    texts = {
        "title": FILE.replace('title = "加装电梯，您怎么看"', line),
        "kind": FILE.replace('kind = "multiple"', line),
        "options": FILE.replace('options = ["1—2 楼", "3—5 楼", "6 楼以上"]', line),
        "field": line + FILE,
        "ends": FILE.replace("ends = 2024-10-31", line),
    }
    with pytest.raises(BadSurveyError) as bad:
        surveying.from_toml(texts[code], NOW)
    assert bad.value.code == code


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

ANSWERS = st.fixed_dictionaries(
    {"q1": st.sampled_from("abc"), "q3": st.integers(1, 5)},
    optional={
        "q2": st.lists(st.sampled_from("abcd"), min_size=1, max_size=2, unique=True),
        "q4": st.sampled_from(["好", "a", "请快一点"]),
    },
)
DAYS = st.sampled_from(["2024-10-15", "2024-10-16", "2024-10-31"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(ANSWERS, DAYS), max_size=24), st.randoms(use_true_random=False))
def test_a_tally_equals_a_recount_in_any_order(given_: list[tuple[Any, str]], rng: random.Random) -> None:
    survey = the_survey()
    tally = Tally()
    shuffled = rng.sample(given_, len(given_))
    for answers, day in shuffled:
        kept = check(survey, answers)
        assert isinstance(kept, dict)
        tally = restore(dump(tally))
        tally.add(survey, kept, day)
    counted = tally.told(survey, NOW)
    assert counted.answers == len(given_)
    assert {d.isoformat(): n for d, n in counted.days.items()} == Counter(day for _a, day in given_)
    for q in survey.questions:
        answered, each = counted.of(q)
        assert answered == sum(q.id in a for a, _d in given_)
        recount = Counter(c for a, _d in given_ for c in chosen(q, a.get(q.id)))
        assert {c: n for c, n in each.items() if n} == recount


@pytest.mark.parametrize(
    ("given_", "field", "why"),
    [
        ({}, "q1", "required"),
        ({"q1": "z", "q3": 1}, "q1", "choice"),
        ({"q1": "a"}, "q3", "required"),
        ({"q1": "a", "q3": 6}, "q3", "range"),
        ({"q1": "a", "q3": True}, "q3", "range"),
        ({"q1": "a", "q3": 2, "q2": ["a", "b", "c"]}, "q2", "count"),
        ({"q1": "a", "q3": 2, "q2": "a"}, "q2", "choice"),
        ({"q1": "a", "q3": 2, "q4": "长" * 501}, "q4", "text"),
        ({"q1": "a", "q3": 2, "q9": "a"}, "q9", "unknown"),
        ([], "answers", "shape"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(given_: Any, field: str, why: str) -> None:
    assert check(the_survey(), given_) == Wrong(field, why)


def test_words_pass_the_gate() -> None:
    kept = check(the_survey(), {"q1": "a", "q3": 1, "q4": "\x1b]52;c;aGk=\x07 =1+1 \u202e"})
    assert isinstance(kept, dict)
    assert "\x1b" not in kept["q4"]
    assert kept["q4"].replace("\n", "").isprintable()


# ── what the backend counted ─────────────────────────────────────────────────────────────────────────────────────────


def counted(answers: int, at: int, role: Role = Role.SYSTEM) -> Event:
    tally = Tally()
    for n in range(answers):
        tally.add(the_survey(), {"q1": "abc"[n % 3], "q3": n % 5 + 1}, "2024-10-16")
    facts = surveys.counted_out("lifts", tally.told(the_survey(), at))
    return Event(
        id=uuid7(at),
        case=None,
        kind=EventKind.SURVEY_COUNTED,
        at=at,
        actor="system",
        role=role,
        device="00",
        facts=facts,
    )


def opened() -> Surveys:
    define = surveying.define(the_survey(), None, NOW)
    event = Event(
        id=define.id or "",
        case=None,
        kind=define.kind,
        at=NOW,
        actor="he",
        role=Role.SUPERVISOR,
        device="03",
        facts=define.facts,
        words=define.words,
    )
    drawn = decide(Surveys(), event)
    assert isinstance(drawn, Surveys)
    opening = replace(
        event, id=uuid7(NOW), kind=EventKind.SURVEY_OPENED, re=event.id, facts={"survey": "lifts"}, words={}
    )
    made = decide(drawn, opening)
    assert isinstance(made, Surveys)
    return made


def test_the_last_telling_holds_and_needs_none_before_it() -> None:
    first, last = counted(3, NOW + 1), counted(8, NOW + 2)
    both = decide(decide(opened(), first), last)  # type: ignore[arg-type]
    alone = decide(opened(), last)
    assert isinstance(both, Surveys)
    assert isinstance(alone, Surveys)
    assert both.counted == alone.counted
    assert both.counted["lifts"].days == {date(2024, 10, 16): 8}


def test_only_the_backend_tells_what_was_counted() -> None:
    told = decide(opened(), counted(3, NOW, Role.SUPERVISOR))
    assert isinstance(told, Refusal)
    assert told.code == "supervisor_only"
