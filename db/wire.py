"""Events as they travel (docs/sync.md): JSON objects with the model's names, in one order, without what is empty.

Both sides read what the other sends through `event_in`, which never lets through what the rules or a database could
stumble over: types, lengths, times beyond a calendar, NUL and lone surrogates where codes belong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring as quoted
from typing import Any, Final, NoReturn

from db.compact import encoder
from db.copies import maker
from db.model import Event, EventKind, Ms, Role

SCHEMA: Final = 1
"""Raised by a new kind of event that moves state (docs/sync.md, `v`)."""

OLDEST: Final = 1
"""The oldest schema that this backend hears."""

MAX_WORDS: Final = 4_000_000
"""Bytes of an event's words as JSON."""

MAX_FACTS: Final = 64_000
"""Bytes of an event's facts as JSON. The rules of a newsroom with twenty years of calendar are 12 kB."""

MAX_FACT: Final = 400
"""Characters of one fact that is a string."""

MAX_FILES: Final = 20
"""Attachments of one event."""

LAST_MS: Ms = 7_258_118_400_000
"""The year 2200: no time beyond it is meant."""

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_NAME = re.compile(r"[^\x00-\x20\x7f-\x9f\ud800-\udfff]{1,80}")
_SALT = re.compile(r"[0-9a-f]{0,64}")
_HASH = re.compile(r"[0-9a-f]{64}")
_BAD_TEXT = re.compile("[\x00\ud800-\udfff]")

_CODES = re.compile(
    f"{_ID.pattern} {_KIND.pattern} {_NAME.pattern} {_NAME.pattern} (?:{_ID.pattern})? (?:{_ID.pattern})? (?:{_ID.pattern})?"
)
"""Id, kind, actor, device, case, re and dispatch, in this order, with a blank between: none of them can hold one."""

_ROLES: Final[Mapping[str, Role]] = {str(role): role for role in Role}

dumps = encoder()
"""Compact JSON, keys as they come."""


class BadEventError(ValueError):
    """Not an event; `field` says which part of it."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def inner_in(given: Mapping[str, Any]) -> bytes | None:
    """What stands for the words of an erased event as it travels; None where they are there."""
    return bytes.fromhex(given["inner"]) if given.get("inner") else None


def event_out(event: Event, inner: str | None = None) -> dict[str, Any]:
    """The event as an object for JSON. `inner` (hex) stands in for words and salt that were erased."""
    whole: dict[str, Any] = {
        "id": event.id,
        "case": event.case,
        "kind": event.kind,
        "re": event.re,
        "dispatch": event.dispatch,
        "at": event.at,
        "when": event.when,
        "actor": event.actor,
        "role": str(event.role),
        "device": event.device,
        "facts": dict(event.facts),
        "words": dict(event.words),
        "salt": event.salt,
        "seq": event.seq,
        "heard": event.heard,
        "inner": inner,
    }
    return {k: v for k, v in whole.items() if v is not None and v not in ("", {})}


def event_text(event: Event, inner: str | None = None) -> str:
    """`dumps` of what `event_out` makes, but for number and receipt: written straight, for the log keeps each event so."""
    parts = [f'{{"id":{quoted(event.id)}']
    if event.case:
        parts.append(f'"case":{quoted(event.case)}')
    parts.append(f'"kind":{quoted(event.kind)}')
    if event.re:
        parts.append(f'"re":{quoted(event.re)}')
    if event.dispatch:
        parts.append(f'"dispatch":{quoted(event.dispatch)}')
    parts.append(f'"at":{event.at}')
    if event.when is not None:
        parts.append(f'"when":{event.when}')
    parts.append(f'"actor":{quoted(event.actor)},"role":{quoted(event.role)},"device":{quoted(event.device)}')
    if event.facts:
        parts.append(f'"facts":{dumps(dict(event.facts))}')
    if event.words:
        parts.append(f'"words":{dumps(dict(event.words))}')
    if event.salt:
        parts.append(f'"salt":{quoted(event.salt)}')
    if inner:
        parts.append(f'"inner":{quoted(inner)}')
    return ",".join(parts) + "}"


def event_in(given: Any, heard: Ms | None = None) -> Event:
    """What `event_out` made, checked. Raises BadEventError naming the field; keys that are not known are passed over.

    `heard` (UTC ms): the reader's own receipt, in place of number and receipt that the sender may claim.
    """
    if not isinstance(given, dict):
        raise BadEventError("event")
    get: Callable[[str], Any] = given.get
    id_, case, kind, re_, dispatch = get("id"), get("case"), get("kind"), get("re"), get("dispatch")
    actor, device = get("actor"), get("device")
    if not _are_codes(id_, kind, actor, device, case, re_, dispatch):
        _say_which(given)
    if kind == EventKind.RECEIVED and case != id_:
        raise BadEventError("case")
    words = _words(given)
    when = _moment(given, "when") if get("when") is not None else None
    seq = _moment(given, "seq") if get("seq") is not None else None
    told = _moment(given, "heard") if get("heard") is not None else None
    return maker(Event)(
        id=id_,
        case=case,
        kind=kind,
        at=_moment(given, "at"),
        actor=actor,
        role=_role(given),
        device=device,
        re=re_,
        dispatch=dispatch,
        when=when,
        facts=_facts(given),
        words=words,
        salt=_salt(given, words),
        seq=seq if heard is None else None,
        heard=told if heard is None else heard,
    )


def _are_codes(id_: Any, kind: Any, actor: Any, device: Any, *others: Any) -> bool:
    """Whether all of an event's codes are in order, the `others` being ids or None: one look at all of them, since nearly all are."""
    try:
        text = " ".join([id_, kind, actor, device, *("" if other is None else other for other in others)])
    except TypeError:  # one is no text
        return False
    return "" not in others and _CODES.fullmatch(text) is not None


