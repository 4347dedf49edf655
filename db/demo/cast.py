"""Who works at the demo's desk, and whom to call in the districts. All made up."""

from __future__ import annotations

from db.model import Role
from db.people import User
from db.units import Contact, Unit

USERS = (
    User("li", "李岚", Role.EDITOR),
    User("zhou", "周敏", Role.EDITOR),
    User("chen", "陈默", Role.EDITOR),
    User("he", "何静", Role.SUPERVISOR),
)
HOURS = "09:00-17:30"
OFFICES = ("住房和城乡建设委员会", "城市管理局", "交巡警支队", "生态环境局", "街道办事处")
_NAMED = (
    ("500230", "丰都县规划和自然资源局"),
    ("500110", "綦江区交巡警支队"),
    ("500117", "合川区住房和城乡建设委员会"),
    ("500105", "江北区文化旅游开发有限公司"),
    ("500106", "交通运输执法"),
)
UNITS = tuple(
    Unit(
        f"demo-{district}-{n}",
        district,
        name,
        (Contact(f"{'王陈刘杨黄'[n]}老师", f"138-0000-1{n}{district[-2:]}", "承办联络员", HOURS),),
    )
    for n, (district, name) in enumerate(_NAMED)
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("明远", "秀兰", "志华", "晓燕", "国平", "丽萍", "建军", "雨晴", "德芳", "思源")
SALUTATIONS = ("先生", "女士")
CHANNELS = ("app", "miniprogram", "phone", "post")
