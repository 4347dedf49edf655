"""Letters by who wrote them: as the screen shows a sender, as a citizen on the telephone says it; only for who may."""

import pytest
from store_letters import NOW, bring, do, receipt
from test_store_search import found

from db import link
from db.people import Sender
from db.queries import ALL, BadQueryError, page
from db.store import Store

CHEN = Sender("s1", "陈晓明", "先生", "13812341234")
OUYANG = Sender("s2", "欧阳兰", "女士", "15900001111")


@pytest.fixture
def letters(store: Store) -> Store:
    """L1 by 陈晓明, L2 by 欧阳兰, whose words name 陈先生; L3 by nobody."""
    bring(
        store,
        receipt("1", NOW - 1, code="L1", sender="s1", title="停电", body="电梯停运"),
        receipt("2", NOW - 60_000, code="L2", sender="s2", title="唱歌", body="楼上的陈先生半夜唱歌"),
        receipt("3", NOW - 120_000, code="L3", title="路灯", body="高新区的路灯不亮"),
        senders=(CHEN, OUYANG),
    )
    return store


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("sender:陈先生", ["L1"]),
        ("sender:138****1234", ["L1"]),
        ("sender:欧阳女士", ["L2"]),
        ("sender:晓明", ["L1"]),
        ("sender:王先生", []),
        ("陈先生", ["L1", "L2"]),
        ("陈晓明", ["L1"]),
        ("13812341234", ["L1"]),
        ("138****1234", ["L1"]),
        ("陈先生 电梯", ["L1"]),
        ("陈先生 唱歌", ["L2"]),
        ("陈先生 欧阳女士", ["L2"]),
        ("高新", ["L3"]),
        ("-sender:陈先生", ["L2", "L3"]),
        ("-陈先生", ["L3"]),
        ("陈先生 -13812341234", ["L2"]),
    ],
)
def test_a_sender_is_found_as_people_have_the_name(letters: Store, typed: str, codes: list[str]) -> None:
    assert found(letters, typed) == codes


def test_who_may_not_reveal_a_contact_finds_nobody_by_name(letters: Store) -> None:
    with letters.write() as conn:
        link.put(conn, server="http://x", user="u", role="reader")
    assert found(letters, "陈先生") == ["L2"]
    assert found(letters, "陈晓明") == []
    assert found(letters, "13812341234") == []
    for typed in ("sender:陈", "-sender:陈"):
        with pytest.raises(BadQueryError) as refused:
            page(letters, ALL, query=typed, now=NOW)
        assert refused.value.refusal.code == "search_sender"


def test_pages_of_both_sources_hold_each_letter_once(store: Store) -> None:
    """Half of the letters by the sender, a third with the words, read forwards and backwards by twos."""
    bring(
        store,
        *(
            receipt(
                str(i),
                NOW - i * 60_000,
                code=f"L{i:02d}",
                sender="s1" if i % 2 else "s2",
                body="陈先生" if i % 3 else "水",
            )
            for i in range(30)
        ),
        senders=(CHEN, OUYANG),
    )
    wanted = [f"L{i:02d}" for i in range(30) if i % 2 or i % 3]
    for back in (False, True):
        codes, row = [], None
        while True:
            at = {"before": row} if back and row else {"after": row} if row else {"end": back}
            read = page(store, ALL, query="陈先生", now=NOW, limit=2, **at)  # type: ignore[arg-type]
            codes = [r.code for r in read.rows] + codes if back else codes + [r.code for r in read.rows]
            if not read.more:
                break
            row = read.rows[0] if back else read.rows[-1]
        assert codes == wanted


def test_words_and_filters_are_left_out(letters: Store) -> None:
    do(
        letters,
        "classified",
        bring(letters, receipt("4", code="L4", title="异响", body="电梯有异响"))[0],
        facts={"topic": "电梯安装"},
    )
    assert found(letters, "电梯 -停运") == ["L4"]
    assert set(found(letters, "-电梯")) == {"L2", "L3"}
    assert set(found(letters, "-topic:电梯安装")) == {"L1", "L2", "L3"}
    assert found(letters, "-topic:电梯安装 -sender:陈先生 -高新") == ["L2"]


def test_the_end_of_a_code_is_enough(letters: Store) -> None:
    assert found(letters, "code:3") == ["L3"]
