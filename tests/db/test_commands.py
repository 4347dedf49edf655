"""What a person does to letters: written whole or not at all, in one transaction, and provable afterwards."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from store_letters import HOUR, NOW, actor, bring, do, forward, receipt

from db import drafts, log, queries, runs
from db.codes import Codes
from db.commands import Command, preview, receive, run
from db.model import Role, State
from db.opening import open_store
from db.people import Sender, sender
from db.refold import differing, stored
from db.runs import Doing
from db.store import Store, StoreError
from db.undo import TakenBack, take_back
from db.upkeep import settle


def everything(store: Store) -> list[object]:
    """All rows that an action could change."""
    tables = ("cases", "dispatch", "event", "event_touch", "outbox", "draft", "setting", "queue_entry", "queue_count")
    return [store.rows(f"SELECT * FROM {table}") for table in (*tables, "to_index")]


def state(store: Store, case: str) -> str:
    found = stored(store, case)
    assert found is not None
    return found.state


def test_a_letter_walks_from_receipt_to_resolution(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    do(store, "accepted", case, facts={"kind": "complaint", "topic": "电梯安装"})
    forward(store, case)
    do(store, "signed", case)
    do(store, "chased", case, facts={"level": 1, "channel": "phone"})
    do(store, "replied", case, words={"text": "已派人。"})
    do(store, "redone", case, facts={"code": "evasive"}, words={"text": "请写明期限。"})
    do(store, "replied", case, words={"text": "周五前修好。"})
    facts = {"checklist": ["answers_question"], "redacted": True}
    do(store, "answered", case, facts=facts, words={"text": "周五前修好。"})
    outcomes = [{"measure": "加装电梯协议", "count": 1, "unit": "户"}]
    do(store, "resolved", case, facts={"result": "solved", "outcomes": outcomes})
    assert state(store, case) == State.RESOLVED
    letter = queries.letter(store, case)
    assert letter is not None
    assert [e.kind for e in letter.events[-3:]] == ["replied", "answered", "resolved"]
    assert len(letter.pending) == len(letter.events) - 1  # all but the receipt, which came from the channel
    assert differing(store) == []


def test_each_event_names_what_it_answers(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    lead = forward(store, case).events[0]
    assert lead.re == case
    signed = do(store, "signed", case).events[0]
    assert (signed.re, signed.dispatch) == (lead.id, lead.id)
    co = do(store, "forwarded", case, facts={"role": "co", "district": "500106"}).events[0]
    assert co.re == lead.id
    assert co.facts["district_name"]


def test_forward_with_a_co_handler_is_one_run(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    commands = [
        Command("forwarded", case, {"role": role, "district": d}) for role, d in (("lead", "500104"), ("co", "500106"))
    ]
    result = run(store, actor(store), commands, NOW)
    assert result.ok
    assert result.events[1].re == result.events[0].id
    found = stored(store, case)
    assert found is not None
    assert [(d.lead, d.district) for d in found.dispatches] == [(True, "500104"), (False, "500106")]


def test_one_refusal_and_nothing_of_a_bulk_is_written_each_is_listed(store: Store) -> None:
    cases = bring(store, *(receipt(str(i)) for i in range(4)))
    forward(store, cases[1])
    forward(store, cases[3])
    before = everything(store)
    commands = [Command("declined", c, {"reason": "court"}, {"text": "请向法院提出。"}) for c in cases]
    result = run(store, actor(store), commands, NOW)
    assert [command.case for command, _refusal in result.refused] == [cases[1], cases[3]]
    assert result.events == ()
    assert everything(store) == before


def test_half_a_bulk_is_written_only_where_that_was_asked(store: Store) -> None:
    cases = bring(store, *(receipt(str(i)) for i in range(3)))
    forward(store, cases[1])
    commands = [Command("declined", c, {"reason": "court"}, {"text": "请向法院提出。"}) for c in cases]
    result = run(store, actor(store), commands, NOW, whole=False)
    assert set(result.changed) == {cases[0], cases[2]}
    assert [state(store, c) for c in cases] == ["declined", "forwarded", "declined"]


def test_what_somebody_already_did_writes_nothing_and_says_so(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    forward(store, case)
    do(store, "chased", case, facts={"level": 1, "channel": "phone"})
    before = everything(store)
    result = run(store, actor(store), [Command("chased", case, {"level": 1, "channel": "phone"})], NOW + 60_000)
    assert result.ok
    assert len(result.absorbed) == 1
    assert everything(store) == before


def test_a_preview_tells_what_would_be_and_writes_nothing(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    before = everything(store)
    shown = preview(store, actor(store), [Command("accepted", case)], NOW)
    assert shown.cases[case].state == State.ACCEPTED
    assert everything(store) == before


def test_what_a_preview_read_counts_no_more_once_another_process_wrote(store: Store) -> None:
    ids = bring(store, receipt("1"), receipt("2"))
    accept = [Command("accepted", id_, {"kind": "help", "topic": "电梯安装"}) for id_ in ids]
    decline = Command("declined", ids[0], {"reason": "repeat"}, {"text": "已在办理。"})
    assert preview(store, actor(store), accept).ok
    with open_store(store.home) as other:
        assert run(other, actor(store), [decline]).ok
    result = run(store, actor(store), accept)
    assert [r.code for _c, r in result.refused] == ["state"]
    assert state(store, ids[1]) == State.RECEIVED
    assert differing(store) == []


def test_what_a_preview_read_counts_no_more_once_something_was_taken_back(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    accept = [Command("accepted", case, {"kind": "help", "topic": "电梯安装"})]
    decline = [Command("declined", case, {"reason": "repeat"}, {"text": "已在办理。"})]
    assert run(store, actor(store), decline, doing=Doing("decline", {})).ok
    assert not preview(store, actor(store), accept).ok
    done = runs.last(store, actor(store).id)
    assert done is not None
    assert isinstance(take_back(store, actor(store), done.n), TakenBack)
    assert run(store, actor(store), accept).ok
    assert differing(store) == []


def test_what_a_preview_read_is_written_as_if_read_again(store: Store) -> None:
    ids = bring(store, receipt("1"), receipt("2"))
    accept = [Command("accepted", id_, {"kind": "help", "topic": "电梯安装"}) for id_ in ids]
    assert preview(store, actor(store), accept).ok
    assert set(run(store, actor(store), accept).changed) == set(ids)
    assert len(preview(store, actor(store), accept).absorbed) == 2
    assert [state(store, id_) for id_ in ids] == [State.ACCEPTED] * 2
    assert differing(store) == []


def test_a_letter_that_is_not_here_is_refused_not_invented(store: Store) -> None:
    result = run(store, actor(store), [Command("accepted", "no-such-letter")], NOW)
    assert [refusal.code for _c, refusal in result.refused] == ["unknown_case"]


def test_an_editor_may_not_what_only_a_supervisor_may(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    forward(store, case)
    command = Command("chased", case, {"level": 3, "channel": "phone"})
    assert not run(store, actor(store, Role.EDITOR), [command], NOW).ok
    assert run(store, actor(store, Role.SUPERVISOR), [command], NOW).ok


def test_a_draft_goes_with_the_action_it_was_for_and_no_other(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    drafts.put(store, case, "note", {"text": "电话里"})
    drafts.put(store, case, "reply", {"text": "还没写完"})
    do(store, "noted", case, words={"text": "电话里说好了"}, draft="note")
    assert drafts.get(store, case, "note") is None
    assert drafts.get(store, case, "reply") == {"text": "还没写完"}


def test_a_refused_action_keeps_its_draft(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    drafts.put(store, case, "redo", {"text": "请重写"})
    run(store, actor(store), [Command("redone", case, {"code": "evasive"}, {"text": "请重写"}, draft="redo")], NOW)
    assert drafts.get(store, case, "redo") == {"text": "请重写"}


def test_events_of_one_desk_never_go_back_in_time(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    first = do(store, "noted", case, NOW, words={"text": "一"}).events[0]
    second = do(store, "noted", case, NOW - HOUR, words={"text": "二"}).events[0]  # the clock was set back
    assert (first.at, second.at) == (NOW, NOW + 1)
    assert first.id < second.id


def test_every_event_made_here_waits_in_the_outbox(store: Store) -> None:
    [case] = bring(store, receipt("1"))
    events = [*do(store, "accepted", case).events, *forward(store, case).events]
    waiting = store.rows("SELECT e.id, o.offered FROM outbox o JOIN event e ON e.n = o.event_n ORDER BY o.event_n")
    assert waiting == [(e.id, None) for e in events]
    assert store.rows("SELECT pending FROM cases") == [(2,)]


def test_a_letter_taken_down_by_telephone_gets_this_desks_code(store: Store) -> None:
    caller = Sender("s1", "陈晓明", "先生", "13800001234")
    words = {"title": "路灯不亮", "body": "整条街三天没有灯。"}
    result = run(store, actor(store), [Command("received", None, {"kind": "help"}, words, sender=caller)], NOW)
    assert result.ok
    code = result.cases[result.changed[0]].code
    number = store.rows("SELECT number FROM device")[0][0]
    assert code == f"RMLX-20241101-{number:02d}-0001"
    assert sender(store, "s1") == caller
    assert "陈晓明" not in str(store.rows("SELECT facts, words FROM event"))


def test_codes_run_on_by_day_even_past_ten_thousand(store: Store) -> None:
    with store.write() as conn:
        codes = Codes(conn, 3)
        assert [codes.next(NOW), codes.next(NOW), codes.next(NOW + 24 * HOUR)] == [
            "RMLX-20241101-03-0001",
            "RMLX-20241101-03-0002",
            "RMLX-20241102-03-0001",
        ]
    bring(store, *(receipt(str(i), code=f"RMLX-20241101-03-{i}") for i in (9998, 9999, 10000)))
    with store.write() as conn:
        assert Codes(conn, 3).next(NOW) == "RMLX-20241101-03-10001"


def test_imported_letters_without_a_code_get_one_each(store: Store) -> None:
    bring(store, *(receipt(str(i)) for i in range(3)))
    codes = [code for (code,) in store.rows("SELECT code FROM cases")]
    assert len(set(codes)) == 3
    assert all(code.startswith("RMLX-20241101-") for code in codes)


def test_the_same_events_again_add_nothing(store: Store) -> None:
    events = [receipt(str(i)) for i in range(3)]
    bring(store, *events)
    before = everything(store)
    again = receive(store, [*events, events[0]], now=NOW)
    assert (again.known, again.events, again.letters) == (4, 0, 0)
    assert everything(store) == before


def test_ready_made_events_are_judged_like_any(store: Store) -> None:
    first = receipt("1")
    stray = receipt("2")
    got = receive(store, [first, replace(stray, kind="accepted")], now=NOW)
    assert got.letters == 1
    assert [refusal.code for _e, refusal in got.refused] == ["unknown_case"]


def test_a_full_disk_leaves_nothing_half_done(store: Store) -> None:
    cases = bring(store, *(receipt(str(i)) for i in range(20)))
    before = everything(store)
    with store.write() as conn:
        pages = conn.execute("PRAGMA page_count").fetchone()[0]
    store.writer().execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError) as caught:
        run(store, actor(store), [Command("noted", c, {}, {"text": "长" * 5_000}) for c in cases], NOW)
    assert caught.value.code == "full"
    assert everything(store) == before
    store.writer().execute("PRAGMA max_page_count = 1000000")
    assert run(store, actor(store), [Command("noted", c, {}, {"text": "长"}) for c in cases], NOW).ok


def test_every_digest_can_be_computed_again_even_after_erasure(store: Store) -> None:
    [case] = bring(store, receipt("1", title="请勿公开", body="我住在某街7号。"))
    do(store, "noted", case, words={"text": "电话 13800001234"})
    do(store, "erased", case, facts={"reason": "citizen_asks"})
    letter = queries.letter(store, case)
    assert letter is not None
    rows = {
        id_: (bytes(inner), bytes(digest)) for id_, inner, digest in store.rows("SELECT id, inner, digest FROM event")
    }
    for event in letter.events:
        inner, digest = rows[event.id]
        assert log.digest(event, inner) == digest
        assert event.words == {}


def test_words_are_proved_by_their_salt(store: Store) -> None:
    [case] = bring(store, receipt("1", body="原文"))
    [(words, salt, inner)] = store.rows("SELECT words, salt, inner FROM event WHERE id = ?", (case,))
    assert log.inner(salt, json.loads(words)) == bytes(inner)
    assert log.inner(salt, {"title": "电梯停运", "body": "改过"}) != bytes(inner)


def test_erasing_leaves_no_word_of_the_person_in_any_row(store: Store) -> None:
    who = Sender("s1", "欧阳小红", "女士", "13900002222")
    [case] = bring(store, receipt("1", title="请勿公开", body="我住在某街7号。", sender="s1"), senders=(who,))
    drafts.put(store, case, "note", {"text": "欧阳小红说"})
    do(store, "noted", case, words={"text": "欧阳小红来电"})
    do(store, "erased", case, facts={"reason": "citizen_asks"})
    settle(store)
    rows = str([store.rows(f"SELECT * FROM {t}") for t in ("cases", "event", "draft", "sender", "refused")])
    for word in ("请勿公开", "某街7号", "欧阳小红", "13900002222"):
        assert word not in rows
    assert queries.page(store, queries.ALL, query="某街7号", now=NOW).rows == []


def test_a_sender_of_two_letters_stays_while_one_of_them_needs_it(store: Store) -> None:
    who = Sender("s1", "陈晓明")
    one, two = bring(store, receipt("1", sender="s1"), receipt("2", sender="s1"), senders=(who,))
    do(store, "erased", one, facts={"reason": "citizen_asks"})
    assert sender(store, "s1") == who
    do(store, "erased", two, facts={"reason": "citizen_asks"})
    assert sender(store, "s1") is None
