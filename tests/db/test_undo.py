"""Taking back: after it every row is as if the run had never been."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import drafts, queries, runs
from db.commands import Command, run
from db.model import Actor, Refusal, Role
from db.opening import open_store
from db.refold import differing
from db.runs import Doing
from db.store import Store
from db.undo import TakenBack, take_back
from db.upkeep import settle
from tests.db.store_letters import NOW, actor, bring, do, forward, receipt

TABLES = ("cases", "dispatch", "event", "event_touch", "outbox", "queue_entry", "queue_count", "sender")


def everything(store: Store) -> dict[str, list[Any]]:
    """All that others are shown, but for the moment up to which queue 4 was counted."""
    kept = {name: sorted(store.rows(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
    kept["queue_count"] = sorted((q, n) for q, n, _upto in kept["queue_count"])
    return kept


def did(store: Store, action: str, *commands: Command, said: dict[str, Any] | None = None, now: int = NOW) -> runs.Run:
    """A run of this person's, as the desk records it."""
    result = run(store, actor(store), commands, now, doing=Doing(action, said or {}))
    assert result.ok, result.refused
    last = runs.last(store, actor(store).id)
    assert last is not None
    return last


def test_what_was_done_is_as_if_it_had_never_been(store: Store) -> None:
    one, two = bring(store, receipt("1"), receipt("2"))
    do(store, "accepted", one)
    before = everything(store)
    done = did(store, "note", Command("noted", one, words={"text": "甲"}), Command("noted", two, words={"text": "乙"}))
    assert done.cases == (one, two)
    assert isinstance(take_back(store, actor(store), done.n, NOW), TakenBack)
    assert everything(store) == before


def test_what_was_typed_waits_as_a_draft(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    said = {"reason": "court", "text": "请向法院提起。"}
    done = did(store, "decline", Command("declined", case, {"reason": "court"}, {"text": "请向法院提起。"}), said=said)
    take_back(store, actor(store), done.n, NOW)
    assert drafts.get(store, case, "decline") == said


def test_a_merge_taken_back_frees_both_letters(store: Store) -> None:
    one, two = bring(store, receipt("1"), receipt("2"))
    before = everything(store)
    done = did(store, "merge", Command("merged", two, {"into": one}))
    take_back(store, actor(store), done.n, NOW)
    assert everything(store) == before
    assert not differing(store)


def test_a_letter_that_the_run_made_is_gone_and_is_not_found(store: Store) -> None:
    bring(store, receipt("1"))
    before = everything(store)
    made = did(
        store, "split", Command("received", None, {"channel": "desk"}, {"title": "新的一封", "body": "路灯不亮"})
    )
    settle(store)
    got = take_back(store, actor(store), made.n, NOW)
    assert isinstance(got, TakenBack)
    assert len(got.removed) == 1
    assert everything(store) == before
    assert not queries.page(store, 0, query="路灯", now=NOW).rows


def test_what_a_request_has_carried_is_not_taken_back(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    done = did(store, "accept", Command("accepted", case))
    with store.write() as conn:
        conn.execute("UPDATE outbox SET offered = ?", (NOW,))
    got = take_back(store, actor(store), done.n, NOW)
    assert isinstance(got, Refusal)
    assert got.code == "undo_sent"
    last = runs.last(store, actor(store).id)
    assert last is not None
    assert last.offered


def test_later_work_stands_in_the_way(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    sent = did(store, "forward", Command("forwarded", case, {"district": "500104", "district_name": "大渡口区"}))
    do(store, "signed", case)
    got = take_back(store, actor(store), sent.n, NOW)
    assert isinstance(got, Refusal)
    assert got.code == "undo_later"
    assert not differing(store)


def test_nobody_takes_back_what_another_did(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    done = did(store, "accept", Command("accepted", case))
    other = Actor("u-other", Role.SUPERVISOR, "desk-2")
    assert runs.last(store, other.id) is None
    got = take_back(store, other, done.n, NOW)
    assert isinstance(got, Refusal)
    assert got.code == "undo_gone"


@pytest.mark.parametrize("kind", ["revealed", "erased"])
def test_looking_at_a_contact_and_erasing_stay_on_record(store: Store, kind: str) -> None:
    (case,) = bring(store, receipt("1"))
    facts = {"reason": "check" if kind == "revealed" else "law"}
    done = did(store, kind, Command(kind, case, facts))
    got = take_back(store, actor(store), done.n, NOW)
    assert isinstance(got, Refusal)
    assert got.code == "undo_final"


def test_erasing_a_person_blanks_what_was_typed_about_them(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    did(store, "note", Command("noted", case, words={"text": "张三来电"}), said={"text": "张三来电"})
    do(store, "erased", case, facts={"reason": "law"})
    assert "张三" not in repr(store.rows("SELECT * FROM run"))


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            (
                ("accepted", {}, {}),
                ("classified", {"topic": "电梯安装"}, {}),
                ("classified", {}, {"title": "改过的题目"}),
                ("forwarded", {"district": "500104", "district_name": "大渡口区"}, {}),
                ("signed", {}, {}),
                ("chased", {"level": 2, "channel": "phone"}, {}),
                ("replied", {}, {"text": "已办。"}),
                ("asked", {}, {"text": "请补充。"}),
                ("told", {}, {"text": "补充。"}),
                ("answered", {"checklist": ["polite"], "redacted": True}, {"text": "已答复。"}),
                ("declined", {"reason": "court"}, {"text": "请诉讼。"}),
                ("tagged", {"add": ["回访"]}, {}),
                ("merged", {}, {}),
            )
        ),
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.integers(1, 4))
def test_doing_and_taking_back_in_turn_leaves_no_trace(steps: list[Any], back: int) -> None:
    """Whatever was done: the last runs, taken back one after the other, lead through the very states passed before."""
    with TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        cases = bring(store, receipt("1"), receipt("2"), receipt("3"))
        passed = [everything(store)]
        for n, (which, (kind, facts, words)) in enumerate(steps):
            given_ = {"into": cases[(which + 1) % 3]} if kind == "merged" else facts
            command = Command(kind, cases[which], given_, words)
            result = run(store, actor(store), [command], NOW + n, doing=Doing("note", {"n": n}))
            if result.events:
                passed.append(everything(store))
        for wanted in reversed(passed[-1 - back : -1]):
            last = runs.last(store, actor(store).id)
            assert last is not None
            assert isinstance(take_back(store, actor(store), last.n, NOW + 100), TakenBack)
            assert everything(store) == wanted


def test_forwarding_again_after_taking_back_is_a_new_dispatch(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    sent = did(store, "forward", Command("forwarded", case, {"district": "500104", "district_name": "大渡口区"}))
    take_back(store, actor(store), sent.n, NOW)
    forward(store, case)
    assert not differing(store)
