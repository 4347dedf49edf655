"""Fields and topics in the order the platform prints them, and finding them by typing."""

import pytest

from db import topics

ALL = topics.load()


def test_the_platforms_five_fields_come_first_then_the_desks_own() -> None:
    assert list(ALL.fields) == ["民生", "环保", "交通", "住房", "城建", "教育", "社保"]
    assert [len(group) for group in ALL.fields.values()] == [3, 3, 3, 3, 4, 2, 2]
    assert ALL.all[0] == "违章搭建"
    assert ALL.all[-1] == "社保缴纳"


def test_a_topic_has_a_field_and_an_unknown_one_has_none() -> None:
    assert topics.field_of("电梯安装") == "住房"
    assert topics.field_of("星际旅行") is None
    assert topics.field_of(None) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("电梯安装", ["电梯安装"]),
        ("dtaz", ["电梯安装"]),
        ("DT", ["电梯安装"]),
        ("停", ["停车收费", "乱停乱放"]),
        ("卫生", ["街道卫生"]),
        ("没有", []),
        ("", ALL.all),
    ],
)
def test_typing_finds_topics(typed: str, found: list[str]) -> None:
    assert ALL.filter(typed) == found


def test_every_name_has_initials() -> None:
    for name in (*ALL.fields, *ALL.all):
        initials = ALL._initials[name]
        assert len(initials) == len(name)
        assert name in ALL.filter(initials) + ALL.filter_fields(initials)
