"""Letters fetched whole and letters erased: what stands for their words, and what hangs on them, on a desk."""

from __future__ import annotations

import json
from datetime import date

from db import casefile, configuring, link, replica
from db.people import sender
from tests.db.told import NOW, Desk, whole_of


def test_a_letter_fetched_whole_confirms_the_own_work_in_it(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.send()
    li.hear()
    zhou.hear()
    li.do("noted", case, words={"text": "看过"})
    li.send()
    zhou.hear(li.log.page(1))
    zhou.do("noted", case, words={"text": "也看过"})
    zhou.send()
    zhou.hear()
    early = replica.whole({**_plain(zhou, case), "seq": 2, "e": li.log.entries})
    news = li.hear(wholes={case: early})
    assert (news.confirmed, news.events) == (1, 1), "what lies behind the row comes with the page"
    assert li.pending() == []
    assert li.rows("SELECT seq, absorbed FROM event ORDER BY seq") == [(1, 0), (2, 0), (3, 0)]


def _plain(desk: Desk, case: str) -> dict[str, object]:
    return {"row": json.loads(casefile.dump(desk.case(case))), "p": ()}


def test_a_letter_erased_before_it_came_keeps_what_stands_for_its_words(li: Desk, zhou: Desk) -> None:
    facts = {"channel": "hotline", "number": "7"}
    zhou.do("received", facts=facts, words={"title": "路灯", "body": "三天不亮"})
    zhou.send()
    [given] = zhou.log.entries
    [(inner, digest)] = zhou.rows("SELECT inner, digest FROM event")
    given["inner"] = inner.hex()
    del given["words"], given["salt"]
    li.do("received", facts=facts, words={"title": "路灯不亮", "body": "今天来电"})
    li.hear(li.log.page(0))
    assert li.rows("SELECT inner, digest, words FROM event") == [(inner, digest, None)]


def test_news_of_a_letter_erased_before_they_came_keep_what_stands_for_its_words(li: Desk, zhou: Desk) -> None:
    zhou.letter()
    zhou.send()
    [given] = zhou.log.entries
    [(inner, digest)] = zhou.rows("SELECT inner, digest FROM event")
    given["inner"] = inner.hex()
    del given["words"], given["salt"]
    li.hear()
    assert li.rows("SELECT inner, digest, words FROM event") == [(inner, digest, None)]


def test_a_refused_decision_is_taken_back_here(li: Desk) -> None:
    before = li.store.rulebook()
    decided = li.run(configuring.limit("max_asks", date(2024, 11, 1), 1))
    assert li.store.rulebook() != before
    news = li.hear(x=[[decided, "forbidden", {}, 0]])
    assert (news.newsroom, news.refused) == (True, [decided])
    assert li.store.rulebook() == before
    assert li.rows("SELECT case_n FROM refused") == [(None,)]


def test_words_that_were_erased_go_here_too_and_what_hangs_on_them(li: Desk, zhou: Desk) -> None:
    case = zhou.letter("有姓名的信")
    zhou.send()
    zhou.hear()
    li.hear()
    li.do("noted", case, words={"text": "七号楼"})
    zhou.do("erased", case, facts={"reason": "request"})
    zhou.send()
    li.hear()
    assert li.case(case).erased
    assert li.rows("SELECT count(*) FROM event WHERE words IS NOT NULL") == [(0,)]
    assert li.rows("SELECT count(*) FROM to_index") == [(1,)] or not li.rows("SELECT 1 FROM letter_text")


def test_a_letter_fetched_whole_after_its_erasure_keeps_what_stands_for_its_words(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.send()
    zhou.hear()
    [(inner, digest)] = zhou.rows("SELECT inner, digest FROM event")
    given = zhou.log.entries[0]
    given["inner"] = inner.hex()
    del given["words"], given["salt"]
    replica.keep_whole(li.store, whole_of(zhou, case, 1), NOW)
    assert li.rows("SELECT inner, digest, words FROM event") == [(inner, digest, None)]


def test_a_letter_opened_from_the_backend_is_kept_with_its_row_or_only_its_history(li: Desk, zhou: Desk) -> None:
    case = zhou.letter()
    zhou.do("accepted", case)
    zhou.send()
    zhou.hear()
    whole = whole_of(zhou, case, 2, [["s2", "李", "", "139****0000"]])
    replica.keep_whole(li.store, whole, NOW)
    assert li.case(case) == zhou.case(case)
    assert li.rows("SELECT case_id, seq FROM ahead") == [(case, 2)]
    assert li.rows("SELECT count(*) FROM event") == [(2,)]
    assert sender(li.store, "s2") is not None
    with li.store.write() as conn:
        conn.execute("DELETE FROM event")
        link.put(conn, cursor=1)
    more = whole_of(zhou, case, 2, [["s3", "王", "", "137****0000"]])
    replica.keep_whole(li.store, more, NOW)
    assert li.rows("SELECT kind FROM event") == [("received",)], "what lies behind the cursor comes with the log"
    assert sender(li.store, "s3") is not None
    with li.store.write() as conn:
        link.put(conn, user=None)
        conn.execute("DELETE FROM event")
    replica.keep_whole(li.store, more, NOW)
    assert li.rows("SELECT count(*) FROM event") == [(0,)]