def _say_which(given: Mapping[str, Any]) -> NoReturn:
    """Raises BadEventError with the first code that is not in order, in the order of the model."""
    for name, pattern, must in _EACH:
        if must or given.get(name) is not None:
            _matching(given, name, pattern)
    raise BadEventError("event")


_EACH: Final = (
    ("id", _ID, True),
    ("kind", _KIND, True),
    ("case", _ID, False),
    ("actor", _NAME, True),
    ("device", _NAME, True),
    ("re", _ID, False),
    ("dispatch", _ID, False),
)


def _matching(given: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadEventError(name)
    return value


def is_id(text: str) -> bool:
    """Whether it has the form of an id: of an event, a case, a dispatch."""
    return _ID.fullmatch(text) is not None


def _role(given: Mapping[str, Any]) -> Role:
    found = _ROLES.get(str(given.get("role")))
    if found is None:
        raise BadEventError("role")
    return found


def whole(value: Any) -> bool:
    """Whether it is an int that is no bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def _moment(given: Mapping[str, Any], name: str) -> Ms:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < LAST_MS:
        raise BadEventError(name)
    return value


def _words(given: Mapping[str, Any]) -> dict[str, str]:
    words = given.get("words", {})
    if not isinstance(words, dict) or len(words) > 50:
        raise BadEventError("words")
    size = 0
    for name, text in words.items():
        if not isinstance(text, str) or not (name in _KNOWN_WORDS or _NAME.fullmatch(name)):
            raise BadEventError("words")
        size += len(text)
    if size * 4 > MAX_WORDS and sum(map(_bytes, words.values())) > MAX_WORDS:  # a character has four bytes at most
        raise BadEventError("words")
    return words


_KNOWN_WORDS = frozenset({"title", "body", "note", "text", "place", "words", "reason", "reply", "answer"})
"""Names that words often have: a shortcut, no list of what may be."""


def _bytes(text: str) -> int:
    """Of a text as UTF-8; at least as many where it is too long anyway."""
    return len(text) * 3 if len(text) > MAX_WORDS // 3 else len(text.encode("utf-8", "surrogatepass"))


def _salt(given: Mapping[str, Any], words: Mapping[str, str]) -> str:
    salt = given.get("salt", "")
    if not isinstance(salt, str) or not _SALT.fullmatch(salt) or len(salt) % 2 or (words and not salt):
        raise BadEventError("salt")
    return salt


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_STRINGS = frozenset(
    {
        *("code", "channel", "number", "source", "sender", "kind", "topic", "urgency", "district", "district_name"),
        *(
            "unit",
            "role",
            "contact",
            "reason",
            "result",
            "promised",
            "relation",
            "as",
            "asked",
            "month",
            "to",
            "delivered",
        ),
    }
)
_NUMBERS = frozenset({"rules", "level", "score", "version", "revision"})
_BOOLS = frozenset({"confidential", "lapsed", "redacted", "solved", "thanks", "reopen", "unrated", "worded"})
_FLAT = _STRINGS | _NUMBERS | _BOOLS | {"received_at"}
_CASES = frozenset({("into", "merged"), ("to", "linked")})
_LISTS = frozenset({"add", "remove", "checklist"})


def _facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of the types that docs/events.md gives them; those it does not name are only bounded. None is always fine."""
    facts = given.get("facts", {})
    if not isinstance(facts, dict) or len(facts) > 100:
        raise BadEventError("facts")
    kind = str(given.get("kind"))
    for name, value in facts.items():
        if value is not None and not _fits(name, value, kind):
            raise BadEventError(f"facts.{name}"[:60] if _NAME.fullmatch(name) else "facts")
    if facts.keys() <= _FLAT:  # bounded by its fields: nothing to measure
        if _BAD_TEXT.search("".join(value for value in facts.values() if isinstance(value, str))):
            raise BadEventError("facts")
        return facts
    if len(text := _text(facts)) * 3 > MAX_FACTS and len(text.encode("utf-8", "surrogatepass")) > MAX_FACTS:
        raise BadEventError("facts")
    if _BAD_TEXT.search(text):
        raise BadEventError("facts")
    return facts


def _text(facts: Mapping[str, Any]) -> str:
    try:
        return json.dumps(facts, ensure_ascii=False, allow_nan=False).replace("\\u0000", "\x00")
    except (ValueError, RecursionError):
        raise BadEventError("facts") from None


def _fits(name: str, value: Any, kind: str) -> bool:
    if name in ("into", "to") and (name, kind) in _CASES:
        return isinstance(value, str) and _ID.fullmatch(value) is not None
    if name in _STRINGS:
        return isinstance(value, str) and len(value) <= MAX_FACT
    if name in _NUMBERS:
        return whole(value) and abs(value) < 1 << 31
    if name == "received_at":
        return whole(value) and 0 <= value < LAST_MS
    if name == "attachments":
        return isinstance(value, list) and len(value) <= MAX_FILES and all(_file(v) for v in value)
    if name in _BOOLS:
        return isinstance(value, bool)
    if name in _LISTS or (name == "into" and kind == EventKind.SPLIT):
        return isinstance(value, list) and len(value) <= 200 and all(_short(v) for v in value)
    return True


def _file(value: Any) -> bool:
    """[SHA-256 in hex, media type, bytes]"""
    if not isinstance(value, list) or len(value) != 3:
        return False
    hash_, media, size = value
    return bool(isinstance(hash_, str) and _HASH.fullmatch(hash_) and _short(media) and whole(size) and size >= 0)


def _short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_FACT
