"""Letters of a megabyte: what looks at words looks at so many of them, and no pattern grows faster than its text.

Not timed: work is counted, or its growth would make these tests run for minutes.
"""

from __future__ import annotations

import pytest

from db import redaction, similar, suggest
from db.letter_words import READ, as_received
from db.store import Store
from desk.widgets.sheet import LONGEST, prose
from tests.desk import inbox

LONG = 1_000_000


@pytest.mark.parametrize("unit", ["a", " ", "1", "a@", "谢谢\n张小三\n", "。 ", "\u3000", "渝A", "3栋"])
def test_finding_what_tells_who_somebody_is_grows_with_the_text_only(unit: str) -> None:
    """`a` a million times took an hour (mail), blanks half of one (signatures)."""
    redaction.find_all({"text": unit * (100_000 // len(unit))})


def test_a_signature_is_still_found_behind_many_blanks() -> None:
    text = "路灯不亮。\n此致敬礼\n" + " " * 9 + "陈晓明" + "\n" * 3_000
    assert [s.instead for s in redaction.find(text)] == ["陈某某"]
    assert [s.rule for s in redaction.find("a" * 100 + "chen.x@example.com")] == ["mail"]


def test_a_long_letter_is_compared_by_its_beginning_and_its_end(store: Store) -> None:
    body = "三号楼电梯停运。" + "长" * 100_000 + "请派人修电梯。"
    first, second = inbox.arrive(
        store, [(f"电梯停运{n}", "complaint", "normal", None, None, body) for n in (90_001, 90_002)], first=90_001
    )
    with store.view() as conn:
        (text,) = as_received(conn, [n for (n,) in conn.execute("SELECT n FROM cases WHERE id = ?", (first,))]).values()
    assert len(text.body) <= READ + 1
    assert text.body.startswith("三号楼")
    assert text.body.endswith("请派人修电梯。")
    assert second in [one.row.id for one in similar.similar(store, first)]
    suggest.suggest(store, first, inbox.NOW)


def test_of_a_long_text_the_pane_sets_the_beginning_and_says_how_to_read_the_rest() -> None:
    lines = prose("长" * LONG, 80)
    assert len(lines) < LONGEST / 40 + 4
    assert f"{LONG - LONGEST:,}" in "".join(line.text for line in lines[-2:])
    assert [line.text for line in prose("长" * 10, 80)] == ["长" * 10]
