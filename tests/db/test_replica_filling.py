"""News while a fill is under way, and news of months and surveys: what is brought, what is asked for, what is made anew."""

from __future__ import annotations

import pytest

from db import figures, link, survey_rows, surveying
from db.bulletin import freezing, frozen_rows
from db.bulletin.frozen_rows import Revision
from db.people import own_actor
from db.replica_news import MissingError
from db.standing import AGAIN
from tests.db.told import NOW, Desk, whole_of

MONTH = figures.parse("2024-10")
DAY = 86_400_000
SURVEY = """
id = "lifts"
title = "加装电梯，您怎么看"
[[question]]
text = "您家住几楼"
options = ["1—2 楼", "3—5 楼"]
"""


def filling(li: Desk) -> None:
    """A fill is under way, and the open letters are here."""
    with li.store.write() as conn:
        link.put(conn, fill='{"usable": true}')


def test_what_news_bring_during_a_fill_is_no_longer_wanted_from_it(li: Desk, zhou: Desk) -> None:
    filling(li)
    case = zhou.letter()
    zhou.send()
    assert li.hear().applied
    assert li.rows("SELECT c.id FROM filled f JOIN cases c ON c.n = f.n") == [(case,)]


def test_without_a_fill_nothing_is_marked_as_brought(li: Desk, zhou: Desk) -> None:
    zhou.letter()
    zhou.send()
    li.hear()
    assert li.rows("SELECT count(*) FROM filled") == [(0,)]


def test_news_of_a_letter_that_the_fill_has_not_brought_ask_for_it_whole(li: Desk, zhou: Desk) -> None:
    case, other = zhou.letter("甲"), zhou.letter("乙")
    zhou.send()
    zhou.hear()
    li.hear()
    zhou.do("noted", case, words={"text": "问过"})
    zhou.do("noted", other, words={"text": "也问过"})
    zhou.send()
    filling(li)
    with li.store.write() as conn:
        conn.execute("INSERT INTO filled(n) SELECT n FROM cases WHERE id = ?", (other,))
    with pytest.raises(MissingError) as missing:
        li.hear()
    assert missing.value.ids == (case,)
    zhou.hear()
    news = li.hear(wholes={case: whole_of(zhou, case, 3)})
    assert news.cases == {case, other}
    assert (li.case(case), li.case(other)) == (zhou.case(case), zhou.case(other))
    assert li.rows("SELECT count(*) FROM filled") == [(2,)]


def test_a_letter_opened_during_a_fill_is_no_longer_wanted_from_it(li: Desk, zhou: Desk) -> None:
    from db.replica import keep_whole

    case = zhou.letter()
    zhou.send()
    zhou.hear()
    whole = whole_of(zhou, case, 1)
    filling(li)
    keep_whole(li.store, whole, NOW)
    assert li.rows("SELECT c.id FROM filled f JOIN cases c ON c.n = f.n") == [(case,)]


def test_a_letter_told_anew_by_a_log_that_was_lost_begins_from_nothing(li: Desk, zhou: Desk) -> None:
    case, other = zhou.letter("甲"), zhou.letter("乙")
    zhou.do("tagged", case, facts={"add": ["学校"]})
    zhou.send()
    li.hear()
    for id_ in (case, other):
        li.do("noted", id_, words={"text": "看过"})
    with li.store.write() as conn:  # a new log, of which only the first letter's receipt is told yet
        conn.execute("DELETE FROM event_touch")
        conn.execute("DELETE FROM event WHERE seq IS NOT NULL")
        conn.execute("UPDATE outbox SET doubt = ?", (AGAIN,))
        link.put(conn, cursor=0, hash="")
    news = li.hear(li.log.page(0, upto=1))
    assert news.events == 1
    assert li.case(case).tags == ()
    assert li.case(case).events == 2, "the receipt, and the note that is pending over it"
    doubts = "SELECT c.id, o.doubt FROM outbox o JOIN event e ON e.n = o.event_n JOIN cases c ON c.n = e.case_n"
    assert sorted(li.rows(doubts)) == sorted([(case, None), (other, AGAIN)])


def test_a_colleagues_survey_is_listed_here_and_a_refused_one_no_more(li: Desk, zhou: Desk) -> None:
    zhou.run(surveying.define(surveying.from_toml(SURVEY, NOW), None, NOW))
    zhou.send()
    news = li.hear()
    assert (news.surveys, news.events, news.cases) == (True, 1, set())
    assert [one.survey.title for one in survey_rows.read(li.store)] == ["加装电梯，您怎么看"]
    mine = li.run(surveying.define(surveying.from_toml(SURVEY.replace("lifts", "roads"), NOW), None, NOW))
    assert len(survey_rows.read(li.store)) == 2
    news = li.hear(x=[[mine, "forbidden", {}, 1]])
    assert (news.surveys, news.refused) == (True, [mine])
    assert len(survey_rows.read(li.store)) == 1


def freeze(desk: Desk) -> str:
    """The month signed there; the event's id."""
    made = freezing.freeze(desk.store, own_actor(desk.store), MONTH, NOW + 5 * DAY)
    assert isinstance(made, Revision), made
    return str(desk.rows("SELECT id FROM event ORDER BY n DESC LIMIT 1")[0][0])


def test_a_signed_month_is_here_by_news_and_a_refused_one_no_more(
    li: Desk, zhou: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_NOW", "2024-11-06T09:30:00+08:00")
    for desk in (li, zhou):
        with desk.store.write() as conn:
            link.put(conn, whole=0)
    mine = freeze(li)
    assert [r.pending for r in frozen_rows.revisions(li.store, MONTH.name)] == [True]
    li.hear(x=[[mine, "forbidden", {}, 0]])
    assert not frozen_rows.revisions(li.store, MONTH.name)
    freeze(zhou)
    zhou.send()
    li.hear()
    [held] = frozen_rows.revisions(li.store, MONTH.name)
    assert (held.pending, held.intact) == (False, True)
