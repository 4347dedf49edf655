"""What stands around a name decides whether it is one: 江北 in 江北机场, 长寿 as long life, 南岸 as the bank of a river.

Each rule is there because a letter can say it so; a name that is dropped wrongly costs a look at the letter, one
that is believed wrongly costs a return.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from db.place_names import Name, Sort


class Weight(IntEnum):
    """What a mention is worth."""

    NONE = 0  # not the place at all
    WEAK = 1  # chooses between places that something better names
    HOMONYM = 2  # a full name that many places in the country bear: enough where the letter says 重庆
    FIRM = 3


COMMON_ELSEWHERE = 3
"""Townships of the same name in other provinces from which on a name alone does not say 重庆."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


TRAPS = _words("长寿 南岸 江北 城口 大足 石柱 秀山 巫山 高新区 科学城 万盛 万盛经开")
"""Short names that are also words, or names of other places: they count only with 重庆 before or an office behind."""

EVERYDAY = _words("长寿 南岸 城口 大足 石柱 秀山")
"""Those among them that are words of everyday: alone they are not even worth a question."""

ORDINARY = _words(
    "人和 复兴 和平 双龙 中山 胜利 朝阳 文化 新华 解放 建设 民主 联合 团结 平安 太平 兴隆 永安 永乐 永兴 永丰 公平 青年",
    "先锋 群力 城东 城南 城西 东城 南城 西城 城厢 江南 江东 南门 桥头 大河 大石 大路 土地 海洋 白云 朝天 凤凰 金山 龙山",
    "临江 河边 竹园 温泉 大桥 新市 旧县 水口 山洞 南大街 中山路 胜利路 花园路 春晖路 石油路 渝州路 渝碚路 莲花 向阳 仁义",
    "文峰 三江 九龙 双凤 龙门 南山 凤山 凤城 正阳 城北 富安 南坪 高峰",
)
"""Short names that are everyday words or road names: with 街道 behind they may mean just "the street there"."""

_CITY_BEFORE = re.compile(r"(?:重庆市?|渝)$")
_OFFICE = re.compile(
    r"城区|县城|新城|区|县|火车站|北站|高铁站|汽车站|人民医院|中医院|法院|检察院|公安|交警|交巡警|城管|教委|住建|水务|"
    r"政府|区政府|县政府|社保|燃气|自来水|供电|街镇|籍?业主"
)
_NOT_THERE = re.compile(
    r"(?:国际)?机场|大道|大街|路(?![段口边面上灯网两旁])|街(?![道镇上头])|嘴|籍|话|人(?![民大社])|老乡|老家|方向|高速|立交|"
    r"大桥|隧道|[0-9一二三四五六七八九十]*号线|烤鱼|榨菜|脐橙|鬼城|石刻|柚|白酒|老白干|腊肉|豆腐|火锅|小面|特产|旅游|天坑"
)
_DIRECTION = re.compile(r"(?:开往|前往|去往|通往|往|赴|至|到|去|回|途经|路过|经过|距离?|来自|老家|飞|出差)$")
_OTHER_UNIT = re.compile(r"([\u4e00-\u9fff]{2,3})(?:市|县|区|州|省)$")
_OWN_UNIT = re.compile(
    r"(?:重庆|本|我|全|该|主城|中心城|城|社|小|景|园|库|山|校|厂|片|地|辖|新|郊|市|老|街|发|业|住|宅|活|营|林|矿|湖|院|心|置|属|民)[市县区]$"
)

