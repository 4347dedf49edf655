"""What a receipt makes of a letter, field by field, and which receipts are none (DESIGN.md §4; docs/events.md, `received`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from db import cases, deadlines
from db.clock import from_iso
from db.model import Case, Kind, Refusal, Role, State, Term, Urgency, Verdict
from db.model_rules import Rulebook, ServiceLevel
from tests.db.cases_factory import BOOK, DAY, HOUR, START, Desk, event

LEAST = {"code": "RMLX-20241014-03-0007", "channel": "app", "number": "77", "source": "channel", "received_at": START}


def receive(facts: dict[str, Any], book: Rulebook = BOOK, words: dict[str, str] | None = None, **own: Any) -> Verdict:
    e = event("received", "n", START + HOUR, Role.BACKEND, id="n", facts=facts, words=words or {}, **own)
    return cases.fold(None, e, {}, book, e.at)


def letter(got: Verdict) -> Case:
    assert isinstance(got, Case), got
    return got


def test_a_receipt_with_everything_on_it_is_the_letter() -> None:
    said = {
        "sender": "s-9",
        "kind": "complaint",
        "topic": "停车收费",
        "urgency": "urgent",
        "district": "500106",
        "confidential": True,
        "call": "c-1",
        "rules": 1,
    }
    words = {"title": "小区门口乱停车", "place": "大学城北路", "body": "……"}
    assert receive(LEAST | {"source": "manual"} | said, words=words) == Case(
        id="n",
        code="RMLX-20241014-03-0007",
        channel="app",
        number="77",
        source="manual",
        received_at=START,
        state=State.RECEIVED,
        sender="s-9",
        title="小区门口乱停车",
        place="大学城北路",
        kind=Kind.COMPLAINT,
        topic="停车收费",
        urgency=Urgency.URGENT,
        district="500106",
        confidential=True,
        call="c-1",
        answerable=(("n", START),),
        start="n",
        start_at=START,
        forward_due=START + 2 * HOUR,
        rules=1,
        events=1,
        last_at=START,
    )


def test_a_bare_receipt_is_an_ordinary_letter_of_no_kind_yet() -> None:
    due = from_iso("2024-10-16T00:00")  # one working day after the Monday it came
    assert receive(LEAST) == Case(
        id="n",
        code="RMLX-20241014-03-0007",
        channel="app",
        number="77",
        source="channel",
        received_at=START,
        answerable=(("n", START),),
        start="n",
        start_at=START,
        forward_due=due,
        rules=1,
        events=1,
        last_at=START,
    )


@pytest.mark.parametrize("field", LEAST)
@pytest.mark.parametrize("empty", ["", None, "left out"])
def test_a_receipt_without_its_particulars_names_what_is_missing(field: str, empty: str | None) -> None:
    facts = {k: v for k, v in LEAST.items() if k != field} if empty == "left out" else LEAST | {field: empty}
    assert receive(facts) == Refusal("bad_fact", {"field": field})


def test_of_several_missing_the_first_is_named() -> None:
    assert receive({"source": "channel", "code": "x", "channel": ""}) == Refusal("bad_fact", {"field": "channel"})


@pytest.mark.parametrize(("field", "wrong"), [("source", "fax"), ("kind", "rumour"), ("urgency", "very")])
def test_a_receipt_with_a_word_that_is_on_no_list_names_its_field(field: str, wrong: str) -> None:
    assert receive(LEAST | {field: wrong}) == Refusal("bad_fact", {"field": field})


@pytest.mark.parametrize("source", ["channel", "import", "manual"])
def test_letters_come_by_a_channel_an_import_or_an_editors_hand(source: str) -> None:
    assert letter(receive(LEAST | {"source": source})).source == source


def test_a_letter_recorded_for_others_came_when_it_came_and_not_after_it_was_told() -> None:
    came = START - 3 * HOUR
    case = letter(receive(LEAST, when=came))
    assert (case.received_at, case.start_at, case.last_at) == (came, came, came)
    late = letter(receive(LEAST, when=START + 5 * DAY, heard=START + DAY))
    assert late.received_at == START + DAY
    told = letter(receive(LEAST, heard=START - DAY))
    assert told.received_at == START, "what the channel says it received is a fact, not the author's clock"


QUICK = ServiceLevel(
    forward=Term(4, "h"),
    sign=Term(4, "h"),
    return_=Term(8, "h"),
    reply=BOOK.newest.levels[Urgency.NORMAL].reply,
    extension=None,
)
CHANGED = Rulebook(
    {1: BOOK.newest, 2: replace(BOOK.newest, version=2, levels={**BOOK.newest.levels, Urgency.NORMAL: QUICK})},
    ((0, 1), (START, 2)),
)
"""From the moment of the letters here on, an ordinary letter is forwarded within four hours."""


@pytest.mark.parametrize(
    ("named", "came", "version"), [(None, START, 2), (None, START - 1, 1), (1, START, 1), (2, START - 1, 2)]
)
def test_the_desks_clock_goes_by_the_rules_named_or_by_those_of_the_day(
    named: int | None, came: int, version: int
) -> None:
    facts = LEAST | {"received_at": came} | ({} if named is None else {"rules": named})
    case = letter(receive(facts, CHANGED))
    normal = BOOK.newest.levels[Urgency.NORMAL].forward
    due = came + 4 * HOUR if version == 2 else deadlines.due(came, normal, BOOK.newest.calendar)
    assert (case.rules, case.forward_due) == (version, due)


class Changed(Desk):
    book = CHANGED


def test_another_urgency_counts_by_the_rules_by_which_the_letter_came() -> None:
    desk = Changed()
    desk.letter(urgency="urgent", rules=1)
    case = desk.must("classified", urgency="normal")
    assert case.forward_due == from_iso("2024-10-16T00:00"), "one working day, as its version says, not four hours"
