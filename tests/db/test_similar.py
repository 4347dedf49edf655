"""Letters on the same matter in other words: found, told apart from look-alikes, and what they share is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_letters import HOUR, NOW, bring, do, receipt

from db.courtesies import matter
from db.model import CaseId
from db.similar import similar
from db.similar_shared import shared
from db.store import Store

DUST = (
    ("小区旁搅拌站扬尘", "我是丽景新城小区的业主，离小区不到百米建了一个搅拌站，灰尘大得不敢开窗，晚上机器轰鸣。"),
    (
        "搅拌站粉尘呛得孩子咳嗽",
        "丽景新城小区门口的搅拌站日夜开工，灰尘落满阳台，不敢开窗，两岁的孩子整夜咳嗽，求领导管管。",
    ),
    ("丽景新城小区停车难", "丽景新城小区地面车位被物业改成商铺，业主回家没有地方停车。"),
    ("茶园路搅拌站噪音", "茶园路尽头的搅拌站半夜两点还在打料，吵得一条街睡不着。"),
    ("路灯不亮", "文体路从桥头到学校的路灯坏了半个月，晚上一片漆黑。"),
)
ESTATES = ("金桂苑小区", "和畅园小区", "江畔人家小区", "向阳院小区", "锦绣里小区", "翠湖小区")
"""Owners of estates write every day: 业主 and 小区 tell nothing."""


@pytest.fixture
def cases(store: Store) -> list[CaseId]:
    events = [receipt(str(i), NOW - (9 - i) * 24 * HOUR, title=t, body=b) for i, (t, b) in enumerate(DUST)]
    others = [
        receipt(f"o{i}", NOW - 99 * HOUR, title=f"{e}没有车棚", body=f"{e}的业主没有地方充电。")
        for i, e in enumerate(ESTATES)
    ]
    return bring(store, *events, *others)


def test_the_same_matter_in_other_words_comes_first(store: Store, cases: list[CaseId]) -> None:
    found = similar(store, cases[0])
    assert found[0].row.id == cases[1]
    assert found[0].likeness > found[1].likeness
    assert cases[4] not in [f.row.id for f in found]


def test_it_says_what_the_letters_share(store: Store, cases: list[CaseId]) -> None:
    first = similar(store, cases[0])[0]
    assert first.shared.places == ("丽景新城小区",)
    assert "搅拌站" in "".join(first.shared.passages)
    assert first.days == 1


def test_closed_letters_are_left_out(store: Store, cases: list[CaseId]) -> None:
    do(store, "declined", cases[1], facts={"reason": "repeat"}, words={"text": "已有同样来信"})
    assert cases[1] not in [f.row.id for f in similar(store, cases[0])]


def test_a_merged_letter_stands_for_its_master(store: Store, cases: list[CaseId]) -> None:
    do(store, "merged", cases[1], facts={"into": cases[4]})
    first = similar(store, cases[0])[0]
    assert (first.row.id, first.followers) == (cases[4], 1)
    assert first.shared.places == ("丽景新城小区",)


def test_a_follower_is_not_told_of_its_own_master(store: Store, cases: list[CaseId]) -> None:
    do(store, "merged", cases[1], facts={"into": cases[0]})
    assert cases[0] not in [f.row.id for f in similar(store, cases[1])]
    assert cases[1] not in [f.row.id for f in similar(store, cases[0])]


def test_a_letter_that_waits_for_the_index_is_found_all_the_same(store: Store, cases: list[CaseId]) -> None:
    title, body = DUST[1]
    facts = {"channel": "desk", "number": "9", "source": "manual", "received_at": NOW}
    new = do(store, "received", None, facts=facts, words={"title": title, "body": body}).changed[0]
    assert new in [f.row.id for f in similar(store, cases[0])]
    assert similar(store, new)[0].row.id in (cases[0], cases[1])


def test_an_erased_letter_is_like_nothing(store: Store, cases: list[CaseId]) -> None:
    do(store, "erased", cases[1], facts={"reason": "citizen_asks"})
    assert similar(store, cases[1]) == []
    assert cases[1] not in [f.row.id for f in similar(store, cases[0])]


def test_a_topic_and_a_sender_in_common_are_said(store: Store, cases: list[CaseId]) -> None:
    for case in cases[:2]:
        do(store, "classified", case, facts={"topic": "河流污染"})
    assert similar(store, cases[0])[0].same_topic


def test_a_sentence_that_ends_like_a_name_is_no_place() -> None:
    weight = dict.fromkeys(("严重", "重影", "影响", "我们", "小区", "广场", "人民"), 5.0)
    assert shared("严重影响我们小区", "严重影响我们小区", weight).places == ()
    assert shared("在人民广场跳舞", "人民广场太吵", weight).places == ("人民广场",)


TEXT = st.text(alphabet="丽景新城小区路的在了搅拌站噪音，。A1 \n", max_size=60)


@given(mine=TEXT, other=TEXT)
def test_what_is_shared_stands_in_both_letters(mine: str, other: str) -> None:
    weight = {a + b: 5.0 for a in "丽景新城小区路搅拌站噪音" for b in "丽景新城小区路搅拌站噪音"}
    found = shared(mine, other, weight)
    for text in (*found.places, *(p.rstrip("…") for p in found.passages)):
        assert text in mine
        assert text in other


COURTEOUS = (
    ("咨询社保转移", "尊敬的领导您好，请问社保怎么转移？希望有关部门尽快答复，谢谢！"),
    ("楼上漏水", "领导您好，楼上漏水三个月没人管，希望有关部门尽快解决，谢谢！"),
)


def test_letters_that_share_only_courtesies_are_not_alike(store: Store) -> None:
    """In a small store even 您好 and 希望 are rare: they are about nothing all the same."""
    events = [receipt(str(i), NOW - (9 - i) * HOUR, title=t, body=b) for i, (t, b) in enumerate(COURTEOUS)]
    others = [
        receipt(f"o{i}", NOW - 99 * HOUR, title=f"{e}没有车棚", body=f"{e}充电难。") for i, e in enumerate(ESTATES)
    ]
    first, *_ = bring(store, *events, *others)
    assert similar(store, first) == []


def test_what_they_share_names_no_courtesy(store: Store) -> None:
    letters = (
        ("楼上漏水", "尊敬的领导您好，丽景新城小区三号楼漏水，希望尽快解决，谢谢！"),
        ("漏水没人管", "领导您好！丽景新城小区三号楼漏水半年了，恳请帮忙解决，谢谢！"),
    )
    first, *_ = bring(store, *(receipt(str(i), NOW - i * HOUR, title=t, body=b) for i, (t, b) in enumerate(letters)))
    told = "".join((*similar(store, first)[0].shared.places, *similar(store, first)[0].shared.passages))
    assert "丽景新城小区" in told
    assert "漏水" in told
    assert not any(word in told for word in ("您好", "谢谢", "希望", "解决", "领导"))


def test_a_name_that_holds_a_courteous_word_stays_whole() -> None:
    assert matter("污水处理厂的臭味，请问怎么处理") == "污水处理厂的臭味，\n怎么\n"


def test_pairs_of_characters_that_stand_side_by_side_by_chance_are_no_likeness(store: Store) -> None:
    cases = bring(
        store,
        receipt("1", title="地下室燃气味很重", body="江畔人家地下室昨晚开始有燃气味，物业电话占线，大家不敢开灯。"),
        receipt("2", title="邻居加高围墙", body="我家地里种的菜见不到太阳，白天也要开灯，请派人看看围墙。"),
        *(receipt(f"o{i}", NOW - HOUR, title=f"{e}没有车棚", body="业主没有地方充电。") for i, e in enumerate(ESTATES)),
    )
    assert cases[1] not in [f.row.id for f in similar(store, cases[0])]


def test_a_company_that_every_town_has_is_a_matter_not_a_place() -> None:
    weight = dict.fromkeys(("燃气", "气公", "公司", "晨光", "光物", "物业", "业公"), 9.0)
    both = shared("打给燃气公司，晨光物业公司也不来", "燃气公司说找晨光物业公司", weight)
    assert both == (("晨光物业公司",), ("燃气公司",))
