"""A period's figures as the page prints them: plain values, in printed order, traced to codes of letters."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from db import calls, figures, fill, places
from db.bulletin import saying, tracing
from db.bulletin.names import label, titles
from db.clock import DAY, day_of, to_iso
from db.figures.counting import FIRST_FIELDS, Units
from db.model import Ms
from db.projection import TIE_BITS

if TYPE_CHECKING:
    from db.figures import Figure, Figures, Period, Ranked, Rate, Spread
    from db.figures.suggesting import Suggestions
    from db.store import Store

FIRST_DISTRICTS = 3
"""Districts named in the page's rankings; of equal ones all."""

Page = dict[str, Any]


@dataclass(frozen=True)
class Bulletin:
    """`page`: what is printed. `letters`: every figure's name → the codes of its letters; read when asked for."""

    page: Page
    letters: Mapping[str, Sequence[str]]

    @property
    def names(self) -> list[str]:
        return list(self.page["figures"])

    def numbers(self, store: Store, name: str) -> frozenset[int]:
        """The numbers in the store of a figure's letters; of a frozen page those of its codes. Raises StoreError."""
        if isinstance(self.letters, Traced):
            return frozenset(self.letters.numbers(name))
        return tracing.of_codes(store, self.letters[name])


def read(
    store: Store, period: Period, *, now: Ms, districts: Sequence[str] | None = None, successors: bool = False
) -> Bulletin:
    """The page of a period as known at `now` (UTC ms), of all districts or some (by code). Raises StoreError."""
    found = figures.read(store, period, now=now, districts=districts, successors=successors)
    with store.view() as conn:
        called = {call.id: call.title for call in calls.read(conn)}
    made = page(found, districts, called, successors=successors)
    made |= saying.told(store, found, made)
    made["complete"] = fill.history_complete(store, period)
    return Bulletin(saying.spoken(store, made, found.words), Traced(store, found))


