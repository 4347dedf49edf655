"""The one gate for outside text: what a citizen, a district or the backend wrote becomes text that a terminal only shows.

What becomes what: C0 controls, DEL and ESC → their control pictures (␀ … ␛ ␡); C1 controls, bidi controls, zero-width and other
invisible format characters, tags, private use, lone surrogates and noncharacters → `⟨U+202E⟩`; tabs → spaces; CR LF, CR and the
line and paragraph separators → a newline; combining marks beyond four on one character → one `⟨…⟩`. Printable text is unchanged.
Textual does none of this for us (measured: every control byte reached the terminal). The result is drawn as text, never as markup.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

MAX_MARKS = 4
"""Combining marks kept on one character: Vietnamese needs two, Thai and Tibetan up to four."""

TAB = "    "


@cache
def _suspect() -> re.Pattern[str]:
    """Everything that str.isprintable() calls unprintable, and the invisible or unassignable that it lets through. Made when
    the first text is not plain, as `_run` is: both take milliseconds, of the start where the first page needs them."""
    return re.compile(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
        "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ue000-\uf8ff"
        "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
    )


@cache
def _run() -> re.Pattern[str]:
    """A run of five that lies in none of the blocks known to hold no marks; what each character is, is asked only there."""
    return re.compile(
        "[^\x00-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u1fff\u2000-\u20cf\u2100-\u2cee\u2e80-\u3029\u3030-\u3098\u309b-\ua66e"
        "\uac00-\ud7a3\uf900-\ufaff\ufe30-\uffff\U0001f000-\U0001faff\U00020000-\U0003ffff]{5,}"
    )


_NEWLINE = re.compile("\r\n|[\r\u2028\u2029\x85\x0b\x0c]")
_SPACES = re.compile(r"\s+")


def _visible(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if char == "\t":
        return TAB
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0xFE00 <= code <= 0xFE0F:
        return ""  # variation selectors only choose a glyph; terminals disagree on their width
    return f"⟨U+{code:04X}⟩"


def _plain(text: str) -> bool:
    """Whether nothing of it can change, as of nearly all: Chinese with its punctuation, ASCII. What GBK holds beyond ASCII is
    printed, no character of it joins another or is invisible.
    """
    if not text.replace("\n", "").isprintable():
        return False
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def safe(text: str | None) -> str:
    """Outside text → text without any control, bidi or invisible character; newlines are kept. Idempotent, linear."""
    if not text:
        return ""
    if _plain(text):
        return text
    text = _NEWLINE.sub("\n", text)
    text = _suspect().sub(_visible, text)
    text = _run().sub(_cut, text)
    if text.replace("\n", "").replace("\u3000", "").isprintable():
        return text
    # what is left: rare spaces and characters newer than this Python's tables
    return "".join(c if c.isprintable() or c in "\n\u3000" else _rest(c) for c in text)


def _cut(match: re.Match[str]) -> str:
    """At most four marks in a row, then one `⟨…⟩` for all that follow."""
    kept: list[str] = []
    marks = 0
    for char in match[0]:
        marks = marks + 1 if _joins(char) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
        elif marks == MAX_MARKS + 1:
            kept.append("⟨…⟩")
    return "".join(kept)


def _joins(char: str) -> bool:
    """Whether a terminal draws it into the cell before: a mark, or a vowel or final of Hangul without its block."""
    return unicodedata.category(char)[0] == "M" or "\u1161" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff"


def _rest(char: str) -> str:
    return " " if unicodedata.category(char) == "Zs" else f"⟨U+{ord(char):04X}⟩"


def one_line(text: str | None) -> str:
    """Safe text on one line: newlines and runs of spaces become one space."""
    return _SPACES.sub(" ", safe(text)).strip()


def as_json(value: object, separators: tuple[str, str] = (", ", ": ")) -> str:
    """JSON on one line, everything readable but what a terminal would obey or hide: that is written as its number, so that
    whoever reads the JSON gets every character as it was."""
    import json

    return _suspect().sub(_numbered, json.dumps(value, ensure_ascii=False, default=str, separators=separators))


def _numbered(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def mask_name(name: str | None, salutation: str = "") -> str:
    """陈晓明 → 陈先生 with a salutation (先生, 女士 …), else 陈**; nothing → 匿名's dash. Compound surnames keep two characters."""
    text = one_line(name)
    if not text:
        return "–"
    if not "\u4e00" <= text[0] <= "\u9fff":
        return text[0] + "***"
    surname = text[:2] if text[:2] in COMPOUND_SURNAMES and len(text) > 2 else text[:1]
    return surname + (one_line(salutation) or "**")


_COMPOUND = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 长孙 "
    "宇文 南宫 独孤 轩辕 百里 呼延 东郭 西门 公羊 澹台 闻人 万俟 申屠 太史 完颜"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())


_MASKED = re.compile(r"[0-9]{0,3}\*{3,9}[0-9]{0,4}")


def mask_phone(phone: str | None) -> str:
    """13812341234 → 138****1234, also with +86; at least three digits stay hidden; nothing → a dash.

    7 to 9 digits keep two at either end, 5 and 6 the last two, fewer none. A contact without digits (a nickname) is only hidden.
    """
    if phone and _MASKED.fullmatch(phone):
        return phone  # from the backend, which tells no more
    digits = re.sub(r"\D", "", phone or "")
    if not digits:
        return "****" if one_line(phone) else "–"
    country = re.fullmatch(r"(?:00)?86(1\d{10})", digits)
    digits = country[1] if country else digits
    if len(digits) >= 10:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 7:
        return f"{digits[:2]}****{digits[-2:]}"
    return "****" + (digits[-2:] if len(digits) >= 5 else "")


def formula_safe(value: str) -> str:
    """A cell for CSV or XLSX that no spreadsheet takes for a formula: a leading = + - @ (or full-width) gets an apostrophe, also
    behind spaces and newlines, which some spreadsheets strip before they look.

    Source: OWASP, CSV injection. Plain numbers such as -3.5 stay as they are.
    """
    text = safe(value)
    first = text.lstrip()[:1]
    if first and first in "=+-@＝＋－＠" and not re.fullmatch(r"[+-]?\d+([.]\d+)?", text):
        return "'" + text
    return text
