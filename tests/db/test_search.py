"""Searching letters in a real index: FTS5 as the store makes it."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlcipher

from db.model import Refusal
from db.search import TOKENIZER, Query, Word, facet_tokens, match_expression, parse, tokens

NOW = 1_730_424_600_000  # 2024-11-01 09:30 in Shanghai

LETTERS = {
    1: ("电梯安装", "我们楼43户出钱安装电梯，一楼的一户不同意。"),
    2: ("安电工程", "工地夜间装卸，噪音大。梯子乱放。"),  # all bigrams of nothing: 电梯安装 is not in it
    3: ("Lifts in building B", "The lift of 5号楼 stops. Call 13800001234, plate 渝A12345."),
    4: ("装修", "楼上装修，电梯里有沙。安全隐患。梯安排好了。电梯"),
    5: ("停水", "ＡＢＣ小区停水，Café旁边，请“尽快”处理😀"),
    6: ("NEAR AND OR NOT", 'quote " star * caret ^ minus - colon: (brackets)'),
}


@pytest.fixture
def index() -> Iterator[Any]:
    conn = sqlcipher.connect(":memory:")
    conn.execute(
        "CREATE VIRTUAL TABLE found USING fts5"
        f"(t, content='', contentless_delete=1, detail=none, tokenize='{TOKENIZER}')"
    )
    for n, texts in LETTERS.items():
        held = tokens("\n".join(texts)) + facet_tokens(queue=[1, n], district=f"50010{n}", state="needs_info")
        conn.execute("INSERT INTO found(rowid, t) VALUES (?, ?)", (n, " ".join(held)))
    yield conn
    conn.close()


def found(index: Any, typed: str, queue: int | None = None) -> list[int]:
    """What a person gets: the rows of the index, verified on the text."""
    query = parse(typed, NOW)
    assert isinstance(query, Query), query
    return looked_up(index, query, queue)


def looked_up(index: Any, query: Query, queue: int | None = None) -> list[int]:
    match = match_expression(query, queue=queue)
    rows = index.execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid", (match,)) if match else []
    return [n for (n,) in rows if query.verify(*LETTERS[n])]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("梯", [1, 2, 4]),
        ("电梯", [1, 4]),
        ("安装电", [1]),
        ("电梯安装", [1]),
        ("安装电梯", [1]),
        ("楼 电梯", [1, 4]),
        ("lift", [3]),  # from the beginning of a word
        ("LIFTS", [3]),
        ('"lift"', [3]),
        ('"lif"', []),
        ("ift", []),
        ("5号楼", [3]),
        ("138", [3]),
        ("13", []),  # two digits begin too much
        ("渝A12345", [3]),
        ("渝a123", [3]),
        ("abc小区", [5]),
        ("cafe", [5]),
        ("Café", [5]),
        ("尽快，处理", [5]),  # which punctuation stands between does not matter
        ("“尽快”处理", [5]),
        ("😀", [5]),
        ("near", [6]),
        ("not or", [6]),
        ("没有这个", []),
    ],
)
def test_words_of_any_length_are_found(index: Any, typed: str, rows: list[int]) -> None:
    assert found(index, typed) == rows


def test_bigrams_alone_are_not_believed(index: Any) -> None:
    """Letter 4 has 电梯, 梯安 and 安…, but not the passage; the text decides."""
    query = parse("电梯安", NOW)
    assert isinstance(query, Query)
    rows = [n for (n,) in index.execute("SELECT rowid FROM found WHERE found MATCH ?", (match_expression(query),))]
    assert set(rows) == {1, 4}
    assert looked_up(index, query) == [1]


def test_a_queue_a_district_and_a_state_are_asked_of_the_index(index: Any) -> None:
    assert found(index, "电梯", queue=1) == [1, 4]
    assert found(index, "电梯", queue=4) == [4]
    assert found(index, "电梯 queue:4") == [4]
    assert looked_up(index, Query(words=(Word("电梯"),), districts=("500101",))) == [1]
    assert looked_up(index, Query(words=(Word("电梯"),), districts=("500101", "500104"))) == [1, 4]
    assert found(index, "梯 state:needs_info") == [1, 2, 4]
    assert found(index, "梯 state:accepted") == []


def test_a_letter_cannot_pretend_to_be_in_a_queue_or_district() -> None:
    everything = set(tokens("q4 dq 500101 \ue000q4 \ue000d500101 needs_info sneedsinfo"))
    assert everything.isdisjoint(facet_tokens(queue=4, district="500101", state="needs_info"))


def test_codes_that_the_tokenizer_would_part_stay_one_token(index: Any) -> None:
    index.execute("INSERT INTO found(rowid, t) VALUES (9, ?)", (" ".join(facet_tokens(state="in_progress")),))
    rows = index.execute("SELECT rowid FROM found WHERE found MATCH ?", (f'"{facet_tokens(state="in_progress")[0]}"',))
    assert rows.fetchall() == [(9,)]
    assert facet_tokens(district=None, state=None) == []


HOSTILE = [
    '"', "'", "*", "^", "-", "+", ":", "(", ")", "{", "}", "NEAR(", "AND", "OR", "NOT", "t:", "\x00", "\x1b[2J", "\u202e", "\u200b",
    "\ud800", "\ue000q4", "；", "--", "/*", "%", "_", "电梯", "lift", "😀", "\uffff", "𠮷", " ", "\u3000", "ﷺ", "ß", "İ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=8).map("".join))
def test_nothing_a_person_types_is_an_error_of_the_index(typed: str) -> None:
    query = parse(typed, NOW)
    if isinstance(query, Refusal):
        return
    conn = sqlcipher.connect(":memory:")
    try:
        conn.execute(
            "CREATE VIRTUAL TABLE f USING fts5(t, content='', contentless_delete=1, detail=none, tokenize='ascii')"
        )
        match = match_expression(query, queue=3)
        assert conn.execute("SELECT rowid FROM f WHERE f MATCH ?", (match,)).fetchall() == []
    finally:
        conn.close()


@settings(max_examples=150, deadline=None)
@given(
    before=st.text(max_size=8),
    han=st.text(st.sampled_from("电梯安装渝北区々𠮷あ"), min_size=1, max_size=5),
    after=st.text(max_size=8),
)
def test_the_tokens_of_a_part_are_among_the_tokens_of_the_whole(before: str, han: str, after: str) -> None:
    query = Query(words=(Word(han),))
    whole = before + han + after
    assert set(query.tokens) <= set(tokens(whole))
    assert query.verify("", whole)
    assert any(whole[start:end].find(han) >= 0 for start, end in query.spans(whole))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_every_token_comes_back_from_the_index_whole(text: str) -> None:
    conn = sqlcipher.connect(":memory:")
    try:
        conn.execute(
            "CREATE VIRTUAL TABLE f USING fts5(t, content='', contentless_delete=1, detail=none, tokenize='ascii')"
        )
        conn.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, 'row')")
        conn.execute("INSERT INTO f(rowid, t) VALUES (1, ?)", (" ".join(tokens(text)),))
        assert {term for (term,) in conn.execute("SELECT term FROM v")} == set(tokens(text))
    except sqlite3.Error as error:
        pytest.fail(str(error))
    finally:
        conn.close()


def test_highlights_lie_on_the_text_as_it_was_written() -> None:
    query = parse("电梯 lift abc", NOW)
    assert isinstance(query, Query)
    text = "①装电\u200b梯，Lifts，ＡＢＣ：电梯电梯"
    assert [text[a:b] for a, b in query.spans(text)] == ["电\u200b梯", "Lift", "ＡＢＣ", "电梯电梯"]
    assert query.spans("") == []


def test_a_query_without_words_matches_every_text() -> None:
    query = parse("state:late", NOW)
    assert isinstance(query, Query)
    assert query.verify("anything")
    assert match_expression(query) == ""
    assert not query.empty
    assert parse("", NOW) == Query()


def test_a_long_word_is_cut_in_the_index_and_whole_in_the_text() -> None:
    long = "a" * 100
    assert tokens(long) == ["a" * 32]
    query = Query(words=(Word(long),))
    assert query.tokens == ("a" * 32,)
    assert query.verify(long)
    assert not query.verify("a" * 99)
