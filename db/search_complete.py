"""What may stand where a search is being typed: names of fields, then the values of the field.

Chinese or English, as the person began; values by label, short name or pinyin initials. Only words of ours and of the
newsroom are offered, nothing out of a letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from db.clock import day_of, now_ms
from db.model import Kind, Ms, State, Urgency
from db.queues import LISTS
from db.search_words import FIELDS, NAMES
from db.words import LANGUAGES, language, term

MOST = 12
"""Offers at once: what one line shows."""

_BEGUN = re.compile(r"(?:(?<!\S)[-－])?(?:([^\s:：,，、|]+)[:：](?:\S*[,，、|])?)?([^\s,，、|]*)$")


@dataclass(frozen=True, slots=True)
class Offer:
    """`text` replaces the characters from `start` to the cursor; `label` is what a person reads."""

    start: int
    text: str
    label: str


def offers(
    typed: str,
    now: Ms | None = None,
    *,
    people: Iterable[str] = (),
    tags: Iterable[str] = (),
    calls: Iterable[str] = (),
) -> Sequence[Offer]:
    """What may go on from the end of `typed`, best first, at most `MOST`; nothing after a free word that names no field.

    `people`, `tags` and `calls` are those this desk knows, asked for only where they are wanted.
    """
    found = _BEGUN.search(typed)
    if found is None or typed.count('"') % 2:
        return ()
    name, begun = found[1], found[2]
    if name is None:
        return tuple(_fields(begun, found.start(2))) if begun else ()
    field = NAMES.get(name.lower())
    if field is None:
        return ()
    values = _VALUES.get(field)
    if values is not None:
        made = values(begun, now_ms() if now is None else now)
    else:
        known: Iterable[str] = ()
        if field == "assignee":
            known = ("我" if language() == "zh_CN" else "me", *people)
        elif field == "tag":
            known = tags
        elif field == "call":
            known = calls
        made = [(value, value) for value in known if begun.lower() in value.lower()]
    start = found.start(2)
    return tuple(Offer(start, _quoted(text) + " ", label) for text, label in made[:MOST])


def all_fields() -> Sequence[Offer]:
    """Every field, for an empty line."""
    return tuple(Offer(0, f"{_own(field)}:", f"{_own(field)}:") for field in FIELDS)


def _own(field: str) -> str:
    """The field's name in the person's language."""
    return FIELDS[field][0] if language() == "zh_CN" else field


def _fields(begun: str, start: int) -> Iterable[Offer]:
    wanted = begun.lower()
    for field, others in FIELDS.items():
        hit = next((n for n in (field, *others) if n.startswith(wanted)), None)
        if hit:
            shown = hit if hit != field or language() != "zh_CN" else field
            yield Offer(start, f"{shown}:", f"{shown}:" if shown != field else f"{shown}: {_own(field)}")


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s,，、|]", text) else text


Pair = tuple[str, str]


def _labels(list_: str, codes: Iterable[str]) -> Callable[[str, Ms], list[Pair]]:
    """Codes of a list by their label in either language."""

    def found(begun: str, _now: Ms) -> list[Pair]:
        wanted = begun.lower()
        return [
            (term(list_, code), term(list_, code))
            for code in codes
            if any(wanted in name.lower() for name in (code, *(term(list_, code, lang) for lang in LANGUAGES)))
        ]

    return found


def _states(begun: str, now: Ms) -> list[Pair]:
    wanted = begun.lower()
    groups = ("超期", "未结", "已结") if language() == "zh_CN" else ("late", "open", "closed")
    return [(g, g) for g in groups if wanted in g] + _labels("state", State)(begun, now)


def _districts(begun: str, now: Ms) -> list[Pair]:
    from db.places import load

    divisions = load()
    found = divisions.filter(begun, day_of(now)) if begun else divisions.districts(day_of(now))
    return [(d.name, d.name) for d in found]


def _topics(begun: str, _now: Ms) -> list[Pair]:
    from db.topics import load

    return [(topic, topic) for topic in (load().filter(begun) if begun else load().all)]


def _areas(begun: str, _now: Ms) -> list[Pair]:
    from db.topics import load

    return [(area, area) for area in (load().filter_fields(begun) if begun else load().fields)]


def _days(begun: str, now: Ms) -> list[Pair]:
    today = day_of(now)
    last_month = today.replace(day=1).toordinal() - 1
    before = type(today).fromordinal(last_month)
    said = [
        ("今天" if language() == "zh_CN" else "today", today.isoformat()),
        ("昨天" if language() == "zh_CN" else "yesterday", type(today).fromordinal(today.toordinal() - 1).isoformat()),
        ("7d", type(today).fromordinal(today.toordinal() - 7).isoformat()),
        ("30d", type(today).fromordinal(today.toordinal() - 30).isoformat()),
        (f"{today:%Y-%m}", ""),
        (f"{before:%Y-%m}", ""),
    ]
    return [(text, f"{text} ({day})" if day else text) for text, day in said if text.startswith(begun)]


def _queues(begun: str, _now: Ms) -> list[Pair]:
    return [(str(q), f"{q} {term('queue', str(q))}") for q in range(1, 10) if str(q).startswith(begun)]


_VALUES: dict[str, Callable[[str, Ms], list[Pair]]] = {
    "district": _districts,
    "state": _states,
    "topic": _topics,
    "field": _areas,
    "kind": _labels("kind", Kind),
    "urgency": _labels("urgency", Urgency),
    "from": _days,
    "to": _days,
    "on": _days,
    "queue": _queues,
    "list": _labels("list", LISTS),
}
