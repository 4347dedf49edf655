"""Thanks as politeness, told from thanks for something: 万分感谢 at the end of a request makes no letter of praise. Pure.

A clause that holds nothing but thanks, whom they go to and what one thanks for in advance is a form. What was done stands
nowhere in it, so it says nothing about the letter; what says it (感谢社区把灯修好, 特来感谢) is left alone. Beside a request
even that is mostly said in advance, or of others: only a title that thanks makes such a letter praise.
"""

from __future__ import annotations

import re
from functools import lru_cache

_THANKS = (
    "万分感谢|万分感激|非常感谢|非常感激|十分感谢|十分感激|由衷感谢|衷心感谢|衷心的感谢|真心感谢|真诚感谢|诚挚感谢|深表感谢|深表谢意|"
    "表示感谢|表示衷心感谢|表示衷心的感谢|致以感谢|致以衷心的感谢|不胜感谢|不胜感激|感激不尽|感恩不尽|感激涕零|感谢|感激|感恩|多谢|谢谢|拜谢|叩谢|跪谢|"
    "致谢|谢过|谢意|谢了|感谢不尽|为谢|为感|是感|谢"
)
_WHOM = (
    "各位领导|各级领导|上级领导|尊敬的领导|领导们|领导|政府部门|政府|市长|区长|县长|镇长|书记|主任|局长|编辑部|编辑|记者|报社|平台|栏目|老师|同志|"
    "有关部门|相关部门|部门|有关单位|相关单位|工作人员|大家|各位|先生|女士|贵报|贵局|贵单位|贵部门|您们|你们|您|你|党和|党|"
    "我们全家|我们全体|我们大家|我们|我代表|我谨代表|我|全体|全家|居民|业主|村民|群众|老百姓|百姓|市民|家长|小区|们"
)
_FILLING = (
    "百忙之中|百忙中|在百忙|抽空|抽出时间|抽时间|能够|能|来|看完|阅读|查看|看到|听到|处理|解决|答复|回复|解答|解疑|回答|办理|重视|"
    "的关心|的关注|的帮助|的支持|的理解|的配合|的回复|的答复|的解答|的重视|的聆听|的倾听|关心|关注|帮助|支持|理解|配合|聆听|倾听|反馈|"
    "望|盼|希望|请|恳请|如能|若能|如果能|如|若|尽快|早日|及时|予以|给予|协调|您的|你的|"
    "来信|信件|我的信|这封信|留言|诉求|问题|此事|在此|先|再次|提前|预先|一并|特此|谨此|并|也|都|就|很|太|真的|真|实在|再|一下|"
    "辛苦了|辛苦|麻烦了|麻烦|拜托了|拜托|打扰了|打扰|为盼|盼复|祝好|"
    "向|对|给|以|把|将|表示|最|深深|诚挚|衷心|由衷|真诚|万分|十分|非常|不胜|不尽|之至|万谢|啊|哦|呀|啦|哈|噢|的|地|之|和|与|为"
)
_CLAUSES = re.compile(r"[^，,。.！!？?；;：:、~～…\s—-]+")
_NAMED = "[\\u4e00-\\u9fff](?=书记|市长|区长|县长|主任|局长|老师)"
_PIECE = re.compile("|".join((_NAMED, *sorted(f"{_THANKS}|{_WHOM}|{_FILLING}".split("|"), key=len, reverse=True))))
_SAID = re.compile(_THANKS)
_REST = re.compile(r"[\d年月日]*")


_DONE = re.compile(
    r"(?:(?<![就太最更算])好|[完成通亮净走除决复齐妥上开回到])了$|得(?:很|真|太|非常)?(?:好|快|及时|漂亮)$"
)
_NOT_YET = re.compile(r"[没未不]|望|请|盼|如果|要是|若|何时|什么时候|能|怎么|为什么")


@lru_cache(maxsize=16)
def without(text: str) -> str:
    """The text less its clauses of polite thanks; all of it where it holds nothing else."""
    if not _SAID.search(text):
        return text
    kept, at, before = [], 0, ""
    for clause in _CLAUSES.finditer(text):
        if polite(clause[0]) and not done(before):
            kept.append(text[at : clause.start()])
            at = clause.end()
        before = clause[0]
    left = "".join((*kept, text[at:]))
    return left if any(char.isalnum() for char in left) else text


def polite(clause: str) -> bool:
    """Whether a clause thanks, and says for nothing that was done."""
    return bool(_SAID.search(clause)) and bool(_REST.fullmatch(_PIECE.sub("", clause)))


def done(clause: str) -> bool:
    """Whether a clause says that something was done (路灯修好了): thanks right after it are meant."""
    return bool(_DONE.search(clause)) and not _NOT_YET.search(clause)


_ASKS = re.compile(
    r"(?:希望|盼望|期盼|望|盼|恳请|恳求|请求|请|要求|呼吁|强烈建议|能否|能不能|可否|是否|何时|什么时候)"
    r"[^，,。.！!？?；;]{0,40}"
    r"(?:解决|处理|处置|查处|查明|彻查|严查|核查|整治|整改|治理|整顿|协调|督促|监督|答复|回复|给个|制止|改善|加强|增设|增加|设立|"
    r"完善|修复|维修|落实|拆除|取缔|调查|介入|过问|出面|做主|作主|干预|管管|管一管|保障|安装|重视|关注|关心|尽快|早日|帮忙|帮助|帮我|帮帮)"
)


def asks(text: str) -> bool:
    """Whether somebody wants something done."""
    return bool(_ASKS.search(text))
