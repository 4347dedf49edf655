"""What the desk's own deeds change on a letter, field by field: what is not told has not changed (DESIGN.md §4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.model import Role, Urgency
from db.model_rules import Rulebook
from tests.db.case_account import Story, lines
from tests.db.cases_factory import BOOK, DAY, HOUR, START, C, S, U
from tests.db.test_cases_unit_told import letter

SYSTEM = Role.SYSTEM


# ── classify, correct ────────────────────────────────────────────────────────────────────────────────────────────────


def test_classifying_sets_what_is_said_and_nothing_else() -> None:
    desk = letter()
    assert desk.tells("classified", topic="停车收费") == ["topic: None → 停车收费"]
    assert desk.tells("classified", kind="complaint", district="500106", call="c-1") == lines("""
        kind: None → complaint
        district: None → 500106
        call: None → c-1
    """)
    assert desk.tells("classified", confidential=True) == ["confidential: False → True"]
    assert desk.tells("classified", confidential=None) == ["confidential: True → False"]
    assert desk.tells("classified", topic=None, district=None, call=None) == lines("""
        topic: 停车收费 → None
        district: 500106 → None
        call: c-1 → None
    """)


def test_the_desk_may_give_a_letter_a_better_title_and_its_place() -> None:
    desk = letter()
    assert desk.tells("classified", _words={"title": "门口停车", "place": "大学城"}) == lines("""
        title: a → 门口停车
        place: '' → 大学城
    """)
    assert desk.tells("classified", _words={"title": "", "text": "as it was"}) == []


def test_a_new_urgency_counts_the_desks_clock_from_the_receipt() -> None:
    desk = letter()
    assert desk.tells("classified", urgency="urgent") == lines("""
        urgency: normal → urgent
        forward_due: 10-16 00:00 → 10-14 11:00
        due_moves: + classified '' forward 10-16 00:00 10-14 11:00
    """)
    assert desk.tells("classified", urgency="critical") == lines("""
        urgency: urgent → critical
        forward_due: 10-14 11:00 → 10-14 10:00
        due_moves: + classified 2 '' forward 10-14 11:00 10-14 10:00
    """)
    assert desk.tells("classified", urgency="critical") == []


def test_once_the_letter_is_with_a_unit_a_new_urgency_starts_no_clock() -> None:
    assert letter("in_progress").tells("classified", urgency="urgent") == ["urgency: normal → urgent"]


def test_a_new_urgency_keeps_what_the_pauses_gave_even_one_from_the_first_moment_on() -> None:
    desk = letter()
    desk.must("asked", later=0)
    desk.must("told", role=C, later=2 * DAY + 3 * HOUR)
    assert desk.tells("classified", urgency="urgent") == lines("""
        urgency: normal → urgent
        forward_due: 10-18 00:00 → 10-16 14:00
        due_moves: + classified '' forward 10-18 00:00 10-16 14:00
    """)
    assert desk.tells("classified", urgency="normal") == lines("""
        urgency: urgent → normal
        forward_due: 10-16 14:00 → 10-18 00:00
        due_moves: + classified 2 '' forward 10-16 14:00 10-18 00:00
    """)


def test_a_pause_before_the_return_gives_the_desks_new_clock_nothing() -> None:
    desk = letter("in_progress")
    desk.must("asked")
    desk.must("told", role=C, later=DAY)
    desk.must("returned", role=U, reason="not_ours")
    returned = desk.now
    case = desk.must("classified", urgency="urgent")
    assert case.forward_due == returned + 2 * HOUR


def test_result_and_outcomes_of_a_resolved_letter_are_corrected_each_by_itself() -> None:
    desk = letter("resolved")
    assert desk.tells("corrected", role=S, result="explained") == ["result: solved → explained"]
    swept = [{"measure": "街巷整治", "count": 41, "unit": "条"}]
    assert desk.tells("corrected", role=S, outcomes=swept) == ["outcomes: + 街巷整治 41 条"]
    assert desk.tells("corrected", role=S, topic="街巷") == ["topic: None → 街巷"]
    assert desk.tells("corrected", role=S, outcomes=[]) == ["outcomes: - 街巷整治 41 条"]


def test_a_letter_that_has_no_result_yet_is_corrected_all_the_same() -> None:
    desk = letter("answered")
    assert desk.tells("corrected", kind="inquiry", _words={"place": "观音桥"}) == lines("""
        place: '' → 观音桥
        kind: complaint → inquiry
    """)


# ── assign, tag, link, split ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_is_assigned_handed_on_and_given_back() -> None:
    desk = letter()
    assert desk.tells("assigned", to="wang") == ["assignee: None → wang"]
    assert desk.absorbs("assigned", to="wang") is None
    assert desk.tells("assigned", to="zhao") == ["assignee: wang → zhao"]
    assert desk.tells("assigned", to=None) == ["assignee: zhao → None"]


def test_tags_come_and_go_and_none_is_there_twice() -> None:
    desk = letter()
    assert desk.tells("tagged", add=["夜间", "学校"]) == ["tags: + 夜间, + 学校"]
    assert desk.absorbs("tagged", add=["学校"]) is None
    assert desk.absorbs("tagged", remove=["没有"]) is None
    assert desk.absorbs("tagged") is None
    desk.must("tagged", add=["重访", "夜间"], remove=["学校"])
    assert desk.cases["a"].tags == ("夜间", "重访")
    assert desk.must("tagged", add=["夜间"], remove=["夜间"]).tags == ("重访", "夜间"), "taken off and put on anew"


def test_a_link_shows_on_both_letters() -> None:
    desk = letter()
    desk.letter("b")
    assert desk.tells("linked", to="b") == ["links: + related b", "b links: + related a"]
    assert desk.absorbs("linked", to="b") is None
    assert desk.tells("linked", "b", to="a", relation="same_sender") == lines("""
        links: + same_sender a
        a links: + same_sender b
    """)
    assert desk.tells("linked", to="elsewhere") == ["links: + related elsewhere"]


def test_a_letter_split_twice_keeps_each_part_once() -> None:
    desk = letter()
    assert desk.tells("split", into=["p", "q"]) == ["links: + part p, + part q"]
    assert desk.absorbs("split", into=["q", "p"]) is None
    assert desk.tells("split", into=["p", "r"]) == ["links: + part r"]
    assert desk.cases["a"].links == (("part", "p"), ("part", "q"), ("part", "r"))


# ── ask, tell ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_asking_stops_every_clock_and_being_told_starts_them() -> None:
    desk = letter("accepted")
    assert desk.tells("asked") == lines("""
        state: accepted → needs_info
        answerable: + asked 10-14 11:00
        ask: None → asked
        asks: 0 → 1
        before_ask: None → accepted
        pauses: + 10-14 11:00 None
    """)


def test_what_answers_an_older_question_or_none_moves_nothing() -> None:
    desk = letter()
    first = desk.must("asked").ask
    desk.must("told", role=C)
    assert desk.tells("told", role=C, _re=None) == []
    assert desk.tells("told", role=C, _re=first) == []
    desk.must("asked")
    assert desk.tells("told", role=C, _re=first) == []
    assert desk.tells("told", role=C, _re=None) == []
    assert desk.refuses("told", role=SYSTEM, _re=first, later=9 * DAY) == {"code": "stale"}
    assert desk.must("told", role=C).state == "received"


def test_an_ask_lapses_after_as_many_days_as_stood_in_the_rules_when_it_was_made() -> None:
    class Patient(Story):
        book = Rulebook(
            {1: BOOK.newest, 2: replace(BOOK.newest, version=2, tell_days=9, contact_days=10)},
            ((0, 1), (START + DAY, 2)),
        )

    for wait, days in ((HOUR, 5), (DAY, 9)):
        desk = Patient()
        desk.letter()
        desk.must("asked", later=wait)
        assert desk.refuses("told", role=SYSTEM, later=days * DAY - 1) == {"code": "too_early"}
        assert desk.must("told", role=SYSTEM, later=1).state == "received"
    for wait, days in ((HOUR, 180), (DAY, 10)):
        desk = Patient()
        desk.letter(sender="s-1")
        desk.must("declined", later=wait, reason="court")
        assert desk.refuses("contact_removed", role=SYSTEM, later=days * DAY - 1) == {"code": "too_early"}
        assert desk.tells("contact_removed", role=SYSTEM, later=1) == ["sender: s-1 → None"]


# ── accept, decline ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_accepting_without_a_word_takes_it_for_a_request_for_help() -> None:
    assert letter().tells("accepted") == ["state: received → accepted", "kind: None → help"]
    assert letter(kind="praise").tells("accepted", topic="电梯") == lines("""
        state: received → accepted
        topic: None → 电梯
    """)
    assert letter().tells("accepted", kind="complaint", urgency="urgent") == lines("""
        state: received → accepted
        kind: None → complaint
        urgency: normal → urgent
        forward_due: 10-16 00:00 → 10-14 11:00
        due_moves: + accepted '' forward 10-16 00:00 10-14 11:00
    """)


def test_a_letter_is_accepted_once_the_same_again_changes_nothing_and_otherwise_is_refused() -> None:
    desk = letter("accepted")
    desk.absorbs("accepted", kind="complaint")
    desk.absorbs("accepted", topic=None)
    no = {"code": "state", "state": "accepted", "kind": "accepted"}
    assert desk.refuses("accepted", kind="inquiry") == no
    assert desk.refuses("accepted", kind="rumour") == no
    desk.forward()
    desk.absorbs("accepted", urgency="normal")
    closed = letter("declined")
    assert closed.refuses("accepted") == {"code": "state", "state": "declined", "kind": "accepted"}


def test_a_letter_found_to_be_ordinary_after_all_is_declined_by_an_editor() -> None:
    desk = letter(urgency="urgent")
    assert desk.must("classified", urgency="normal").urgency is Urgency.NORMAL
    assert desk.must("declined", reason="court").state == "declined"


def test_a_letter_declined_is_closed_with_the_reason() -> None:
    assert letter().tells("declined", reason="court") == lines("""
        state: received → declined
        answerable: + declined 10-14 10:00
        forward_due: 10-16 00:00 → None
        closing: None → declined
        closed_at: None → 10-14 10:00
        reason: None → court
    """)


def test_a_tracked_letter_that_is_resolved_wakes_no_more() -> None:
    desk = letter("tracking")
    desk.must("resolved", result="solved")
    assert desk.refuses("noted", role=SYSTEM, later=90 * DAY) == {"code": "stale"}
    desk = letter("tracking")
    desk.must("replied", role=U)
    assert desk.cases["a"].promised is not None
    assert desk.refuses("noted", role=SYSTEM, later=90 * DAY) == {"code": "stale"}


# ── publish, reveal, remove, erase ───────────────────────────────────────────────────────────────────────────────────


def test_a_case_is_told_of_once_and_taken_back() -> None:
    desk = letter("resolved")
    told = {"as": "told"}
    assert desk.tells("published", **told) == lines("""
        answerable: + published 10-14 16:00
        publications: + published told
    """)
    assert desk.absorbs("published", **told) == "published"
    assert desk.tells("unpublished") == ["publications: - published told"]
    assert desk.tells("published", **told) == lines("""
        answerable: + published 3 10-14 19:00
        publications: + published 3 told
    """)


def test_an_open_question_beside_what_was_told_is_another_publication() -> None:
    desk = letter("resolved")
    first = desk.must("published", **{"as": "told"}).publications[0].event
    desk.must("reopened", reason="came_back")
    second = desk.must("published", **{"as": "open_question"}).publications[1].event
    assert desk.absorbs("published", **{"as": "open_question"}) == "published 2"
    assert desk.absorbs("unpublished", _re=desk.cases["a"].lead) is None, "that was no publication"
    assert desk.tells("unpublished", _re=first) == ["publications: - published told"]
    assert desk.absorbs("unpublished", _re=first) is None
    assert [p.event for p in desk.cases["a"].publications] == [second]


@pytest.mark.parametrize("state", ["forwarded", "in_progress", "returned", "tracking"])
def test_an_open_question_is_printed_while_it_is_one(state: str) -> None:
    assert letter(state).must("published", **{"as": "open_question"}).publications[0].as_ == "open_question"


def test_every_look_at_the_contact_counts() -> None:
    desk = letter("resolved")
    assert desk.tells("revealed", reason="call_back") == ["reveals: 0 → 1"]
    assert desk.tells("revealed", reason="check") == ["reveals: 1 → 2"]


def test_a_contact_is_removed_once_also_from_those_merged_into_the_letter() -> None:
    desk = letter("resolved", sender="s-1")
    assert desk.tells("contact_removed", role=SYSTEM, later=180 * DAY) == ["sender: s-1 → None"]
    assert desk.absorbs("contact_removed", role=SYSTEM) is None
    desk = letter()
    desk.letter("b", sender="s-2")
    desk.must("merged", "b", into="a")
    desk.until("resolved")
    assert desk.tells("contact_removed", role=SYSTEM, later=180 * DAY) == ["b sender: s-2 → None"]


def test_erasing_takes_everything_of_the_person_and_leaves_the_case() -> None:
    desk = letter("resolved", sender="s-1")
    desk.must("classified", role=S, _words={"place": "大学城北路"})
    desk.must("published", **{"as": "told"})
    assert desk.tells("erased", role=S, reason="law") == lines("""
        sender: s-1 → None
        title: a → ''
        place: 大学城北路 → ''
        publications: - published told
        erased: False → True
    """)
    assert desk.absorbs("erased", role=S, reason="law") is None
