"""A page of the log on a desk, to the letter: what is confirmed, what is refused, what is new, and what the tables say then.

`tests/line` tries the same at a real backend; here a page comes by itself, so that each of its parts can be odd alone.
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from db import configuring, link, replica
from db.people import sender
from db.replica_news import MissingError, UnknownOwnError
from db.wire import BadEventError
from tests.db.told import HEARD, NOW, Desk, whole_of


def test_what_a_colleague_did_is_here_as_it_is_there(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.do("accepted", case, facts={"kind": "complaint", "urgency": "normal"})
    zhou.forward(case)
    zhou.send()
    zhou.hear()
    news = li.hear()
    assert (news.applied, news.events, news.confirmed) == (True, 3, 0)
    assert (news.cases, news.refused, news.doubted) == ({case}, [], [])
    assert (news.newsroom, news.surveys) == (False, False)
    assert li.case(case) == zhou.case(case)
    assert li.rows("SELECT seq, heard, absorbed FROM event ORDER BY n") == [(i + 1, HEARD + i, 0) for i in range(3)]
    tie = link.of(li.store)
    assert tie is not None
    assert (tie.cursor, tie.hash, tie.page) == (3, "hash 3", 0)


def test_own_work_is_confirmed_by_number_and_waits_no_more(li: Desk) -> None:
    case = li.letter()
    li.do("accepted", case)
    li.send()
    shown = li.case(case)
    news = li.hear()
    assert (news.applied, news.events, news.confirmed, news.cases) == (True, 0, 2, {case})
    assert li.pending() == []
    assert li.rows("SELECT seq, heard FROM event ORDER BY n") == [(1, HEARD), (2, HEARD + 1)]
    assert li.case(case) == shown
    assert li.rows("SELECT count(*) FROM confirmed") == [(0,)]


def test_own_work_that_comes_whole_is_confirmed_as_well(li: Desk) -> None:
    case = li.letter()
    li.send()
    news = li.hear(li.log.page(0))
    assert (news.events, news.confirmed, news.cases) == (0, 1, {case})
    assert li.pending() == []
    assert li.rows("SELECT seq, heard FROM event") == [(1, HEARD)]
    assert li.rows("SELECT count(*) FROM refused") == [(0,)]


def test_only_part_of_what_waits_is_confirmed_and_the_rest_stays_over_it(li: Desk) -> None:
    case = li.letter()
    li.do("accepted", case)
    li.log.take(li.offer()[0])
    news = li.hear()
    assert news.confirmed == 1
    assert len(li.pending()) == 1
    assert li.case(case).state == "accepted"
    [(row,)] = li.rows("SELECT row FROM confirmed")
    assert '"received"' in row


@pytest.mark.parametrize("other", [(1, ""), (0, "otherwise")])
def test_an_answer_to_an_older_question_changes_nothing(li: Desk, zhou: Desk, other: tuple[int, str]) -> None:
    zhou.letter()
    zhou.send()
    news = replica.apply(li.store, other, li.log.page(0), None, NOW)
    assert (news.applied, news.events, news.cases) == (False, 0, set())
    assert li.cursor == 0
    assert li.rows("SELECT count(*) FROM event") == [(0,)]


def test_nothing_is_laid_before_the_open_letters_are_here_or_after_logging_out(li: Desk, zhou: Desk) -> None:
    zhou.letter()
    zhou.send()
    with li.store.write() as conn:
        link.put(conn, fill='{"usable": false}')
    assert not li.hear().applied
    with li.store.write() as conn:
        link.put(conn, fill=None, user=None)
    assert not replica.apply(li.store, (0, ""), li.log.page(0), None, NOW).applied
    assert li.rows("SELECT count(*) FROM event") == [(0,)]


def test_work_that_a_restored_file_has_lost_is_asked_for_whole(li: Desk, zhou: Desk) -> None:
    zhou.letter()
    zhou.send()
    with pytest.raises(UnknownOwnError):
        li.hear(li.log.page(0, own=zhou.device))  # told by number alone, as to whom made it
    assert li.cursor == 0
    assert li.hear(li.log.page(0)).events == 1


def test_letters_that_are_not_here_are_named_all_of_them_and_nothing_is_done(li: Desk, zhou: Desk) -> None:
    first, second = zhou.letter("甲"), zhou.letter("乙")
    zhou.send()
    zhou.hear()
    zhou.do("noted", second, words={"text": "问过"})
    zhou.do("noted", first, words={"text": "问过"})
    zhou.send()
    with pytest.raises(MissingError) as missing:
        li.hear(li.log.page(2) | {"c": 4})
    assert missing.value.ids == tuple(sorted((first, second)))
    assert str(missing.value) == "2"
    assert li.cursor == 0
    assert li.rows("SELECT count(*) FROM event") == [(0,)]


def test_a_letter_fetched_whole_takes_the_page_from_where_it_is(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.send()
    zhou.hear()
    zhou.do("accepted", case)
    zhou.send()
    zhou.hear()
    whole = whole_of(zhou, case, 2, [["s1", "陈", "先生", "138****1234"]])
    zhou.do("noted", case, words={"text": "问过"})
    zhou.send()
    zhou.hear()
    page = li.log.page(1)  # the receipt was told long before this desk was here
    news = li.hear(page, {case: whole})
    assert (news.events, news.cases) == (3, {case})
    assert li.case(case) == zhou.case(case)
    assert li.rows("SELECT kind, seq FROM event ORDER BY seq") == [("received", 1), ("accepted", 2), ("noted", 3)]
    assert li.rows("SELECT count(*) FROM ahead") == [(0,)], "the cursor has come by"
    kept = sender(li.store, "s1")
    assert kept is not None
    assert kept.elsewhere


def test_a_letter_ahead_of_the_page_stays_ahead_until_the_cursor_is_there(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.do("accepted", case)
    zhou.do("noted", case, words={"text": "问过"})
    zhou.send()
    zhou.hear()
    ahead = {case: whole_of(zhou, case, 3)}
    assert li.hear(li.log.page(0, upto=1), ahead).events == 3
    assert li.case(case) == zhou.case(case)
    assert li.rows("SELECT case_id, seq FROM ahead") == [(case, 3)]
    again = li.hear(li.log.page(1, upto=2))
    assert (again.events, again.confirmed) == (0, 0)
    assert li.case(case) == zhou.case(case), "nothing is folded twice"
    assert li.rows("SELECT case_id, seq FROM ahead") == [(case, 3)]
    li.hear()
    assert li.rows("SELECT count(*) FROM ahead") == [(0,)]
    assert li.rows("SELECT kind, seq FROM event ORDER BY seq") == [("received", 1), ("accepted", 2), ("noted", 3)]


def test_one_letter_taken_down_at_two_desks_is_theirs_and_mine_stays_to_be_read(li: Desk, zhou: Desk) -> None:
    facts = {"channel": "hotline", "number": "7"}
    case = zhou.do("received", facts=facts, words={"title": "路灯", "body": "三天不亮"})
    zhou.send()
    assert li.do("received", facts=facts, words={"title": "路灯不亮", "body": "今天来电"}) == case
    li.do("noted", case, words={"text": "核实"})
    [(n,)] = li.rows("SELECT n FROM event WHERE kind = 'received'")
    news = li.hear(li.log.page(0))
    assert li.rows("SELECT id, code, json_extract(event, '$.words.title'), detail, case_n, at FROM refused") == [
        (case, "reused", "路灯不亮", "{}", None, NOW)
    ]
    assert li.case(case).title == "路灯"
    theirs = (
        "SELECT e.n, e.seq, e.heard, json_extract(e.words, '$.title'), e.device, e.id "
        "FROM event e JOIN cases c ON c.n = e.case_n WHERE e.kind = 'received'"
    )
    assert li.rows(theirs) == [(n, 1, HEARD, "路灯", zhou.device, case)]
    assert li.rows("SELECT digest FROM event WHERE seq = 1") == zhou.rows("SELECT digest FROM event WHERE n = 1")
    assert len(li.pending()) == 1, "the note hangs on theirs now"
    assert (news.events, news.confirmed) == (0, 1)


def test_what_the_backend_refuses_leaves_the_log_whole(li: Desk) -> None:
    case = li.letter()
    li.send()
    li.hear()
    note = li.do("noted", case, words={"text": "看过"})
    [(n,)] = li.rows("SELECT n FROM cases")
    news = li.hear(x=[["no-such-event", "taken", {}, 1], [note, "taken", {"district": "渝中区"}, 1]])
    assert (news.refused, news.cases) == ([note], {case})
    assert li.pending() == []
    told = "SELECT id, case_n, code, detail, at, json_extract(event, '$.words.text') FROM refused"
    assert li.rows(told) == [(note, n, "taken", '{"district":"渝中区"}', NOW, "看过")]
    assert li.rows("SELECT kind FROM event") == [("received",)]
    assert li.rows("SELECT pending, refused FROM cases") == [(0, 1)]


def test_a_refused_letter_takes_along_what_hangs_on_it_and_nothing_else(li: Desk) -> None:
    case, other = li.letter("甲"), li.letter("乙")
    note = li.do("noted", case, words={"text": "看过"})
    li.do("noted", other, words={"text": "也看过"})
    news = li.hear(x=[[case, "forbidden", {}, 1], [note, "depends", {}, 1]])
    assert news.refused == [case, note]
    assert sorted(li.rows("SELECT id, code, detail FROM refused")) == sorted(
        [(case, "forbidden", "{}"), (note, "depends", json.dumps({"kind": "noted", "re": case}, separators=(",", ":")))]
    )
    assert li.rows("SELECT DISTINCT c.id FROM event e JOIN cases c ON c.n = e.case_n") == [(other,)]
    assert len(li.pending()) == 2


def test_a_letter_that_a_refused_merge_touched_is_as_it_was(li: Desk) -> None:
    case, master = li.letter("甲"), li.letter("乙")
    li.send()
    li.hear()
    before = li.case(master)
    merged = li.do("merged", case, facts={"into": master})
    assert li.case(master).followers == (case,)
    news = li.hear(x=[[merged, "master_closed", {}, 2]])
    assert li.case(master) == before
    assert li.case(case).state == "received"
    assert news.cases == {case, master}
    assert li.rows("SELECT count(*) FROM event_touch") == [(0,)]
    assert li.rows("SELECT count(*) FROM confirmed") == [(0,)]


def test_a_colleagues_merge_touches_both_letters(li: Desk, zhou: Desk) -> None:
    case, master = zhou.letter("甲"), zhou.letter("乙")
    zhou.do("merged", case, facts={"into": master})
    late = zhou.letter("丙")
    zhou.do("merged", late, facts={"into": master})
    zhou.send()
    zhou.hear()
    news = li.hear()
    assert news.cases == {case, master, late}
    assert li.case(master) == zhou.case(master)
    touched = "SELECT c.id, e.kind FROM event_touch t JOIN cases c ON c.n = t.case_n JOIN event e ON e.n = t.event_n"
    assert li.rows(touched) == [(master, "merged"), (master, "merged")]


def test_own_work_offered_again_stands_behind_the_cursor(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.send()
    li.hear()
    note = li.do("noted", case, words={"text": "看过"})
    li.send()
    with li.store.write() as conn:
        link.put(conn, cursor=2, hash="hash 2")  # its answer was lost, and a new fill went by it
    news = li.hear(y=[[note, 2, HEARD + 5], ["no-such-event", 1, HEARD]])
    assert (news.confirmed, news.events, news.cases) == (1, 0, {case})
    assert li.pending() == []
    assert li.rows("SELECT seq, heard, absorbed FROM event WHERE kind = 'noted'") == [(2, HEARD + 5, 0)]
    assert li.case(case).events == 1, "the row that came with the fill has it already"


def test_a_verdict_on_what_this_very_answer_confirms_counts_for_nothing(li: Desk) -> None:
    case = li.letter()
    li.send()
    news = li.hear(x=[[case, "taken", {}, 1]], y=[[case, 9, 9]])
    assert (news.refused, news.confirmed) == ([], 1)
    assert li.rows("SELECT seq FROM event") == [(1,)]
    assert li.rows("SELECT count(*) FROM refused") == [(0,)]


def test_the_same_page_again_is_laid_once(li: Desk, zhou: Desk) -> None:
    li.letter("还没有发出")  # so that places here and numbers of the log are not the same
    case = zhou.letter()
    zhou.do("noted", case, words={"text": "看过"})
    zhou.send()
    page = li.log.page(0)
    li.hear(page)
    with li.store.write() as conn:
        link.put(conn, cursor=0, hash="")
    once = li.case(case)
    again = li.hear(page)
    assert (again.applied, again.events, again.confirmed) == (True, 0, 0)
    assert li.case(case) == once
    assert li.rows("SELECT seq FROM event ORDER BY n") == [(None,), (1,), (2,)]


def test_a_long_page_is_laid_in_pieces_and_goes_on_where_it_was_broken_off(li: Desk, zhou: Desk) -> None:
    letters = [zhou.letter(f"第{n}封") for n in range(20)]
    zhou.send()
    strange = dict(zhou.log.entries[-1]) | {"kind": "NO KIND"}
    page = li.log.page(0)
    broken = page | {"e": [*page["e"][:-1], strange]}
    with pytest.raises(BadEventError):
        li.hear(broken)
    tie = link.of(li.store)
    assert tie is not None
    assert (tie.cursor, tie.page) == (0, 20)
    assert 0 < li.rows("SELECT count(*) FROM cases")[0][0] < 20
    news = li.hear(page)
    assert news.cases == set(letters)
    tie = link.of(li.store)
    assert tie is not None
    assert (tie.cursor, tie.hash, tie.page) == (20, "hash 20", 0)
    assert li.rows("SELECT count(*) FROM event") == [(20,)]


@pytest.mark.parametrize("mine_first", [True, False])
def test_what_comes_to_nothing_in_the_log_is_kept_as_that(li: Desk, zhou: Desk, mine_first: bool) -> None:
    case = zhou.letter()
    zhou.do("accepted", case)
    zhou.send()
    zhou.hear()
    li.hear()
    li.do("tagged", case, facts={"add": ["学校"]})
    zhou.do("tagged", case, facts={"add": ["学校"]})
    for desk in (li, zhou) if mine_first else (zhou, li):
        desk.send()
    news = li.hear()
    assert (news.events, news.confirmed) == (1, 1)
    assert li.rows("SELECT seq, absorbed FROM event WHERE kind = 'tagged' ORDER BY seq") == [(3, 0), (4, 1)]
    assert li.case(case).tags == ("学校",)


def test_pending_work_that_no_longer_fits_is_in_doubt_and_said_once(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.do("accepted", case)
    zhou.send()
    zhou.hear()
    li.hear()
    mine = li.forward(case, "500103", "渝中区")
    zhou.forward(case)
    zhou.send()
    news = li.hear()
    assert news.doubted == [mine]
    assert li.rows("SELECT doubt FROM outbox") == [("taken",)]
    lead = li.case(case).lead_dispatch
    assert lead is not None
    assert lead.district == "500112"
    zhou.hear()
    zhou.do("noted", case, words={"text": "问过"})
    zhou.send()
    assert li.hear().doubted == []


def test_what_the_newsroom_decides_holds_for_what_follows_on_the_same_page(li: Desk, zhou: Desk) -> None:
    zhou.run(configuring.limit("max_asks", date(2024, 11, 1), 1))
    zhou.letter()
    zhou.send()
    zhou.hear()
    news = li.hear()
    assert (news.newsroom, news.events) == (True, 2)
    assert li.store.rulebook() == zhou.store.rulebook()
    case = zhou.log.entries[1]["id"]
    assert li.case(case) == zhou.case(case)
    assert li.case(case).rules > 1, "by the rules that were decided just before"
    assert li.rows("SELECT absorbed FROM event WHERE kind = 'configured'") == [(0,)]


def test_an_own_decision_that_stands_behind_the_cursor_holds(li: Desk) -> None:
    decided = li.run(configuring.limit("max_asks", date(2024, 11, 1), 1))
    news = li.hear({"c": 1, "h": "hash 1", "y": [[decided, 1, HEARD]]})
    assert (news.newsroom, news.confirmed) == (True, 1)
    assert li.rows("SELECT seq FROM event") == [(1,)]


def test_a_merge_asks_for_every_letter_it_touches(li: Desk, zhou: Desk) -> None:
    case, follower, master = zhou.letter("甲"), zhou.letter("乙"), zhou.letter("丙")
    zhou.do("merged", follower, facts={"into": case})
    zhou.send()
    zhou.hear()
    before = {id_: whole_of(zhou, id_, 4) for id_ in (case, follower, master)}
    zhou.do("merged", case, facts={"into": master})
    zhou.send()
    zhou.hear()
    page = li.log.page(4)
    for here, missing in (((case,), {follower, master}), ((case, follower), {master}), ((case, master), {follower})):
        with pytest.raises(MissingError) as wanted:
            li.hear(page, {id_: before[id_] for id_ in here})
        assert set(wanted.value.ids) == missing
    further = before | {master: whole_of(zhou, master, 5)}
    with pytest.raises(MissingError) as wanted:
        li.hear(page, further)
    assert set(wanted.value.ids) == {case, follower}, "the master is further on than the page"
    news = li.hear(page, before)
    assert news.cases == {case, follower, master}
    for id_ in before:
        assert li.case(id_) == zhou.case(id_)
    touched = (
        "SELECT c.id FROM event_touch t JOIN cases c ON c.n = t.case_n JOIN event e ON e.n = t.event_n WHERE e.seq = 5"
    )
    assert sorted(id_ for (id_,) in li.rows(touched)) == sorted((follower, master))


def test_what_this_desk_would_have_judged_otherwise_is_fetched_as_the_backend_has_it(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.do("noted", case, words={"text": "问过"})
    zhou.send()
    zhou.hear()
    li.log.entries[1] |= {"kind": "signed"}
    with pytest.raises(MissingError) as wanted:
        li.hear()
    assert wanted.value.ids == (case,)
    assert li.hear(wholes={case: whole_of(zhou, case, 2)}).applied
    assert li.case(case) == zhou.case(case)
