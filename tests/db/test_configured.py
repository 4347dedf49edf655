"""What the newsroom decides: folded the same on every desk, never changing what was sent, refused in sentences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import (
    configured,
    configured_rows,
    configuring,
    log,
    queries,
)
from db.clock import day_of, midnight
from db.commands import Command
from db.configured import Newsroom
from db.model import Actor, Case, Event, Kind, Refusal, Role, Term, Urgency
from db.newsroom import LEVELS, LIMITS, default_rules, limit_out
from db.opening import open_store
from db.store import Store
from db.units import Contact
from tests.db.deciding import DAY, NOW, TODAY, must, no, run
from tests.desk import inbox

BOSS = Actor("he", Role.SUPERVISOR, "06")
TABLES = ("rules", "division", "unit", "unit_contact", "topic", "template")


pytestmark = pytest.mark.usefixtures("undecided")


def as_event(command: Command, nr: int, at: int = NOW, seq: int | None = None, re: str | None = None) -> Event:
    words, salt = command.words, "00" if command.words else ""
    heard = None if seq is None else at + 1000 * seq
    return Event(
        id=f"00000000-0000-7000-8000-{nr:012d}", case=None, kind="configured", at=at, actor="he", role=Role.SUPERVISOR,
        device="06", facts=command.facts, words=words, salt=salt, seq=seq, heard=heard, re=re,
    )  # fmt: skip


# ── one fold for everybody ───────────────────────────────────────────────────────────────────────────────────────────

DAYS = st.integers(-3, 60).map(lambda n: TODAY + timedelta(days=n))
TERMS = st.integers(1, 30).map(lambda n: Term(n, "wd"))


def _level(urgency: Urgency, day: date, term: Term) -> Command:
    return configuring.level(urgency, day, replace(LEVELS[Urgency.NORMAL], sign=term, forward=term))


COMMANDS = st.one_of(
    st.builds(_level, st.sampled_from(Urgency), DAYS, TERMS),
    st.builds(configuring.limit, st.sampled_from(["tell_days", "max_asks"]), DAYS, st.integers(1, 9)),
    st.builds(
        lambda year, off: configuring.decide("calendar", str(year), TODAY, {"off": [f"{year}-01-{off:02d}"], "on": []}),
        st.sampled_from([2027, 2028]),
        st.integers(1, 28),
    ),
    st.builds(configuring.topic, st.sampled_from(["电梯安装", "共享单车"]), DAYS, st.sampled_from([None, "交通", "民生"])),
    st.builds(
        configuring.unit, st.sampled_from(["u1", "u2"]), DAYS, st.sampled_from(["500112", "500230"]), st.sampled_from("甲乙丙")
    ),
    st.builds(configuring.end_unit, st.sampled_from(["u1", "u2"]), DAYS),
    st.builds(lambda n: configuring.contacts("u1", TODAY, [Contact("王主任", "138-0000-0101")] * n), st.integers(0, 2)),
    st.builds(lambda name, day: configuring.division("500112", day, {"name": name, "short": name[:2], "kind": "区"}),
              st.sampled_from(["渝北区", "新渝北区"]), DAYS),
    st.builds(configuring.end_division, st.just("500105"), DAYS, st.just(["500112"])),
    st.builds(lambda name, body: configuring.template("t1", TODAY, "ask", name, body, None, None),
              st.sampled_from(["甲", "乙"]), st.sampled_from(["请补充。", "请说明。"])),
    st.just(Command("configured", facts={"what": "moon", "id": "x", "from": "2024-11-02", "value": {"phase": 3}})),
)  # fmt: skip


def accepted(decided: list[tuple[Command, int]]) -> list[Event]:
    """The log that a backend makes of them: each judged on what those before it left."""
    newsroom, events = Newsroom(), list[Event]()
    for nr, (command, hours) in enumerate(decided):
        event = as_event(command, nr, NOW + hours * 3_600_000, seq=len(events) + 1)
        after = configured.decide(newsroom, event)
        if not isinstance(after, Refusal):
            newsroom = after
            events.append(event)
    return events


LOGS = st.lists(st.tuples(COMMANDS, st.integers(0, 90)), max_size=12).map(accepted)


@contextmanager
def desk(home: Path) -> Iterator[Store]:
    with open_store(home) as opened:
        with opened.write() as conn:
            conn.execute("DELETE FROM event")
            configured_rows.rebuild(conn)
        yield opened


def take(store: Store, event: Event) -> None:
    """An event as a desk's replica writes it: new, or its own with its number."""
    with store.write() as conn:
        conn.execute("DELETE FROM event WHERE id = ?", (event.id,))
        n = (conn.execute("SELECT max(n) FROM event").fetchone()[0] or 0) + 1
        conn.execute(log.INSERT, log.values(n, event, None))
        configured_rows.rebuild(conn)


