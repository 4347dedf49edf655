"""Units, whom to call there, topics and divisions, as the newsroom decides them: from their day on, never for what was sent before."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from db import (
    configured_rows,
    configuring,
    link,
    log,
    places,
    topics,
    units,
)
from db.clock import day_of
from db.commands import Command
from db.configured_values import contacts_in
from db.store import Store
from db.units import Contact
from tests.db.deciding import DAY, NOW, TODAY, must, no
from tests.desk import inbox

pytestmark = pytest.mark.usefixtures("undecided")


def test_a_unit_with_whom_to_call_is_known_wherever_units_are_asked_for(store: Store) -> None:
    must(store, configuring.unit("u1", TODAY, inbox.YUBEI, "城市管理局"))
    must(store, configuring.contacts("u1", TODAY, [Contact("王主任", "138-0000-0101", "科长", "9:00-17:00")]))
    assert units.offices(store, inbox.YUBEI, TODAY) == ["城市管理局"]
    assert [c.phone for c in units.contacts(store, inbox.YUBEI, "", TODAY)] == ["138-0000-0101"]
    must(store, configuring.unit("u1", TODAY + timedelta(days=30), inbox.YUBEI, "城市管理委员会"), now=NOW + 1)
    assert [u.name for u in units.units(store, inbox.YUBEI, TODAY + timedelta(days=29))] == ["城市管理局"]
    assert [u.name for u in units.units(store, inbox.YUBEI, TODAY + timedelta(days=30))] == ["城市管理委员会"]
    assert no(store, configuring.unit("u2", TODAY, inbox.YUBEI, "城市管理委员会"), now=NOW + 2) == "unit_overlap"


def test_people_to_call_are_words_and_never_facts(store: Store) -> None:
    must(store, configuring.unit("u1", TODAY, inbox.YUBEI, "城市管理局"))
    must(store, configuring.contacts("u1", TODAY, [Contact("王主任", "138-0000-0101")]))
    facts = " ".join(f for (f,) in store.rows("SELECT facts FROM event"))
    assert "王主任" not in facts
    assert "138" not in facts


def test_a_unit_does_not_end_while_letters_are_with_it(store: Store) -> None:
    [case] = inbox.many(store, 1)
    must(store, configuring.unit("u1", date(2024, 1, 1), inbox.YUBEI, "城市管理局"), now=NOW - DAY)
    inbox.forward(store, case, unit="城市管理局")
    [effect] = configuring.effects(store, configuring.end_unit("u1", TODAY), NOW)
    assert (effect.code, effect.facts["n"]) == ("unit_letters", 1)
    assert no(store, configuring.end_unit("u1", TODAY), now=NOW + 60_000) == "unit_busy"
    must(store, configuring.end_unit("u1", TODAY + timedelta(days=30)), now=NOW + 60_000)
    must(store, Command("recalled", case, {"reason": "wrong_unit"}), now=NOW + 120_000)
    must(store, configuring.end_unit("u1", TODAY), now=NOW + 180_000)
    assert units.offices(store, inbox.YUBEI, TODAY + timedelta(days=1)) == [], "used before, and ended since"
    assert units.units(store, inbox.YUBEI, TODAY) == []


def test_a_topic_is_offered_from_its_day_and_keeps_its_field_when_it_ends(store: Store) -> None:
    must(store, configuring.topic("共享单车", TODAY, "交通"), configuring.topic("电梯安装", TODAY, None))
    now = topics.load(TODAY)
    assert "共享单车" in now.fields["交通"]
    assert now.filter("gxdc") == ["共享单车"]
    assert "电梯安装" not in now.all
    assert now.field_of("电梯安装") == "住房"
    assert "电梯安装" in topics.load(TODAY - timedelta(days=1)).all


def test_districts_that_become_one_are_found_by_their_old_names_and_their_streets_go_with_them(store: Store) -> None:
    new = {"name": "江渝新区", "short": "江渝", "kind": "区", "aliases": []}
    day = date(2024, 12, 1)
    must(
        store,
        configuring.division("500188", day, new),
        configuring.end_division("500108", day, ["500188"]),
        configuring.end_division("500113", day, ["500188"]),
    )
    found = places.load()
    eve = day - timedelta(days=1)
    assert {"500108", "500113"} <= {d.code for d in found.districts(eve)}
    assert "500188" not in {d.code for d in found.districts(eve)}
    assert {d.code for d in found.districts(day)} & {"500108", "500113", "500188"} == {"500188"}
    assert [d.name for d in found.successors("500108")] == ["江渝新区"]
    assert {t.name for t in found.townships("500188", day)} >= {t.name for t in found.townships("500108", eve)}
    assert found.suggest("南坪街道的路灯坏了", day).district == "500188"
    assert found.suggest("南岸区南坪街道的路灯坏了", eve).district == "500108"
    assert found.filter("jyxq", day)[0].code == "500188"
    assert [d.code for d in found.named("南岸区")] == ["500108"]


def test_a_district_that_is_renamed_keeps_its_code_and_what_was_forwarded_its_name(store: Store) -> None:
    [case] = inbox.many(store, 1)
    inbox.forward(store, case)
    must(
        store,
        configuring.division(inbox.YUBEI, TODAY, {"name": "空港区", "short": "空港", "kind": "区"}),
        now=NOW + 60_000,
    )
    found = places.load()
    assert found.name(inbox.YUBEI) == "空港区"
    assert found.on(inbox.YUBEI, TODAY - timedelta(days=1)).name == "渝北区"  # type: ignore[union-attr]
    assert inbox.letter(store, case).case.dispatches[0].district_name == "渝北区"
    assert found.suggest("渝北区人民政府门口的路", TODAY).district == inbox.YUBEI
    assert len(found.districts(TODAY)) == 41


def test_letters_of_a_district_that_ended_wait_for_a_supervisor(store: Store) -> None:
    [case] = inbox.many(store, 1)
    inbox.forward(store, case)
    decided = configuring.end_division(inbox.YUBEI, TODAY, [inbox.SHAPINGBA])
    said = {e.code: e.facts["n"] for e in configuring.effects(store, decided, NOW)}
    assert said == {"inherit": 1, "units_left": 0}
    must(store, decided, now=NOW + 60_000)
    assert configuring.orphans(store, TODAY) == [(inbox.YUBEI, "渝北区", 1)]
    assert inbox.letter(store, case).case.dispatches[0].district == inbox.YUBEI


def forgotten(store: Store) -> list[str]:
    """Whom the log still names, decision by decision; "" where the words are gone."""
    rows = store.rows(
        "SELECT words FROM event WHERE kind = 'configured' AND json_extract(facts, '$.what') = 'contacts' ORDER BY n"
    )
    return ["" if words is None else contacts_in(json.loads(words))[0].name for (words,) in rows]


def test_whom_nobody_calls_any_more_is_forgotten(store: Store) -> None:
    people = [configuring.contacts("u1", TODAY, [Contact(name, "138-0000-0101")]) for name in ("王主任", "李主任")]
    must(store, configuring.unit("u1", TODAY, inbox.YUBEI, "住建委"), people[0])
    assert forgotten(store) == ["王主任"]
    must(store, people[1])
    assert forgotten(store) == ["", "李主任"]
    for words, salt, inner, digest, event in _logged(store):
        assert words is not None or (salt == "" and log.digest(event, inner) == digest), "the digest still verifies"
    assert [c.name for c in units.contacts(store, inbox.YUBEI, "", TODAY)] == ["李主任"]


def _logged(store: Store) -> list[Any]:
    rows = store.rows(
        f"SELECT e.words, e.salt, e.inner, e.digest, {log.SELECT} FROM event e LEFT JOIN cases c ON c.n = e.case_n "
        "WHERE e.kind = 'configured'"
    )
    return [(*row[:4], log.load(row[4:])) for row in rows]


def test_with_a_backend_an_earlier_contact_stays_until_the_log_has_the_later_one(store: Store) -> None:
    people = [configuring.contacts("u1", TODAY, [Contact(name, "138-0000-0101")]) for name in ("王主任", "李主任")]
    must(store, configuring.unit("u1", TODAY, inbox.YUBEI, "住建委"), people[0])
    store.put_setting(link.SERVER, "https://letters.example")
    must(store, people[1])
    assert forgotten(store) == ["王主任", "李主任"], "the later one may yet be refused"
    with store.write() as conn:  # the log's answer, as the replica writes it
        conn.execute("UPDATE event SET seq = n")
        conn.execute("DELETE FROM outbox")
        configured_rows.rebuild(conn)
    assert forgotten(store) == ["", "李主任"]


def test_a_unit_that_has_ended_is_offered_no_more_however_often_it_was_used(store: Store) -> None:
    must(store, *(configuring.unit(f"u{n}", TODAY, inbox.YUBEI, name) for n, name in enumerate(("住建委", "城管局"))))
    for case, unit in zip(inbox.many(store, 3), ("城管局", "城管局", "热心街坊"), strict=True):
        inbox.forward(store, case, unit=unit, now=NOW)
        inbox.do(store, case, "replied", {"text": "已办。"}, now=NOW + DAY)
        inbox.do(store, case, "resolved", {"text": "已办。"}, now=NOW + 2 * DAY, result="solved", worded=True)
    later = day_of(NOW + 3 * DAY)
    assert units.offices(store, inbox.YUBEI, later) == ["城管局", "热心街坊", "住建委"]
    must(store, configuring.end_unit("u1", later), now=NOW + 3 * DAY)
    assert units.offices(store, inbox.YUBEI, later) == ["热心街坊", "住建委"]
