"""Queues as a person sees them: their order, their pages, their counts, one letter whole."""

from __future__ import annotations

import subprocess
import sys

import pytest
from store_letters import HOUR, NOW, actor, bring, do, forward, receipt

from db import drafts, queries
from db.commands import Command, run
from db.people import Sender
from db.queries import ALL, Row, counts, find, letter, page
from db.store import Store

DAY = 24 * HOUR


def codes(rows: list[Row]) -> list[str]:
    return [row.code for row in rows]


def numbered(n: int, **facts: object) -> object:
    """Letter n came n minutes before now; its code is its number."""
    return receipt(str(n), NOW - n * 60_000, code=f"L{n:03d}", **facts)  # type: ignore[arg-type]


def fill(store: Store, n: int = 25) -> list[str]:
    return bring(store, *(numbered(i) for i in range(1, n + 1)))  # type: ignore[arg-type]


def test_the_inbox_shows_what_is_due_first_on_top(store: Store) -> None:
    fill(store, 5)
    bring(store, numbered(6, urgency="urgent"), numbered(7, urgency="critical"))  # type: ignore[arg-type]
    shown = codes(page(store, 1, now=NOW).rows)
    assert shown[:2] == ["L007", "L006"]
    assert set(shown[2:]) == {"L001", "L002", "L003", "L004", "L005"}


def test_pages_follow_one_another_without_gap_or_repeat(store: Store) -> None:
    fill(store)
    whole = page(store, 1, now=NOW).rows
    read: list[Row] = []
    while True:
        next_ = page(store, 1, after=read[-1] if read else None, limit=4, now=NOW)
        read += next_.rows
        if not next_.more:
            break
    assert read == whole
    assert len(read) == 25


def test_pages_read_upwards_are_the_same_pages(store: Store) -> None:
    fill(store)
    whole = page(store, 1, now=NOW).rows
    above = page(store, 1, before=whole[10], limit=4, now=NOW)
    assert above.rows == whole[6:10]
    assert above.more
    top = page(store, 1, before=whole[3], limit=4, now=NOW)
    assert (top.rows, top.more) == (whole[:3], False)


def test_the_end_of_a_queue_is_read_from_its_end(store: Store) -> None:
    fill(store)
    whole = page(store, 1, now=NOW).rows
    last = page(store, 1, end=True, limit=6, now=NOW)
    assert (last.rows, last.more) == (whole[-6:], True)


def test_returned_letters_stand_above_those_waiting_for_the_citizen(store: Store) -> None:
    accepted, asked, returned = fill(store, 3)
    do(store, "accepted", accepted)
    do(store, "accepted", asked)
    do(store, "asked", asked, words={"text": "请补充楼号。"})
    forward(store, returned)
    do(store, "returned", returned, facts={"reason": "not_ours"})
    assert [r.id for r in page(store, 2, now=NOW).rows] == [returned, asked, accepted]
    assert [bool(r.paused) for r in page(store, 2, now=NOW).rows] == [False, True, False]


def test_closed_letters_stand_newest_closed_first(store: Store) -> None:
    first, second = fill(store, 2)
    for case in (second, first):
        do(store, "declined", case, facts={"reason": "court"}, words={"text": "请向法院提出。"})
    assert [r.id for r in page(store, 8, now=NOW).rows] == [first, second]


def test_a_letter_becomes_late_by_itself(store: Store) -> None:
    [case] = fill(store, 1)
    forward(store, case)
    due = page(store, 3, now=NOW).rows[0].next_due
    assert due is not None
    assert counts(store, due - 1)[4] == 0
    assert page(store, 4, now=due - 1).rows == []
    assert counts(store, due)[4] == 1
    assert [r.id for r in page(store, 4, now=due).rows] == [case]
    assert counts(store, due - 1)[4] == 0  # a clock set back


def test_the_worst_late_stands_first(store: Store) -> None:
    cases = fill(store, 4)
    for hours, case in zip((30, 10, 40, 20), cases, strict=True):
        forward(store, case, now=NOW + hours * HOUR)
    late = page(store, 4, now=NOW + 60 * DAY).rows
    assert len(late) == 4
    assert [r.sort for r in late] == sorted(r.sort for r in late)


def test_counts_follow_what_is_done_at_any_time(store: Store) -> None:
    cases = fill(store, 10)
    for i, case in enumerate(cases[:6]):
        forward(store, case, now=NOW + i * DAY)
    later = NOW + 20 * DAY
    assert counts(store, later)[4] == len(page(store, 4, now=later).rows) == 10
    do(store, "replied", cases[0], later, words={"text": "已办。"})
    assert counts(store, later)[4] == len(page(store, 4, now=later).rows) == 9
    assert counts(store, NOW)[4] == len(page(store, 4, now=NOW).rows)


def test_open_questions_stand_beside_what_is_tracked(store: Store) -> None:
    [case] = fill(store, 1)
    forward(store, case)
    do(store, "published", case, facts={"as": "open_question"}, words={"title": "何时通水", "text": "仍未解决"})
    assert [r.id for r in page(store, 7, now=NOW).rows] == [case]
    assert [r.id for r in page(store, 3, now=NOW).rows] == [case]


