"""What happens by itself: the rules accept it at the moment it is due and not before, and it is the same for everybody."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from db import cases, demo, timers
from db.clock import DAY
from db.model import Case, Event, Refusal, State
from db.newsroom import default_rulebook

BOOK = default_rulebook()


@cache
def met() -> tuple[tuple[Case, Event], ...]:
    """Every moment of the demo at which a timer waits, with what it would write."""
    from db.refold import replay

    found = []
    done: list[tuple[Event, bool]] = []
    interesting = {e.case for e in demo.events() if e.kind in ("asked", "tracked")}
    interesting |= {e.case for e in demo.events() if e.kind == "answered"} - {None} and set(
        list(dict.fromkeys(e.case for e in demo.events() if e.kind == "answered"))[:12]
    )
    linked = {e.case for e in demo.events() if e.kind in ("linked", "merged")}
    for case_id in [c for c in interesting if c and c not in linked]:
        done = []
        for event in demo.events():
            if event.case != case_id:
                continue
            done.append((event, False))
            case = replay(done, BOOK, event.at)[case_id]
            if (due := timers.next_event(case, BOOK)) is not None:
                found.append((case, due))
    return tuple(found)


def test_every_kind_of_timer_is_met_in_the_demo() -> None:
    assert {e.kind for _c, e in met()} == {"told", "resolved", "noted", "contact_removed"}


def test_a_timer_is_accepted_when_due() -> None:
    for case, event in met():
        after = cases.fold(case, event, {}, BOOK, event.at)
        assert isinstance(after, Case), (event.kind, after)


def test_a_timer_is_refused_before_it_is_due() -> None:
    for case, event in met():
        early = replace(event, at=event.at - DAY)
        verdict = cases.fold(case, early, {}, BOOK, early.at)
        assert isinstance(verdict, Refusal)
        assert verdict.code == "too_early"


def test_a_citizen_who_answers_stops_the_timer() -> None:
    case, event = next((c, e) for c, e in met() if e.kind == "told")
    told = replace(event, id="0" * 8 + event.id[8:], actor="citizen", role="citizen", at=event.at - DAY, facts={})
    after = cases.fold(case, told, {}, BOOK, told.at)
    assert isinstance(after, Case)
    assert after.state is not State.NEEDS_INFO
    assert timers.next_event(after, BOOK) is None or timers.next_event(after, BOOK).kind != "told"


def test_a_rated_answer_waits_for_an_editor() -> None:
    case, _event = next((c, e) for c, e in met() if e.kind == "resolved")
    assert case.answer_at is not None
    from db.model import Rating

    rated = replace(case, rating=Rating("x", case.answer_at + 1, solved=False, score=1))
    assert timers.next_event(rated, BOOK) is None
