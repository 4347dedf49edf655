"""A frozen month at several desks: it travels as it was signed, one freeze holds, a revision says what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db import commands, figures
from db.bulletin import freezing, frozen_rows, making
from db.bulletin.frozen_rows import Revision
from db.clock import DAY, now_ms
from db.commands import Command
from db.model import Refusal
from db.people import own_actor
from tests.line.office import Desk, Office

MONTH = figures.parse("2024-10")


@pytest.fixture(autouse=True)
def a_day_in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """The month is over; whatever other tests did to the clock."""
    monkeypatch.setenv("DESK_NOW", "2024-11-06T09:30:00+08:00")


def freeze(desk: Desk) -> Revision:
    made = freezing.freeze(desk.store, own_actor(desk.store), MONTH, now_ms())
    assert isinstance(made, Revision), made
    return made


def last_month(desk: Desk, title: str) -> str:
    """A letter of last month, written down late."""
    result = commands.run(
        desk.store,
        own_actor(desk.store),
        [Command("received", words={"title": title, "body": title}, when=MONTH.start + 3 * DAY)],
    )
    assert result.ok
    return result.changed[0]


def test_a_signed_month_is_on_every_desk_as_it_was_signed(any_office: Office) -> None:
    he, li = any_office.desk("he"), any_office.desk("li")
    last_month(li, "路灯不亮")
    li.sync()
    he.sync()
    made = freeze(he)
    assert made.pending
    he.sync()
    li.sync()
    late = any_office.desk("zhou")  # filled after it was frozen
    for desk in (he, li, late):
        (held,) = frozen_rows.revisions(desk.store, MONTH.name)
        assert (held.hash, held.intact, held.pending) == (made.hash, True, False)
        assert held.by == frozen_rows.revisions(he.store, MONTH.name)[0].by
        assert frozen_rows.bulletin(desk.store, held).page["counts"]["total"] == 1


def test_of_two_that_freeze_the_same_month_the_first_holds_and_the_second_is_told(any_office: Office) -> None:
    he, other = any_office.desk("he"), any_office.desk("he")
    last_month(he, "水管爆裂")
    first, second = freeze(he), freeze(other)  # other has not heard of the letter
    assert first.hash != second.hash
    he.sync()
    other.sync()
    assert list(other.refused().values()) == ["frozen_already"]
    he.sync()
    for desk in (he, other):
        (held,) = frozen_rows.revisions(desk.store, MONTH.name)
        assert held.hash == first.hash


def test_what_comes_later_makes_a_revision_and_leaves_the_old_page(office: Office) -> None:
    he, li = office.desk("he"), office.desk("li")
    one = last_month(li, "电梯停运")
    li.sync()
    he.sync()
    first = freeze(he)
    nothing = freezing.revise(he.store, own_actor(he.store), MONTH, now_ms())
    assert isinstance(nothing, Refusal)
    assert nothing.code == "revise_nothing"
    other = last_month(li, "噪音扰民")
    li.do("accepted", one, facts={"kind": "suggestion"})
    for desk in (li, he, li):
        desk.sync()
    second = freezing.revise(he.store, own_actor(he.store), MONTH, now_ms())
    assert isinstance(second, Revision)
    changed = {c["figure"]: c for c in second.snapshot.changes}
    assert (changed["received"]["was"], changed["received"]["now"]) == (1, 2)
    assert changed["received"]["came"] == [li.case(other).code]
    assert (changed["suggestions"]["was"], changed["suggestions"]["now"]) == (0, 1)
    assert [e["kind"] for e in changed["suggestions"]["because"]] == ["accepted"]
    he.sync()
    li.sync()
    old, new = frozen_rows.revisions(li.store, MONTH.name)
    assert (old.hash, new.hash) == (first.hash, second.hash)
    assert frozen_rows.bulletin(li.store, old).page["counts"]["total"] == 1
    assert frozen_rows.bulletin(li.store, new).page["counts"]["total"] == 2
    assert freezing.changes(li.store, MONTH.name, now_ms()) == ()


def test_a_letter_reopened_after_the_bulletin_counts_in_its_own_month(office: Office) -> None:
    """It stays closed in the month that was frozen: not even a revision would say otherwise."""
    he = office.desk("he")
    case = last_month(he, "道路坑洼")
    he.do("withdrawn", case, facts={"reason": "solved"}, when=MONTH.end - DAY)
    freeze(he)
    he.do("reopened", case, facts={"reason": "unsolved"}, words={"text": "又坏了"}, when=MONTH.end + 60_000)
    assert freezing.changes(he.store, MONTH.name, now_ms()) == ()
    next_month = making.read(he.store, MONTH.after(), now=now_ms()).page["balance"]
    assert (next_month["brought"], next_month["back"], next_month["holds"]) == (0, 1, True)


def test_an_editor_does_not_sign(office: Office) -> None:
    li = office.desk("li")
    no = freezing.freeze(li.store, own_actor(li.store), MONTH, now_ms())
    assert isinstance(no, Refusal)
    assert no.code == "supervisor_only"


def test_a_page_that_was_changed_behind_its_back_shows_it(office: Office) -> None:
    he = office.desk("he")
    last_month(he, "路灯不亮")
    made = freeze(he)
    from db.bulletin.frozen import packed

    page = dict(made.snapshot.page) | {"counts": {**made.snapshot.page["counts"], "total": 9}}
    word, _hash = packed(replace(made.snapshot, page=page))
    with he.store.write() as conn:
        conn.execute("UPDATE bulletin SET body = json_set(body, '$.snapshot', ?)", (word,))
    (held,) = frozen_rows.revisions(he.store, MONTH.name)
    assert not held.intact
    assert not frozen_rows.bulletin(he.store, held).page["signed"]["intact"]
