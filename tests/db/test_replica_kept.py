"""What news leave behind on a desk beside the letters: on the disk, in the counts, in the search, in what touches what."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date

import pytest

from db import casefile, commands, configuring, link, replica
from db.clock import from_iso
from db.commands import Command
from db.model import Term, Urgency
from db.newsroom import default_rulebook
from db.people import own_actor
from db.replica_news import OtherLogError
from db.upkeep import settle, warm
from tests.db.told import HEARD, NOW, Desk, whole_of


def hurried(desk: Desk) -> list[str]:
    """The desk's writes from now on that a power cut may take."""
    seen: list[str] = []
    with desk.store.write() as conn:
        conn.set_trace_callback(lambda sql: seen.append(sql) if sql == "PRAGMA synchronous = NORMAL" else None)
    return seen


def test_the_cursor_moves_only_with_what_is_on_the_disk(li: Desk, zhou: Desk) -> None:
    letters = [zhou.letter(f"第 {n} 件") for n in range(20)]  # more than the first piece of a page holds
    zhou.send()
    first = hurried(li)
    assert li.hear().cases == set(letters)
    assert len(first) == 1, "the first piece may be lost: the same page comes again"
    zhou.hear()
    zhou.letter()
    zhou.send()
    li.hear()
    assert len(first) == 1, "a page of one piece is the last one"


def late_as_of(desk: Desk) -> int:
    [(upto,)] = desk.rows("SELECT upto FROM queue_count WHERE queue = 4")
    return int(upto)


