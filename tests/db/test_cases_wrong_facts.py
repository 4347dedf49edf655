"""What is said wrongly is refused by the field it stands in: every kind, one table (docs/events.md). Nothing of it is kept."""

from __future__ import annotations

from typing import Any

import pytest

from db.model import Role
from tests.db.case_account import Story
from tests.db.cases_factory import C, E, S, U

BAD: list[tuple[str, str, Role, dict[str, Any], str]] = [
    ("received", "classified", E, {"kind": "rumour"}, "kind"),
    ("received", "classified", E, {"kind": None}, "kind"),
    ("received", "classified", E, {"urgency": "very"}, "urgency"),
    ("received", "classified", E, {"urgency": None}, "urgency"),
    ("received", "accepted", E, {"kind": "rumour"}, "kind"),
    ("received", "accepted", E, {"urgency": "very"}, "urgency"),
    ("resolved", "corrected", S, {"kind": "rumour"}, "kind"),
    ("resolved", "corrected", S, {"result": "forgotten"}, "result"),
    ("resolved", "corrected", S, {"result": None}, "result"),
    ("resolved", "corrected", S, {"outcomes": [{"measure": "街巷整治", "count": 0}]}, "outcomes"),
    ("resolved", "corrected", S, {"outcomes": [{"count": 1}]}, "outcomes"),
    ("received", "corrected", S, {"outcomes": "41"}, "outcomes"),
    ("received", "linked", E, {}, "to"),
    ("received", "linked", E, {"to": ""}, "to"),
    ("received", "linked", E, {"to": "a"}, "to"),
    ("received", "split", E, {}, "into"),
    ("received", "split", E, {"into": []}, "into"),
    ("received", "declined", E, {}, "reason"),
    ("received", "declined", E, {"reason": ""}, "reason"),
    ("in_progress", "published", E, {}, "as"),
    ("in_progress", "published", E, {"as": "poster"}, "as"),
    ("accepted", "forwarded", E, {"district": "500106"}, "district_name"),
    ("accepted", "forwarded", E, {"district_name": "沙坪坝区"}, "district"),
    ("accepted", "forwarded", E, {}, "district"),
    ("in_progress", "returned", U, {}, "reason"),
    ("in_progress", "returned", U, {"reason": ""}, "reason"),
    ("forwarded", "recalled", E, {}, "reason"),
    ("forwarded", "recalled", E, {"reason": ""}, "reason"),
    ("forwarded", "rescheduled", Role.SYSTEM, {}, "rules"),
    ("forwarded", "rescheduled", Role.SYSTEM, {"rules": None}, "rules"),
]


@pytest.mark.parametrize(("state", "kind", "role", "facts", "field"), BAD)
def test_a_wrong_fact_is_refused_by_its_field(
    state: str, kind: str, role: Role, facts: dict[str, Any], field: str
) -> None:
    desk = Story()
    desk.letter()
    before = desk.until(state)
    assert desk.refuses(kind, role=role, **facts) == {"code": "bad_fact", "field": field}
    assert desk.cases["a"] is before


ELSEWHERE: list[tuple[str, str, Role, dict[str, Any], dict[str, Any]]] = [
    ("received", "corrected", S, {"result": "solved"}, {"code": "not_resolved", "state": "received"}),
    ("answered", "corrected", S, {"outcomes": []}, {"code": "not_resolved", "state": "answered"}),
    ("resolved", "classified", E, {"topic": "停车"}, {"code": "supervisor_closed"}),
    ("resolved", "corrected", E, {"result": "explained"}, {"code": "supervisor_closed"}),
    (
        "resolved",
        "classified",
        S,
        {"kind": "suggestion"},
        {"code": "result_kind", "letter_kind": "suggestion", "result": "solved"},
    ),
    (
        "resolved",
        "corrected",
        S,
        {"result": "adopted"},
        {"code": "result_kind", "letter_kind": "complaint", "result": "adopted"},
    ),
    ("returned", "declined", E, {"reason": "court"}, {"code": "supervisor_returned"}),
    (
        "in_progress",
        "published",
        E,
        {"as": "told"},
        {"code": "publish_state", "as": "told", "state": "in_progress"},
    ),
    (
        "resolved",
        "published",
        E,
        {"as": "open_question"},
        {"code": "publish_state", "as": "open_question", "state": "resolved"},
    ),
    ("received", "unpublished", E, {}, {"code": "nothing_published"}),
    ("received", "lead_changed", E, {}, {"code": "no_lead", "state": "received"}),
    ("forwarded", "lead_changed", E, {}, {"code": "no_co"}),
    ("received", "recalled", E, {"reason": "gone"}, {"code": "no_dispatch"}),
    ("in_progress", "recalled", E, {"reason": "gone"}, {"code": "supervisor_signed"}),
    ("forwarded", "rescheduled", Role.SYSTEM, {"rules": 1}, {"code": "stale"}),
    ("needs_info", "told", Role.SYSTEM, {"lapsed": True}, {"code": "too_early"}),
    ("received", "told", Role.SYSTEM, {"lapsed": True}, {"code": "stale"}),
    ("in_progress", "noted", Role.SYSTEM, {}, {"code": "stale"}),
    ("tracking", "noted", Role.SYSTEM, {}, {"code": "too_early"}),
    ("resolved", "noted", Role.SYSTEM, {}, {"code": "stale"}),
    ("resolved", "contact_removed", Role.SYSTEM, {}, {"code": "too_early"}),
]


@pytest.mark.parametrize(("state", "kind", "role", "facts", "no"), ELSEWHERE)
def test_a_deed_in_the_wrong_place_or_by_the_wrong_hand_is_refused_with_the_reason(
    state: str, kind: str, role: Role, facts: dict[str, Any], no: dict[str, Any]
) -> None:
    desk = Story()
    desk.letter()
    before = desk.until(state)
    assert desk.refuses(kind, role=role, **facts) == no
    assert desk.cases["a"] is before


@pytest.mark.parametrize("urgency", ["urgent", "critical"])
def test_an_urgent_letter_is_declined_by_the_supervisor_only(urgency: str) -> None:
    desk = Story()
    desk.letter(urgency=urgency)
    assert desk.refuses("declined", reason="court") == {"code": "supervisor_urgent"}
    assert desk.must("declined", role=S, reason="court").state == "declined"


def test_a_citizen_is_asked_twice_and_no_more() -> None:
    desk = Story()
    desk.letter()
    for _ in range(2):
        desk.must("asked")
        desk.must("told", role=C)
    assert desk.refuses("asked") == {"code": "asked_enough", "most": 2}


def test_a_confidential_letter_is_never_published_nor_its_contact_shared() -> None:
    desk = Story()
    desk.letter(confidential=True)
    desk.until("accepted")
    to = {"district": "500106", "district_name": "沙坪坝区", "contact": "shared"}
    assert desk.refuses("forwarded", **to) == {"code": "contact_confidential"}
    desk.forward()
    assert desk.refuses("published", **{"as": "open_question"}) == {"code": "confidential"}
