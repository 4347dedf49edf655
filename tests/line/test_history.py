"""What happened to closed letters reaches a desk that comes later: its figures of past months are those of every other desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.database import Database
from backend.demo import load
from backend.snapshot import cutting
from db import bulletin, figures, fill, link, replica
from db.bulletin import freezing
from db.bulletin.as_text import as_text
from db.clock import now_ms
from db.demo import DEMO_NOW
from db.model import CLOSED, Refusal
from db.people import own_actor
from db.refold import refold, stored
from db.store import Store
from tests.line.office import PEOPLE, Office

SECRET = "October 2024"


@pytest.fixture(scope="module")
def october_made(tmp_path_factory: pytest.TempPathFactory, made_once: Path) -> Path:
    """A database that holds September and October 2024, and a snapshot of them."""
    made = tmp_path_factory.mktemp("october") / "backend.db"
    shutil.copy(made_once, made)
    db = Database(f"sqlite:///{made}")
    load(db, SECRET)
    cutting.cut(db, DEMO_NOW)
    db.close()
    return made


@pytest.fixture
def october(tmp_path: Path, fresh_home: Path, october_made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office whose backend holds them, on the first of November."""
    monkeypatch.setenv("DESK_NOW", "2024-11-01T09:30")
    database = tmp_path / "backend.db"
    shutil.copy(october_made, database)
    opened = Office(tmp_path, fresh_home, f"sqlite:///{database}")
    for user in PEOPLE:
        opened.fire(user)
    with opened:
        yield opened


@pytest.fixture(scope="module")
def own(demo_read: Store) -> Store:
    """The demo's own desk, which was there from the first letter on."""
    return demo_read


def _told(store: Store, month: str) -> object:
    """Figures as one prints them: letters by their codes, not by their place in the store."""
    period = figures.parse(month)
    made = figures.read(store, period, now=DEMO_NOW)
    codes = dict(store.rows("SELECT n, code FROM cases"))
    named = {name: (figure.value, sorted(codes[n] for n in figure.letters)) for name, figure in made.named()}
    said = [[(codes[s.n], s.at, s.title, s.text, s.score) for s in x] for x in (made.told, made.words, made.questions)]
    spread = (made.forwarding.median, made.forwarding.slowest)
    return named, said, spread, made.replied, [(r.key, r.figure.value) for r in made.most_replies]


def _closed(store: Store) -> list[str]:
    states = ", ".join(f"'{s}'" for s in CLOSED)
    return [i for (i,) in store.rows(f"SELECT id FROM cases WHERE state IN ({states}) ORDER BY n")]


def test_a_desk_filled_over_the_line_prints_the_same_months_as_the_one_that_lived_them(
    october: Office, own: Store
) -> None:
    late = october.desk("he")
    for month in ("2024-09", "2024-10"):
        assert fill.history_complete(late.store, month)
        assert _told(late.store, month) == _told(own, month)
    # merges among them: an event knows which other letters it was folded over
    closed = _closed(late.store)
    assert len(closed) > 50
    assert [i for i in closed if refold(late.store, i) != stored(late.store, i)] == []


def test_until_what_happened_is_here_the_desk_says_that_a_month_is_not_whole(october: Office, own: Store) -> None:
    assert fill.history_complete(own, "2024-10")  # nobody is logged in: all there is is here
    late = october.desk("he", fill=False)
    seen = set()
    refused = None
    while late.rounds.fill_step() or late.rounds.round().more or late.rounds.tie().fill:
        tie = late.rounds.tie()
        plan = fill.read(tie.fill)
        if plan is not None:
            seen.add((plan.next.kind if plan.next else "", plan.usable))
            assert not fill.history_complete(late.store, "2024-10")
            if plan.usable and refused is None:  # a person is at work already: the page says so, and is not signed
                month = figures.parse("2024-10")
                page = bulletin.read(late.store, month, now=DEMO_NOW).page
                assert not page["complete"]
                assert "注意" in as_text(page)
                refused = freezing.freeze(late.store, own_actor(late.store), month, DEMO_NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "freeze_partly"
    assert ("events", True) in seen
    assert fill.history_complete(late.store, "2024-10")
    assert bulletin.read(late.store, figures.parse("2024-10"), now=DEMO_NOW).page["complete"]


def test_a_narrow_scope_has_the_last_months_whole_and_says_that_earlier_ones_are_not(
    october: Office, own: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_NOW", "2025-01-10T09:30")
    cutting.cut(october.db, now_ms())
    late = october.desk("he")
    assert late.store.rows("SELECT count(*) FROM cases") < own.rows("SELECT count(*) FROM cases")
    assert not fill.history_complete(late.store, "2024-09")
    assert not fill.history_complete(late.store, "2024-10")
    assert fill.history_complete(late.store, "2024-12")
    late.store.put_setting(link.SCOPE, link.ALL)
    assert fill.wants_more(late.rounds.tie())
    late.rounds.widen()
    while late.rounds.fill_step() or late.rounds.round().more or late.rounds.tie().fill:
        pass
    assert fill.history_complete(late.store, "2024-09")
    assert _told(late.store, "2024-10") == _told(own, "2024-10")


def test_the_words_of_a_closed_letter_come_when_it_is_opened_and_then_its_log_verifies(october: Office) -> None:
    late = october.desk("he")
    case = next(i for i in _closed(late.store) if stored(late.store, i).answer)  # type: ignore[union-attr]
    seen = late.seen(case)
    assert seen.partial
    assert not seen.body
    assert not any(e.words for e in seen.events if e.kind == "replied")
    replica.keep_whole(late.store, late.rounds.letter(case))
    seen = late.seen(case)
    assert not seen.partial
    assert seen.body
    assert all(e.words for e in seen.events if e.kind == "replied")
    assert not late.store.rows(
        "SELECT 1 FROM event e JOIN cases c ON c.n = e.case_n WHERE c.id = ? AND digest = x''", (case,)
    )


def test_what_was_erased_reaches_no_desk_by_the_history_of_another_letter(office: Office) -> None:
    he = office.desk("he")
    one, other = he.letter("路灯不亮"), he.letter("同一盏路灯")
    he.do("merged", other, facts={"into": one}, words={"text": "住七号楼的来信人"})
    he.do("declined", one, facts={"reason": "court"}, words={"text": "请向法院提起。"})
    he.sync()
    cutting.cut(office.db, now_ms())
    he.do("erased", other, facts={"reason": "request"})
    he.sync()
    late = office.desk("zhou")
    assert not late.store.rows("SELECT 1 FROM event WHERE words LIKE '%七号楼%'")