_BEFORE: Mapping[str, str] = {
    "南岸": "河江湖渠溪库塘海云", "南川": "云湖河海西", "巴南": "大中小", "江津": "浙", "渝中": "成在来驻",
    "渝北": "成", "潼南": "临", "奉节": "供侍信", "开县": "公召离展打敞分张放拉", "江北": "浙长沿", "城口": "县新商老古入",
    "忠县": "不", "荣昌": "繁", "梁平": "桥横栋房大屋主", "新乡镇": "创更", "南岸区": "河江湖渠溪库", "江北区": "长沿", "云阳": "多阴",
}  # fmt: skip
_AFTER: Mapping[str, str] = {
    "渝中": "小央外型部级等高学心", "渝北": "方上", "奉节": "约俭日", "开县": "委级长里域处", "大足": "球够迹浴疗额量",
    "丰都": "是有不会很要没", "长寿": "命老者面花菜之", "云阳": "台光", "石柱": "子状体础", "南岸": "边线坡堤",
    "城口": "处子", "秀山": "丽水", "万盛": "街", "荣昌": "盛",
    "合川": "味菜", "南川": "味菜", "江津": "津", "武隆": "重", "梁平": "整均台",
}  # fmt: skip
_WORD_AFTER: Mapping[str, re.Pattern[str]] = {
    "镇": re.compile(r"[静痛压定江守]"),
    "乡": re.compile(r"[村愁音情土]"),
    "区": re.compile(r"[域间别块划隔段]|分(?!局)"),
}
_STREET = re.compile(r"路|上|两[侧旁边]|边|旁|卫生|狭窄|太窄|坑|破|脏|拥堵|堵|很|的?路面|清扫|地面|口")


def weigh(name: Name, text: str, start: int, end: int, *, follows_own: bool) -> Weight:
    """What a name found at [start, end) of a text is worth.

    `follows_own`: one of our districts stands directly before it, as in an address.
    """
    before, after = text[max(0, start - 8) : start], text[end : end + 6]
    if before[-1:] and before[-1] in _BEFORE.get(name.text, ""):
        return Weight.NONE
    if after[:1] and after[0] in _AFTER.get(name.text, ""):
        return Weight.NONE
    ending = _WORD_AFTER.get(name.text[-1])
    if ending and ending.match(after):
        return Weight.NONE
    if not follows_own and _of_another_place(before):
        return Weight.NONE
    if name.sort is Sort.DISTRICT:
        return Weight.WEAK if re.match(r"人(?![民大社力才])|籍", after) else Weight.FIRM
    if name.sort is Sort.DISTRICT_SHORT:
        return _weigh_short(name, before, after, follows_own=follows_own)
    if name.sort is Sort.TOWNSHIP:
        return _weigh_township(name, before, after, follows_own=follows_own)
    return Weight.WEAK


def _weigh_short(name: Name, before: str, after: str, *, follows_own: bool) -> Weight:
    """A district's short name."""
    if _NOT_THERE.match(after):
        return Weight.NONE
    if name.text in ("高新区", "科学城"):
        # 永川高新区, 荣昌高新区: another district's zone
        return Weight.NONE if follows_own else Weight.FIRM if _CITY_BEFORE.search(before) else Weight.WEAK
    if _CITY_BEFORE.search(before):
        return Weight.FIRM
    if _DIRECTION.search(before):
        return Weight.WEAK
    if name.text in TRAPS:
        return Weight.FIRM if _OFFICE.match(after) else Weight.WEAK
    return Weight.FIRM


def _weigh_township(name: Name, before: str, after: str, *, follows_own: bool) -> Weight:
    """A full name with 街道, 镇 or 乡."""
    if before.endswith(("大", "小", "新")):
        return Weight.WEAK  # 大水田乡 is not 水田乡
    short = name.text.removesuffix("街道")
    if short != name.text and not follows_own:
        if after.startswith("路") and not after.startswith("路段"):
            return Weight.WEAK  # 复兴街道路 is 复兴街 and a road
        if short in ORDINARY and _STREET.match(after):
            return Weight.WEAK
    if name.elsewhere >= COMMON_ELSEWHERE and not follows_own:
        return Weight.HOMONYM
    return Weight.FIRM


def _of_another_place(before: str) -> bool:
    """Whether another province, city or county stands directly before: 东莞市长安镇, 邻水县复兴镇."""
    return bool(_OTHER_UNIT.search(before)) and not _OWN_UNIT.search(before)
