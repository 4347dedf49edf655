"""What had happened by a period's end is what its figures say, whatever happens afterwards.

Random days at the desk, lawful and not: read at the period's end and again weeks later, after letters were reopened, redone,
merged, taken out of a merge, recalled, returned, extended and closed, the figures are the same.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from store_letters import actor, receipt

from db import figures
from db.clock import DAY, from_iso
from db.commands import Command, receive, run
from db.figures import as_of
from db.figures.period import Period
from db.model import Ms, Role, State
from db.refold import stored
from db.store import Store

PERIOD = figures.parse("2024-10")
DISTRICTS = ("500104", "500106", "500112")
OUTCOMES = [{"measure": "街巷整治", "count": 2, "unit": "条"}]
FACTS: dict[str, dict[str, Any]] = {
    "accepted": {"kind": "help", "topic": "电梯安装"},
    "forwarded": {},
    "signed": {},
    "returned": {"reason": "not_ours"},
    "upheld": {},
    "recalled": {"reason": "wrong_unit"},
    "extension_asked": {},
    "extended": {},
    "replied": {},
    "redone": {"code": "evasive"},
    "answered": {"checklist": ["polite"], "redacted": True},
    "tracked": {"promised": "2025-01-10", "worded": True},
    "resolved": {"result": "solved", "outcomes": OUTCOMES, "worded": True},
    "reopened": {"reason": "not_done"},
    "merged": {},
    "unmerged": {},
    "withdrawn": {"reason": "settled"},
    "declined": {"reason": "not_ours"},
    "lead_changed": {},
    "asked": {},
    "told": {},
}
FILED = {"kind": "help", "topic": "电梯安装", "district": "500104"}
OFTEN = (
    "forwarded",
    "signed",
    "replied",
    "answered",
    "resolved",
    "reopened",
    "merged",
    "unmerged",
    "redone",
    "accepted",
)
UNIT = frozenset({"signed", "returned", "extension_asked", "replied"})


def live(store: Store, rng: Random, cases: list[str], start: Ms, end: Ms, steps: int) -> None:
    """So many attempts between two moments; what the rules refuse does not happen."""
    moments = sorted(rng.randrange(start, end) for _ in range(steps))
    for at in moments:
        case = rng.choice(cases)
        kind = rng.choice([*FACTS, *OFTEN * 3])
        facts = dict(FACTS[kind])
        held = stored(store, case)
        assert held is not None
        if kind == "forwarded":
            district = rng.choice(DISTRICTS)
            lead = held.lead_dispatch is None or held.state in ("received", "accepted", "returned")
            facts |= {"district": district, "district_name": district, "role": "lead" if lead else "co"}
        if kind == "merged":
            facts["into"] = rng.choice(cases)
        dispatch = None
        if kind in (*UNIT, "lead_changed") and held.dispatches:
            dispatch = rng.choice(held.dispatches).id
        command = Command(kind, case, facts, {"text": "话"}, dispatch)
        run(store, actor(store, Role.SUPERVISOR), [command], at)


def shown(found: figures.Figures) -> dict[str, tuple[int, list[int]]]:
    """Every figure with its letters; the two long lists are read here and now."""
    return {name: (figure.value, sorted(figure.letters)) for name, figure in found.named() if name != "unclassified"}


@pytest.mark.parametrize("seed", range(5))
def test_what_happens_after_the_end_changes_nothing(store: Store, seed: int) -> None:
    rng = Random(seed)
    letters = [receipt(str(n), PERIOD.start + (n * 5 - 20) * DAY, **FILED) for n in range(10)]
    receive(store, [e for e in letters if e.at < PERIOD.end], pending=False, now=PERIOD.end)
    cases = [str(e.case) for e in letters if e.at < PERIOD.start + 15 * DAY]
    live(store, rng, cases, PERIOD.start + DAY, PERIOD.start + 16 * DAY, 40)
    live(store, rng, cases, PERIOD.start + 16 * DAY, PERIOD.end, 80)
    middle = Period("days", date(2024, 10, 8), date(2024, 10, 20))
    now = PERIOD.end
    then, part = (figures.read(store, period, now=now) for period in (PERIOD, middle))
    were = shown(then), shown(part)
    assert then.balance.holds
    live(store, rng, cases, PERIOD.end, PERIOD.end + 25 * DAY, 120)
    later = figures.read(store, PERIOD, now=now)
    assert shown(later) == were[0]
    assert later.units == then.units
    assert shown(figures.read(store, middle, now=now)) == were[1]
    after = figures.read(store, PERIOD.after(), now=PERIOD.end + 30 * DAY)
    assert after.balance.holds
    assert list(after.balance.brought.letters) == list(then.balance.carried.letters)


def one_letter(store: Store) -> str:
    """A letter of 2 October."""
    letter = receipt("1", from_iso("2024-10-02T09:00"), kind="help")
    receive(store, [letter], pending=False, now=PERIOD.end)
    return letter.id


def do(store: Store, case: str, kind: str, moment: str, **facts: Any) -> None:
    result = run(store, actor(store), [Command(kind, case, facts, {"text": "话"})], from_iso(moment))
    assert result.ok, result.refused


def answered(store: Store, case: str) -> None:
    """Forwarded, replied to on the 8th, and answered."""
    do(store, case, "forwarded", "2024-10-02T10:00", district="500104", district_name="大渡口区")
    do(store, case, "replied", "2024-10-08T10:00")
    do(store, case, "answered", "2024-10-08T12:00", checklist=["polite"], redacted=True)


def both(store: Store) -> tuple[figures.Figures, figures.Figures]:
    october, november = (figures.read(store, p, now=from_iso("2024-11-20T09:00")) for p in (PERIOD, PERIOD.after()))
    assert october.balance.holds
    assert november.balance.holds
    return october, november


def test_a_letter_reopened_in_november_stays_resolved_in_october(store: Store) -> None:
    case = one_letter(store)
    answered(store, case)
    do(store, case, "resolved", "2024-10-09T09:00", result="solved", outcomes=OUTCOMES)
    do(store, case, "reopened", "2024-11-04T09:00", reason="came_back")
    october, november = both(store)
    assert october.balance.ended[State.RESOLVED].value == 1
    assert [(o.measure, o.figure.value) for o in october.outcomes] == [("街巷整治", 2)]
    assert (november.balance.brought.value, november.balance.back.value, november.balance.carried.value) == (0, 1, 1)
    do(store, case, "replied", "2024-11-08T10:00")
    do(store, case, "answered", "2024-11-08T12:00", checklist=["polite"], redacted=True)
    do(store, case, "resolved", "2024-11-09T09:00", result="explained")
    again, november = both(store)
    assert november.balance.ended[State.RESOLVED].value == 1
    assert again.outcomes == october.outcomes


def test_a_reply_that_a_later_one_replaces_stood_until_then(store: Store) -> None:
    case = one_letter(store)
    do(store, case, "forwarded", "2024-10-02T10:00", district="500104", district_name="大渡口区")
    do(store, case, "replied", "2024-10-08T10:00")
    before, _november = both(store)
    do(store, case, "replied", "2024-11-05T10:00")
    october, _november = both(store)
    assert october.units == before.units
    assert (october.units.final_reply.slowest, october.units.on_time.part.value) == (144, 1)


def test_an_outcome_corrected_before_the_freeze_counts_as_corrected(store: Store) -> None:
    """A correction says what was so; it is no event of November."""
    case = one_letter(store)
    answered(store, case)
    do(store, case, "resolved", "2024-10-09T09:00", result="solved", outcomes=OUTCOMES)
    do(store, case, "corrected", "2024-11-03T09:00", outcomes=[OUTCOMES[0] | {"count": 3}])
    assert [o.figure.value for o in both(store)[0].outcomes] == [3]


def test_what_is_recorded_late_counts_when_it_happened(store: Store) -> None:
    case = one_letter(store)
    do(store, case, "forwarded", "2024-10-02T10:00", district="500104", district_name="大渡口区")
    late = Command("replied", case, {}, {"text": "话"}, when=from_iso("2024-10-30T10:00"))
    assert run(store, actor(store), [late], from_iso("2024-11-02T09:00")).ok
    october, november = both(store)
    assert (october.units.replies.value, november.units.replies.value) == (1, 0)


def test_the_term_of_the_index_is_the_one_in_the_file(store: Store) -> None:
    """Word for word, or SQLite reads the whole log."""
    (sql,) = store.rows("SELECT sql FROM sqlite_master WHERE name = 'ix_event_figures'")[0]
    assert as_of.INDEXED in sql
    plan = store.rows(
        f"EXPLAIN QUERY PLAN SELECT case_n FROM event WHERE {as_of.INDEXED} AND kind = 'rated' AND at >= 5"
    )
    assert "ix_event_figures" in str(plan)
