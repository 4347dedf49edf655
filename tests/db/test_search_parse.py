"""A search as people type it, in both languages, and what is said when it cannot be understood."""

from datetime import date
from typing import Any

import pytest

from db.clock import midnight
from db.model import OPEN, Kind, Refusal, State, Urgency
from db.search import Query, Word, parse
from db.search_dates import span
from db.search_words import SENTENCES, say_search

NOW = 1_730_424_600_000  # 2024-11-01 09:30 in Shanghai


def day(text: str) -> int:
    return midnight(date.fromisoformat(text))


def understood(typed: str) -> Query:
    query = parse(typed, NOW)
    assert isinstance(query, Query), query
    return query


def refused(typed: str) -> str:
    refusal = parse(typed, NOW)
    assert isinstance(refusal, Refusal), refusal
    return refusal.code


def test_the_search_of_the_specification() -> None:
    query = understood("district:渝北 state:late topic:电梯安装 from:2024-10-01 陈先生")
    assert query.districts == ("500112",)
    assert query.late
    assert query.states == ()
    assert query.topics == ("电梯安装",)
    assert query.from_ms == day("2024-10-01")
    assert query.words == (Word("陈先生"),)


def test_the_same_in_chinese_with_full_width_colons() -> None:
    chinese = understood("区县：渝北区　状态：超期 话题：电梯安装 从：10月1日 陈先生")
    english = understood("district:渝北 state:late topic:电梯安装 from:2024-10-01 陈先生")
    assert chinese.text != english.text
    assert (chinese.districts, chinese.late, chinese.topics, chinese.from_ms, chinese.words) == (
        english.districts,
        english.late,
        english.topics,
        english.from_ms,
        english.words,
    )


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("district:spb", "districts", ("500106",)),
        ("district:500106", "districts", ("500106",)),
        ("district:渝北,江北", "districts", ("500112", "500105")),
        ("district:渝北 district:江北", "districts", ("500112", "500105")),
        ("district:两江新区", "districts", ("500157", "500Z01")),
        ("district:开县", "districts", ("500154",)),
        ("state:accepted", "states", (State.ACCEPTED,)),
        ("state:待审核", "states", (State.RECEIVED,)),
        ("状态:待签收、办理中", "states", (State.FORWARDED, State.IN_PROGRESS)),
        ("state:open", "states", tuple(state for state in State if state in OPEN)),
        ("kind:suggestion,complaint", "kinds", (Kind.SUGGESTION, Kind.COMPLAINT)),
        ("kind:sugg", "kinds", (Kind.SUGGESTION,)),
        ("类型：建议", "kinds", (Kind.SUGGESTION,)),
        ("urgency:critical", "urgencies", (Urgency.CRITICAL,)),
        ("缓急：特急", "urgencies", (Urgency.CRITICAL,)),
        ("topic:dtaz", "topics", ("电梯安装",)),
        ("topic:停", "topics", ("停车收费", "乱停乱放")),
        ("topic:本报自加话题", "topics", ("本报自加话题",)),
        ("field:住房", "topics", ("电梯安装", "青年住房", "房屋质量检测")),
        ("code:RMLX-2024", "codes", ("RMLX-2024",)),
        ("rmlx-20241015-03-0007", "codes", ("RMLX-20241015-03-0007",)),
        ("sender:陈先生", "senders", ("陈先生",)),
        ('tag:"老 小区",回访', "tags", ("老 小区", "回访")),
        ("assignee:我", "assignees", ("me",)),
        ("assignee:li,me", "assignees", ("li", "me")),
        ("queue:4", "queues", (4,)),
        ("队列：5、1", "queues", (5, 1)),
    ],
)
def test_fields(typed: str, field: str, value: Any) -> None:
    assert getattr(understood(typed), field) == value


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("电梯 安装", (Word("电梯"), Word("安装"))),
        ('"电梯 安装" 楼', (Word("电梯 安装", whole=True), Word("楼"))),
        ("“电梯”楼", (Word("电梯", whole=True), Word("楼"))),
        ("「电梯」", (Word("电梯", whole=True),)),
        ("时间：晚上", (Word("时间：晚上"),)),
        ("12:30", (Word("12:30"),)),
        ("http://x.cn/a", (Word("http://x.cn/a"),)),
        ("--电梯 * ！", (Word("--电梯"),)),
    ],
)
def test_words(typed: str, words: tuple[Word, ...]) -> None:
    assert understood(typed).words == words


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ('"电梯', "search_quote"),
        ("“电梯", "search_quote"),
        ("distrct:渝北", "search_field"),
        ("district:", "search_value"),
        ("district: 渝北", "search_value"),
        ("区县：，", "search_value"),
        ("district:巴黎", "search_district"),
        ("district:巫", "search_districts"),
        ("state:gone", "search_choice"),
        ("urgency:x", "search_choice"),
        ("state:待", "search_choices"),
        ("field:天文", "search_choice"),
        ("queue:0", "search_choice"),
        ("from:2024-02-30", "search_date"),
        ("to:someday", "search_date"),
        ("on:99999天前", "search_date"),
        ("from:2024-10-02 to:2024-10-01", "search_span"),
        ("！！ ……", "search_nothing"),
        ("电" * 501, "search_long"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_sentence(
    typed: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = parse(typed, NOW)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.code == code
    said = {}
    for language in ("zh_CN", "en"):
        monkeypatch.setenv("DESK_LANG", language)
        said[language] = say_search(refusal)
        assert "{" not in said[language]
    assert said["zh_CN"] != said["en"]


def test_every_refusal_has_a_sentence() -> None:
    assert {refused('"'), refused("x:y"), refused("on:x")} <= set(SENTENCES)


@pytest.mark.parametrize(
    ("typed", "first", "behind"),
    [
        ("2024-10-01", "2024-10-01", "2024-10-02"),
        ("20241001", "2024-10-01", "2024-10-02"),
        ("2024/10/1", "2024-10-01", "2024-10-02"),
        ("2024年10月1日", "2024-10-01", "2024-10-02"),
        ("２０２４－１０－０１", "2024-10-01", "2024-10-02"),
        ("2024-10", "2024-10-01", "2024-11-01"),
        ("2024年12月", "2024-12-01", "2025-01-01"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("10-01", "2024-10-01", "2024-10-02"),
        ("12月3日", "2023-12-03", "2023-12-04"),  # the last one that was
        ("2-29", "2024-02-29", "2024-03-01"),
        ("12月", "2023-12-01", "2024-01-01"),
        ("today", "2024-11-01", "2024-11-02"),
        ("昨天", "2024-10-31", "2024-11-01"),
        ("7d", "2024-10-25", "2024-10-26"),
        ("3天前", "2024-10-29", "2024-10-30"),
        ("本月", "2024-11-01", "2024-12-01"),
        ("上月", "2024-10-01", "2024-11-01"),
        ("本周", "2024-10-28", "2024-11-04"),
        ("上周", "2024-10-21", "2024-10-28"),
        ("2024-w41", "2024-10-07", "2024-10-14"),
        ("2024-Q4", "2024-10-01", "2025-01-01"),
        ("2024-10-01..2024-10-15", "2024-10-01", "2024-10-16"),
        ("今年", "2024-01-01", "2025-01-01"),
        ("去年", "2023-01-01", "2024-01-01"),
    ],
)
def test_dates(typed: str, first: str, behind: str) -> None:
    assert span(typed, NOW) == (day(first), day(behind))


def test_to_holds_its_whole_day_or_month() -> None:
    query = understood("from:2024-10 to:2024-10")
    assert (query.from_ms, query.to_ms) == (day("2024-10-01"), day("2024-11-01"))
    assert understood("on:昨天").to_ms == day("2024-11-01")


def test_a_pasted_escape_sequence_is_not_repeated_raw() -> None:
    for typed in ("district:\x1b]52;c;x\x07", '"\x1b[2J', "from:\u202e\x9b2J", "\x1b"):
        refusal = parse(typed, NOW)
        assert isinstance(refusal, Refusal)
        assert not set(say_search(refusal)) & set("\x1b\x07\u202e\x9b")


@pytest.mark.parametrize("typed", ["-电梯", "－电梯", '-"加装 电梯"', "-“加装电梯”"])
def test_a_dash_before_a_word_leaves_its_letters_out(typed: str) -> None:
    query = understood(f"噪音 {typed}")
    assert query.words == (Word("噪音"),)
    assert [out.words[0].text.replace(" ", "") for out in query.without] in (["电梯"], ["加装电梯"])


def test_a_dash_before_a_field_leaves_its_letters_out() -> None:
    (late,) = understood("-state:late").without
    assert late.late
    (district,) = understood("-区县：渝北").without
    assert district.districts == ("500112",)
    assert refused("-district:火星") == "search_district"
    assert refused("-list:mine") == "search_without"
    assert "list:" in say_search(parse("-list:mine", NOW))  # type: ignore[arg-type]


def test_a_dash_within_a_word_or_alone_is_no_minus() -> None:
    assert understood("covid-19").without == ()
    assert understood("电梯 - 噪音").without == ()
    assert understood("--电梯").without == ()


@pytest.mark.parametrize(
    "typed", ["RMLX", "rmlx-", "RMLX-2024", "RMLX-20241015-", "RMLX-20241015-03-00", "20241015-03-0007"]
)
def test_a_code_is_one_from_its_first_characters_on(typed: str) -> None:
    assert understood(typed).codes == (typed.upper(),)


def test_what_only_looks_like_a_code_is_a_word() -> None:
    assert understood("2024-10-01").codes == ()
    assert understood("RMLXX").codes == ()
    assert understood("GB-2024").codes == ()
