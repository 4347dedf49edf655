"""What tells who somebody is: found, taken out whole, and nothing else touched."""

from __future__ import annotations

import re
import runpy
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import redaction
from db.redaction_checks import _SIGNS, _WEIGHTS, luhn

HAN = st.text(alphabet="路灯坏了三天没人修请尽快处理。，\n噪声很大，楼道漏水！", max_size=12)
SPACED = st.sampled_from(["", " ", "-", "·", "\u200b", "　"])
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")


def _identity(body: str) -> str:
    return body + _SIGNS[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def _card(body: str) -> str:
    return next(body + str(d) for d in range(10) if luhn(body + str(d)))


phones = st.tuples(st.sampled_from("3456789"), st.text("0123456789", min_size=9, max_size=9)).map(
    lambda t: "1" + t[0] + t[1]
)
identities = st.tuples(
    st.sampled_from(["500103", "510212", "110101"]),
    st.dates().filter(lambda d: 1930 < d.year < 2020),
    st.integers(0, 999),
).map(lambda t: _identity(f"{t[0]}{t[1]:%Y%m%d}{t[2]:03}"))
cards = st.text("0123456789", min_size=12, max_size=15).map(lambda t: _card("622" + t))
plates = st.tuples(
    st.sampled_from("渝川京沪"),
    st.sampled_from("ABCDF"),
    st.text("0123456789ABCDEFGHJKLMNP", min_size=4, max_size=5),
    st.sampled_from("0123456789"),
).map(lambda t: t[0] + t[1] + t[3] + t[2])
numbers = st.one_of(phones, identities, cards)


@given(HAN, numbers, SPACED, st.sampled_from(["", "wide"]), HAN)
def test_no_phone_identity_or_card_number_survives(before: str, number: str, gap: str, how: str, after: str) -> None:
    shown = gap.join([number[:3], number[3:7], number[7:]])
    shown = shown.translate(WIDE) if how == "wide" else shown
    left = redaction.plain(redaction.redacted(f"{before}，{shown}，{after}"))
    assert not re.search(r"\d{4}", left)


@given(HAN, phones, HAN)
def test_a_phone_number_written_in_words_is_one_too(before: str, number: str, after: str) -> None:
    left = redaction.redacted(f"{before}，{number.translate(SPOKEN)}，{after}")
    assert left == f"{redaction.redacted(before)}，【电话】，{redaction.redacted(after)}"


@given(HAN, plates, st.sampled_from(["", "·", " "]), st.booleans(), HAN)
def test_no_plate_survives(before: str, plate: str, dot: str, low: bool, after: str) -> None:
    shown = plate[:2] + dot + plate[2:]
    left = redaction.redacted(f"{before}{shown.lower() if low else shown}，{after}")
    assert plate[2:].lower() not in left.lower()


@given(st.text(alphabet="路灯坏了没修请快处理。，\n噪声很大，楼道漏水！abc×【】", max_size=60))
def test_a_text_that_tells_of_nobody_stays_as_it_is(text: str) -> None:
    assert redaction.find(text) == ()
    assert redaction.redacted(text) == text


pieces = st.one_of(
    HAN,
    numbers,
    plates,
    st.sampled_from(
        [
            "我叫",
            "陈建国",
            "联系人：",
            "本人",
            "欧阳明月",
            "3栋2单元",
            "15-4",
            "1503室",
            "人民路28号",
            "微信号",
            "wx_12345",
            "QQ",
            "10001",
            "a@b.cn",
            "先生",
            "此致",
            "敬礼",
            "\n",
        ]
    ),
    st.sampled_from(["身份证", "卡号", "023-67123456", "+", "86", "2024年", " "]),
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_spots_never_overlap_and_taking_them_out_twice_is_taking_them_out_once(text: str) -> None:
    spots = redaction.find(text)
    assert all(a.end <= b.start for a, b in pairwise(spots))
    assert all(s.start < s.end <= len(text) for s in spots)
    once = redaction.redacted(text)
    assert redaction.redacted(once) == once
    assert redaction.find(once) == ()


@given(st.one_of(st.text(max_size=40), st.text(alphabet="路栋单元室号一二十百0٣Aa③，。", max_size=12)))
def test_words_in_which_no_rule_is_tried_are_words_in_which_none_finds_anything(text: str) -> None:
    flat = redaction.plain(text)
    if not redaction._TELLING.search(flat):
        assert not any(rule.pattern.search(flat) for rule in redaction.RULES)


@given(st.text(max_size=80))
def test_any_text_at_all_is_read_without_a_fault_and_settles(text: str) -> None:
    once = redaction.redacted(text)
    assert redaction.redacted(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "10月28号坐轨道3号线，从3号口出，等了45分钟",
        "共有12栋楼房、1339户居民，每栋30层",
        "工单号202410150001，文件渝府发〔2024〕12号",
        "我是高中生，马上高考，周围很吵",
        "龚书记和小刘半个月就把下水道通了，陈先生说谢谢",
        "限速60，罚款200元，2024-10-15 08:30",
        "拨打12345和023开头的热线",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert redaction.redacted(text) == text


def test_the_senders_own_name_and_number_are_found_wherever_they_stand() -> None:
    spots = redaction.find("孟 雨桐说她打了67120088三次", known=["孟雨桐", "67120088"])
    assert [s.rule for s in spots] == ["sender", "sender"]


def test_a_name_betrayed_in_one_text_is_taken_out_of_the_others() -> None:
    texts = {"title": "王晓明反映电梯", "text": "我叫王晓明，住六楼。", "reply": "经与王晓明联系，已修好。"}
    found = redaction.find_all(texts)
    assert all("晓明" not in redaction.replaced(t, found[p]) for p, t in texts.items())


def test_what_stands_instead_says_what_it_was_and_keeps_the_sentence() -> None:
    text = "我叫陈建民，住丽景苑3栋2单元15-4，车渝A12345，电话13812340001。"
    assert redaction.redacted(text) == "我叫陈某某，住丽景苑×栋×单元×-×，车渝A×××××，电话【电话】。"


def test_counts_hold_rules_and_numbers_and_no_word_of_the_text() -> None:
    spots = redaction.find("我叫陈建民，电话13812340001，13812340002")
    assert redaction.counted(spots) == {"name": 1, "phone": 2}


def test_of_the_letters_written_for_it_nearly_all_is_found_and_next_to_nothing_else() -> None:
    bench = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "redaction.py"))
    there, found, false = bench["measured"]()
    assert there.total() >= 39
    assert found.total() >= there.total() - 2
    assert len(false) <= 1, false
    assert len(bench["gold"]()) >= 25
