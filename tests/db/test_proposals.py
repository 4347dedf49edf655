"""The supervisor's list: what is proposed, what is put off, and which documents wait to be delivered."""

from __future__ import annotations

from db import configured, configured_rows, configuring, delivery, proposals
from db.clock import day_of, from_iso
from db.commands import Command, run
from db.model import CaseId, Ms, Role
from db.proposals import Proposal
from db.store import Store
from tests.db.store_letters import actor, bring, do, receipt

SENT = from_iso("2024-10-14T11:00")
LATE = from_iso("2024-10-16T10:00")  # nobody has signed


def sent(store: Store, number: str = "1", **facts: object) -> CaseId:
    (case,) = bring(store, receipt(number, from_iso("2024-10-14T09:00"), **facts))
    do(store, "forwarded", case, SENT, facts={"district": "500104", "district_name": "大渡口区"})
    return case


def proposed(store: Store, now: Ms = LATE) -> list[Proposal]:
    return list(proposals.morning(store, now).proposals)


def put(store: Store, command: Command, now: Ms = LATE) -> None:
    assert run(store, actor(store), [command], now).ok


def test_what_is_sent_or_skipped_is_not_proposed_again_today(store: Store) -> None:
    sent(store, "1")
    sent(store, "2")
    first, second = proposed(store)
    put(store, proposals.chase(first, first.step.level, "phone", "reached", "李科长"))
    put(store, proposals.skip(second, "约好明天回复", LATE))
    assert proposed(store) == []
    assert proposals.morning(store, LATE).skipped == 1
    tomorrow = proposed(store, from_iso("2024-10-17T10:00"))
    assert [p.case for p in tomorrow] == [second.case], "what was put off comes back, what was sent does not"


def test_nothing_is_proposed_at_night_or_at_the_weekend_but_the_urgent(store: Store) -> None:
    sent(store, "1")
    urgent = sent(store, "2", urgency="urgent")
    for now in ("2024-10-16T08:59", "2024-10-16T17:00", "2024-10-19T10:00"):
        assert [p.case for p in proposed(store, from_iso(now))] == [urgent]
    assert len(proposed(store, from_iso("2024-10-18T09:00"))) == 2


def test_a_lead_and_a_co_handler_are_two_proposals(store: Store) -> None:
    case = sent(store)
    do(store, "forwarded", case, SENT, facts={"district": "500112", "district_name": "渝北区", "role": "co"})
    both = proposed(store)
    assert [(p.district, p.lead) for p in both] == [("500104", True), ("500112", False)] or [
        (p.district, p.lead) for p in both
    ] == [("500112", False), ("500104", True)]
    put(store, proposals.chase(both[0], 2, "system"))
    assert [p.dispatch for p in proposed(store)] == [both[1].dispatch]


def test_a_late_letter_of_ten_days_may_be_printed(store: Store) -> None:
    case = sent(store)
    assert proposals.morning(store, LATE).questions == ()
    [question] = proposals.morning(store, from_iso("2024-11-18T10:00")).questions
    assert (question.case, question.why) == (case, "late")


def test_a_unit_without_an_account_waits_for_its_documents(store: Store) -> None:
    case = sent(store)
    assert delivery.waiting(store) == []
    put(store, configuring.paper("500104", day_of(LATE), on=True))
    [forward] = delivery.waiting(store)
    assert (forward.case, forward.level) == (case, 0)
    put(store, delivery.arrived(forward, "received", "王主任"))
    assert delivery.waiting(store) == []
    [proposal] = proposed(store)
    put(store, proposals.chase(proposal, 2, "letter"))
    [chase] = delivery.waiting(store)
    assert chase.level == 2
    put(store, delivery.arrived(chase, "no_answer", "门卫"))
    assert delivery.waiting(store) == [chase], "nobody there is not delivered"
    put(store, delivery.arrived(chase, "received", "王主任"))
    assert delivery.waiting(store) == []


def test_a_chase_by_telephone_waits_for_no_document(store: Store) -> None:
    sent(store)
    put(store, proposals.chase(proposed(store)[0], 2, "phone", "reached", "李科长"))
    assert delivery.waiting(store) == []


def test_the_newsroom_decides_which_districts_get_documents(store: Store) -> None:
    """It stands in the log, so every desk holds it; an editor may not decide it, and the last decision holds."""
    day = day_of(LATE)
    editor = actor(store)._replace(role=Role.EDITOR)
    refused = run(store, editor, [configuring.paper("500104", day, on=True)], LATE).refused
    assert [refusal.code for _command, refusal in refused] == ["supervisor_only"]
    put(store, configuring.paper("500104", day, on=True))
    put(store, configuring.paper("500112", day, on=True))
    put(store, configuring.paper("500104", day, on=False))
    assert delivery.paper(store) == {"500112"}
    with store.view() as conn:
        events = configured_rows.events(conn)
    fresh = configured.fold(events)
    assert [id_ for id_, ds in fresh.of(configured.PAPER).items() if ds[-1].value is not None] == ["500112"]
