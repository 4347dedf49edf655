"""What makes a letter urgent, by what it says: danger to life now, people without water, wages of many. Pure.

A wrong 特急 costs an evening of somebody's, so it needs the thing itself, happening now: what is feared, remembered,
reported of others or only mentioned does not count. Each rule is there because a letter can say it so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from db.model import Urgency
from db.search_fold import fold

_REST = r"[^,。!?;\n]"
"""Within one clause of folded text."""

_MANY = r"(?:\d{2,}|[二三四五六七八九]?十[几多余来一二三四五六七八九]?|几十|数十|上百|几百|数百|[一二三四五六七八九]百)"
_GAS = r"(?:燃气|天然气|煤气|液化气|瓦斯)"
_CHILD = r"(?:孩子|小孩|娃儿?|学生|女儿|儿子|幼儿|未成年人?|女童|男童|女孩|男孩|学龄儿童|小朋友)"
_SOON = r"(?:随时|马上|就要|快要|即将|眼看)"
_DAYS = r"(?:\d+|[两二三四五六七八九十几]|十几|半)个?多?(?:天|日|周|星期|月)"


class Rule(NamedTuple):
    """`id` names its reason in the catalogue; `needs`: what must stand somewhere in the letter as well."""

    id: str
    level: Urgency
    says: re.Pattern[str]
    needs: re.Pattern[str] | None = None


class Cue(NamedTuple):
    """A rule that a letter meets, and the words it says it with."""

    id: str
    level: Urgency
    found: str


def _rule(id_: str, level: Urgency, says: str, needs: str = "") -> Rule:
    return Rule(id_, level, re.compile(says), re.compile(needs) if needs else None)


CRITICAL, URGENT = Urgency.CRITICAL, Urgency.URGENT
_NOW = (
    r"现在|正在|此刻|还在|今天|今晚|今早|昨晚|刚才|刚刚|赶快|马上派|快派|快来|立即派|救命|救人|越来越[浓重大]|越来越多"
)

RULES: tuple[Rule, ...] = (
    _rule("gas", CRITICAL, rf"{_GAS}{_REST}{{0,6}}(?:泄漏|泄露|漏气|外泄)|漏气了", _NOW),
    _rule(
        "gas",
        CRITICAL,
        rf"(?:浓|重|刺鼻|强烈|闻到|一股){_REST}{{0,6}}{_GAS}{_REST}{{0,3}}味|{_GAS}{_REST}{{0,3}}味{_REST}{{0,8}}(?:重|浓|刺鼻)",
    ),
    _rule("fire", CRITICAL, rf"(?:正在|现在|此刻|还在){_REST}{{0,6}}(?:着火|起火|燃烧|冒浓?烟)"),
    _rule(
        "trapped",
        CRITICAL,
        rf"人{_REST}{{0,8}}(?:被困|被埋|困在|压在){_REST}{{0,8}}|(?:被困|被埋|困在|压在){_REST}{{0,8}}(?:人(?!员)|户)",
        _NOW,
    ),
    _rule(
        "life",
        CRITICAL,
        rf"不想活|寻短见|想轻生|要轻生|(?:我|本人|我们){_REST}{{0,12}}(?:要|想|就|准备|打算|只有|只能){_REST}{{0,10}}"
        r"(?:跳楼|跳河|跳江|自杀|喝农药)(?!价|身亡|事件)|跳下去",
    ),
    _rule(
        "poison",
        CRITICAL,
        rf"(?:食物|集体|一氧化碳|煤气)中毒|(?:{_CHILD}|工人|居民){_REST}{{0,12}}(?:上吐下泻|中毒)",
        _NOW + r"|送医|住院|医院",
    ),
    _rule(
        "missing",
        CRITICAL,
        rf"(?:{_CHILD}|老人|母亲|父亲|妈妈|爸爸|奶奶|爷爷){_REST}{{0,8}}(?:走失|失踪|失联|不见了|下落不明)",
    ),
    _rule("abuse", CRITICAL, rf"{_CHILD}{_REST}{{0,14}}(?:性侵|猥亵|强奸)|(?:性侵|猥亵|强奸){_REST}{{0,6}}{_CHILD}"),
    _rule("chemical", CRITICAL, rf"(?:危化品|化学品|毒气|氯气|液氨|氨气){_REST}{{0,6}}(?:泄漏|泄露)", _NOW),
    _rule(
        "collapse",
        URGENT,
        rf"{_SOON}(?:都)?(?:会|要|可能|有可能|有)?{_REST}{{0,4}}(?:垮塌|倒塌|坍塌|塌|垮|滑坡|倒下来|掉下来|砸下来)",
    ),
    _rule(
        "disaster",
        URGENT,
        rf"(?:塌方|滑坡|山洪|洪水|泥石流|暴雨){_REST}{{0,14}}(?:压|冲|淹|埋|困|进屋|断)",
        r"昨晚|昨夜|昨天|今天|今早|刚刚|现在|正在",
    ),
    _rule(
        "minor",
        URGENT,
        rf"{_CHILD}{_REST}{{0,14}}(?:被{_REST}{{0,6}}(?:围着打|围殴|殴打|打伤|虐待|霸凌|欺凌|体罚)|遭{_REST}{{0,4}}(?:霸凌|欺凌|虐待|殴打))",
    ),
    _rule(
        "wages",
        URGENT,
        rf"(?:拖欠|欠薪|克扣|欠发|讨薪|不发|没发|欠着?|欠了){_REST}{{0,16}}(?:工资|工钱|薪水|血汗钱|劳务费)",
        rf"农民工|民工|{_MANY}{_REST}{{0,3}}(?:名|个|位)?(?:工人|员工|工友|人)",
    ),
    _rule(
        "crowd",
        URGENT,
        r"(?:准备|打算|商量|扬言|已经|正在|正)(?:要|好)?(?:一起|集体)?去?(?:上访|堵路|拉横幅|堵大门|罢工|罢运)",
    ),
    _rule(
        "water",
        URGENT,
        rf"(?:停水|断水|停电|断电|停气|断气|没有水|没水|没有电|没电)"
        rf"(?:已经?|了|持续|超过|将?近|长达|达|快|整整|有|连续|差不多)*{_DAYS}(?!两头)",
        rf"{_MANY}|几千|上千|全小区|整个小区|整栋|全村|全镇|老人|病人|婴儿|孩子",
    ),
    _rule("water", URGENT, rf"(?:{_MANY}|全村|全小区|整栋楼?|整个小区){_REST}{{0,10}}(?:没有水喝|没水喝|喝不上水)"),
    _rule(
        "shock",
        URGENT,
        rf"(?:电线|高压线|电缆|电杆|变压器|路灯杆|灯杆){_REST}{{0,8}}(?:漏电|断落|掉在|掉到|垂到|垂在|搭在)",
    ),
    _rule(
        "structure",
        URGENT,
        rf"(?:拆|砸|打掉|凿|敲掉){_REST}{{0,8}}承重(?:墙|柱|梁)|承重(?:墙|柱|梁){_REST}{{0,6}}(?:被|全部|都|给)?(?:拆|砸|打掉|凿)",
    ),
    _rule(
        "slope",
        URGENT,
        rf"(?:挡土墙|护坡|堡坎|危岩|边坡|后山|山体){_REST}{{0,10}}(?:裂|垮|渗水|掉石头|落石)",
        rf"住着|房子|住户|居民|学校|睡|{_MANY}",
    ),
    _rule(
        "flammable",
        URGENT,
        rf"(?:油漆|稀料|汽油|柴油|煤气罐|液化气罐|烟花爆竹|易燃易爆|危化品|酒精){_REST}{{0,30}}",
        rf"(?:居民楼|楼下|一楼|楼里|小区里){_REST}{{0,20}}(?:分装|堆|存|囤|灌装|卖|生产)",
    ),
    _rule(
        "fish",
        URGENT,
        r"(?:一层|大片|成片|好多|很多|漂着|漂满)[^,。]{0,4}死鱼|鱼(?:全|都|成片)(?:死|翻白)",
        _NOW + r"|今天早晨|早晨|昨天",
    ),
    _rule("surgery", URGENT, r"(?:等着|急需|急等|等钱|没钱)[^,。]{0,6}(?:手术|救命|透析|化疗)"),
)
"""The weightier first; the first of a level that a letter meets is said."""

_HEDGE = re.compile(
    r"怕|担心|万一|一旦|如果|要是|若|容易|可能|难免|避免|预防|防止|谨防|警惕|曾|以前|之前|去年|前年|上个月|上次|当年|据说|听说|新闻|"
    r"报道|演练|演习|宣传|检测|报警器|隐患|会不会|是否|有没有|已经?修好|没有?发生|不会|差点|险些"
)
_HEDGE_AFTER = re.compile(rf"^{_REST}{{0,6}}(?:怎么办|的?隐患|的?危险|的?风险|的?可能|报警|检测|价|险)")
_HEDGED = frozenset(
    {"gas", "fire", "trapped", "life", "poison", "missing", "chemical", "collapse", "water", "shock", "slope"}
)
"""Rules whose words are often only feared or remembered. What was done to a child stays said."""

BEFORE = 14
"""Characters before the words that are looked at for what weakens them, within the same clause."""


def urgency(text: str, silent: Iterable[str] = ()) -> Cue | None:
    """The weightiest that a letter says of danger and need; None for a letter like most. `silent`: rules left out."""
    folded = fold(text)
    muted = frozenset(silent)
    for rule in RULES:
        if rule.id in muted or (rule.needs is not None and not rule.needs.search(folded)):
            continue
        for match in rule.says.finditer(folded):
            if not _weakened(rule, folded, match):
                return Cue(rule.id, rule.level, match[0])
    return None


def _weakened(rule: Rule, text: str, match: re.Match[str]) -> bool:
    if rule.id not in _HEDGED:
        return False
    clause = re.split(r"[,。!?;\n]", text[max(0, match.start() - BEFORE) : match.start()])[-1]
    inside = "" if rule.id == "collapse" else match[0]
    return bool(_HEDGE.search(clause + inside) or _HEDGE_AFTER.match(text[match.end() :]))