def test_a_letter_that_is_opened_counts_what_is_late_as_of_now(
    li: Desk, zhou: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = zhou.letter("甲"), zhou.letter("乙")
    zhou.send()
    zhou.hear()
    monkeypatch.setenv("DESK_NOW", "2024-11-20T10:00:00+08:00")
    replica.keep_whole(li.store, whole_of(zhou, first, 2))
    assert late_as_of(li) == from_iso("2024-11-20T10:00")
    replica.keep_whole(li.store, whole_of(zhou, second, 2), NOW)
    assert late_as_of(li) == NOW


def indexed(desk: Desk) -> bool:
    """Whether every letter is in the search index, once its thread has had the time for it."""
    for _ in range(400):
        if desk.rows("SELECT count(*) FROM to_index") == [(0,)]:
            return True
        threading.Event().wait(0.05)
    return False


def test_what_a_colleague_took_down_is_found_here_without_anybody_asking(li: Desk, zhou: Desk) -> None:
    li.letter("电梯停运")
    warm(li.store)
    assert indexed(li)
    zhou.letter("路灯不亮")
    zhou.send()
    li.hear()
    assert li.rows("SELECT count(*) FROM to_index") == [(1,)]
    assert indexed(li)


# ── what the newsroom decides ────────────────────────────────────────────────────────────────────────────────────────


def asks(most: int) -> Command:
    return configuring.limit("max_asks", date(2024, 11, 1), most)


def by_rules(desk: Desk, case: str) -> int:
    """How often the citizen may be asked, by the rules that the letter was taken down under."""
    return desk.store.rulebook().of(desk.case(case).rules).max_asks


def forward_within(days: int) -> Command:
    """The newsroom decides how soon an ordinary letter goes to a unit."""
    terms = replace(default_rulebook().newest.levels[Urgency.NORMAL], forward=Term(days, "wd"))
    return configuring.level(Urgency.NORMAL, date(2024, 11, 1), terms)


def test_a_colleagues_letters_count_by_what_the_log_decided_not_by_what_waits_here(li: Desk, zhou: Desk) -> None:
    li.run(forward_within(9))
    zhou.run(forward_within(4))
    case = zhou.letter()
    zhou.send()
    zhou.hear()
    li.hear()
    assert li.case(case).forward_due == zhou.case(case).forward_due


def forwarded(li: Desk, zhou: Desk) -> str:
    """A letter at a unit, on both desks; the log has three events."""
    case = zhou.letter()
    zhou.do("accepted", case)
    zhou.forward(case)
    zhou.send()
    for desk in (li, zhou):
        desk.hear()
    return case


def recalled(desk: Desk, case: str) -> None:
    """Recalled an hour on, so that its next forward is due by the rules in force then."""
    again = Command("recalled", case, facts={"reason": "wrong_district"})
    assert commands.run(desk.store, own_actor(desk.store), [again], HEARD + 3_600_000).ok


def test_what_waits_here_counts_by_the_decision_that_waits_here_too(li: Desk, zhou: Desk) -> None:
    case = forwarded(li, zhou)
    li.run(asks(9))
    recalled(li, case)
    assert by_rules(li, case) == 9
    zhou.do("tagged", case, facts={"add": ["学校"]})
    zhou.send()
    news = li.hear()
    assert (news.newsroom, news.surveys) == (False, False)
    assert (li.case(case).tags, by_rules(li, case)) == (("学校",), 9)


def test_what_waits_here_counts_by_what_the_newsroom_decided_meanwhile(li: Desk, zhou: Desk) -> None:
    case = forwarded(li, zhou)
    recalled(li, case)
    assert by_rules(li, case) == 2
    zhou.run(asks(1))
    zhou.do("tagged", case, facts={"add": ["学校"]})
    zhou.send()
    news = li.hear()
    assert (news.newsroom, news.surveys) == (True, False)
    assert (li.case(case).tags, by_rules(li, case)) == (("学校",), 1)


def test_a_decision_that_comes_again_counts_once(li: Desk, zhou: Desk) -> None:
    case = forwarded(li, zhou)
    zhou.run(asks(1))
    recalled(zhou, case)
    zhou.send()
    zhou.hear()
    li.hear(li.log.page(3, upto=4))
    with li.store.write() as conn:  # as if what said how far it had read was lost
        link.put(conn, cursor=3, hash="hash 3")
    li.hear()
    assert li.case(case).rules == zhou.case(case).rules == 2


def test_what_a_newer_desk_decides_is_kept_though_nobody_here_knows_it(li: Desk, zhou: Desk) -> None:
    zhou.run(asks(1))
    zhou.send()
    li.log.entries[0] |= {"kind": "holiday_shared"}
    news = li.hear()
    assert (news.applied, news.events, news.cases, news.surveys) == (True, 1, set(), False)
    assert li.rows("SELECT kind, case_n, seq FROM event") == [("holiday_shared", None, 1)]


# ── letters fetched whole, work that waits, work that is refused ─────────────────────────────────────────────────────


def test_of_a_letter_fetched_whole_only_what_its_row_holds_is_in_the_log_here(li: Desk, zhou: Desk) -> None:
    case, other = zhou.letter("甲"), zhou.letter("乙")
    zhou.send()
    zhou.hear()
    row = json.loads(casefile.dump(zhou.case(case)))
    zhou.do("tagged", case, facts={"add": ["学校"]})
    zhou.send()
    zhou.hear()
    whole = replica.whole({"row": row, "seq": 2, "e": zhou.log.entries, "p": []})
    replica.keep_whole(li.store, whole, NOW)
    assert li.rows("SELECT seq FROM event") == [(1,)], "not the other letter's, and not what came after the row"
    li.hear()
    assert (li.case(case), li.case(other)) == (zhou.case(case), zhou.case(other))
    assert li.case(case).tags == ("学校",)


def test_a_merge_of_letters_fetched_whole_touches_the_other_one(li: Desk, zhou: Desk) -> None:
    case, master = zhou.letter("甲"), zhou.letter("乙")
    zhou.do("merged", case, facts={"into": master})
    zhou.send()
    zhou.hear()
    for id_ in (case, master):
        replica.keep_whole(li.store, whole_of(zhou, id_, 3), NOW)
    li.hear()
    touched = "SELECT c.id FROM event_touch t JOIN cases c ON c.n = t.case_n"
    assert li.rows(touched) == [(master,)]


def test_what_is_refused_is_kept_with_the_letter_it_was_about(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.send()
    li.hear()
    mine = li.do("tagged", case, facts={"add": ["学校"]})
    decided = li.run(asks(9))
    li.hear(x=[[mine, "forbidden", {}, 0], [decided, "forbidden", {}, 0]])
    about = "SELECT r.id, c.id FROM refused r LEFT JOIN cases c ON c.n = r.case_n"
    assert sorted(li.rows(about)) == sorted([(mine, case), (decided, None)])


def test_own_work_that_is_in_doubt_by_the_first_piece_of_a_page_is_named_at_its_end(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.do("accepted", case)
    zhou.send()
    zhou.hear()
    li.hear()
    mine = li.forward(case, "500103", "渝中区")
    zhou.forward(case)
    for n in range(30):
        zhou.letter(f"第 {n} 件")
    zhou.send()
    assert li.hear().doubted == [mine]


def test_a_merge_that_comes_with_its_letters_whole_is_in_the_log_once_and_touches_the_other(
    li: Desk, zhou: Desk
) -> None:
    case, master = zhou.letter("甲"), zhou.letter("乙")
    zhou.do("merged", case, facts={"into": master})
    zhou.send()
    zhou.hear()
    li.hear(wholes={id_: whole_of(zhou, id_, 3) for id_ in (case, master)})
    assert sorted(li.rows("SELECT seq FROM event")) == [(1,), (2,), (3,)]
    touched = "SELECT c.id, e.seq FROM event_touch t JOIN cases c ON c.n = t.case_n JOIN event e ON e.n = t.event_n"
    assert li.rows(touched) == [(master, 3)]


def test_a_letter_that_own_work_no_longer_reaches_waits_for_nothing_once_that_is_confirmed(
    li: Desk, zhou: Desk
) -> None:
    master, first, second = zhou.letter("甲"), zhou.letter("乙"), zhou.letter("丙")
    for follower in (first, second):
        zhou.do("merged", follower, facts={"into": master})
    zhou.send()
    for desk in (zhou, li):
        desk.hear()
    li.do("withdrawn", master)  # hands over to the first; the second follows it
    zhou.do("unmerged", second)
    zhou.send()
    li.hear()
    assert li.rows("SELECT count(*) FROM confirmed") != [(0,)]
    li.send()
    li.hear()
    assert li.rows("SELECT count(*) FROM confirmed") == [(0,)]


def test_a_letter_that_loses_what_was_refused_is_searched_anew(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.send()
    li.hear()
    mine = li.do("noted", case, words={"text": "问过物业"})
    while settle(li.store):
        pass
    li.hear(x=[[mine, "forbidden", {}, 0]])
    assert li.rows("SELECT c.id FROM to_index t JOIN cases c ON c.n = t.n") == [(case,)]


# ── one log and no other ─────────────────────────────────────────────────────────────────────────────────────────────


def from_the_start(desk: Desk) -> None:
    """As if what said how far it had read was lost."""
    with desk.store.write() as conn:
        link.put(conn, cursor=0, hash="")


def test_own_work_that_comes_again_by_its_number_is_the_same(li: Desk) -> None:
    case = li.letter()
    li.do("accepted", case)
    li.send()
    li.hear()
    from_the_start(li)
    again = li.hear()
    assert (again.applied, again.confirmed, again.events) == (True, 0, 0)
    assert li.case(case).state == "accepted"


def test_another_event_under_a_number_that_is_here_is_of_another_log(li: Desk, zhou: Desk) -> None:
    zhou.letter("甲")
    zhou.send()
    li.hear()
    from_the_start(li)
    zhou.letter("乙")
    other = zhou.offer()[1]
    li.log.entries.clear()
    li.log.take(other)
    with pytest.raises(OtherLogError):
        li.hear()
    assert li.rows("SELECT count(*) FROM cases") == [(1,)]


def test_a_number_that_is_here_and_that_the_page_passes_over_stays(li: Desk, zhou: Desk) -> None:
    letters = [zhou.letter(title) for title in ("甲", "乙", "丙")]
    zhou.send()
    zhou.hear()
    replica.keep_whole(li.store, whole_of(zhou, letters[1], 2), NOW)
    first, _second, third = li.log.entries
    assert li.hear({"c": 3, "h": "hash 3", "e": [first, third]}).events == 2
    assert li.rows("SELECT count(*) FROM event") == [(3,)]
