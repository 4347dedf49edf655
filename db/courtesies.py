"""What is said in letters of every kind: greetings, thanks, requests, whom one writes to. It tells no letter from another. Pure."""

from __future__ import annotations

import re

_WORDS = (
    "尊敬的|敬爱的|各位|领导们|领导|市长|书记|编辑|记者|老师们|老师(?=[您你好们])|同志|先生|女士|"
    "您们好|您好|你好|大家好|辛苦了|辛苦|打扰了|打扰|百忙之中|百忙中|抽空|"
    "感谢|多谢|谢谢|万分感谢|万分感激|不胜感激|感激不尽|感激|此致敬礼|此致|敬礼|祝好|"
    "希望|恳请|恳求|请求|盼望|期盼|期待|渴望|强烈要求|强烈|要求|呼吁|为盼|特此|麻烦|拜托|帮忙|帮助|帮我们|"
    "建议|请问|咨询(?!公司)(?!服务)|询问|想问|问一下|了解一下|反映|投诉|举报|诉求|来信|写信|求助|"
    "尽快|尽早|早日|及时|立即|马上|给予|予以|重视|关注|关心|督促|协调|核实|核查|查处|"
    "解决|处理(?![厂站池场])|答复|回复|解答|解释|回应|说法|答案|"
    "有关部门|相关部门|主管部门|职能部门|各部门|部门|有关单位|相关单位|人民群众|老百姓|群众|"
    "今天|昨天|明天|每天|天天|现在|目前|至今|"
    "问题|情况|事情|为什么|怎么办|什么时候|是否|能不能|可不可以|有没有|我们|你们|他们"
)

COURTESY = re.compile("|".join(sorted(_WORDS.split("|"), key=len, reverse=True)))

GAP = "\n"
"""Stands for what was left out: the words on both sides of it are no neighbours."""


def matter(text: str) -> str:
    """What a letter is about: its text without what could stand in any letter."""
    return COURTESY.sub(GAP, text)
