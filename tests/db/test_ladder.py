"""One deadline hides no other: what the ladder proposes where a unit has several, or got a new one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db import deadlines
from db.casefile import dump, restore
from db.clock import from_iso
from db.model import Absorbed, Case, Role
from db.newsroom import default_rules
from tests.db.cases_factory import HOUR, Desk, S

RULES = default_rules()


def desk(at: str = "2024-10-14T09:00", **facts: object) -> Desk:
    """A complaint, received at that moment and forwarded two hours later."""
    made = Desk(from_iso(at))
    made.letter(**facts)
    made.until("forwarded")
    return made


def proposed(d: Desk, place: int = 0) -> tuple[int, str] | None:
    """(level, clock) that the ladder proposes now for the dispatch at that place."""
    case = d.cases["a"]
    step = deadlines.ladder(case, case.dispatches[place], d.now, RULES)
    return (step.level, step.clock) if step else None


def at(d: Desk, moment: str) -> Desk:
    d.now = from_iso(moment)
    return d


def chase(d: Desk, level: int, place: int = 0) -> Case:
    of = d.cases["a"].dispatches[place].id
    return d.must("chased", role=S, level=level, channel="phone", later=0, _re=of, _dispatch=of)


def test_who_was_chased_for_not_signing_is_chased_for_not_replying() -> None:
    d = at(desk(), "2024-10-16T10:00")
    assert proposed(d) == (2, "sign")
    chase(d, 2)
    assert proposed(d) is None
    assert proposed(at(d, "2024-10-31T10:00")) == (1, "reply"), (
        "warned of the reply, though 催办 went out for the signature"
    )
    chase(d, 1)
    assert proposed(at(d, "2024-11-05T10:00")) == (2, "reply")
    chase(d, 2)
    assert proposed(d) is None


def test_two_deadlines_of_one_day_are_two_chases() -> None:
    d = desk("2024-10-18T09:00", urgency="critical")  # a Friday: what is chased at the weekend counts for it
    at(d, "2024-10-18T17:00")
    assert proposed(d) == (2, "sign")
    chase(d, 2)
    assert proposed(at(d, "2024-10-19T11:30")) == (2, "reply"), "late since 11:00 on Saturday"
    assert chase(d, 2).chases == 2
    of = d.cases["a"].dispatches[0].id
    again = d.do("chased", role=S, level=2, channel="phone", _re=of, _dispatch=of)
    assert isinstance(again, Absorbed), "the same deadline, level and day once more"


def test_a_late_reply_asks_for_the_signature_too() -> None:
    d = at(desk(), "2024-11-05T10:00")
    assert proposed(d) == (2, "reply")
    chase(d, 2)
    assert proposed(d) is None


def test_a_reply_sent_back_has_a_deadline_of_its_own() -> None:
    d = at(desk(), "2024-10-14T12:00")
    d.must("signed", role=Role.UNIT)
    at(d, "2024-11-05T10:00")
    chase(d, 2)
    d.must("replied", role=Role.UNIT)
    case = d.must("redone", code="evasive")
    at(d, "2024-11-11T10:00")
    assert case.dispatches[0].reply_due <= d.now
    assert proposed(d) == (2, "reply")


def test_an_extension_brings_a_warning_of_its_own() -> None:
    d = at(desk(), "2024-10-14T12:00")
    d.must("signed", role=Role.UNIT)
    at(d, "2024-10-31T10:00")
    chase(d, 1)
    assert proposed(d) is None
    d.must("extension_asked", role=Role.UNIT)
    d.must("extended", role=S)
    assert proposed(at(d, "2024-11-14T10:00")) == (1, "reply")


def test_the_lead_hides_no_co_handler_nor_the_desks_own_lateness() -> None:
    d = desk()
    d.forward(district="500112", co=True)
    at(d, "2024-10-16T10:00")
    chase(d, 2)
    assert (proposed(d), proposed(d, 1)) == (None, (2, "sign"))
    at(d, "2024-10-16T10:30")
    lead = d.cases["a"].dispatches[0].id
    d.must(
        "returned",
        role=Role.UNIT,
        reason="not_ours",
        later=0,
        _when=from_iso("2024-10-15T09:00"),
        _re=lead,
        _dispatch=lead,
    )
    at(d, "2024-10-18T10:00")
    late = {c.kind for c in deadlines.late_clocks(d.cases["a"], d.now)}
    assert late == {"forward", "sign"}, "the desk itself is late too"
    assert proposed(d, 1) == (2, "sign")


@given(
    hours=st.lists(st.integers(0, 30 * 24), min_size=1, max_size=12),
    urgency=st.sampled_from(["normal", "urgent", "critical"]),
    signed=st.booleans(),
)
def test_what_is_proposed_can_be_sent_once_and_moves_no_due_time(hours: list[int], urgency: str, signed: bool) -> None:
    """Invariant: a proposal that is sent is never absorbed, and is not proposed again at the same moment."""
    d = desk(urgency=urgency)
    if signed:
        d.must("signed", role=Role.UNIT)
    start = d.now
    for hour in sorted(hours):
        d.now = start + hour * HOUR
        before = d.cases["a"].dispatches[0]
        step = deadlines.ladder(d.cases["a"], before, d.now, RULES)
        if step is None:
            continue
        if urgency == "normal":
            assert deadlines.in_office_hours(d.now, RULES)
        after = chase(d, step.level).dispatches[0]
        assert (after.sign_due, after.return_due, after.reply_due) == (
            before.sign_due,
            before.return_due,
            before.reply_due,
        )
        following = deadlines.ladder(d.cases["a"], after, d.now, RULES)
        assert following is None or (following.clock, following.level) != (step.clock, step.level)


def test_a_chase_is_kept_with_its_deadline_and_an_older_one_without_is_read() -> None:
    d = at(desk(), "2024-10-16T10:00")
    case = chase(d, 2)
    assert restore(dump(case)) == case
    text = dump(case)
    [kept] = case.dispatches[0].chased_on
    older = text.replace(f'[2,"2024-10-16","sign",{kept.due}]', '[2,"2024-10-16"]')
    assert older != text
    assert restore(older).dispatches[0].chased_on[0] == (2, kept.day, "reply", None)
