"""Polite thanks make no letter of praise, whatever form they take and wherever they stand; thanks for something do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_letters import NOW, bring, receipt

from db.store import Store
from db.suggest import suggest
from db.suggest_features import kind_features
from db.suggest_thanks import asks, without

THANKS = ("谢谢", "感谢", "万分感谢", "非常感谢", "十分感谢", "由衷感谢", "衷心感谢", "不胜感激", "感激不尽", "多谢")
WHOM = ("", "您", "你们", "领导", "各位领导", "编辑老师", "政府", "有关部门", "贵报", "胡书记")
FOR = ("", "的关心", "的支持和帮助", "百忙之中抽空阅读", "的回复")
BEFORE = ("", "先", "在此", "我代表全体业主", "在此先", "提前", "再次")
ENDS = ("", "！", "。", "！！！", "~", "……", "2024年10月8日", "\n", "。此致敬礼", "，盼复", "！辛苦了")

courtesies = st.builds("".join, st.tuples(*map(st.sampled_from, (BEFORE, THANKS, WHOM, FOR, ENDS))))

REQUESTS = (
    ("楼道灯坏了三个月", "七栋二单元的楼道灯坏了三个月，老人摸黑上下楼，希望尽快修好"),
    ("垃圾站太臭", "门口的垃圾站臭得不敢开窗，苍蝇到处飞，望领导督促清运"),
    ("施工到凌晨", "工地施工到凌晨两点，打电话也没人管"),
    ("公交车等不到", "这路公交车四十分钟才来一班，上班总是迟到"),
    ("学区怎么划", "新建的小区划到哪个学校，需要带什么材料"),
)


@given(st.sampled_from(REQUESTS), st.lists(courtesies, min_size=1, max_size=3))
def test_courtesy_at_the_end_says_nothing_of_the_kind(letter: tuple[str, str], said: list[str]) -> None:
    title, body = letter
    plain = kind_features(title, body)
    thanking = kind_features(title, f"{body}，{'，'.join(said)}")
    assert {g for g in thanking if g.startswith("=")} == {g for g in plain if g.startswith("=")}
    assert not [gram for gram in thanking if gram in ("感谢", "谢谢", "感激")]


@pytest.mark.parametrize(
    "said", [f"{b}{t}{w}{e}" for t in THANKS for b, w, e in (("", "", "！"), ("先", "领导", "。"))]
)
def test_who_thanks_in_advance_writes_no_letter_of_praise(store: Store, said: str) -> None:
    for i, (title, body) in enumerate(REQUESTS):
        case = bring(store, receipt(f"{said}-{i}", title=f"{title}，{said}", body=f"{body}，{said}"))[0]
        assert suggest(store, case, NOW).value("kind") != "praise", title


PRAISE = (
    ("感谢社区修好了路灯", "七栋的路灯坏了半年，社区的小王跑了三趟，昨晚终于亮了。衷心感谢！"),
    ("路灯修好了，谢谢你们", "打了电话第二天就来人，当晚灯就亮了。"),
    ("感谢信", "上月来信说的井盖，三天就换好了。万分感谢！"),
    ("给环卫工人点个赞", "每天凌晨四点都看到他们在冲洗路面，街上干干净净。"),
    ("表扬公交司机", "老人晕倒在车上，司机热心地送到医院，还垫了药费，真心感谢这位师傅。"),
    ("特来感谢", "李家沱街道的同志帮我家协调漏水的事，跑了六趟，特来感谢。"),
    ("公园改造得好", "灯亮了，路平了，母亲坐轮椅也能出去转一圈，特意写信说声谢谢。"),
    ("漏水解决了，非常感谢！", "物业上周来补了防水，现在一滴不漏，给你们送锦旗。"),
)


@pytest.mark.parametrize(("title", "body"), PRAISE)
def test_a_letter_that_truly_thanks_is_still_praise(store: Store, title: str, body: str) -> None:
    case = bring(store, receipt("1", title=title, body=body))[0]
    assert suggest(store, case, NOW).value("kind") == "praise"


def test_thanks_right_after_something_done_are_meant() -> None:
    assert without("路灯修好了，谢谢你们") == "路灯修好了，谢谢你们"
    assert without("路灯还没修好，谢谢") == "路灯还没修好，"
    assert without("要是能修好了，谢谢") == "要是能修好了，"
    assert without("装个路灯就好了，谢谢！") == "装个路灯就好了，！"


@given(st.text(alphabet="灯亮了感谢你们领导，。！ \n望早日修好", max_size=40))
def test_what_is_left_stands_in_the_letter_in_its_order_and_is_never_nothing(text: str) -> None:
    left = without(text)
    rest = iter(text)
    assert all(char in rest for char in left)
    assert any(map(str.isalnum, left)) == any(map(str.isalnum, text))


def test_a_wish_for_something_done_is_told_from_a_wish_for_somebody() -> None:
    assert asks("望早日解决为盼")
    assert not asks("希望你们继续保持，祝你们工作顺利")
