"""What happened to a letter, oldest first: when, who, what, in which words, and what has not left this desk yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from db.model import DueMove, Event, Ms
from db.text import one_line
from db.words import _, term
from desk.widgets.due import due_moment, moment
from desk.widgets.sheet import Line, Piece, flow, prose

NOBODY: Mapping[str, str] = {}

Who = Callable[[str], str]
"""How an actor's id is shown: a person's name, a unit's district, 来信人."""

LISTS: Mapping[str, str] = {
    "kind": "kind",
    "urgency": "urgency",
    "topic": "topic",
    "result": "result",
    "channel": "channel",
    "relation": "relation",
    "as": "publication",
    "code": "redo",
}
"""Facts whose value is a code with a label, and the list the label is in."""

REASONS: Mapping[str, str] = {
    "declined": "decline",
    "returned": "return",
    "recalled": "recall",
    "reopened": "reopen",
    "withdrawn": "withdraw",
    "revealed": "reveal",
    "erased": "erase",
}
"""The list a `reason` is a code of, by kind of event."""

QUIET_WORDS = frozenset({"title", "body", "files"})
"""Words that stand above the timeline already."""


def timeline_lines(
    events: Sequence[Event],
    pending: Collection[str],
    width: int,
    now: Ms,
    who: Who,
    names: Callable[[str | None], str],
    moves: Sequence[DueMove] = (),
    absorbed: Collection[str] = (),
    others: Mapping[str, str] = NOBODY,
) -> list[Line]:
    """Lines of the timeline, `width` cells wide. ● marks events that are saved here and not sent; under an event the due
    times that it moved (`moves`): who and why stand in the event. `absorbed`: events that changed nothing, for somebody had done the
    same before; `others`: id → code of other letters that events are of, or name."""
    lines: list[Line] = []
    for event in events:
        sign = "●" if event.id in pending else " "
        at = event.when if event.when is not None else event.at
        head: list[Piece] = [
            (f"{sign} {moment(at, now)}", "water" if event.id in pending else "faint"),
            (one_line(who(event.actor)), "faint"),
            (term("event", event.kind), "strong"),
        ]
        head += [(text, "ink") for text in [*elsewhere(event, others), *details(event, names, who)]]
        if event.id in absorbed:
            head.append((_("as before: done once, counts once"), "faint"))
        if event.when is not None:
            head.append((_("recorded {when}", when=moment(event.at, now)), "faint"))
        lines += flow(head, width, joint="  ")
        lines += flow(
            [(moved(m, now), "amber") for m in moves if m.event == event.id and m.clock in TOLD], width, indent=4
        )
        for name, words in event.words.items():
            if words and not (event.kind == "received" and name in QUIET_WORDS):
                lines += prose(words, width, "ink", indent=4)
    return lines


TOLD = frozenset({"forward", "sign", "reply"})
"""Clocks whose moves are told here; the window for returns moves with them and matters to nobody afterwards."""


def moved(move: DueMove, now: Ms) -> str:
    """回复期限 11-15 → 11-29."""
    was, to = due_moment(move.was, now), due_moment(move.to, now)
    return _("{clock} due {was} → {to}", clock=term("clock", move.clock), was=was, to=to)


def elsewhere(event: Event, others: Mapping[str, str]) -> list[str]:
    """The other letter of an event: whose it is, or which it names."""
    if (of := others.get(event.case or "")) is not None:
        return [f"← {one_line(of)}"]
    named = others.get(str(event.facts.get("into") or event.facts.get("to") or ""))
    return [f"→ {one_line(named)}"] if named is not None else []


def details(event: Event, names: Callable[[str | None], str], who: Who) -> list[str]:
    """What an event's facts say, as short safe texts with their labels; nothing for what the eye sees elsewhere."""
    facts, texts = event.facts, []
    if event.kind == "received":
        number = str(facts.get("number", ""))
        if (
            facts.get("source") == "import"
        ):  # after it a digest, for two files may use one number (`db/intake/letters.py`)
            number = number.rpartition("#")[0] or number
        return [one_line(f"{term('source', str(facts.get('channel', '')))} {number}").strip()]
    if "district_name" in facts:
        texts.append(one_line(f"{facts['district_name']} {facts.get('unit') or ''}").strip())
    elif facts.get("district"):
        texts.append(one_line(names(str(facts["district"]))))
    if event.kind == "forwarded" and facts.get("role") == "co":
        texts.append(_("as co-handler"))
    if event.kind == "assigned":
        texts.append(who(facts["to"]) if facts.get("to") else _("nobody"))
    for name in ORDER:
        texts += _fact(event.kind, name, facts.get(name))
    return [one_line(text) for text in texts if text]


SAYS: Mapping[str, Callable[[Any], list[str]]] = {
    "level": lambda v: [term("chase_level", str(v))],
    "promised": lambda v: [_("promised {day}", day=v)],
    "score": lambda v: ["★" * int(v) + "☆" * (5 - int(v))],
    "solved": lambda v: [_("says it is solved") if v else _("says it is not solved")],
    "thanks": lambda v: [_("with thanks")] if v else [],
    "reopen": lambda v: [_("asks to reopen")] if v else [],
    "unrated": lambda v: [_("not rated")] if v else [],
    "lapsed": lambda v: [_("no answer in time")] if v else [],
    "confidential": lambda v: [_("confidential")] if v else [],
    "add": lambda v: [f"+{tag}" for tag in v],
    "remove": lambda v: [f"-{tag}" for tag in v],
    "outcomes": lambda v: [f"{o.get('measure', '')} {o.get('count', '')} {o.get('unit', '')}" for o in v],
}
"""How a fact that is no code is said."""

ORDER = ("reason", "level", *LISTS, *(name for name in SAYS if name != "level"))
"""Facts in the order they are said, whatever order they were written in."""


def _fact(kind: str, name: str, value: Any) -> list[str]:
    if value is None:
        return []
    if name in LISTS:
        return [term(LISTS[name], str(value))]
    if name == "reason":
        return [term(REASONS.get(kind, "reason"), str(value))]
    return SAYS[name](value) if name in SAYS else []
