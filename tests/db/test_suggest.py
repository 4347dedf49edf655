"""What a letter suggests: topic, kind, urgency and district, each with its reason; silence where nothing speaks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from store_letters import NOW, bring, do, receipt

from db.model import CaseId
from db.search_fold import fold
from db.store import Store
from db.suggest import Hint, suggest
from db.suggest_cues import words
from db.suggest_model import Scored
from db.suggest_spoken import spoken, whole
from db.suggest_urgency import RULES, urgency
from db.suggest_words import because, reason, value_label
from db.words import term


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")


def written(store: Store, title: str, body: str, number: str = "1") -> CaseId:
    return bring(store, receipt(number, title=title, body=body))[0]


def hint(store: Store, title: str, body: str, field: str) -> Hint | None:
    return suggest(store, written(store, title, body), NOW).hints.get(field)


def test_a_township_says_the_district_and_why(store: Store) -> None:
    found = hint(store, "老楼想加装电梯", "我们住茄子溪街道，想加装电梯。", "district")
    assert found is not None
    assert value_label(found) == "大渡口区"
    assert reason(found) == "茄子溪街道 → 大渡口区"


def test_a_new_desk_begins_with_the_words_of_the_topics(store: Store) -> None:
    found = hint(store, "老楼想加装电梯", "八层楼没有电梯，邻居大多同意加装。", "topic")
    assert found is not None
    assert found.value == "电梯安装"
    assert reason(found) == "“加装电梯”“老楼” → 电梯安装"


LEARNT_BY = tuple(f"{street}的噪声{noise}" for street, noise in zip("甲乙丙丁戊己", "很大吵人太响", strict=True))


def test_a_word_is_quoted_whole_where_other_letters_tell_its_ends() -> None:
    letter = "我们小区的噪声从早到晚。"
    assert whole("噪声", letter, LEARNT_BY) == "噪声"
    lifts = [f"{a}加装电梯{b}" for a, b in zip("甲乙丙丁", "分摊多少", strict=True)]
    assert whole("装电", "想加装电梯，找谁", lifts) == "加装电梯"
    assert whole("装电", "想改装电表，找谁", lifts) == "", "in this letter it is another word"
    assert whole("装电", "想加装电梯，找谁", lifts[:3]) == "", "too few letters to tell"


@pytest.mark.parametrize("field", ["topic", "kind"])
def test_no_reason_quotes_a_cut_out_pair_of_characters(field: str) -> None:
    """Whatever pairs decide: what is said stands in a list of words, or where other letters begin and end a word."""
    letter = fold("楼上广场舞音响吵得睡不着，请问社保卡怎么办理，感谢热心的好干部。")
    pairs = [a + b for a, b in pairwise(letter) if (a + b).isalpha()]
    every = {w for f in ("topic", "kind") for label, ws in words(f).items() for w in (label, *ws)}
    for label in words(field):
        listed, found = spoken(field, Scored(label, 1.0, tuple((pair, 1.0) for pair in pairs)), letter, ())
        assert set(found) <= every
        assert set(listed) <= {label, *words(field)[label]}
        assert all(word in letter for word in found)


@pytest.mark.parametrize("said", ["万分感谢", "人家"])
def test_courtesy_is_no_reason_for_a_kind(said: str) -> None:
    """Five people who asked for help thanked in advance: whoever thanks does not therefore ask for help."""
    letter = f"路灯修好了，{said}，真好"
    others = [f"{a}{said}{b}" for a, b in zip("甲乙丙丁戊", "子丑寅卯辰", strict=True)]
    best = Scored("help", 1.0, tuple((a + b, 1.0) for a, b in pairwise(said)))
    assert whole(said[:2], letter, others) == said
    assert spoken("kind", best, letter, others) == ((), ())


def test_letters_without_a_common_word_are_a_reason_by_their_number(store: Store) -> None:
    assert reason(Hint("topic", "电梯安装", "like", times=7)) == "电梯安装（用词与已如此归类的 7 件相近）"
    assert (
        because(Hint("topic", "电梯安装", "learned", ("电梯", "加装"), 5, 9))
        == "“电梯”“加装”（该话题 9 件中 5 件说到）"
    )


def test_what_is_asked_says_the_kind(store: Store) -> None:
    found = hint(store, "请问异地就医怎么办理", "想咨询一下，需要什么材料？", "kind")
    assert found is not None
    assert found.value == "inquiry"


def test_two_districts_are_a_question_not_a_suggestion(store: Store) -> None:
    found = hint(store, "修路", "兴隆镇场上的路被大货车压烂了。", "district")
    assert found is not None
    assert found.value is None
    assert "南川区" in reason(found)


def test_a_letter_that_says_nothing_suggests_nothing(store: Store) -> None:
    assert suggest(store, written(store, "你好", "谢谢。"), NOW).hints == {}


def test_an_erased_letter_suggests_nothing(store: Store) -> None:
    case = written(store, "加装电梯", "茄子溪街道想加装电梯")
    do(store, "erased", case, facts={"reason": "citizen_asks"})
    assert suggest(store, case, NOW).hints == {}


def test_a_suggestion_changes_nothing(store: Store) -> None:
    case = written(store, "加装电梯", "茄子溪街道想加装电梯")
    before = store.rows("SELECT topic, district, urgency FROM cases WHERE id = ?", (case,))
    suggest(store, case, NOW)
    assert store.rows("SELECT topic, district, urgency FROM cases WHERE id = ?", (case,)) == before


NOW_DANGER = (
    ("gas", "负一楼从昨晚开始有很重的燃气味，请马上派人。"),
    ("fire", "对面仓库现在正在着火，快派人来！"),
    ("trapped", "塌方把房子压了，还有人被困在里面，赶快救人。"),
    ("life", "孩子学费都交不起，我不想活了。"),
    ("missing", "我家老人走失两天了，请帮忙找找。"),
    ("abuse", "有人猥亵小区里的女童，请查处。"),
)


@pytest.mark.parametrize(("rule", "text"), NOW_DANGER)
def test_danger_to_life_now_is_critical(rule: str, text: str) -> None:
    cue = urgency(text)
    assert cue is not None
    assert (cue.id, cue.level) == (rule, "critical")


NOT_CRITICAL = (
    "一旦燃气泄漏，后果不堪设想。",
    "担心孩子走失，建议装护栏。",
    "去年楼道着火了，至今没人管。",
    "如果起火，消防车开不进来。",
    "建议家家户户装燃气泄漏报警器。",
    "听说有老人走失，已经找到。",
    "楼盘打出跳楼价，是虚假宣传。",
    "想死的心都有了，房子还没交。",
    "电梯里没有监控，被困人员无法联系外界。",
)


@pytest.mark.parametrize("text", NOT_CRITICAL)
def test_what_is_feared_remembered_or_only_mentioned_is_not_critical(text: str) -> None:
    cue = urgency(text)
    assert cue is None or cue.level != "critical"


@pytest.mark.parametrize(
    "text",
    [
        "工地拖欠我们三十多名农民工八个月工资。",
        "全小区停水已经五天，老人没有水喝。",
        "孩子被几个同学围着打，还拍了视频。",
        "楼上把承重墙拆了，整栋楼住着六十户。",
    ],
)
def test_the_need_of_many_and_of_children_is_urgent(text: str) -> None:
    cue = urgency(text)
    assert cue is not None
    assert cue.level == "urgent"


def test_every_rule_has_its_reason_in_words() -> None:
    for rule in RULES:
        assert term("cue", rule.id) != rule.id
        assert term("cue", rule.id, "en") != rule.id
