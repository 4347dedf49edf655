"""How a letter goes out to a unit, field by field: forwarded, co-handled, its lead changed, signed (DESIGN.md §4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from db.clock import from_iso
from db.model import Absorbed, Dispatch, DispatchState, Kind, Term, Urgency
from tests.db.case_account import lines
from tests.db.cases_factory import ANSWER, Desk, E, S, U
from tests.db.test_cases_unit_told import co, letter


def again(desk: Desk, district: str, unit: str = "", *, role: str = "lead", re: str = "a") -> Any:
    """Another desk, offline, forwards on what it knew."""
    facts = {"role": role, "district": district, "district_name": f"区{district}", "unit": unit}
    return desk.put_forward("a", E, facts, re=re, id="theirs")


# ── forward ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_forwarded_from_the_inbox_is_accepted_by_it_as_a_request_for_help() -> None:
    desk = letter(urgency="urgent")
    case = desk.forward(district="500106", unit="交通运输", district_name="沙坪坝区", contact="shared")
    sent = desk.now
    assert case.dispatches == (
        Dispatch(
            id=case.lead or "",
            lead=True,
            district="500106",
            district_name="沙坪坝区",
            unit="交通运输",
            state=DispatchState.SENT,
            rules=1,
            urgency=Urgency.URGENT,
            term=Term(3, "wd"),
            sent_at=sent,
            sign_due=from_iso("2024-10-14T14:00"),
            return_due=from_iso("2024-10-14T14:00"),
            reply_due=from_iso("2024-10-18T00:00"),
            contact_shared=True,
        ),
    )
    assert (case.state, case.kind, case.forward_due) == ("forwarded", Kind.HELP, None)


@pytest.mark.parametrize("contact", [{}, {"contact": "withheld"}, {"contact": None}])
def test_a_contact_is_withheld_unless_it_is_shared(contact: dict[str, Any]) -> None:
    [d] = letter("accepted").forward(**contact).dispatches
    assert (d.contact_shared, d.unit, d.district_name) == (False, "", "区500106")


def test_forwarding_an_accepted_letter_changes_where_it_stands_and_nothing_of_what_it_is() -> None:
    desk = letter("accepted")
    desk.forward()
    assert desk.told.splitlines() == lines("""
        state: accepted → forwarded
        answerable: + forwarded 10-14 11:00
        forward_due: 10-16 00:00 → None
        lead: None → forwarded
        + 1. id=forwarded lead=True district=500106 state=sent urgency=normal term=15 wd sent_at=10-14 11:00
        | sign_due=10-16 00:00 return_due=10-17 00:00 reply_due=11-05 00:00
    """)


def test_a_co_handler_gets_a_dispatch_of_its_own_and_the_letter_stays_where_it_is() -> None:
    desk = letter("in_progress")
    co(desk)
    assert desk.told.splitlines() == lines("""
        answerable: + forwarded 2 10-14 13:00
        + 2. id=forwarded 2 district=500112 state=sent urgency=normal term=15 wd sent_at=10-14 13:00
        | sign_due=10-16 00:00 return_due=10-17 00:00 reply_due=11-05 00:00
    """)
    assert desk.cases["a"].dispatches[1].lead is False


def test_a_lead_forward_is_refused_where_the_letter_is_not_the_desks() -> None:
    asked = letter("needs_info")
    no = {"code": "state", "state": "needs_info", "kind": "forwarded"}
    assert asked.refuses("forwarded", _re="a", district="500106", district_name="x") == no
    assert letter().refuses("forwarded", _re=None, district="500106", district_name="x") == {"code": "stale"}
    back = letter("returned")
    assert back.refuses("forwarded", _re="a", district="500112", district_name="x") == {"code": "stale"}
    alone = {"role": "co", "district": "500106", "district_name": "x"}
    assert refused(letter().put_forward("a", E, alone)) == {"code": "no_lead", "state": "received"}


def refused(got: Any) -> dict[str, Any]:
    return {"code": got.code, **got.facts}


def test_what_another_desk_forwarded_first_holds_and_is_named_with_its_office() -> None:
    desk = letter("accepted")
    desk.forward(district="500106", unit="交通运输")
    assert refused(again(desk, "500112")) == {"code": "taken", "district": "区500106", "unit": "交通运输"}
    assert refused(again(desk, "500106", "市政")) == {"code": "taken", "district": "区500106", "unit": "交通运输"}
    assert refused(again(desk, "")) == {"code": "taken", "district": "区500106", "unit": "交通运输"}


@pytest.mark.parametrize(("mine", "theirs"), [("交通运输", "交通运输"), ("", "交通运输"), ("交通运输", ""), ("", "")])
@pytest.mark.parametrize("role", ["lead", "co"])
def test_the_same_unit_by_two_desks_is_one_dispatch_under_two_names(role: str, mine: str, theirs: str) -> None:
    desk = Desk()
    desk.letter()
    lead = desk.forward(district="500106" if role == "lead" else "500101", unit=mine).lead
    held, re = lead, "a"
    if role == "co":
        held, re = desk.forward(district="500106", unit=mine, co=True).dispatches[-1].id, lead or ""
    before = desk.cases["a"]
    got = again(desk, "500106", theirs, role=role, re=re)
    named = tuple(replace(d, aliases=("theirs",)) if d.id == held else d for d in before.dispatches)
    assert got == Absorbed(replace(before, dispatches=named), held)
    assert again(desk, "500106", theirs, role=role, re=re) == got, "and once more changes nothing"


def test_another_office_of_a_co_handlers_district_gets_its_own_dispatch() -> None:
    desk = letter("accepted")
    lead = desk.forward(district="500101").lead or ""
    desk.forward(district="500106", unit="交通运输", co=True)
    assert len(again(desk, "500106", "市政", role="co", re=lead).dispatches) == 3


@pytest.mark.parametrize(("unit", "free"), [("交通运输", False), ("", False), ("市政", True)])
def test_a_unit_that_co_handles_the_letter_does_not_get_it_as_its_lead_as_well(unit: str, *, free: bool) -> None:
    desk = letter("forwarded")
    desk.forward(district="500112", unit="交通运输", co=True)
    desk.must("returned", role=U, reason="not_ours")
    facts = {"district": "500112", "district_name": "渝北区", "unit": unit}
    if free:
        assert desk.must("forwarded", **facts).dispatches[-1].unit == "市政"
    else:
        assert desk.refuses("forwarded", **facts) == {"code": "co_handles", "district": "区500112"}


def test_the_leads_own_unit_does_not_co_handle_beside_itself() -> None:
    desk = Desk()
    desk.letter()
    lead = desk.until("forwarded").lead
    got = again(desk, "500106", role="co", re=lead or "")
    assert isinstance(got, Absorbed)
    assert got.by == lead


def test_after_the_third_return_only_a_supervisor_sends_it_out() -> None:
    desk = letter("accepted")
    for district in ("500106", "500112", "500101"):
        desk.forward(district=district)
        desk.must("returned", role=U, reason="not_ours")
    assert desk.refuses("forwarded", district="500103", district_name="渝中区") == {"code": "third_return"}
    assert desk.forward(district="500103", role=S).state == "forwarded"


# ── lead changed ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("done", "stands"), [([], "forwarded"), (["signed"], "in_progress"), (["signed", "replied"], "replied")]
)
@pytest.mark.parametrize("paused", [False, True])
def test_the_letter_stands_where_its_new_lead_stands(done: list[str], stands: str, *, paused: bool) -> None:
    desk = letter("in_progress" if stands == "forwarded" else "forwarded")
    named = co(desk)
    for kind in done:
        desk.must(kind, role=U, **named)
    if paused:
        desk.must("asked")
    was = desk.cases["a"].before_ask if paused else desk.cases["a"].state
    field = "before_ask" if paused else "state"
    told = desk.tells("lead_changed", **named)
    assert sorted(told) == sorted(
        [
            "lead: forwarded → forwarded 2",
            "1.lead: True → False",
            "2.lead: False → True",
            f"{field}: {was} → {stands}",
        ]
    )
    assert desk.absorbs("lead_changed", **named) == "forwarded 2"


def test_a_letter_answered_already_stays_so_under_a_new_lead() -> None:
    desk = letter("in_progress")
    named = co(desk)
    desk.must("replied", role=U)
    desk.must("answered", **ANSWER)
    assert desk.tells("lead_changed", **named) == lines("""
        lead: forwarded → forwarded 2
        1.lead: True → False
        2.lead: False → True
    """)
    for kind in ("signed", "returned", "extension_asked"):
        no = {"code": "state", "state": "answered", "kind": kind}
        assert desk.refuses(kind, role=U, reason="not_ours") == no, "a lead moves with its letter only"


def test_a_returned_letters_clock_stops_when_a_co_handler_takes_it() -> None:
    desk = letter("in_progress")
    named = co(desk)
    desk.must("returned", role=U, reason="not_ours")
    assert desk.tells("lead_changed", **named) == lines("""
        state: returned → forwarded
        forward_due: 10-16 00:00 → None
        lead: forwarded → forwarded 2
        1.lead: True → False
        2.lead: False → True
    """)


@pytest.mark.parametrize("kind", ["returned", "recalled"])
def test_who_gave_the_letter_back_does_not_take_its_lead(kind: str) -> None:
    desk = letter("in_progress")
    named = co(desk)
    desk.must(kind, role=U if kind == "returned" else E, reason="wrong_unit", **named)
    assert desk.refuses("lead_changed", **named) == {"code": "stale"}


# ── sign ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_signature_moves_the_letter_of_a_lead_and_only_the_dispatch_of_a_co_handler() -> None:
    desk = letter("forwarded")
    named = co(desk)
    assert desk.tells("signed", role=U, **named) == lines("""
        2.state: sent → signed
        2.signed_at: None → 10-14 13:00
    """)
    assert desk.tells("signed", role=U) == lines("""
        state: forwarded → in_progress
        1.state: sent → signed
        1.signed_at: None → 10-14 14:00
    """)
    assert desk.absorbs("signed", role=U) == "forwarded"
    assert desk.absorbs("signed", role=U, **named) == "forwarded 2"


def test_a_signature_while_the_citizen_is_asked_waits_for_the_answer() -> None:
    desk = letter("forwarded")
    desk.must("asked")
    assert desk.tells("signed", role=U) == lines("""
        1.state: sent → signed
        1.signed_at: None → 10-14 13:00
        before_ask: forwarded → in_progress
    """)


@pytest.mark.parametrize("kind", ["signed", "returned", "extension_asked"])
def test_what_is_said_about_no_dispatch_finds_none(kind: str) -> None:
    desk = letter("forwarded")
    for actor in ("unit:500106", "li"):
        no = desk.refuses(kind, role=U, _dispatch="never", _re=None, _actor=actor, reason="not_ours")
        assert no == {"code": "no_dispatch"}


@pytest.mark.parametrize(
    ("actor", "theirs"),
    [("unit:500106", True), ("unit:500106/交通运输", True), ("unit:500112", False), ("unit:500112/500106", False)],
)
def test_a_unit_signs_for_its_own_district_only(actor: str, *, theirs: bool) -> None:
    desk = letter("forwarded")
    if theirs:
        assert desk.must("signed", role=U, _actor=actor).state == "in_progress"
    else:
        assert desk.refuses("signed", role=U, _actor=actor) == {"code": "not_yours", "district": "区500106"}
