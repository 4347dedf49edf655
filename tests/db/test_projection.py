"""The row is the fold: after any commands, what lists show is what the events make, and every count is true."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import MISSING, fields, replace
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_letters import HOUR, NOW, actor, bring, do, forward, receipt

from db import deadlines, queries, sums
from db.casefile import case_values, dispatch_values, load_case, load_dispatch
from db.commands import Command, preview, receive, run
from db.model import Case, Dispatch, EventKind, Role
from db.opening import open_store
from db.queueing import queues_of
from db.refold import differing, mend, refold, replay, stored
from db.store import Store

# Fields of a case, whatever they hold


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(-(2**40), 2**44),
    str: st.text(max_size=6),
    date: st.dates(),
}


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type, as the rules could put them there."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of(*(of_type(a) for a in args))
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(of_type(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(of_type(a) for a in args))
    if hint in PLAIN:
        return PLAIN[hint]
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return st.builds(hint, **{name: of_type(t) for name, t in get_type_hints(hint).items()})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(of_type(Dispatch))
def test_every_field_of_a_dispatch_comes_back_from_its_row(dispatch: Dispatch) -> None:
    assert load_dispatch(dispatch_values(dispatch)) == dispatch


def a_case(**more: Any) -> Case:
    return Case(id="i", code="c", channel="app", number="1", source="channel", received_at=1, **more)


CASE_HINTS = {name: hint for name, hint in get_type_hints(Case).items() if name != "dispatches"}


@pytest.mark.parametrize("name", CASE_HINTS)
def test_every_field_of_a_case_comes_back_from_its_row(name: str) -> None:
    @settings(max_examples=8, deadline=None, database=None)
    @given(of_type(CASE_HINTS[name]))
    def comes_back(value: Any) -> None:
        case = replace(a_case(), **{name: value})
        got = load_case(case_values(case), ())
        assert got == case
        assert type(getattr(got, name)) is type(value)

    comes_back()


def test_a_new_letter_costs_no_json_for_what_is_not_there() -> None:
    """Every field that stands at its default is left out: a million letters of small rows."""
    assert case_values(a_case())[-1] == "{}"
    assert all(f.default is not MISSING or f.default_factory is not MISSING or f.name in FIRST for f in fields(Case))


FIRST = {"id", "code", "channel", "number", "source", "received_at"}

# Random days at the desk

STEPS: dict[str, list[dict[str, Any]]] = {
    EventKind.CLASSIFIED: [{"facts": {"kind": "complaint", "topic": "电梯安装"}}, {"facts": {"urgency": "urgent"}}],
    EventKind.CORRECTED: [{"facts": {"district": "500101"}}],
    EventKind.ASSIGNED: [{"facts": {"to": "lin"}}, {"facts": {"to": None}}],
    EventKind.TAGGED: [{"facts": {"add": ["回访"]}}],
    EventKind.NOTED: [{"words": {"text": "已致电"}}],
    EventKind.ASKED: [{"words": {"text": "请补充"}}],
    EventKind.TOLD: [{"words": {"text": "12号楼"}}],
    EventKind.ACCEPTED: [{}, {"facts": {"kind": "suggestion"}}],
    EventKind.DECLINED: [{"facts": {"reason": "court"}, "words": {"text": "请向法院提出"}}],
    EventKind.ANSWERED_DIRECTLY: [{"words": {"text": "见公告", "source": "公告"}}],
    EventKind.FORWARDED: [{"facts": {"district": d, "role": r}} for d in ("500104", "500106") for r in ("lead", "co")],
    EventKind.RECALLED: [{"facts": {"reason": "wrong_unit"}}],
    EventKind.SIGNED: [{}],
    EventKind.RETURNED: [{"facts": {"reason": "not_ours"}}],
    EventKind.UPHELD: [{}],
    EventKind.EXTENSION_ASKED: [{"words": {"text": "要开会"}}],
    EventKind.EXTENDED: [{}],
    EventKind.CHASED: [{"facts": {"level": n, "channel": "phone"}} for n in (1, 3)],
    EventKind.REPLIED: [{"words": {"text": "已办"}}] * 3,
    EventKind.REDONE: [{"facts": {"code": "evasive"}, "words": {"text": "请写明"}}],
    EventKind.ANSWERED: [{"facts": {"checklist": [], "redacted": True}, "words": {"text": "已办"}}] * 2,
    EventKind.RATED: [{"facts": {"solved": True, "score": 5}}],
    EventKind.TRACKED: [{"facts": {"promised": "2024-11-20"}, "words": {"text": "列入计划"}}],
    EventKind.RESOLVED: [{"facts": {"result": "solved"}, "words": {"text": "办结"}}] * 2,
    EventKind.REOPENED: [{"facts": {"reason": "not_done"}}],
    EventKind.MERGED: [{"facts": {"into": n}} for n in range(3)] * 2,
    EventKind.UNMERGED: [{}],
    EventKind.WITHDRAWN: [{"facts": {"reason": "settled"}}],
    EventKind.PUBLISHED: [{"facts": {"as": "open_question"}, "words": {"title": "问", "text": "问"}}],
    EventKind.REVEALED: [{"facts": {"reason": "check"}}],
    EventKind.ERASED: [{"facts": {"reason": "law"}}],
}
ONE = st.sampled_from([(kind, more) for kind, ways in STEPS.items() for more in ways])
DAYS = st.lists(
    st.tuples(st.integers(0, 2), ONE, st.sampled_from((0, 0, 20 * 60_000, 5 * HOUR, 30 * HOUR, 200 * HOUR))),
    max_size=25,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAYS)
def test_after_any_day_every_row_is_the_fold_of_its_events(fresh_home: Path, day: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(fresh_home, home)
        with open_store(home) as store:
            now = live(store, day)
            check(store, now)


def live(store: Store, day: list[Any]) -> int:
    """Three letters, and whatever of the day the rules let happen to them; returns the time at its end."""
    letters = bring(store, *(receipt(str(i), NOW - i * HOUR, code=f"L{i}") for i in range(3)), pending=True)
    who, now = actor(store), NOW
    for which, (kind, more), later in day:
        now += later
        facts = dict(more.get("facts", {}))
        if "into" in facts:
            facts["into"] = letters[facts["into"]]
        command = Command(kind, letters[which], facts, more.get("words", {}))
        shown = preview(store, who, [command], now)
        result = run(store, who, [command], now)
        assert [r.code for _c, r in shown.refused] == [r.code for _c, r in result.refused]
        assert shown.cases.keys() == result.cases.keys()
        for id_, case in result.cases.items():
            assert stored(store, id_) == case
    return now


def check(store: Store, now: int) -> None:
    """The invariants of `db/projection.py`, `db/queueing.py` and `db/counts.py`."""
    assert differing(store) == []
    entries = Counter[tuple[int, int, int]]()
    for n, id_, pending, next_due, district, paused in store.rows(
        "SELECT n, id, pending, next_due, district, paused FROM cases"
    ):
        case = refold(store, id_, now)
        assert case is not None
        entries.update((queue, sort, n) for queue, sort in queues_of(case, pending=pending))
        clock = deadlines.next_due(case)
        assert next_due == (clock.due if clock else None)
        assert bool(paused) == deadlines.paused(case)
        assert district == (case.district or (case.lead_dispatch.district if case.lead_dispatch else None))
        letter = queries.letter(store, id_)
        assert letter is not None
        assert letter.case == case
        assert pending == sum(1 for e in letter.events if e.id in letter.pending and e.case == id_)
    assert sorted(store.rows("SELECT queue, sort, n FROM queue_entry")) == sorted(entries)
    for moment in (now, now + 400 * HOUR, NOW):
        real = Counter(q for q, sort, _n in entries if q != 4 or sort <= moment)
        assert {q: n for q, n in queries.counts(store, moment).items() if n} == dict(real)
    assert sums.wrong(store) == []
    waiting = {n for (n,) in store.rows("SELECT n FROM to_index")}
    assert waiting <= {n for (n,) in store.rows("SELECT n FROM cases")}


def test_a_day_of_imported_events_gives_the_same_rows_as_the_day_itself(
    store: Store, fresh_home: Path, tmp_path: Path
) -> None:
    master, other = bring(store, receipt("1"), receipt("2"))
    forward(store, other)
    do(store, "merged", other, facts={"into": master})
    do(store, "noted", master, words={"text": "并案"})
    letters = [queries.letter(store, id_) for id_ in (master, other)]
    events = {e.id: e for letter in letters if letter for e in letter.events}
    ordered = [events[id_] for (id_,) in store.rows("SELECT id FROM event ORDER BY n")]
    shutil.copytree(fresh_home, tmp_path / "copy")
    with open_store(tmp_path / "copy") as copy:
        assert not receive(copy, ordered, now=NOW).refused
        for id_ in (master, other):
            assert stored(copy, id_) == stored(store, id_)


def test_a_row_that_was_tampered_with_is_named(store: Store) -> None:
    bring(store, receipt("1", code="L1"), receipt("2", code="L2"))
    assert differing(store) == []
    with store.write() as conn:
        conn.execute("UPDATE cases SET state = 'resolved' WHERE code = 'L2'")
    assert differing(store) == ["L2"]


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        ("DELETE FROM queue_entry WHERE queue = 3", ["queue_entry", "queue_count"]),
        ("UPDATE queue_count SET letters = letters + 1 WHERE queue = 1", ["queue_count"]),
        ("UPDATE board_count SET open = open + 1 WHERE dim = 'district'", ["board_count"]),
        ("DELETE FROM day_count", ["day_count"]),
    ],
)
def test_lists_and_sums_that_do_not_follow_from_the_letters_are_named_and_made_anew(
    store: Store, harm: str, named: list[str]
) -> None:
    waiting, gone = bring(store, receipt("1"), receipt("2"))
    forward(store, waiting)
    do(store, "declined", gone, facts={"reason": "court"})
    assert sums.wrong(store) == []
    with store.write() as conn:
        conn.execute(harm)
    assert sums.wrong(store) == named
    sums.again(store, NOW)
    assert sums.wrong(store) == []


def test_a_log_that_no_desk_wrote_is_named(store: Store) -> None:
    [case] = bring(store, receipt("1", code="L1"))
    do(store, "accepted", case)
    with store.write() as conn:
        conn.execute("UPDATE event SET kind = 'redone' WHERE kind = 'accepted'")
    assert differing(store) == ["L1"]


def test_a_numbered_event_that_changes_nothing_is_kept_with_its_number(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    first = forward(store, case).events[0]
    later = {"id": first.id[:-4] + "0000", "seq": 7, "role": Role.EDITOR, "salt": ""}
    got = receive(store, [replace(first, **later)], now=NOW)
    assert (got.absorbed, got.events) == (1, 1)
    assert store.rows("SELECT seq, absorbed FROM event WHERE id = ?", (later["id"],)) == [(7, 1)]
    found = stored(store, case)
    assert found is not None
    assert found.dispatches[0].aliases == (later["id"],)
    assert replay([], store.rulebook(), NOW) == {}


def test_rows_of_an_earlier_edition_are_folded_again(store: Store) -> None:
    """An earlier desk's row knows less than its events say: the first opening by a newer one mends it."""
    (case,) = bring(store, receipt("1"))
    do(store, "classified", case, facts={"urgency": "urgent"})
    with store.write() as conn:
        conn.execute("UPDATE cases SET rest = json_remove(rest, '$.due_moves') WHERE id = ?", (case,))
    assert differing(store)
    assert mend(store) == 1
    assert not differing(store)
    assert mend(store) == 0
