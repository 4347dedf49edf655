"""What is learned is what the decisions that stand now say: counted in quiet moments, unlearned exactly."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from store_letters import NOW, actor, bring, do, receipt

from db.commands import Command, run
from db.model import CaseId
from db.runs import Doing
from db.store import Store
from db.suggest import suggest
from db.suggest_model import NOTHING, Learned, key, scored
from db.undo import take_back
from db.upkeep import settle

PARROT = "鹦鹉每天清晨在阳台上尖叫，楼下老人心脏不好。"


def letters(store: Store, n: int, body: str = PARROT) -> list[CaseId]:
    return bring(store, *(receipt(f"{body[:2]}{i}", title=f"第{i}封", body=body) for i in range(n)))


def classify(store: Store, case: CaseId, **facts: str) -> None:
    do(store, "classified", case, facts=facts)


def held(store: Store) -> list[tuple[object, ...]]:
    """All that was learned, whatever order it came in."""
    settle(store, 10_000)
    return [
        *store.rows("SELECT field, label, letters, grams, counts FROM learned ORDER BY field, label"),
        *store.rows("SELECT * FROM learned_place ORDER BY name, district"),
        *store.rows("SELECT * FROM learned_letter ORDER BY n"),
    ]


def test_the_desks_own_decisions_are_learned_and_said(store: Store) -> None:
    said = ("隔壁的鹦鹉天亮就叫", "邻居家鹦鹉，吵人", "楼上鹦鹉叫个不停", "几只鹦鹉整天吵", "对门鹦鹉一早就叫")
    *decided, new = (letters(store, 1, body)[0] for body in said)
    assert suggest(store, new, NOW).value("topic") is None
    for case in decided:
        classify(store, case, topic="广场舞噪音管控")
    assert settle(store, 100) == 0
    hint = suggest(store, new, NOW).hints["topic"]
    assert (hint.value, hint.why, hint.times, hint.of) == ("广场舞噪音管控", "learned", 4, 4)
    assert hint.found == ("鹦鹉",)


def test_an_estate_that_the_desk_knows_says_its_district(store: Store) -> None:
    body = "幸福里小区门口的路灯不亮。"
    one, two, new = letters(store, 3, body)
    classify(store, one, district="500106")
    settle(store, 100)
    assert suggest(store, new, NOW).value("district") is None  # one letter is no habit
    classify(store, two, district="500106")
    settle(store, 100)
    hint = suggest(store, new, NOW).hints["district"]
    assert (hint.value, hint.why, hint.found, hint.times) == ("500106", "estate", ("幸福里小区",), 2)


def test_an_estate_in_two_districts_says_none(store: Store) -> None:
    one, two, three, new = letters(store, 4, "幸福里小区门口的路灯不亮。")
    for case, district in ((one, "500106"), (two, "500106"), (three, "500107")):
        classify(store, case, district=district)
    settle(store, 100)
    assert suggest(store, new, NOW).value("district") is None


def test_a_rule_of_urgency_that_the_desk_does_not_follow_falls_silent(store: Store) -> None:
    *decided, new = letters(store, 5, "工地拖欠三十名农民工工资。")
    assert suggest(store, new, NOW).value("urgency") == "urgent"
    for case in decided:
        do(store, "accepted", case, facts={"kind": "help", "urgency": "normal"})
    settle(store, 100)
    assert suggest(store, new, NOW).value("urgency") is None


def test_what_the_channel_or_a_file_said_is_no_decision_of_the_desk(store: Store) -> None:
    bring(store, receipt("1", topic="河流污染", kind="complaint", district="500106"))
    assert held(store) == []


def test_a_decision_that_is_changed_is_unlearned(store: Store) -> None:
    one, two = letters(store, 2)
    classify(store, two, topic="河流污染")
    wanted = held(store)
    classify(store, one, topic="停车收费")
    held(store)
    classify(store, two, topic="停车收费")
    held(store)
    classify(store, two, topic="河流污染")
    do(store, "classified", one, facts={"topic": None})
    assert held(store) == wanted


def test_a_decision_that_is_taken_back_is_unlearned(store: Store) -> None:
    [case] = letters(store, 1)
    before = held(store)
    doing = Doing("classify", {})
    done = run(store, actor(store), [Command("classified", case, {"topic": "河流污染"}, {})], NOW, doing=doing)
    assert held(store) != before
    [(n,)] = store.rows("SELECT max(n) FROM run")
    take_back(store, actor(store), n, NOW)
    assert done.ok
    assert held(store) == before


def test_an_erased_letter_is_unlearned_and_leaves_no_words(store: Store) -> None:
    one, two = letters(store, 2)
    classify(store, two, topic="河流污染")
    wanted = held(store)
    classify(store, one, topic="河流污染", district="500106")
    held(store)
    do(store, "erased", one, facts={"reason": "citizen_asks"})
    assert held(store) == wanted


def test_features_of_another_version_are_learned_anew(store: Store) -> None:
    for case in letters(store, 3):
        classify(store, case, topic="河流污染", kind="complaint")
    wanted = held(store)
    with store.write() as conn:
        conn.execute("UPDATE learned SET letters = 99")
        conn.execute("UPDATE setting SET value = '0:' WHERE name = 'learned.version'")
    while settle(store, 1):
        pass
    assert held(store) == wanted


GRAMS = st.lists(st.sampled_from(["电梯", "停水", "噪音", "路灯", "河水"]), unique=True)


@given(letters=st.lists(GRAMS, min_size=1), gone=st.data())
def test_learning_has_no_order_and_unlearning_is_exact(letters: list[list[str]], gone: st.DataObject) -> None:
    taken = gone.draw(st.sets(st.integers(0, len(letters) - 1)))
    kept = [grams for i, grams in enumerate(letters) if i not in taken]
    there = NOTHING
    for grams in letters:
        there = there.changed(1, Counter(map(key, grams)))
    for i in taken:
        there = there.changed(-1, {key(g): -1 for g in letters[i]})
    again = NOTHING
    for grams in reversed(kept):
        again = again.changed(1, Counter(map(key, grams)))
    assert there == again
    assert Learned.read(there.letters, there.grams, there.stored()) == there


def test_of_two_labels_the_one_whose_letters_say_it_wins() -> None:
    held = {
        "电梯安装": NOTHING.changed(3, {key("电梯"): 3}),
        "用水用电": NOTHING.changed(3, {key("停水"): 3}),
    }
    ranked = scored({"停水": 2.0}, held, {"电梯安装": {}, "用水用电": {}, "停车收费": {}})
    assert ranked[0].label == "用水用电"
