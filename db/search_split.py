"""A search as typed → its parts: free words, quoted passages, fields with values. Grammar only, no meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from db.model import Refusal
from db.search_words import FIELDS, NAMES

_CLOSING = {'"': '"', "“": "”", "「": "」", "＂": "＂"}
_FIELD = re.compile(r"([^\W\d_]+)[:：](?!//)")
_COMMAS = ",，、|"
_WITHOUT = re.compile(r"[-－](?![-－\s])(?=\S)")

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A field with its values, or ("") a free word. `without`: a dash stood before it, no letter found may hold it."""

    field: str
    values: tuple[str, ...]
    quoted: bool = False
    without: bool = False


def split(text: str) -> list[Part] | Refusal:
    """The search in its parts. Refused: an open quotation mark, an unknown field, a field without a value."""
    parts: list[Part] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        without = bool(_WITHOUT.match(text, at))
        at += without
        named = _FIELD.match(text, at)
        field = NAMES.get(named[1].lower(), "") if named else ""
        if named and not field and named[1].isascii():
            return Refusal("search_field", {"typed": named[1], "known": _known_fields()})
        read = _field_values(text, named.end()) if named and field else _free_word(text, at)
        if read is None:
            return Refusal("search_quote", {"typed": text[at:]})
        values, quoted, at = read
        if field and not values:
            return Refusal("search_value", {"field": field})
        parts.append(Part(field, values, quoted, without))
    return parts


_Read = tuple[tuple[str, ...], bool, int]
"""Values, whether quoted, and where the next part begins."""


def _free_word(text: str, at: int) -> _Read | None:
    """A word up to the next space or quotation mark, or what a pair of marks holds; None where one is open."""
    if closing := _CLOSING.get(text[at]):
        end = text.find(closing, at + 1)
        return None if end < 0 else ((text[at + 1 : end],), True, end + 1)
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in _CLOSING:
        end += 1
    return (text[at:end],), False, end


def _field_values(text: str, at: int) -> _Read | None:
    """Values between commas up to the next space; quotation marks hold spaces and commas together."""
    values = [""]
    while at < len(text) and not text[at].isspace():
        if closing := _CLOSING.get(text[at]):
            end = text.find(closing, at + 1)
            if end < 0:
                return None
            values[-1] += text[at + 1 : end]
            at = end
        elif text[at] in _COMMAS:
            values.append("")
        else:
            values[-1] += text[at]
        at += 1
    return tuple(value.strip() for value in values if value.strip()), False, at


def _known_fields() -> str:
    return ", ".join(f"{field} {others[0]}" for field, others in FIELDS.items())
