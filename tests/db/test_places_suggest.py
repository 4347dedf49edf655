"""The district a letter is about: right, ambiguous or unknown. A wrong one would cost a return."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import places

OCTOBER = date(2024, 10, 15)
NEW_YEAR = date(2026, 1, 10)

HERE = places.load()


def named(text: str, day: date = OCTOBER) -> str | None:
    found = HERE.suggest(text, day).district
    return HERE.name(found) if found else None


def asked(text: str, day: date = OCTOBER) -> set[str]:
    """The candidates of an ambiguous letter; empty where it is unknown. Never beside an answer."""
    suggestion = HERE.suggest(text, day)
    assert suggestion.district is None, f"guessed {HERE.name(suggestion.district)}: {text}"
    return {HERE.name(code) for code in suggestion.candidates}


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("茄子溪街道某小区外的人行道被围挡多年，大家只能走很窄的路。", "大渡口区"),
        ("龙驹至梨树乡至地宝乡的公路没有按八米五拓宽。", "万州区"),
        ("我们是渝北区龙溪街道的住户，楼里想装电梯。", "渝北区"),
        ("沙坪坝一所技校的宿舍楼下成了驾校考场。", "沙坪坝区"),
        ("从江北机场打车回南岸区，司机绕路。", "南岸区"),
        ("重庆江北观音桥一带停车难。", "江北区"),
        ("长寿区葛兰镇的路灯不亮。", "长寿区"),
        ("长寿葛兰镇的路灯不亮。", "长寿区"),
        ("南岸南坪街道的广场舞太吵。", "南岸区"),
        ("大足区金山镇饮水发黄。", "大足区"),
        ("大足的金山镇饮水发黄。", "大足区"),
        ("酉阳龙潭镇老街的路面坏了。", "酉阳土家族苗族自治县"),
        ("龙潭镇到龚滩镇的客车停运了。", "酉阳土家族苗族自治县"),
        ("涪陵区龙潭镇的水管破了。", "涪陵区"),
        ("合川南津街街道的老小区加装电梯受阻。", "合川区"),
        ("丰都三合街道安置点的补偿款没有到。", "丰都县"),
        ("云阳县青龙小学外的沥青路变成了水泥路。", "云阳县"),
        ("重庆渝中解放碑的人行道塌了一块。", "渝中区"),
        ("忠县东溪镇的垃圾没人清运。", "忠县"),
        ("綦江区东溪镇的垃圾没人清运。", "綦江区"),
        ("永川高新区一家厂夜里排气。", "永川区"),
        ("重庆高新区的公交太少。", "重庆高新区"),
        ("万盛经开区万东镇的房子有裂缝。", "万盛经开区"),
        ("我是万州人，现在在涪陵区租房。", "涪陵区"),
        ("秀山县洪安镇的桥栏杆断了。", "秀山土家族苗族自治县"),
        ("石柱西沱镇的码头没有灯。", "石柱土家族自治县"),
        ("彭水苗族土家族自治县汉葭街道停水三天。", "彭水苗族土家族自治县"),
        ("恒合乡的桥被水冲了。", "万州区"),
        ("北碚区天生街道的行道树挡了路灯。", "北碚区"),
        ("武隆仙女山镇的民宿乱收费。", "武隆区"),
        ("城口县葛城街道的河里有泡沫。", "城口县"),
        ("涪陵江北街道的渡口没有护栏。", "涪陵区"),
        ("开县汉丰街道的体育馆一直不开放。", "开州区"),
        ("两江新区的公交什么时候通？", "两江新区"),
        ("綦江区万盛街道的车位收费。", "綦江区"),
        ("梁平的柏家镇断电两天了。", "梁平区"),
        ("家在潼南，双江镇古镇里修房子要审批吗？", "潼南区"),
        ("重庆市璧山区青杠街道，工地夜间施工。", "璧山区"),
    ],
)
def test_a_letter_that_says_where_is_understood(text: str, district: str) -> None:
    assert named(text) == district


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("金山镇的饮水发黄。", {"大足区", "南川区"}),
        ("龙潭镇老街的路面坏了。", {"涪陵区", "酉阳土家族苗族自治县"}),
        ("双龙镇停水了。", {"长寿区", "丰都县", "云阳县", "巫山县"}),
        ("江北一个小区的电梯坏了。", {"江北区"}),
        ("渝北区和江北区交界处的路没人管。", {"渝北区", "江北区"}),
        ("渝北区某路口，往龙潭镇方向。", {"渝北区", "涪陵区", "酉阳土家族苗族自治县"}),
        ("江北街道的渡口没有护栏。", {"涪陵区", "江北区"}),
        ("礼嘉街道停车收费乱。", {"渝北区", "两江新区"}),
        ("虎溪街道的大学城里路灯不亮。", {"沙坪坝区", "重庆高新区"}),
        ("万盛街道的车位收费。", {"綦江区", "万盛经开区"}),
        ("綦江区万盛的车位收费。", {"綦江区", "万盛经开区"}),
        ("两江新区悦来街道的路。", {"两江新区", "渝北区"}),
        ("去永川的班车停了。", {"永川区"}),
        ("解放碑附近的人行道塌了。", {"渝中区"}),
        ("复兴街道社区服务中心不开门。", {"北碚区", "城口县"}),
        ("清溪镇的噪音太大。", {"涪陵区"}),  # six more towns of that name in other provinces
    ],
)
def test_a_letter_that_may_mean_several_asks(text: str, districts: set[str]) -> None:
    assert asked(text) == districts


@pytest.mark.parametrize(
    "text",
    [
        "祝编辑部的老人健康长寿，万事如意。",
        "最大足球场什么时候开放？",
        "河的南岸有人倒垃圾，河南岸区域没有路灯。",
        "我县城口有个垃圾站。",
        "领导正在召开县委会议，公开县级预算。",
        "成渝中线高铁什么时候开工？渝中小企业怎么贷款？",
        "湖南川菜馆的油烟。",
        "江北机场附近飞机噪音扰民。",
        "万州烤鱼店的油烟、涪陵榨菜厂的气味。",
        "人和为贵，复兴路和平小区，双龙大道，金山银山。",
        "宁波市江北区的亲戚说那边已经办好了。",
        "南京江北新区的做法可以学。",
        "东莞市长安镇的厂欠薪。",
        "四川省邻水县复兴镇的路。",
        "东莞的同事住在清溪镇。",
        "祖国繁荣昌盛。",
        "三合川味馆的油烟；桥梁平整度不够；威武隆重的仪式；长江津津乐道。",
        "创新乡镇干部考核办法。",
        "青龙小学附近路段不平，学生摔倒。",
        "北滨路的公交站牌歪了。",
        "这条长寿路上的树该修剪了。",
        "",
        "。",
    ],
)
def test_words_that_only_look_like_places_stay_unknown(text: str) -> None:
    assert asked(text) == set()


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("渝北区统景镇的路坏了。", "渝北区", "北碚区"),
        ("渝北区龙溪街道的电梯。", "渝北区", "两江新区"),
        ("江北区观音桥街道的电梯。", "江北区", "两江新区"),
        ("水土街道的公交太少。", "北碚区", "两江新区"),
        ("鱼嘴镇的工地。", "江北区", "两江新区"),
        ("沙坪坝区覃家岗街道的电梯。", "沙坪坝区", "沙坪坝区"),
    ],
)
def test_a_letter_goes_to_who_is_valid_on_the_day(text: str, before: str, after: str) -> None:
    assert named(text, OCTOBER) == before
    assert named(text, date(2025, 11, 5)) == before
    assert named(text, date(2025, 11, 6)) == after


def test_after_the_change_yubei_alone_may_be_either_of_its_successors() -> None:
    assert asked("渝北区一个小区的电梯。", NEW_YEAR) == {"两江新区", "北碚区"}
    assert named("江北区一个小区的电梯。", NEW_YEAR) == "两江新区"
    assert named("渝北区一个小区的电梯。", OCTOBER) == "渝北区"


def test_the_place_stated_apart_decides() -> None:
    text = "我在江北区上班，家里的电梯坏了，渝北区的亲戚也来看过。"
    assert HERE.suggest(text, OCTOBER).district is None
    assert HERE.suggest(text, OCTOBER, hint="沙坪坝区").district == "500106"
    assert HERE.suggest("停水了。", OCTOBER, hint="茄子溪街道").district == "500104"


def test_it_says_what_it_found() -> None:
    suggestion = HERE.suggest("茄子溪街道的路", OCTOBER)
    assert suggestion.because == (("茄子溪街道", "茄子溪街道", "500104"),)
    ambiguous = HERE.suggest("金山镇的水", OCTOBER)
    assert {(b.found, b.district) for b in ambiguous.because} == {("金山镇", "500111"), ("金山镇", "500119")}


def test_the_evidence_becomes_a_sentence_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    assert places.explain(HERE.suggest("茄子溪街道的路", OCTOBER)) == "茄子溪街道 → 大渡口区"
    assert "大足区" in places.explain(HERE.suggest("金山镇的水", OCTOBER))
    assert "没有提到" in places.explain(HERE.suggest("停水了", OCTOBER))
    monkeypatch.setenv("DESK_LANG", "en")
    assert "may belong to" in places.explain(HERE.suggest("金山镇的水", OCTOBER))


def test_a_full_name_that_only_one_district_has_leads_there_or_asks_never_elsewhere() -> None:
    """Each of the 1,100 names, alone in a sentence, on both sides of the change."""
    for day in (OCTOBER, NEW_YEAR):
        for district in HERE.districts(day):
            for township in HERE.townships(district.code, day):
                found = HERE.suggest(f"重庆市居民反映：{township.name}停水。", day)
                assert district.code == found.district or district.code in found.candidates, (township.name, day)


def test_a_whole_address_is_always_understood() -> None:
    for day in (OCTOBER, NEW_YEAR):
        for district in HERE.districts(day):
            if district.zone:
                continue
            for township in HERE.townships(district.code, day):
                found = HERE.suggest(f"我住{district.name}{township.name}，停水了。", day)
                assert found.district == district.code, (district.name, township.name, day)


PIECES = [
    "渝北区", "江北", "长寿", "龙潭镇", "街道", "镇", "重庆", "万盛", "高新区", "东莞", "双龙", "的", "，", "\x1b[2J", "\u200b",
    "统景镇", "渝北", "两江新区", "路", "区域", "茄子溪街道", "\ud800", "𠮷",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12), st.sampled_from([OCTOBER, NEW_YEAR]))
def test_whatever_stands_in_a_letter_the_answer_is_valid_on_the_day_and_has_evidence(
    pieces: list[str], day: date
) -> None:
    suggestion = HERE.suggest("".join(pieces), day)
    valid = {division.code for division in HERE.districts(day)}
    assert {*suggestion.candidates} <= valid
    if suggestion.district:
        assert suggestion.district in valid
        assert not suggestion.candidates
        assert suggestion.because
        assert {because.district for because in suggestion.because} == {suggestion.district}