def rows(store: Store) -> dict[str, list[Any]]:
    skip = {"unit_contact": "unit, name, phone, duty, hours"}
    found = {t: store.rows(f"SELECT {skip.get(t, '*')} FROM {t} ORDER BY 1, 2") for t in TABLES}
    found["plan"] = [store.setting("rules.plan"), store.setting("newsroom.name")]
    return found


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_applying_the_events_from_scratch_gives_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever order a desk hears of them in, its own pending ones among them."""
    events = data.draw(LOGS)
    home = tmp_path_factory.getbasetemp() / "configured-desk"
    with desk(home) as store:
        mine = data.draw(st.sets(st.integers(0, 11), max_size=3))
        for nr in sorted(mine):
            if nr < len(events):
                take(store, replace(events[nr], seq=None, heard=None))
        for event in data.draw(st.permutations(events)):
            take(store, event)
        heard = rows(store)
        with store.write() as conn:
            for table in TABLES:
                conn.execute(f"DELETE FROM {table}")
            configured_rows.rebuild(conn)
        assert rows(store) == heard
        assert configured_rows.read(store).book == configured.fold(events).book


@settings(max_examples=60, deadline=None)
@given(LOGS)
def test_a_version_of_the_rules_is_never_changed_and_the_past_never_judged_anew(events: list[Event]) -> None:
    newsroom = Newsroom()
    for event in events:
        after = configured.apply(newsroom, event)
        assert after.book.versions.items() >= newsroom.book.versions.items()
        for moment in (NOW - DAY, *(e.heard or 0 for e in events if (e.heard or 0) < configured.heard(event))):
            assert after.book.at(moment) == newsroom.book.at(moment), "what was folded before stays as it was"
        starts = [moment for moment, _version in after.book.plan]
        assert starts == sorted(set(starts))
        newsroom = after


def test_two_desks_that_decide_different_items_both_hold_and_on_the_same_the_last_does() -> None:
    day = TODAY + timedelta(days=7)
    first = as_event(_level(Urgency.NORMAL, day, Term(2, "wd")), 1, seq=1)
    other = as_event(_level(Urgency.URGENT, day, Term(3, "h")), 2, seq=2)
    again = as_event(_level(Urgency.NORMAL, day, Term(4, "wd")), 3, seq=3)
    rules = configured.fold([first, other, again]).book.at(midnight(day))
    assert rules.levels[Urgency.NORMAL].sign == Term(4, "wd")
    assert rules.levels[Urgency.URGENT].sign == Term(3, "h")
    kept = configured.fold([first, other, again]).items["level", "normal"]
    assert [(d.event, d.unseen) for d in kept] == [(again.id, True)], "and it says that the first was not seen"
    swapped = configured.fold(
        [replace(again, seq=1, heard=first.heard), other, replace(first, seq=3, heard=again.heard)]
    )
    assert swapped.book.at(midnight(day)).levels[Urgency.NORMAL].sign == Term(2, "wd")


def test_a_change_that_is_planned_and_a_notice_that_comes_before_it_do_not_undo_each_other() -> None:
    january = date(2025, 1, 1)
    planned = as_event(_level(Urgency.NORMAL, january, Term(2, "wd")), 1, seq=1)
    noticed = as_event(
        configuring.decide("calendar", "2027", TODAY, {"off": ["2027-01-01"], "on": []}), 2, NOW + DAY, seq=2
    )
    book = configured.fold([planned, noticed]).book
    before, after = book.at(midnight(date(2024, 12, 1))), book.at(midnight(january))
    assert before.calendar == after.calendar
    assert date(2027, 1, 1) in before.calendar.off
    assert before.levels[Urgency.NORMAL].sign == Term(1, "wd")
    assert after.levels[Urgency.NORMAL].sign == Term(2, "wd")
    assert book.at(NOW).version == 1


# ── through the store ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_is_one_event_in_log_and_outbox_and_the_next_forward_goes_by_it(store: Store) -> None:
    [case, later] = inbox.many(store, 2)
    tomorrow = TODAY + timedelta(days=1)
    before = inbox.letter(store, case).case
    must(store, configuring.level(Urgency.NORMAL, tomorrow, replace(LEVELS[Urgency.NORMAL], sign=Term(3, "wd"))))
    assert store.rows("SELECT kind, case_n FROM event e JOIN outbox o ON o.event_n = e.n") == [("configured", None)]
    forward = Command("forwarded", case, {"district": inbox.YUBEI, "contact": "withheld"})
    must(store, forward)
    must(store, replace(forward, case=later), now=NOW + DAY)
    now, then = (inbox.letter(store, c).case.dispatches[0] for c in (case, later))
    assert (now.rules, then.rules) == (1, 2)
    assert day_of(now.sign_due - 1) == date(2024, 11, 4)
    assert day_of(then.sign_due - 1) == date(2024, 11, 6)
    assert inbox.letter(store, case).case.forward_due is None
    assert before.forward_due is not None


def test_only_a_supervisor_decides(store: Store) -> None:
    editor = Actor("li", Role.EDITOR, "03")
    [(_c, refusal)] = run(store, configuring.topic("共享单车", TODAY, "交通"), actor=editor).refused
    assert refusal.code == "supervisor_only"
    assert store.rows("SELECT count(*) FROM event") == [(0,)]


@pytest.mark.parametrize(
    ("decided", "code"),
    [
        (configuring.level(Urgency.NORMAL, TODAY - timedelta(days=1), LEVELS[Urgency.NORMAL]), "in_past"),
        (_level(Urgency.NORMAL, TODAY, Term(900, "wd")), "bad_fact"),
        (configuring.limit("max_asks", TODAY, -1), "bad_fact"),
        (configuring.limit("office_hours", TODAY, [17, 9]), "bad_fact"),
        (configuring.limit("moon", TODAY, 1), "bad_fact"),
        (configuring.decide("calendar", "2029", TODAY, {"off": ["2029-01-01"], "on": []}), "notice_gap"),
        (configuring.decide("calendar", "2027", TODAY, {"off": [], "on": []}), "bad_fact"),
        (configuring.decide("calendar", "2027", TODAY, None), "bad_fact"),
        (configuring.topic("没有的话题", TODAY, None), "no_such"),
        (configuring.topic("共享\x1b单车", TODAY, "交通"), "bad_fact"),
        (configuring.unit("u9", TODAY, "999999", "某局"), "no_district"),
        (configuring.end_unit("u9", TODAY), "no_such"),
        (configuring.contacts("u9", TODAY, [Contact("王")]), "no_such"),
        (configuring.division("5001", TODAY, {"name": "某区", "short": "某", "kind": "区"}), "bad_fact"),
        (configuring.division("500199", TODAY, {"name": "渝中区", "short": "渝中", "kind": "区"}), "division_overlap"),
        (configuring.end_division("500112", TODAY, ["500198"]), "no_successor"),
        (configuring.end_division("500112", TODAY, ["500112"]), "no_successor"),
        (Command("configured", facts={"what": "topic", "id": "x", "from": "soon", "value": None}), "bad_fact"),
        (
            Command("configured", facts={"what": "unit", "id": "x", "from": "2024-11-01", "value": {"name": 3}}),
            "bad_fact",
        ),
        (Command("configured", facts={"what": "unit", "id": "x", "from": "2024-11-01", "cancels": "y"}), "no_decision"),
    ],
)
def test_what_may_not_stand_is_refused_with_a_sentence(store: Store, decided: Command, code: str) -> None:
    assert no(store, decided) == code
    assert rows(store)["rules"] == []


def test_a_decision_that_changes_nothing_is_not_written(store: Store) -> None:
    decided = configuring.topic("共享单车", TODAY, "交通")
    must(store, decided)
    assert no(store, decided) == "as_it_stands"


def test_what_has_not_begun_can_be_cancelled_and_what_has_cannot(store: Store) -> None:
    must(store, configuring.level(Urgency.NORMAL, TODAY + timedelta(days=9), LEVELS[Urgency.URGENT]))
    must(store, configuring.limit("tell_days", TODAY, 7))
    newsroom = configured_rows.read(store)
    [planned], [in_force] = newsroom.items["level", "normal"], newsroom.items["limit", "tell_days"]
    assert no(store, configuring.cancel(in_force), now=NOW + 1000) == "in_force"
    must(store, configuring.cancel(planned), now=NOW + 1000)
    assert store.rulebook().at(NOW + 20 * DAY).levels == default_rules().levels
    assert no(store, configuring.cancel(planned), now=NOW + 2000) == "no_decision"


def test_every_number_of_the_rules_can_be_decided(store: Store) -> None:
    for name in LIMITS:
        value = limit_out(default_rules(), name)
        new = (
            [8, 18]
            if name == "office_hours"
            else [3, "wd"]
            if name == "min_term"
            else [2, 12]
            if name == "urgent_ladder"
            else 0.75
            if name == "warn_share"
            else value + 1
        )
        must(store, configuring.limit(name, TODAY, new))
        assert limit_out(store.rulebook().at(NOW + 60_000), name) == new
        with open_store(store.home) as other:
            assert other.rulebook() == store.rulebook()


def test_a_frozen_month_is_not_decided_anew(store: Store) -> None:
    with store.write() as conn:
        conn.execute("INSERT INTO bulletin VALUES ('2024-10', 1, '{}', 0, 'he')")
    assert no(store, configuring.topic("共享单车", date(2024, 10, 31), "交通")) == "frozen_month"
    must(store, configuring.topic("共享单车", TODAY, "交通"))


def test_what_is_decided_reads_the_same_in_another_process(store: Store) -> None:
    must(store, configuring.topic("共享单车", TODAY, "交通"), configuring.letterhead("某某日报", TODAY))
    ask = "import sys; from pathlib import Path; from db import topics; from db.opening import open_store;"
    ask += "s = open_store(Path(sys.argv[1])); print(topics.load().field_of('共享单车'))"
    env = os.environ | {"DESK_NOW": "2024-11-02T09:00"}
    said = subprocess.run(
        [sys.executable, "-c", ask, str(store.home)], capture_output=True, text=True, check=True, env=env
    )
    assert said.stdout.strip() == "交通"
    assert store.setting("newsroom.name") == "某某日报"


def test_letters_keep_the_terms_they_were_sent_with_whatever_is_decided_later(store: Store) -> None:
    cases = inbox.busy(store)
    before = {c: inbox.letter(store, c).case for c in cases}
    must(
        store,
        configuring.level(
            Urgency.NORMAL, TODAY, replace(LEVELS[Urgency.NORMAL], reply=dict.fromkeys(Kind, Term(1, "wd")))
        ),
    )
    assert {c: inbox.letter(store, c).case for c in cases} == before
    assert isinstance(before[cases[0]], Case)
    assert queries.counts(store, NOW) == queries.counts(store, NOW)
    assert json.loads(store.setting("rules.plan") or "[]")[0][1] == 2
