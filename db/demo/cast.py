"""Who works at the demo's desk, who writes to it, and whom to call in the districts. All made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from random import Random

from db.clock import from_iso
from db.ids import uuid7
from db.model import Event, Role
from db.people import Sender, User
from db.units import Contact, Unit

SUPERVISOR = "he"
USERS = (
    User("li", "李岚", Role.EDITOR),
    User("zhou", "周敏", Role.EDITOR),
    User("chen", "陈默", Role.EDITOR),
    User(SUPERVISOR, "何静", Role.SUPERVISOR),
)
EDITORS = tuple(u.id for u in USERS if u.role is Role.EDITOR)
DEVICES = {"li": "03", "zhou": "04", "chen": "05", SUPERVISOR: "06"}
"""Terminals by person; the backend and who comes through it are 00."""

DIGITAL = {"app": 6, "miniprogram": 5}
BY_HAND = {"phone": 3, "post": 1}
"""Channels and how often they are used; letters of the second kind are written down by an editor (代录)."""

OFFICES = {
    "违章搭建": "城市管理局",
    "用水用电": "经济和信息化委员会",
    "安全隐患": "应急管理局",
    "道路维修": "城市管理局",
    "体育馆开放": "文化和旅游发展委员会",
    "公共设施维护": "城市管理局",
    "土地征收补偿安置": "规划和自然资源局",
    "乱停乱放": "交巡警支队",
    "停车收费": "发展和改革委员会",
    "消防通道占用": "消防救援支队",
    "河流污染": "生态环境局",
    "街道卫生": "城市管理局",
    "广场舞噪音管控": "公安分局",
    "电梯安装": "住房和城乡建设委员会",
    "青年住房": "住房和城乡建设委员会",
    "房屋质量检测": "住房和城乡建设委员会",
    "入学划片": "教育委员会",
    "课后服务": "教育委员会",
    "异地就医": "医疗保障局",
    "社保缴纳": "人力资源和社会保障局",
}
"""Topic → the office that mostly acts on it."""

PRINTED = (
    ("500230", "丰都县规划和自然资源局"),
    ("500110", "綦江区交巡警支队"),
    ("500117", "合川区住房和城乡建设委员会"),
    ("500105", "江北区文化旅游开发有限公司"),
    ("500106", "交通运输执法"),
)
"""Units the newspaper named in October."""

HOURS = "09:00-17:30"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    *("明远", "秀兰", "志华", "晓燕", "国平", "丽萍", "建军", "雨晴", "德芳", "思源", "永红", "佳怡"),
    *("世强", "桂英", "文博", "春梅", "天佑", "凤琴", "子涵", "光荣", "静怡", "家豪", "玉珍", "一鸣"),
)
SALUTATIONS = ("先生", "女士")


def office(district_name: str, topic: str) -> str:
    """The office of a district that mostly acts on a topic."""
    return district_name + OFFICES[topic]


def units(districts: dict[str, str]) -> list[Unit]:
    """Two offices and a contact point of every district (code → name), and those that were printed; each with whom to call."""
    rng = Random(7)
    named = list(PRINTED)
    for code, name in districts.items():
        named += [(code, f"{name}人民来信联络点"), (code, f"{name}城市管理局"), (code, f"{name}住房和城乡建设委员会")]
    return [Unit(f"demo-{code}-{n}", code, name, _contacts(rng)) for n, (code, name) in enumerate(dict.fromkeys(named))]


def decisions(districts: dict[str, str]) -> Iterator[Event]:
    """The units and their people as the supervisor put them down before the first letter came."""
    from db.configuring import contacts, unit

    at = from_iso("2024-08-30T09:00")
    since = date(2024, 1, 1)
    for n, u in enumerate(units(districts)):
        for what, command in enumerate((unit(u.id, since, u.district, u.name), contacts(u.id, since, u.contacts))):
            yield Event(
                id=uuid7(at + n, lambda bits, nr=2 * n + what: nr % (1 << bits)),  # type: ignore[misc]
                case=None,
                kind=command.kind,
                at=at + n,
                actor=SUPERVISOR,
                role=Role.SUPERVISOR,
                device=DEVICES[SUPERVISOR],
                facts=command.facts,
                words=command.words,
                salt=sha256(f"{u.id} {what}".encode()).hexdigest()[:32] if command.words else "",
            )


def _contacts(rng: Random) -> tuple[Contact, ...]:
    name = rng.choice(SURNAMES) + rng.choice(("老师", "主任", "科长"))
    return (Contact(name, _phone(rng), "承办联络员", HOURS),)


def sender(id_: str, rng: Random) -> Sender:
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    return Sender(id_, name, rng.choice(SALUTATIONS), _phone(rng))


def _phone(rng: Random) -> str:
    """A number nobody has: no mobile network gives out 138-0000."""
    return f"138-0000-{rng.randrange(10_000):04d}"
