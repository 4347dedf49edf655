"""Search over the store: right whatever the index holds, within any queue, page by page."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_letters import NOW, actor, bring, do, forward, receipt

from db import search_index
from db.commands import Command, run
from db.people import Sender
from db.queries import ALL, BadQueryError, page
from db.search import parse
from db.store import Store
from db.upkeep import settle

TITLES = ("电梯停运", "广场舞扰民", "自来水发黄", "电动车停在电梯口", "停水通知")


def fill(store: Store, n: int = 60) -> list[str]:
    """n letters; letter i has title i mod 5 and came i minutes ago; every third is forwarded, every seventh declined."""
    letters = (
        receipt(str(i), NOW - i * 60_000, code=f"L{i:03d}", title=TITLES[i % 5], body=f"第{i}封信。") for i in range(n)
    )
    cases = bring(store, *letters)
    judge = actor(store)
    run(store, judge, [Command("forwarded", c, {"district": "500106"}) for c in cases[::3]], NOW)
    declined = [c for i, c in enumerate(cases) if i % 7 == 0 and i % 3]
    run(store, judge, [Command("declined", c, {"reason": "court"}, {"text": "请向法院提出"}) for c in declined], NOW)
    return cases


def found(store: Store, query: str, queue: int = ALL) -> list[str]:
    return [row.code for row in page(store, queue, query=query, now=NOW).rows]


def test_words_are_found_newest_first(store: Store) -> None:
    fill(store, 10)
    assert found(store, "电梯") == ["L000", "L003", "L005", "L008"]
    assert found(store, "电梯停运") == ["L000", "L005"]
    assert found(store, "停") == ["L000", "L003", "L004", "L005", "L008", "L009"]
    assert found(store, "梯电") == []


def test_bigrams_in_the_right_number_are_not_yet_the_passage(store: Store) -> None:
    bring(store, receipt("1", body="停运的电梯"), receipt("2", body="电梯停运"), receipt("3", body="电梯，梯停，停运"))
    assert len(found(store, "body电梯停运")) == 0
    assert {row.title for row in page(store, ALL, query="梯停", now=NOW).rows} == {"电梯停运"}


def test_a_note_is_found_before_and_after_the_index_has_it(store: Store) -> None:
    cases = fill(store, 10)
    do(store, "noted", cases[4], words={"text": "已联系社区网格员"})
    assert found(store, "网格员") == ["L004"]
    assert settle(store) == 0
    assert found(store, "网格员") == ["L004"]


def test_a_new_title_is_found_and_the_words_of_the_receipt_still_are(store: Store) -> None:
    [case] = bring(store, receipt("1", title="旧题"))
    do(store, "classified", case, words={"title": "新题"})
    settle(store)
    assert len(found(store, "新题")) == len(found(store, "旧题")) == 1


@pytest.fixture(params=["one step", "small steps"])
def steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty letters fit into one step; small ones make words and queue lead in turn, as they do among a million."""
    if request.param == "small steps":
        monkeypatch.setattr("db.finding.FIRST", 1)
        monkeypatch.setattr("db.finding.MOST", 3)


QUERIES = (
    "电梯",
    "停",
    "电梯停运 第",
    "通知 第59",
    "state:forwarded 电梯",
    "district:500106",
    "state:late 电梯",
    "第1",
)


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("queue", [1, 3, 4, 8, 9])
def test_within_a_queue_only_its_letters_are_found(store: Store, queue: int) -> None:
    fill(store)
    here = {r.code for r in page(store, queue, now=NOW).rows}
    for query in QUERIES:
        assert set(found(store, query, queue)) == set(found(store, query)) & here, query


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("query", ["电梯", "停", "电梯停运 第", "通知 第59", "第12"])
def test_over_the_store_exactly_the_letters_with_the_words_are_found(store: Store, query: str) -> None:
    fill(store)
    letters = {f"L{i:03d}": (TITLES[i % 5], f"第{i}封信。") for i in range(60)}
    wanted = [code for code, texts in letters.items() if all(any(w in t for t in texts) for w in query.split())]
    assert found(store, query) == wanted


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize(
    ("query", "queue"),
    [
        ("电梯", 0),
        ("停", 0),
        ("停", 1),
        ("电梯", 1),
        ("district:500106 停", 0),
        ("district:500106 停", 9),
        ("state:received", 1),
    ],
)
def test_pages_of_a_search_join_in_both_directions(store: Store, query: str, queue: int) -> None:
    fill(store)
    whole = page(store, queue, query=query, now=NOW).rows
    assert len(whole) > 6
    assert [r.n for r in whole] == sorted((r.n for r in whole), reverse=True)
    down = [page(store, queue, query=query, limit=2, now=NOW)]
    while down[-1].more:
        down.append(page(store, queue, query=query, after=down[-1].rows[-1], limit=2, now=NOW))
    assert [r for p in down for r in p.rows] == whole
    up = [page(store, queue, query=query, end=True, limit=2, now=NOW)]
    while up[-1].more:
        up.append(page(store, queue, query=query, before=up[-1].rows[0], limit=2, now=NOW))
    assert [r for p in reversed(up) for r in p.rows] == whole


