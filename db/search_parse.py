"""A search as typed → Query or Refusal (DESIGN.md §5).

`district:渝北 state:late topic:电梯安装 from:2024-10-01 陈先生 "完整的 词组" RMLX-20241015-03-0007`; fields also by
their Chinese names (区县：渝北), several values by commas (`state:accepted,returned`). Nothing a person types raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from db.clock import now_ms
from db.codes import PREFIX
from db.model import CLOSED, OPEN, Kind, Ms, Refusal, State, Urgency
from db.queues import LISTS
from db.search_dates import span
from db.search_query import Query, Word, searchable
from db.search_split import Part, Values, split
from db.words import LANGUAGES, language, term

LIMIT = 500
"""Characters of a search; more is a letter pasted by mistake."""

_CODE = re.compile(
    r"[A-Z]{2,8}-\d{8}-\d{2}-\d{4,}"  # a whole one, of whatever newsroom
    rf"|{PREFIX}-?|{PREFIX}-\d{{1,8}}-?|{PREFIX}-\d{{8}}-\d{{1,2}}-?|{PREFIX}-\d{{8}}-\d\d-\d*"  # one being typed
    r"|\d{8}-\d{2}-\d{4,}",  # as it is read out
    re.IGNORECASE,
)

_LISTED = ("list", "same", "board", "figure", "call")
"""Fields that name letters one by one: these can be asked for, not left out."""

_GROUPS: dict[str, frozenset[State]] = {"open": OPEN, "未结": OPEN, "closed": CLOSED, "已结": CLOSED}
_LATE = ("late", "overdue", "超期", "逾期")
_QUEUES = frozenset("123456789")
_ME = ("me", "我", "本人")


def parse(text: str, now: Ms | None = None) -> Query | Refusal:
    """What the search asks for; `now` (UTC ms, else the clock's) is what `today` means. A wrong search is a Refusal,
    said by `db.search_words.say_search`.
    """
    now = now_ms() if now is None else now
    if len(text) > LIMIT:
        return Refusal("search_long", {"limit": LIMIT})
    query = Query(text=text)
    parts = split(text)
    if isinstance(parts, Refusal):
        return parts
    for part in parts:
        read = _left_out(query, part, now) if part.without else _read(query, part, now)
        if isinstance(read, Refusal):
            return read
        query = read
    if query.words and not query.without and not any(map(searchable, query.words)):
        return Refusal("search_nothing", {"typed": text.strip()})
    query = replace(query, words=tuple(word for word in query.words if searchable(word)))
    if query.from_ms is not None and query.to_ms is not None and query.from_ms >= query.to_ms:
        return Refusal("search_span")
    return query


def _read(query: Query, part: Part, now: Ms) -> Query | Refusal:
    return _READERS[part.field](query, part.values, now) if part.field else _word(query, part)


def _left_out(query: Query, part: Part, now: Ms) -> Query | Refusal:
    """The query without the letters that this part alone would find."""
    if part.field in _LISTED:
        return Refusal("search_without", {"typed": f"-{part.field}:"})
    out = _read(Query(), part, now)
    if isinstance(out, Refusal):
        return out
    if out.words and not any(map(searchable, out.words)):
        return Refusal("search_nothing", {"typed": "".join(("-", *part.values))})
    return replace(query, without=(*query.without, out))


def _word(query: Query, part: Part) -> Query:
    (value,) = part.values
    if not part.quoted and _CODE.fullmatch(value):
        return replace(query, codes=(*query.codes, value.upper()))
    return replace(query, words=(*query.words, Word(value, part.quoted)))


def _district(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    # Imported here: a search without a district needs no places.
    from db.places import load

    codes = list(query.districts)
    for typed in values:
        found = load().named(typed)
        if not found:
            return Refusal("search_district", {"typed": typed})
        names = list(dict.fromkeys(division.name for division in found))
        if len(names) > 1:
            return Refusal("search_districts", {"typed": typed, "candidates": "、".join(names)})
        codes += [division.code for division in found]
    return replace(query, districts=tuple(dict.fromkeys(codes)))


def _state(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    states = list(query.states)
    late = query.late
    for typed in values:
        one = _choice("state", typed, State)
        group = _group(typed.lower()) if isinstance(one, Refusal) else ""
        if group in _LATE:
            late = True
        elif group:
            states += [state for state in State if state in _GROUPS[group]]
        elif isinstance(one, Refusal):
            if known := one.facts.get("known"):
                groups = ("超期", "未结", "已结") if language() == "zh_CN" else ("late", "open", "closed")
                return Refusal(one.code, {**one.facts, "known": "、".join((*groups, known))})
            return one
        else:
            states.append(State(one))
    return replace(query, states=tuple(dict.fromkeys(states)), late=late)


def _group(typed: str) -> str:
    """late, open or closed by any of its names, or by the beginning of one that no other begins with; "" for none."""
    names = (*_LATE, *_GROUPS)
    if typed in names:
        return typed
    found = [name for name in names if name.startswith(typed)]
    return found[0] if len({_GROUPS.get(name) for name in found}) == 1 else ""


def _kind(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    chosen = _choices("kind", values, Kind)
    return chosen if isinstance(chosen, Refusal) else replace(query, kinds=(*query.kinds, *map(Kind, chosen)))


def _urgency(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    chosen = _choices("urgency", values, Urgency)
    return (
        chosen if isinstance(chosen, Refusal) else replace(query, urgencies=(*query.urgencies, *map(Urgency, chosen)))
    )


def _choices(field: str, values: Values, codes: Iterable[str]) -> list[str] | Refusal:
    chosen = []
    for typed in values:
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


def _topic(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    """Topics of that name or holding it. One that is not on our list may be the newsroom's own: taken as typed."""
    from db.topics import load

    found = list(query.topics)
    for typed in values:
        found += load().filter(typed) or [typed]
    return replace(query, topics=tuple(dict.fromkeys(found)))


def _field(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    from db.topics import load

    topics = load()
    found = list(query.topics)
    for typed in values:
        fields = topics.filter_fields(typed)
        if not fields:
            return Refusal("search_choice", {"typed": typed, "field": "field", "known": "、".join(topics.fields)})
        found += [topic for field in fields for topic in topics.fields[field]]
    return replace(query, topics=tuple(dict.fromkeys(found)))


def _from(query: Query, values: Values, now: Ms) -> Query | Refusal:
    days = _days(values, now)
    return days if isinstance(days, Refusal) else replace(query, from_ms=days[0])


def _to(query: Query, values: Values, now: Ms) -> Query | Refusal:
    days = _days(values, now)
    return days if isinstance(days, Refusal) else replace(query, to_ms=days[1])


def _on(query: Query, values: Values, now: Ms) -> Query | Refusal:
    days = _days(values, now)
    return days if isinstance(days, Refusal) else replace(query, from_ms=days[0], to_ms=days[1])


def _days(values: Values, now: Ms) -> tuple[Ms, Ms] | Refusal:
    return (span(values[0], now) if len(values) == 1 else None) or Refusal("search_date", {"typed": ",".join(values)})


def _queue(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    for typed in values:
        if typed not in _QUEUES:
            return Refusal("search_choice", {"typed": typed, "field": "queue", "known": "1…9"})
    return replace(query, queues=tuple(dict.fromkeys((*query.queues, *map(int, values)))))


def _list(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    chosen = _choices("list", values, LISTS)
    if isinstance(chosen, Refusal):
        return chosen
    query = replace(query, lists=tuple(dict.fromkeys((*query.lists, *chosen))))
    if "mine" in chosen:
        open_ = tuple(state for state in State if state in OPEN)
        query = replace(query, assignees=(*query.assignees, "me"), states=query.states or open_)
    return query


def _same(query: Query, values: Values, _now: Ms) -> Query:
    return replace(query, same=(*query.same, *(code.upper() for code in values)))


def _figure(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    """A figure of a period's page: 2024-10/outcome:街巷整治, 2024-10#1/letters."""
    from db.figures.period import BadPeriodError
    from db.figures.period import parse as parse_period

    for typed in values:
        period, stroke, name = typed.partition("/")
        try:
            parse_period(period.partition("#")[0])
        except BadPeriodError:
            stroke = ""
        if not stroke or not name:
            return Refusal("search_choice", {"typed": typed, "field": "figure", "known": "2024-10/letters"})
    return replace(query, figures=(*query.figures, *values))


def _board(query: Query, values: Values, _now: Ms) -> Query | Refusal:
    """A figure of the late board: district/500106/late. The key may hold strokes itself (a unit's does)."""
    from db.board import FIGURES, GROUPS

    asked = []
    for typed in values:
        by, _stroke, rest = typed.partition("/")
        key, _stroke, figure = rest.rpartition("/")
        if by not in GROUPS or figure not in (*FIGURES, "imported"):
            known = "、".join(f"{group}/…/late" for group in GROUPS)
            return Refusal("search_choice", {"typed": typed, "field": "board", "known": known})
        asked.append((by, key, figure))
    return replace(query, board=(*query.board, *asked))


def _call(query: Query, values: Values, _now: Ms) -> Query:
    return replace(query, calls=(*query.calls, *values))


def _code(query: Query, values: Values, _now: Ms) -> Query:
    return replace(query, codes=(*query.codes, *(code.upper() for code in values)))


def _sender(query: Query, values: Values, _now: Ms) -> Query:
    return replace(query, senders=(*query.senders, *values))


def _assignee(query: Query, values: Values, _now: Ms) -> Query:
    who = ("me" if name.lower() in _ME else name for name in values)
    return replace(query, assignees=(*query.assignees, *who))


def _tag(query: Query, values: Values, _now: Ms) -> Query:
    return replace(query, tags=(*query.tags, *values))


_READERS: dict[str, Callable[[Query, Values, Ms], Query | Refusal]] = {
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
    "list": _list,
    "same": _same,
    "board": _board,
    "figure": _figure,
    "call": _call,
}
