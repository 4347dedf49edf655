"""Which column of a file is what: header names, Chinese and English, as offices and platforms write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("id", "serial", "number", "编号", "序号", "信件编号", "来信编号", "留言编号", "工单编号", "单号"),
    "title": ("title", "subject", "标题", "主题", "留言主题", "来信标题", "信件标题", "诉求标题"),
    "body": (
        "body",
        "content",
        "text",
        "内容",
        "正文",
        "详情",
        "留言详情",
        "来信内容",
        "信件内容",
        "诉求内容",
        "反映内容",
    ),
    "sender_name": ("sender_name", "sender", "name", "姓名", "来信人", "留言用户", "留言人", "联系人", "反映人"),
    "sender_phone": ("sender_phone", "phone", "mobile", "电话", "手机", "手机号", "联系电话", "联系方式"),
    "received_at": (
        "received_at",
        "received",
        "created_at",
        "created",
        "date",
        "time",
        "时间",
        "日期",
        "来信时间",
        "留言时间",
        "受理时间",
        "收到时间",
    ),
    "reply": ("reply", "answer", "回复", "答复", "答复意见", "回复内容", "答复内容", "办理结果"),
    "replied_at": ("replied_at", "replied", "answered_at", "回复时间", "答复时间", "办结时间"),
    "place": ("place", "address", "location", "地点", "地址", "事发地点"),
    "topic": ("topic", "话题"),
    "kind": ("kind", "type", "类别", "类型", "信件类型", "来信类型"),
    "urgency": ("urgency", "紧急程度"),
    "district": ("district", "区县", "所属区县", "属地"),
}
"""Field → the header names it goes by; compared without case, blanks, underscores and what stands in brackets."""

_NAMES = {re.sub(r"[\s_]", "", name): field for field, names in HEADERS.items() for name in names}


@lru_cache(maxsize=1024)
def field_of(header: str) -> str | None:
    """The field that a header names, or None: then the column is left out."""
    plain = re.sub(r"[\s_\ufeff*]|[(（].*?[)）]", "", header).casefold()
    return _NAMES.get(plain)


def mapping(headers: Sequence[str]) -> dict[int, str]:
    """Column index → field; of two columns with the same meaning the first is taken."""
    found: dict[int, str] = {}
    for index, header in enumerate(headers):
        field = field_of(header)
        if field is not None and field not in found.values():
            found[index] = field
    return found