def test_filters_are_looked_up_on_the_letter(store: Store) -> None:
    who = Sender("s1", "陈晓明", "先生", "13800001234")
    bring(
        store,
        receipt("1", code="A1", topic="电梯安装", kind="complaint", urgency="urgent", sender="s1"),
        receipt("2", code="A2", district="500106", kind="suggestion"),
        senders=(who,),
    )
    [case] = bring(store, receipt("3", code="A3", at=NOW - 40 * 86_400_000))
    do(store, "assigned", case, facts={"to": "lin"})
    do(store, "tagged", case, facts={"add": ["回访"]})
    assert found(store, "topic:电梯安装") == ["A1"]
    assert found(store, "kind:suggestion") == ["A2"]
    assert found(store, "urgency:urgent") == ["A1"]
    assert found(store, "sender:陈") == ["A1"]
    assert found(store, "sender:13800001234") == ["A1"]
    assert found(store, "tag:回访") == ["A3"]
    assert found(store, "assignee:lin") == ["A3"]
    assert found(store, "to:2024-10-15") == ["A3"]
    assert set(found(store, "from:2024-10-15")) == {"A1", "A2"}


def test_mine_are_those_of_who_asks(store: Store) -> None:
    one, two = bring(store, receipt("1", code="A1"), receipt("2", code="A2"))
    do(store, "assigned", one, facts={"to": "lin"})
    do(store, "assigned", two, facts={"to": "zhou"})
    assert [r.code for r in page(store, ALL, query="assignee:me", me="zhou", now=NOW).rows] == ["A2"]


def test_a_code_or_its_beginning_finds_letters(store: Store) -> None:
    bring(store, receipt("1", code="RMLX-20241101-00-0001"), receipt("2", code="RMLX-20241102-00-0001"))
    assert found(store, "RMLX-20241102-00-0001") == ["RMLX-20241102-00-0001"]
    assert len(found(store, "code:RMLX-2024110")) == 2


def test_a_wrong_search_is_a_sentence_not_an_error_of_the_database(store: Store) -> None:
    with pytest.raises(BadQueryError) as caught:
        page(store, 1, query='"offen', now=NOW)
    assert len(caught.value.sentence()) > 5


def test_more_letters_than_can_be_read_one_by_one_are_indexed_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.finding.WAITING", 5)
    cases = fill(store, 20)
    run(store, actor(store), [Command("noted", c, {}, {"text": "统一回访"}) for c in cases], NOW)
    assert len(found(store, "统一回访")) == 20
    assert store.rows("SELECT count(*) FROM to_index") == [(0,)]


HOSTILE = st.text(
    st.sampled_from("电梯停运\"'*^():-ANDORNEAR 0\x00\x1b\u202e\ue000é🙂，。%_\\"), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE)
def test_whatever_is_typed_finds_letters_or_says_why_not(store: Store, typed: str) -> None:
    if not store.rows("SELECT 1 FROM cases LIMIT 1"):
        bring(store, *(receipt(str(i), title=TITLES[i % 5]) for i in range(8)))
    try:
        rows = page(store, ALL, query=typed, now=NOW).rows
    except BadQueryError as e:
        typed, rows = e.sentence(), []
    assert typed
    if not rows:
        return
    query = parse(typed, NOW)
    assert all(query.verify(row.title, "楼里的电梯又停了。") for row in rows)  # type: ignore[union-attr]


def test_a_forward_changes_where_the_letter_is_found(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    assert found(store, "district:500104 电梯") == []
    forward(store, case, "500104")
    assert len(found(store, "district:500104 电梯")) == 1
    assert found(store, "电梯", 1) == []


def parts(store: Store) -> int:
    """Parts of the index, of which a search reads each."""
    return int(store.rows("SELECT count(DISTINCT segid) FROM words_idx")[0][0])


def in_parts(store: Store, waiting: int) -> None:
    """Forty letters with a note, indexed one by one but for so many."""
    for nr, case in enumerate(bring(store, *(receipt(str(n), title="电梯停运") for n in range(40)))):
        others = "".join(chr(0x4E00 + (nr * 400 + i) % 9_000) for i in range(400))  # two pages of the index a letter
        do(store, "noted", case, words={"text": f"已联系社区网格员。{others}"})
    for _n in range(40 - waiting):
        assert search_index.catch_up(store, 1)


def test_no_write_to_the_index_makes_one_of_all_its_parts_and_quiet_moments_do(store: Store) -> None:
    in_parts(store, 1)
    assert parts(store) >= 39, "with sixteen of them FTS5 makes one by itself, of all the letters there are"
    store.turns.pressed()  # somebody is at the keys: a step at a time
    moments = 0
    while settle(store, 8):
        moments += 1
    assert moments > 1
    assert parts(store) <= 4, "as many as a search reads without being felt"
    assert len(found(store, "网格员")) == 40


def test_a_search_that_has_to_index_first_does_not_tidy_the_index_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.finding.WAITING", 1)
    in_parts(store, 2)
    before = parts(store)
    assert len(found(store, "网格员")) == 40
    assert parts(store) > before
