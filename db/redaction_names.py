"""Names of people in a letter: a surname where something says that a name stands there. Pure.

A surname alone proves nothing in Chinese (江北, 高中, 方便), so a name is found only by what stands around it: 我叫, 联系人,
a title after it, a line of its own at the end. One found so is then looked for in the whole text. A surname with a title
(陈先生) is how a newspaper writes anyway and stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

_KNOWN: Mapping[str, str] = tomllib.loads((Path(__file__).parent / "data" / "names.toml").read_text(encoding="utf-8"))
_COMPOUND = _KNOWN["compound"].split()
SURNAME = rf"(?:{'|'.join(_COMPOUND)}|[{_KNOWN['single'].strip()}])"
_NO_NAME = re.compile("|".join(_KNOWN["no_name"].split()))
_ORDINARY = re.compile(f"^(?:{'|'.join(_KNOWN['ordinary'].split())})")
_GIVEN = rf"[^\W\d_a-zA-Z{_KNOWN['never_given'].strip()}]"
"""A character of a given name: Han, and none that names hardly hold."""

_LONG = rf"{SURNAME}[\s·]?{_GIVEN}(?:\s?{_GIVEN})?"

_CUES = (
    r"(?:(?:联系|来信|举报|投诉|反映|申请|报修|申诉|信访|诉求|收款|经办|当事|负责|责任|法定代表)人|法人代表?"
    r"|签名|署名|姓名|名字|户主|本名|真名|原名|开户名|户名|被告|原告|房东|老板|店主|业主代表)[\s:：是为叫,，(（]{0,3}"
    r"|(?:我叫|我名叫|本人叫|名叫|名字叫|叫做|化名)[\s:：]{0,2}"
    r"|(?:本人|我是|父亲|母亲|爸爸?|妈妈?|儿子|女儿|丈夫|妻子|老公|老婆|爱人|孙子|孙女|哥哥?|弟弟?|姐姐?|妹妹?|爷爷|奶奶"
    r"|邻居|楼上|楼下|房主|患者|死者|伤者|司机|职工|员工|学生|业主|住户|租户|村民|居民|市民|老人"
    r"|村主任|村支书|支书|村长|社长|队长|组长|经理|主任|书记)[\s:：(（]{0,2}"
)
_AFTER = (
    r"(?=$|[\s,，。.、;；:：!！?？)）(（\"”’'》】]|先生|女士|小姐|同志|的?(?:电话|手机|身份证|联系|微信|账|卡)|[男女](?:\W|$)"
    r"|今年|现年|家住|家在|现住|[住于因在和及与系从被向的说称已等患\d]|去世|生病)"
)
_CUED = re.compile(
    rf"(?P<cue>{_CUES})(?P<name>{_LONG}{_AFTER}|{SURNAME}{_GIVEN}{_GIVEN}(?![一-鿿]{{0,1}}[区县镇乡街路村楼局]))",
    re.MULTILINE,
)
"""A name of three characters after such a word may run on into the sentence (邻居何大勇养了三条狗)."""

_TITLE = (
    r"(?:先生|女士|小姐|大爷|大妈|大叔|大姐|大哥|阿姨|婆婆|爷爷|奶奶|师傅|老师|医生|律师|护士|主任|副主任|书记|副书记|经理|队长|所长|局长|科长"
    r"|处长|校长|院长|园长|站长|组长|社长|村长|镇长|区长|警官|法官|总经理|老板|同学|同志|老人|董事长)"
)
NAME = re.compile(rf"{SURNAME}{_GIVEN}{{1,2}}")
"""What may be a whole name and nothing else; also words that begin like one (高新)."""
ADDRESSED = re.compile(rf"(?P<who>{SURNAME}{_GIVEN}{{0,2}}?)(?P<how>{_TITLE})")
"""陈先生, 陈晓明女士."""
_TITLED = re.compile(
    rf"(?<![一-鿿])(?P<name>{_LONG})(?={_TITLE})|(?<=[找叫和与及对给由请让的问向为到是、])(?P<name2>{_LONG})(?={_TITLE})"
)

_SIGNED = re.compile(
    r"(?:^|(?<=[\s。.!！,，;；]))"  # blanks before the name count as such a character, one at a time: linear
    rf"(?P<name>{SURNAME}[ \t\u3000]?{_GIVEN}(?:[ \t\u3000]?{_GIVEN})?)[ \t\u3000]*"
    r"(?=$|\n|\d{4}\s?年|\d{4}[-./])",
    re.MULTILINE,
)
NEAR_END = 200
"""Characters from the end, blanks included, within which a letter is signed."""
_SIGNS_OFF = re.compile(r"此致|敬礼|敬上|谢谢|感谢|拜托|\n")


def heard(flat: str) -> set[str]:
    """Full names that something in the text says to be names, blanks taken out."""
    return _named(flat, _found(flat))


def _named(flat: str, spans: Iterable[tuple[int, int]]) -> set[str]:
    found = {re.sub(r"[\s·]", "", flat[start:end]) for start, end in spans}
    return {name for name in found if len(name) >= 2}


def find(flat: str, others: Iterable[str] = ()) -> list[tuple[int, int, str]]:
    """(start, end, what stands instead) of each name; those said to be names here or in `others`, wherever they stand."""
    hits = set(_found(flat))
    for name in {*_named(flat, hits), *others}:
        if len(name) >= 3:  # a name of two characters may be a word elsewhere
            hits |= {m.span() for m in re.finditer(r"\s?".join(map(re.escape, name)), flat)}
    return [(start, end, instead(flat[start:end])) for start, end in sorted(hits)]


def instead(name: str) -> str:
    """陈某, 陈某某: as newspapers print a name that is not told."""
    letters = re.sub(r"[\s·]", "", name)
    head = 2 if letters[:2] in _COMPOUND and len(letters) > 2 else 1
    return letters[:head] + "某" * min(2, max(1, len(letters) - head))


def _found(flat: str) -> list[tuple[int, int]]:
    flat = flat.rstrip()
    spans = [m.span("name") for m in _CUED.finditer(flat)]
    spans += [m.span("name" if m["name"] else "name2") for m in _TITLED.finditer(flat)]
    spans += [m.span("name") for m in _SIGNED.finditer(flat) if _is_signature(flat, m)]
    return [(start, end) for start, end in spans if _may_be(re.sub(r"[\s·]", "", flat[start:end]))]


def _may_be(name: str) -> bool:
    return not _ORDINARY.match(name) and not _NO_NAME.search(name)


def _is_signature(flat: str, hit: re.Match[str]) -> bool:
    """In the last two lines, after words that end a letter or on a line of its own."""
    if len(flat) - hit.end() > NEAR_END:
        return False
    rest = flat[hit.end() :].strip()
    if len(rest) > 16 or "\n" in rest:
        return False
    before = flat[: hit.start("name")]
    return bool(before.strip()) and bool(_SIGNS_OFF.search(before[-12:]))
