"""What in a text tells who somebody is: phones, identity and card numbers, plates, homes, accounts, names. Pure, stdlib.

`find(text)` → the spots, in order, never overlapping, each with the rule that found it and what would stand instead.
`replaced(text, spots)` → the text with exactly these spots exchanged. Rules are data (`RULES`); names are found in
`db/redaction_names.py`. DESIGN.md §8: nothing is taken out unasked where a person can be asked.

What always holds (tests/db/test_redaction.py): after replacing all that is found, nothing more is found; a text in which
nothing is found stays as it is, character by character. What stands instead (【电话】, ×, 某) is never found again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from db import redaction_names as names
from db.redaction_checks import is_card, is_identity, luhn


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Characters `start` to `end` of a text, the rule that found them ("hand": a person did), and what stands instead."""

    start: int
    end: int
    rule: str
    instead: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` over the text made plain (`plain`); its group "it" is what is taken out. `sure` judges the digits of a hit."""

    id: str
    pattern: re.Pattern[str]
    instead: Callable[[str], str]
    sure: Callable[[str, str], bool] = lambda _hit, _before: True


_GAP = r"[\s\-‐-―~·.．_*\u200b-\u200f\u2060\ufeff]{0,2}"
"""What people put between digits, to be read or to get past a filter."""

_CUE = 14
"""Characters before a hit in which a word may say what it is."""


def _digits(least: int, most: int) -> str:
    return rf"\d(?:{_GAP}\d){{{least - 1},{most - 1}}}"


def _word(text: str) -> Callable[[str], str]:
    return lambda _hit: text


def _masked(hit: str) -> str:
    """Every number and letter of a home as ×; what it is (栋, 单元, 室) stays."""
    return re.sub(r"(?:[0-9A-Za-z]+|[一二三四五六七八九十百零〇]+)", "×", hit)


def _plate(hit: str) -> str:
    kept = re.match(r"(.)\W*(.)", hit)
    return f"{kept[1]}{kept[2].upper()}×××××" if kept else "×××××××"


_N = r"(?:[0-9]{1,4}|[A-Za-z](?![A-Za-z])[0-9]{0,2})"
_HAN = r"[一二三四五六七八九十百零〇]{1,4}"
_ANY = rf"(?:{_N}|{_HAN})"
_COUNTED = (
    r"(?!的?(?:居民|商品|高|老|旧|新|危|洋|小|高层|多层)?"
    r"(?:楼房|楼盘|房子|房屋|建筑|大楼|别墅|住宅|危房|写字楼|厂房|高楼|居民楼|楼都|楼全|楼没|楼停))"
)
"""12栋楼房 is how many, not which."""

_STOP = r"(?![0-9A-Za-z年月日万元点多余个家层楼人户])"
_ROOM = rf"(?:\s?{_N}(?:[-—–]{_N}){{0,3}}\s?(?:号房|室|号|户)|\s?{_N}(?:[-—–]{_N}){{0,3}}{_STOP}|\s?{_HAN}\s?(?:号房|室|号))"
_FLOOR = rf"(?:\s?{_ANY}\s?(?:单元|门|层|楼))"
_HOME = (
    # 3栋2单元15-4, 12幢, B座1503室, 6号楼
    rf"(?<![0-9A-Za-z第余几数共有建修拆约每这那哪某另整同])"
    rf"(?P<it>(?:{_N}\s?(?:号楼|栋|幢)|{_HAN}(?:号楼|栋(?!楼)|幢(?!楼))|{_N}\s?座(?!谈|位|落|椅|机)){_COUNTED}{_FLOOR}{{0,3}}{_ROOM}?)"
    # 2单元15-4
    rf"|(?<![0-9A-Za-z第几个每])(?P<it2>{_ANY}\s?单元{_FLOOR}{{0,2}}{_ROOM}?)"
    # 1503室
    r"|(?<![0-9A-Za-z第])(?P<it3>[A-Za-z]?[0-9]{3,4}\s?(?:号房|室(?!内|外|友)))"
    # 人民路28号附3号, 五里村5组12号; not 轨道3号线, 3号门
    r"|(?<=[路街巷弄里村道段坊坝湾沟])(?<!轨道)(?<!街道)(?P<it4>(?:[0-9]{1,3}[组社])?[0-9]{1,4}(?:[-—–之][0-9]{1,4})?"
    r"号(?![线口出门车公闸桥井地坑泵])(?:附[0-9]{1,3}号?)?)"
    r"|(?<![0-9A-Za-z])(?P<it7>[0-9]{1,4}号附[0-9]{1,3}号?)"
    r"|(?<=[村区])(?P<it6>[0-9]{1,2}[组社][0-9]{1,4}号)"
    # 丽景苑3-5-2
    r"|(?<=[苑园庭城府湾居院里区家楼郡都庄])(?P<it5>[0-9]{1,2}(?:[-—–][0-9]{1,4}){2,3})(?![0-9A-Za-z年月日万元点])"
)

RULES: tuple[Rule, ...] = (
    Rule("mail", re.compile(r"(?P<it>[A-Za-z0-9][\w.+-]{0,63}@[\w-]+(?:\.[\w-]+)+)", re.ASCII), _word("【邮箱】")),
    Rule(
        "identity",
        re.compile(rf"(?<![0-9A-Za-z])(?P<it>{_digits(14, 17)}{_GAP}[\dXx])(?![0-9A-Za-z])"),
        _word("【证件号】"),
        is_identity,
    ),
    Rule("identity", re.compile(r"(?:护照|通行证)\D{0,6}(?P<it>[A-Za-z]{1,2}\d{7,9})"), _word("【证件号】")),
    Rule("card", re.compile(rf"(?<![0-9A-Za-z])(?P<it>{_digits(12, 30)})(?![0-9])"), _word("【银行卡】"), is_card),
    Rule(
        "phone",
        re.compile(rf"(?<!\d)(?P<it>(?:\+|00)?(?:86)?{_GAP}0?1{_GAP}[3-9](?:{_GAP}\d){{9}})(?!\d)"),
        _word("【电话】"),
    ),
    Rule(
        "phone",
        re.compile(
            r"(?<!\d)(?P<it>[(（]?0\d{2,3}[)）]?[-‐-― ]{0,2}[2-9]\d{2,3}[-‐-― ]?\d{4}(?:\s?[-转]\s?\d{1,5})?)(?!\d)"
        ),
        _word("【电话】"),
    ),
    Rule(
        "phone",
        re.compile(
            r"(?:电话|座机|固话|致电|拨打|手机|联系|tel)\D{0,10}"
            rf"(?P<it>[2-9](?:{_GAP}\d){{6,7}})(?![\d元万平年号])",
            re.IGNORECASE,
        ),
        _word("【电话】"),
    ),
    Rule(
        "plate",
        re.compile(
            r"(?P<it>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][\s·•.・-]{0,2}[A-HJ-NP-Za-hj-np-z]"
            r"[\s·•.・-]{0,2}(?=[A-Za-z]{0,6}[\s·-]?\d)[A-Za-z0-9](?:[\s·-]?[A-Za-z0-9]){3,4}[\s·-]?[A-Za-z0-9挂学警港澳])"
            r"(?![A-Za-z0-9])"
        ),
        _plate,
    ),
    Rule(
        "account",
        re.compile(
            r"(?:微信|威信|薇信|V信|(?<![A-Za-z])(?:wx|vx|wechat))(?:账|帐)?(?:号码?)?(?:id)?[\s:：是为叫\"“「]{0,3}"
            r"(?P<it>[A-Za-z][-\w]{5,19})(?!\w)",
            re.IGNORECASE | re.ASCII,
        ),
        _word("【微信号】"),
    ),
    Rule(
        "account",
        re.compile(
            rf"(?:QQ|扣扣|企鹅号)(?:号码?|群)?[\s:：是为]{{0,3}}(?P<it>[1-9](?:{_GAP}\d){{4,10}})(?!\d)", re.IGNORECASE
        ),
        _word("【QQ号】"),
    ),
    Rule("home", re.compile(_HOME), _masked, lambda hit, _before: hit not in ("一栋", "一幢")),
    Rule("number", re.compile(r"(?<!\d)(?P<it>\d{15,})(?!\d)"), _word("【号码】")),
)
"""In the order in which they count: where two meet, the earlier one says what it is and the spot covers both."""

ORDER: Mapping[str, int] = (
    {"hand": -2, "sender": -1} | {r.id: i for i, r in reversed(list(enumerate(RULES)))} | {"name": len(RULES)}
)

KINDS: tuple[str, ...] = ("sender", "name", "phone", "identity", "card", "plate", "home", "mail", "account", "number")
"""Every rule's name, as lists show them; "hand" besides."""

_NUMERALS = "〇零○一壹二贰两三叁四肆五伍六陆七柒八捌九玖幺"
_HAN_DIGITS = str.maketrans(_NUMERALS, "00011222334455667788991")


def plain(text: str) -> str:
    """Full-width, circled and mathematical digits and letters as ASCII, one character for one: places stay the same."""
    return text if text.isascii() else text.translate(_FLAT)


class _Flat(dict[int, int]):
    """Character → the ASCII digit or letter that it stands for, else itself; each looked up once."""

    def __missing__(self, char: int) -> int:
        flat = chr(char) if char < 0x2000 else unicodedata.normalize("NFKC", chr(char))
        self[char] = ord(flat) if len(flat) == 1 and flat.isascii() and flat.isalnum() else char
        return self[char]


_FLAT = _Flat()


def find(
    text: str, known: Sequence[str] = (), heard: Iterable[str] = (), hand: Mapping[str, str] = MappingProxyType({})
) -> tuple[Spot, ...]:
    """All spots of a text. `known`: the sender's own name and numbers; `heard`: names found in texts that go with it;
    `hand`: words that a person takes out, and what stands instead.
    """
    if not text:
        return ()
    flat = plain(text)
    found = [*_by_hand(text, hand), *_known(flat, known), *_ruled(flat), *_names(flat, heard)]
    return _apart(found)


def find_all(
    texts: Mapping[str, str], known: Sequence[str] = (), hand: Mapping[str, str] = MappingProxyType({})
) -> dict[str, tuple[Spot, ...]]:
    """Several texts of one letter: a name that one of them betrays is found in all of them."""
    heard = {name for text in texts.values() for name in names.heard(plain(text))}
    return {part: find(text, known, heard, hand) for part, text in texts.items()}


def replaced(text: str, spots: Iterable[Spot]) -> str:
    """The text with these spots exchanged. They must not overlap."""
    at, made = 0, []
    for spot in sorted(spots):
        made += [text[at : spot.start], spot.instead]
        at = spot.end
    return "".join([*made, text[at:]])


def redacted(text: str, known: Sequence[str] = ()) -> str:
    """The text with all that is found exchanged: for doors where nobody can be asked. Idempotent."""
    for _round in range(4):  # taking one thing out may bring two others together
        spots = find(text, known)
        if not spots:
            break
        text = replaced(text, spots)
    return text


def counted(spots: Iterable[Spot]) -> dict[str, int]:
    """How many of each rule: what may be written into the log. Never the text."""
    return dict(sorted(Counter(spot.rule for spot in spots).items()))


def _ruled(flat: str) -> list[Spot]:
    found: list[Spot] = []
    if not _TELLING.search(flat):
        return found
    spoken = _spoken(flat)
    for rule in RULES:
        for source in (flat, spoken) if spoken and rule.id in ("phone", "identity", "card") else (flat,):
            for hit in rule.pattern.finditer(source):
                name = next(g for g, it in hit.groupdict().items() if it is not None)
                start, end = hit.span(name)
                if rule.sure(hit[name], source[max(0, start - _CUE) : start]):
                    found.append(Spot(start, end, rule.id, rule.instead(flat[start:end])))
    return found


_TELLING = re.compile(rf"[\dA-Za-z{_NUMERALS}十百]")
"""What each of RULES needs at least one of; most words under a rating have none."""

_SPOKEN = re.compile(rf"[{_NUMERALS}\d](?:{_GAP}[{_NUMERALS}\d]){{10,}}")


def _spoken(flat: str) -> str:
    """With long runs of numbers written as words (一三八…) as digits; "" where there is none."""
    made = _SPOKEN.sub(lambda m: m[0].translate(_HAN_DIGITS), flat)
    return made if made != flat else ""


def _known(flat: str, known: Sequence[str]) -> list[Spot]:
    """The sender's own name and numbers, however they are spaced."""
    found = []
    for word in known:
        letters = [c for c in plain(word) if not c.isspace()]
        if len(letters) < 2:
            continue
        for hit in re.finditer(r"[\s·]{0,2}".join(map(re.escape, letters)), flat, re.IGNORECASE):
            said = "【电话】" if letters[-1].isdigit() else names.instead(hit[0])
            found.append(Spot(hit.start(), hit.end(), "sender", said))
    return found


def _by_hand(text: str, hand: Mapping[str, str]) -> list[Spot]:
    return [
        Spot(hit.start(), hit.end(), "hand", said)
        for words, said in hand.items()
        for hit in re.finditer(re.escape(words), text)
        if words
    ]


def _names(flat: str, heard: Iterable[str]) -> list[Spot]:
    return [Spot(start, end, "name", said) for start, end, said in names.find(flat, heard)]


def _apart(found: list[Spot]) -> tuple[Spot, ...]:
    """Spots that meet become one, called by the rule that counts first; nothing that any of them covers stays."""
    made: list[Spot] = []
    for spot in sorted(found, key=lambda s: (s.start, -s.end, ORDER[s.rule])):
        if not made or spot.start >= made[-1].end:
            made.append(spot)
            continue
        last = made[-1]
        first = min(last, spot, key=lambda s: (ORDER[s.rule], s.start - s.end))
        made[-1] = replace(first, start=last.start, end=max(last.end, spot.end))
    return tuple(made)


__all__ = ["KINDS", "Rule", "Spot", "counted", "find", "find_all", "luhn", "plain", "redacted", "replaced"]
