"""The letters the newspaper told at length, and those it printed as still unsolved: facts from the bulletin, words of our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from db import places
from db.clock import from_iso
from db.demo.story import SUPERVISOR, Story

RECEIVED = {
    "hechuan": "2024-10-15T10:20",
    "minibus": "2024-10-10T19:05",
    "fastest": "2024-10-14T08:10",
    "dormitory": "2024-10-11T20:40",
    "land": "2024-10-12T15:00",
    "parking": "2024-10-09T11:30",
    "wanzhou": "2024-10-08T10:00",
    "dadukou": "2024-10-09T16:20",
    "yunyang": "2024-10-10T09:15",
}
WORDS: dict[str, dict[str, str]] = {
    "hechuan": {
        "title": "四十三户凑钱装电梯，快一年装不成",
        "body": "我们单元四十三户一起交了加装电梯的钱，方案公示过，施工却被拦了快一年。请帮我们协调。",
        "place": "合川区",
    },
    "minibus": {
        "title": "滨江小巴很方便，建议按里程分段收费",
        "body": "滨江路开通的小巴干净准点，给你们点赞。建议短途少收一点，分段计价。",
        "place": "江北区",
    },
    "fastest": {
        "title": "院子里长期没有电",
        "body": "我们院里几十户长期没有通电，冰箱风扇都用不了，老人孩子很难熬。",
        "place": "开州区",
    },
    "dormitory": {
        "title": "职校宿舍楼下层成了驾考场地",
        "body": "一所职校宿舍的下面几层被改成驾驶考试场地，车辆进出，学生很不安全。",
        "place": "沙坪坝区",
    },
    "land": {
        "title": "土地征收补偿安置何时到位",
        "body": "我家的地去年征收，补偿安置的办法想请有关部门讲清楚。",
        "place": "丰都县",
    },
    "parking": {
        "title": "学校门口乱停乱放",
        "body": "放学时学校门口两边停满车，孩子只能走在马路中间。",
        "place": "綦江区",
    },
    "wanzhou": {
        "title": "省道只修了一段，剩下的还是老宽度",
        "body": "龙驹到梨树乡再到地宝乡的 S507，规划拓宽到 8.5 米，我们这一段却按原来的宽度铺了。",
        "place": "龙驹至梨树乡至地宝乡 S507",
    },
    "dadukou": {
        "title": "人行道被围了好几年",
        "body": "人行道围起来好几年了，行人只能走很窄的车道，天天提心吊胆。",
        "place": "茄子溪街道 钢城印象B区 兴通路362号",
    },
    "yunyang": {
        "title": "柏油路修完排水变成坑洼水泥路",
        "body": "学校旁的柏油路修完排水以后铺成了高低不平的水泥路，学生走着很危险。",
        "place": "青龙小学附近路段",
    },
}
CHECKED = ["answers_question", "facts_checked", "deadline_named", "no_personal_data"]


def _on(s: Story, moment: str) -> None:
    s.now = from_iso(moment)


def _forward(s: Story, district: str, unit: str = "") -> None:
    s.do(
        "forwarded",
        role="lead",
        district=district,
        district_name=places.load().name(district),
        unit=unit,
        rules=1,
        contact="shared",
    )


def _published(s: Story, moment: str, as_: str) -> None:
    _on(s, moment)
    assert s.case is not None
    s.do("published", SUPERVISOR, **{"as": as_}, words_title=s.case.title, text="（已去除个人信息）" + s.case.title)


def _told(
    district: str,
    unit: str,
    kind: str,
    topic: str,
    days: tuple[str, str, str, str, str],
    reply: str,
    end: dict[str, Any],
) -> Callable[[Story], None]:
    """Accepted and forwarded, replied, answered, resolved, published, at those moments."""

    def tell(s: Story) -> None:
        forwarded, replied, answered, resolved, published = days
        _on(s, forwarded)
        s.do("accepted", kind=kind, topic=topic)
        s.do("classified", district=district)
        _forward(s, district, unit)
        s.later(4)
        s.do("signed", "unit")
        _on(s, replied)
        outcomes = {"outcomes": end["outcomes"]} if "outcomes" in end else {}
        s.do("replied", "unit", reply, **outcomes)
        _on(s, answered)
        s.do("answered", text=reply, checklist=CHECKED, redacted=True)
        _on(s, resolved)
        if end.get("score") and "rated_at" not in end:
            s.do("rated", "citizen", "办得好，谢谢。", score=end["score"], solved=True)
            s.later(0.2)
        s.do("resolved", result=end["result"], **outcomes)
        if published:
            _published(s, published, "told")
        if "rated_at" in end:
            _on(s, end["rated_at"])
            s.do("rated", "citizen", "电梯开工了，送上一面锦旗。", score=end["score"], solved=True, thanks=True)

    return tell


def _open(
    district: str, forwarded: str, published: str, kind: str = "complaint", topic: str = "道路维修"
) -> Callable[[Story], None]:
    """Forwarded, signed, chased, printed as still unsolved."""

    def ask(s: Story) -> None:
        _on(s, forwarded)
        s.do("accepted", kind=kind, topic=topic)
        s.do("classified", district=district)
        _forward(s, district)
        s.later(5)
        s.do("signed", "unit")
        s.office(10)
        s.do("chased", level=1, channel="phone")
        s.office(2)
        s.do("chased", level=2, channel="phone")
        _published(s, published, "open_question")

    return ask


def _of(measure: str, count: int, unit: str) -> list[dict[str, Any]]:
    return [{"measure": measure, "count": count, "unit": unit}]


TOLD: dict[str, Callable[[Story], None]] = {
    "hechuan": _told(
        "500117",
        "合川区住房和城乡建设委员会",
        "help",
        "电梯安装",
        ("2024-10-22T10:00", "2024-10-29T16:00", "2024-10-30T09:30", "2024-10-31T10:00", "2024-10-31T16:00"),
        "街道再次组织调解，各方已签字，加装电梯恢复施工。",
        {"result": "solved", "outcomes": _of("加装电梯协议", 43, "户"), "score": 5, "rated_at": "2024-11-01T08:50"},
    ),
    "minibus": _told(
        "500105",
        "江北区文化旅游开发有限公司",
        "suggestion",
        "停车收费",
        ("2024-10-11T09:40", "2024-10-16T15:20", "2024-10-17T10:00", "2024-10-21T11:00", "2024-10-31T16:10"),
        "滨江小巴仍在试运行，分段票价将结合后续运营统筹研究。",
        {"result": "partly"},
    ),
    "fastest": _told(
        "500154",
        "",
        "help",
        "用水用电",
        ("2024-10-14T09:00", "2024-10-15T18:00", "2024-10-16T09:30", "2024-10-18T10:00", "2024-10-31T16:20"),
        "已到现场核实，线路当日修复，院内全部恢复供电。",
        {"result": "solved", "outcomes": _of("电表安装和电费缴纳", 210, "户"), "score": 4},
    ),
    "dormitory": _told(
        "500106",
        "交通运输执法",
        "complaint",
        "安全隐患",
        ("2024-10-12T10:00", "2024-10-18T11:00", "2024-10-21T09:30", "2024-10-23T10:00", "2024-10-31T16:30"),
        "经查，经营者擅自设置考试场地，已依法处罚并责令停止。",
        {"result": "solved", "outcomes": _of("安全隐患排除", 11, "处")},
    ),
    "land": _told(
        "500230",
        "丰都县规划和自然资源局",
        "inquiry",
        "土地征收补偿安置",
        ("2024-10-14T09:30", "2024-10-17T10:00", "2024-10-18T09:30", "2024-10-22T10:00", ""),
        "已上门说明补偿安置标准和时间安排，款项按公示发放。",
        {"result": "explained", "score": 5},
    ),
    "parking": _told(
        "500110",
        "綦江区交巡警支队",
        "complaint",
        "乱停乱放",
        ("2024-10-10T09:30", "2024-10-14T10:00", "2024-10-15T09:30", "2024-10-17T10:00", ""),
        "已增设隔离栏，上下学时段安排警力值守。",
        {"result": "solved", "score": 5},
    ),
    "wanzhou": _open("500101", "2024-10-09T10:00", "2024-10-31T15:00"),
    "dadukou": _open("500104", "2024-10-10T10:00", "2024-10-31T15:10", topic="公共设施维护"),
    "yunyang": _open("500235", "2024-10-11T10:00", "2024-10-31T15:20"),
}
