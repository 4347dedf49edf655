"""A search as typed → Query or Refusal (DESIGN.md §5).

`district:渝北 state:late topic:电梯安装 from:2024-10-01 陈先生 "完整的 词组" RMLX-20241015-03-0007`; fields also by
their Chinese names (区县：渝北), several values by commas (`state:accepted,returned`). Nothing a person types raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from db.clock import now_ms
from db.model import CLOSED, OPEN, Kind, Ms, Refusal, State, Urgency
from db.search_dates import span
from db.search_query import Query, Word, searchable
from db.search_words import FIELDS, NAMES
from db.words import LANGUAGES, term

LIMIT = 500
"""Characters of a search; more is a letter pasted by mistake."""

_CLOSING = {'"': '"', "“": "”", "「": "」", "＂": "＂"}
_FIELD = re.compile(r"([^\W\d_]+)[:：](?!//)")
_CODE = re.compile(r"[A-Z]{2,8}-\d{8}-\d{2}-\d{4,}", re.IGNORECASE)
_COMMA = re.compile(r"[,，、|]")

_GROUPS: dict[str, frozenset[State]] = {"open": OPEN, "未结": OPEN, "closed": CLOSED, "已结": CLOSED}
_LATE = ("late", "overdue", "超期", "逾期")
_ME = ("me", "我", "本人")


def parse(text: str, now: Ms | None = None) -> Query | Refusal:
    """What the search asks for; `now` (UTC ms, else the clock's) is what `today` means. A wrong search is a Refusal,
    said by `db.search_words.say_search`.
    """
    now = now_ms() if now is None else now
    if len(text) > LIMIT:
        return Refusal("search_long", {"limit": LIMIT})
    query = Query(text=text)
    parts = _split(text)
    if isinstance(parts, Refusal):
        return parts
    for field, value, quoted in parts:
        read = _READERS[field](query, value, now) if field else _word(query, value, quoted)
        if isinstance(read, Refusal):
            return read
        query = read
    if query.words and not any(map(searchable, query.words)):
        return Refusal("search_nothing", {"typed": text.strip()})
    query = replace(query, words=tuple(word for word in query.words if searchable(word)))
    if query.from_ms is not None and query.to_ms is not None and query.from_ms >= query.to_ms:
        return Refusal("search_span")
    return query


Part = tuple[str, str, bool]
"""Field ("" for a free word), value, whether it was quoted."""


def _split(text: str) -> list[Part] | Refusal:
    """The search in its parts. Refused: an open quotation mark, an unknown field, a field without a value."""
    parts: list[Part] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        field = ""
        if m := _FIELD.match(text, at):
            known = NAMES.get(m[1].lower())
            if known is None and m[1].isascii():
                return Refusal("search_field", {"typed": m[1], "known": _known_fields()})
            if known is not None:
                field, at = known, m.end()
        start = at
        if closing := _CLOSING.get(text[at : at + 1]):
            end = text.find(closing, at + 1)
            if end < 0:
                return Refusal("search_quote", {"typed": text[at:]})
            value, at, quoted = text[at + 1 : end], end + 1, True
        else:
            while at < len(text) and not text[at].isspace() and (text[at] not in _CLOSING or field):
                at += 1
            value, quoted = text[start:at], False
        if field and not value.strip(" ,，、|"):
            return Refusal("search_value", {"field": field})
        parts.append((field, value, quoted))
    return parts


def _known_fields() -> str:
    return ", ".join(f"{field} {others[0]}" for field, others in FIELDS.items())


def _values(value: str) -> list[str]:
    return [part.strip() for part in _COMMA.split(value) if part.strip()]


def _word(query: Query, value: str, quoted: bool) -> Query | Refusal:
    if not quoted and _CODE.fullmatch(value):
        return replace(query, codes=(*query.codes, value.upper()))
    return replace(query, words=(*query.words, Word(value, quoted)))


def _district(query: Query, value: str, _now: Ms) -> Query | Refusal:
    # Imported here: a search without a district needs no places.
    from db.places import load

    codes = list(query.districts)
    for typed in _values(value):
        found = load().named(typed)
        if not found:
            return Refusal("search_district", {"typed": typed})
        names = list(dict.fromkeys(division.name for division in found))
        if len(names) > 1:
            return Refusal("search_districts", {"typed": typed, "candidates": "、".join(names)})
        codes += [division.code for division in found]
    return replace(query, districts=tuple(dict.fromkeys(codes)))


def _state(query: Query, value: str, _now: Ms) -> Query | Refusal:
    states = list(query.states)
    late = query.late
    for typed in _values(value):
        if typed.lower() in _LATE:
            late = True
        elif group := _GROUPS.get(typed.lower()):
            states += [state for state in State if state in group]
        else:
            one = _choice("state", typed, State)
            if isinstance(one, Refusal):
                return one
            states.append(State(one))
    return replace(query, states=tuple(dict.fromkeys(states)), late=late)


def _kind(query: Query, value: str, _now: Ms) -> Query | Refusal:
    chosen = _choices("kind", value, Kind)
    return chosen if isinstance(chosen, Refusal) else replace(query, kinds=(*query.kinds, *map(Kind, chosen)))


def _urgency(query: Query, value: str, _now: Ms) -> Query | Refusal:
    chosen = _choices("urgency", value, Urgency)
    return (
        chosen if isinstance(chosen, Refusal) else replace(query, urgencies=(*query.urgencies, *map(Urgency, chosen)))
    )


def _choices(field: str, value: str, codes: Iterable[str]) -> list[str] | Refusal:
    chosen = []
    for typed in _values(value):
        one = _choice(field, typed, codes)
        if isinstance(one, Refusal):
            return one
        chosen.append(one)
    return chosen


def _choice(field: str, typed: str, codes: Iterable[str]) -> str | Refusal:
    """The one code that is so called, in either language, or whose code or label so begins."""
    wanted = typed.lower()
    labels = {str(code): [str(code), *(term(field, code, lang).lower() for lang in LANGUAGES)] for code in codes}
    exact = [code for code, names in labels.items() if wanted in names]
    found = exact or [code for code, names in labels.items() if any(name.startswith(wanted) for name in names)]
    if len(found) == 1:
        return found[0]
    if found:
        return Refusal("search_choices", {"typed": typed, "candidates": "、".join(term(field, c) for c in found)})
    known = "、".join(term(field, code) for code in labels)
    return Refusal("search_choice", {"typed": typed, "field": field, "known": known})


def _topic(query: Query, value: str, _now: Ms) -> Query | Refusal:
    """Topics of that name or holding it. One that is not on our list may be the newsroom's own: taken as typed."""
    from db.topics import load

    found = list(query.topics)
    for typed in _values(value):
        found += load().filter(typed) or [typed]
    return replace(query, topics=tuple(dict.fromkeys(found)))


def _field(query: Query, value: str, _now: Ms) -> Query | Refusal:
    from db.topics import load

    topics = load()
    found = list(query.topics)
    for typed in _values(value):
        fields = topics.filter_fields(typed)
        if not fields:
            return Refusal("search_choice", {"typed": typed, "field": "field", "known": "、".join(topics.fields)})
        found += [topic for field in fields for topic in topics.fields[field]]
    return replace(query, topics=tuple(dict.fromkeys(found)))


def _from(query: Query, value: str, now: Ms) -> Query | Refusal:
    days = span(value, now)
    return Refusal("search_date", {"typed": value}) if days is None else replace(query, from_ms=days[0])


def _to(query: Query, value: str, now: Ms) -> Query | Refusal:
    days = span(value, now)
    return Refusal("search_date", {"typed": value}) if days is None else replace(query, to_ms=days[1])


def _on(query: Query, value: str, now: Ms) -> Query | Refusal:
    days = span(value, now)
    if days is None:
        return Refusal("search_date", {"typed": value})
    return replace(query, from_ms=days[0], to_ms=days[1])


def _queue(query: Query, value: str, _now: Ms) -> Query | Refusal:
    numbers = _values(value)
    for typed in numbers:
        if typed not in set("123456789"):
            return Refusal("search_choice", {"typed": typed, "field": "queue", "known": "1…9"})
    return replace(query, queues=tuple(dict.fromkeys((*query.queues, *map(int, numbers)))))


def _code(query: Query, value: str, _now: Ms) -> Query | Refusal:
    return replace(query, codes=(*query.codes, *(code.upper() for code in _values(value))))


def _sender(query: Query, value: str, _now: Ms) -> Query | Refusal:
    return replace(query, senders=(*query.senders, *_values(value)))


def _assignee(query: Query, value: str, _now: Ms) -> Query | Refusal:
    who = ("me" if name.lower() in _ME else name for name in _values(value))
    return replace(query, assignees=(*query.assignees, *who))


def _tag(query: Query, value: str, _now: Ms) -> Query | Refusal:
    return replace(query, tags=(*query.tags, *_values(value)))


_READERS: dict[str, Callable[[Query, str, Ms], Any]] = {
    "district": _district,
    "state": _state,
    "topic": _topic,
    "field": _field,
    "kind": _kind,
    "urgency": _urgency,
    "from": _from,
    "to": _to,
    "on": _on,
    "queue": _queue,
    "code": _code,
    "sender": _sender,
    "assignee": _assignee,
    "tag": _tag,
}