def test_what_is_saved_and_not_sent_stands_in_the_ninth_queue(store: Store) -> None:
    one, _two = fill(store, 2)
    do(store, "accepted", one)
    [row] = page(store, 9, now=NOW).rows
    assert (row.id, row.pending) == (one, 1)
    assert counts(store, NOW)[9] == 1


def test_a_refused_event_is_shown_with_its_sentence(store: Store) -> None:
    [case] = fill(store, 1)
    with store.write() as conn:
        n = conn.execute("SELECT n FROM cases").fetchone()[0]
        conn.execute(
            "INSERT INTO refused(id, case_n, event, code, detail, at) VALUES ('e1', ?, '{}', 'unknown_case', '{}', 1)",
            (n,),
        )
        conn.execute("UPDATE cases SET refused = 1")
    found = letter(store, case)
    assert found is not None
    [refused] = found.refused
    assert refused.id == "e1"
    assert len(str(refused)) > 5


def test_a_row_holds_what_a_line_shows(store: Store) -> None:
    [case] = bring(
        store, receipt("1", kind="complaint", topic="电梯安装", title="加装电梯", code="RMLX-20241101-00-0001")
    )
    forward(store, case, "500106")
    do(store, "chased", case, facts={"level": 2, "channel": "phone"})
    do(store, "assigned", case, facts={"to": "lin"})
    [row] = page(store, 3, now=NOW).rows
    assert (row.code, row.title, row.kind, row.topic) == ("RMLX-20241101-00-0001", "加装电梯", "complaint", "电梯安装")
    assert (row.district, row.chase_level, row.assignee, row.due_kind) == ("500106", 2, "lin", "sign")
    assert (row.pending, row.doubtful, row.refused, row.rating) == (3, 0, 0, None)


def test_the_place_of_a_letter_goes_before_the_unit_it_went_to(store: Store) -> None:
    [case] = bring(store, receipt("1", district="500101"))
    forward(store, case, "500106")
    assert page(store, 3, now=NOW).rows[0].district == "500101"


def test_a_letter_is_read_whole(store: Store) -> None:
    who = Sender("s1", "陈晓明", "先生", "13812341234")
    [case] = bring(store, receipt("1", body="第一行\n第二行", sender="s1"), senders=(who,))
    noted = do(store, "noted", case, words={"text": "已致电"}).events[0]
    drafts.put(store, case, "reply", {"text": "正在"})
    found = letter(store, case)
    assert found is not None
    assert found.body == "第一行\n第二行"
    assert found.sender == "陈先生 138****1234"
    assert found.pending == {noted.id}
    assert found.drafts == {"reply": {"text": "正在"}}
    assert found.events[1] == noted


def test_a_merged_letters_timeline_shows_what_its_master_did(store: Store) -> None:
    master, other = fill(store, 2)
    do(store, "merged", other, facts={"into": master})
    found = letter(store, master)
    assert found is not None
    assert [(e.kind, e.case) for e in found.events] == [("received", master), ("merged", other)]


def test_a_letter_is_found_by_its_code_however_typed(store: Store) -> None:
    [case] = bring(store, receipt("1", code="RMLX-20241101-00-0007"))
    assert find(store, "RMLX-20241101-00-0007") == case
    assert find(store, " rmlx-20241101-00-0007 ") == case
    assert find(store, case) == case
    assert find(store, "RMLX-20241101-00-0008") is None


def test_letters_of_one_millisecond_keep_their_order(store: Store) -> None:
    bring(store, *(receipt(str(i), NOW, code=f"L{i}") for i in range(30)))
    bring(store, *(receipt(str(i), NOW, code=f"L{i}") for i in range(30, 40)))
    assert codes(page(store, ALL, now=NOW).rows) == [f"L{i}" for i in reversed(range(40))]


def test_a_change_by_another_process_is_noticed_and_ones_own_is_not(store: Store) -> None:
    [case] = fill(store, 1)
    before = store.data_version()
    do(store, "noted", case, words={"text": "我"})
    assert store.data_version() == before
    code = f"from pathlib import Path; from db.opening import open_store; open_store(Path({str(store.home)!r})).put_setting('a', 'b')"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert store.data_version() != before


@pytest.mark.parametrize("n", [0, -3, 10**9])
def test_a_page_has_a_sane_size_whatever_is_asked(store: Store, n: int) -> None:
    fill(store, 3)
    assert 1 <= len(page(store, 1, limit=n, now=NOW).rows) <= 3


def test_the_rulebook_holds_every_version_that_is_known(store: Store) -> None:
    from dataclasses import replace

    from db.newsroom import default_rules, to_json

    assert store.rulebook().newest.version == 1
    second = replace(default_rules(), version=2, tell_days=7)
    with store.write() as conn:
        conn.execute("INSERT INTO rules(version, body, since) VALUES (2, ?, 0)", (to_json(second),))
    assert store.rulebook().newest.tell_days == 7
    assert store.rulebook().of(1).tell_days == 5


def test_a_run_in_one_thread_and_reading_in_another_do_not_meet(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    cases = fill(store, 20)

    def act(case: str) -> bool:
        return run(store, actor(store), [Command("noted", case, {}, {"text": "并行"})], NOW).ok

    def read(_case: str) -> bool:
        rows = page(store, 1, now=NOW).rows
        return len(rows) == counts(store, NOW)[1] == 20

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(act, cases)) + list(pool.map(read, cases))
        assert all(done)
    assert queries.counts(store, NOW)[9] == 20