class Traced(Mapping[str, Sequence[str]]):
    """The codes of each figure's letters, read from the store figure by figure."""

    def __init__(self, store: Store, found: Figures) -> None:
        self._store = store
        self._figures = dict(found.named())

    def __getitem__(self, name: str) -> Sequence[str]:
        return codes(self._store, self._figures[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def numbers(self, name: str) -> Sequence[int]:
        """The letters' numbers in the store."""
        return self._figures[name].letters


def codes(store: Store, figure: Figure) -> list[str]:
    """The codes of a figure's letters, in its order."""
    wanted = list(figure.letters)
    known = dict(
        store.rows("SELECT n, code FROM cases WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(wanted),))
    )
    return [known[n] for n in wanted if n in known]


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def page(found: Figures, districts: Sequence[str] | None, called: Mapping[str, str], *, successors: bool) -> Page:
    """All of it but what was said in words; `called`: call for suggestions → its title. Pure but for the names of places."""
    named = Names(found.period, successors=successors)
    counts = found.letters
    made: Page = {
        "month": found.period.name,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "compared_with": found.period.before().name,
        "compared": counts.compared,
        "as_of": to_iso(found.now),
        "ended": found.now >= found.period.end,
        "only_districts": None if districts is None else [named(code) for code in districts],
        "successors": successors,
        "counts": {
            "letters": counts.letters.value,
            "suggestions": counts.suggestions.value,
            "total": counts.total.value,
            "unclassified": counts.unclassified.value,
            "districts_replied": len(found.replied),
            "survey_answers": found.survey_answers,
            "survey_answers_over": over(found.survey_answers),
        },
        "days": _days(found),
        "balance": _balance(found),
        "fields": _fields(found),
        "topics": {
            "lines": [_line(r, r.key) for r in counts.topics],
            "rising": [{"name": r.key, "letters": r.figure.value, "more": r.more} for r in counts.rising],
        },
        "districts": _districts(found, named),
        "rates": {
            "reply_rate": _rate(found.units.reply_rate),
            "on_time": _rate(found.units.on_time),
            "rated": _rate(found.verdicts.rated),
            "solved": _rate(found.verdicts.solved),
            "satisfied": _rate(found.verdicts.satisfied),
        },
        "times": {
            "first_reply": _spread(found.units.first_reply),
            "final_reply": _spread(found.units.final_reply),
            "forwarding": _spread(found.forwarding),
        },
        "outcomes": [
            {
                "measure": o.measure,
                "count": o.figure.value,
                "unit": o.unit,
                "letters": len(o.figure.letters),
                "figure": name,
            }
            for o, (name, _f) in zip(
                found.outcomes, (x for x in found.named() if x[0].startswith("outcome:")), strict=True
            )
        ],
        "suggestions": _suggested(found.suggestions),
        "calls": [{"id": id_, "title": called.get(id_, id_)} | _suggested(s) for id_, s in found.calls.items()],
        "surveys": [{"id": s.id, "title": s.title, "answers": s.answers} for s in found.surveys],
    }
    known = titles(made)
    made["figures"] = {
        name: {"label": label(name, named, known), "value": figure.value, "letters": len(figure.letters)}
        for name, figure in found.named()
    }
    return made


def over(count: int) -> int:
    """A large count as newspapers print it, “more than 40,000”: its first digit, then noughts."""
    size: int = 10 ** (len(str(count)) - 1)
    return count // size * size


def _suggested(s: Suggestions) -> Page:
    results = {result: figure.value for result, figure in s.results.items()}
    return {"received": s.received.value, "results": results, "studied": s.studied.value, "share": _rate(s.share)}


class Names:
    """Districts as the page prints them: as they were called in the period, 自治县 in short."""

    def __init__(self, period: Period, *, successors: bool) -> None:
        self._day = None if successors else period.last

    def __call__(self, code: str) -> str:
        known = places.load()
        division = (known.on(code, self._day) if self._day else None) or known.get(code)
        return printed(division.name, division.short) if division else code


def printed(name: str, short: str | None = None) -> str:
    """秀山土家族苗族自治县 → 秀山县, as newspapers write it."""
    if not name.endswith("自治县"):
        return name
    if short is None:
        division = next(iter(places.load().named(name)), None)
        short = division.short if division else name
    return short if short.endswith("县") else f"{short}县"


def _days(found: Figures) -> list[int]:
    """Letters received on each day of the period."""
    ns = found.letters.total.letters  # by time of receipt: a day is a piece of them
    cuts = [bisect_left(ns, found.period.start + n * DAY << TIE_BITS) for n in range(found.period.days + 1)]
    return [after - before for before, after in pairwise(cuts)]


def _balance(found: Figures) -> Page:
    b = found.balance
    return {
        "brought": b.brought.value,
        "received": b.received.value,
        "back": b.back.value,
        "closed": sum(f.value for f in b.ended.values()),
        "ended": {str(state): f.value for state, f in b.ended.items()},
        "carried": b.carried.value,
        "holds": b.holds,
    }


def first(lines: Sequence[Ranked], most: int) -> list[Ranked]:
    """The first of a ranking; who is equal to the last of them is named too."""
    return [line for line in lines if line.rank <= most]


def _line(r: Ranked, name: str) -> Page:
    return {
        "name": name,
        "count": r.figure.value,
        "rank": r.rank,
        "before": r.before,
        "was": r.was,
        "move": r.move,
    }


def _fields(found: Figures) -> Page:
    x = found.letters
    top = first(x.fields, FIRST_FIELDS)
    return {
        "top": [r.key for r in top],
        "up_one_place": [r.key for r in top if r.move == 1 and r.key not in x.newcomers],
        "new_in_top": list(x.newcomers),
        "topics_rising": [r.key for r in x.rising],
        "lines": [_line(r, r.key) | {"new": r.key in x.newcomers} for r in x.fields],
    }


def _districts(found: Figures, named: Names) -> Page:
    letters, replies = found.letters.districts, found.most_replies
    fastest = found.fastest
    return {
        "most_letters": [named(r.key) for r in first(letters, FIRST_DISTRICTS)],
        "most_replies": [named(r.key) for r in first(replies, FIRST_DISTRICTS)],
        "fastest_reply": None
        if fastest is None
        else {
            "district": printed(fastest.name),
            "hours": hours(fastest.hours),
            "topic": fastest.head.topic if fastest.head else None,
            "code": fastest.head.code if fastest.head else None,
        },
        "replied": [named(code) for code in found.replied],
        "letters": [_line(r, named(r.key)) | {"code": r.key} for r in letters],
        "replies": [_line(r, named(r.key)) | {"code": r.key} for r in replies],
        "units": [_unit(code, named(code), u) for code, u in found.districts.items()],
    }


def _unit(code: str, name: str, u: Units) -> Page:
    return {
        "district": name,
        "code": code,
        "sent": u.sent.value,
        "replies": u.replies.value,
        "reply_rate": _rate(u.reply_rate),
        "on_time": _rate(u.on_time),
        "first_reply": _spread(u.first_reply),
        "first_reply_on": day_of(u.first_at).isoformat() if u.first_at is not None else None,
    }


def _rate(rate: Rate) -> Page:
    """Below the minimum sample only the base is told."""
    share = rate.share
    return {
        "base": rate.base.value,
        "part": None if share is None else rate.part.value,
        "share": None if share is None else round(share, 4),
    }


def _spread(s: Spread) -> Page:
    return {"of": s.of.value, "median_hours": hours(s.median), "slowest_hours": hours(s.slowest)}


def hours(value: float | None) -> float | int | None:
    """With one decimal, without it where it is none."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else round(value, 1)
