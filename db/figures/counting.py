"""From facts to figures, pure: who wrote, what about, what came of it, how the districts did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from db.figures.facts import Ended, Facts, Head, Number, Sent
from db.figures.figure import HOUR, Figure, Ranked, Rate, Spread, count, each, ranking, spread
from db.model import Kind, Ms, State

FIRST_FIELDS = 5
"""How many fields the page prints."""

T = TypeVar("T")


def by(rows: Iterable[T], key: Callable[[T], str | None], number: Callable[[T], Number]) -> dict[str, Figure]:
    """A count for each key; rows without one are left out."""
    found: dict[str, list[Number]] = defaultdict(list)
    for row in rows:
        name = key(row)
        if name is not None:
            found[name].append(number(row))
    return {name: count(numbers) for name, numbers in found.items()}


def _of_dispatch(row: Sent) -> Number:
    return row.n


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Letters:
    """来信 and 建议, counted apart, and what they are about."""

    total: Figure
    letters: Figure
    suggestions: Figure
    compared: bool  # whether the period before had any letters to compare with
    fields: tuple[Ranked, ...]
    newcomers: tuple[str, ...]  # of the first fields those that were not among the first before
    topics: tuple[Ranked, ...]
    rising: tuple[Ranked, ...]  # topics with more letters than before, by how many more
    districts: tuple[Ranked, ...]  # by code
    unclassified: Figure  # without a field


def letters(facts: Facts) -> Letters:
    total: list[Number] = []
    kinds: tuple[list[Number], list[Number]] = ([], [])
    by_topic: dict[str | None, list[Number]] = defaultdict(list)
    by_district: dict[str | None, list[Number]] = defaultdict(list)
    for n, kind, topic, district in facts.received:  # once through a month's tens of thousands
        total.append(n)
        kinds[kind == Kind.SUGGESTION].append(n)
        by_topic[topic].append(n)
        by_district[district].append(n)
    by_field: dict[str | None, list[Number]] = defaultdict(list)
    for topic, ns in by_topic.items():
        by_field[facts.field_of(topic)] += ns
    compared = any(facts.earlier.values())
    topics = ranking(_known(by_topic), facts.topics, _named(facts.earlier))
    fields = ranking(_known(by_field), facts.fields, _fields_before(facts))
    first = {line.key for line in fields if (line.was or FIRST_FIELDS + 1) <= FIRST_FIELDS}
    rising = sorted((t for t in topics if t.more > 0), key=lambda t: -t.more) if compared else []
    return Letters(
        total=each(total),
        letters=each(kinds[False]),
        suggestions=each(kinds[True]),
        compared=compared,
        fields=fields,
        newcomers=tuple(f.key for f in fields if f.rank <= FIRST_FIELDS and f.key not in first) if compared else (),
        topics=topics,
        rising=tuple(rising),
        districts=ranking(_known(by_district)),
        unclassified=each(sorted(by_field.get(None, ()))),
    )


def _known(found: Mapping[str | None, list[Number]]) -> dict[str, Figure]:
    """What has a name, its letters in the order of the store."""
    return {name: each(sorted(ns)) for name, ns in found.items() if name is not None}


def _named(earlier: Mapping[str | None, int]) -> dict[str, int]:
    return {topic: n for topic, n in earlier.items() if topic is not None}


def _fields_before(facts: Facts) -> dict[str, int]:
    found: Counter[str] = Counter()
    for topic, n in facts.earlier.items():
        field = facts.field_of(topic)
        if field is not None:
            found[field] += n
    return dict(found)


# ── the balance ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Balance:
    """上月结转 + 新收 + 重办和撤并 = 办结 (each closed state apart) + 结转下月. Holds for every period and every subset."""

    brought: Figure
    received: Figure
    back: Figure
    ended: Mapping[State, Figure]
    carried: Figure

    @property
    def holds(self) -> bool:
        ended = sum(f.value for f in self.ended.values())
        return self.brought.value + self.received.value + self.back.value == ended + self.carried.value


ENDS = (State.RESOLVED, State.DECLINED, State.MERGED, State.WITHDRAWN)


def balance(facts: Facts) -> Balance:
    ended = by(facts.ended, lambda e: e.state, lambda e: e.n)
    return Balance(
        brought=Figure(len(facts.brought), facts.brought),
        received=each(row.n for row in facts.received),
        back=count(facts.back),
        ended={state: ended.get(state, Figure(0)) for state in ENDS},
        carried=Figure(len(facts.carried), facts.carried),
    )


# ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Outcome:
    """成效 of one measure, summed."""

    measure: str
    unit: str
    figure: Figure


def outcomes(facts: Facts) -> tuple[Outcome, ...]:
    """By measure and unit, in the order in which a letter of the period first brought them."""
    sums: dict[tuple[str, str], int] = {}
    whose: dict[tuple[str, str], dict[Number, None]] = defaultdict(dict)
    for ended in sorted(_resolved(facts), key=lambda e: (e.at, e.n)):
        for o in ended.outcomes:
            sums[o.measure, o.unit] = sums.get((o.measure, o.unit), 0) + o.count
            whose[o.measure, o.unit][ended.n] = None
    return tuple(Outcome(m, u, Figure(total, tuple(whose[m, u]))) for (m, u), total in sums.items())


def _resolved(facts: Facts) -> list[Ended]:
    return [e for e in facts.ended if e.state == State.RESOLVED]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What citizens said of the letters resolved in the period: 评价率, and of those who said it 解决率, 满意率 (4 or 5)."""

    rated: Rate
    solved: Rate
    satisfied: Rate


PLEASED = 4


def verdicts(facts: Facts) -> Verdicts:
    done = _resolved(facts)
    said = [e for e in done if e.solved is not None]
    scored = [e for e in done if e.score is not None]
    return Verdicts(
        rated=Rate(
            count(e.n for e in done if e.score is not None or e.solved is not None),
            count(e.n for e in done),
        ),
        solved=Rate(count(e.n for e in said if e.solved), count(e.n for e in said)),
        satisfied=Rate(count(e.n for e in scored if (e.score or 0) >= PLEASED), count(e.n for e in scored)),
    )


# ── the units ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Fastest:
    """The reply that came soonest after its letter was forwarded."""

    hours: float
    district: str
    name: str
    letter: Number
    head: Head | None


@dataclass(frozen=True, slots=True)
class Units:
    """How units did with what was forwarded: of all, or of one district. Only first replies of the period are counted."""

    sent: Figure
    replies: Figure
    reply_rate: Rate  # of what was sent in the period, without recalled and returned, replied to by its end
    on_time: Rate  # of leads due in the period: the reply that stands came before the due time
    first_reply: Spread  # forwarded → first reply
    final_reply: Spread  # forwarded → the reply that stands, of the same
    first_at: Ms | None  # of the first reply


def units(facts: Facts, of: Iterable[Sent] | None = None) -> Units:
    start, end = facts.period.start, facts.period.end
    sent: list[Number] = []
    base: list[Number] = []
    answered: list[Number] = []
    due: list[Number] = []
    in_time: list[Number] = []
    first: list[tuple[Ms, Number]] = []
    final: list[tuple[Ms, Number]] = []
    first_at = end
    for d in facts.sent if of is None else of:  # once through, a month has thousands
        replied = d.first_reply_at
        if start <= d.sent_at < end:
            sent.append(d.n)
            if not d.void:
                base.append(d.n)
                if replied is not None:
                    answered.append(d.n)
        if start <= d.due < end and _decided(facts, d):
            due.append(d.n)
            if d.replied_at is not None and d.replied_at < d.due:
                in_time.append(d.n)
        if replied is not None and start <= replied < end:
            first.append((replied - d.sent_at, d.n))
            first_at = min(first_at, replied)
            if d.replied_at is not None:
                final.append((d.replied_at - d.sent_at, d.n))
    return Units(
        sent=count(sent),
        replies=count(n for _took, n in first),
        reply_rate=Rate(count(answered), count(base)),
        on_time=Rate(count(in_time), count(due)),
        first_reply=spread(first),
        final_reply=spread(final),
        first_at=first_at if first else None,
    )


def by_district(facts: Facts) -> dict[str, Units]:
    """Every district something was sent to or came back from, those that replied first in the order of their first reply."""
    rows: dict[str, list[Sent]] = defaultdict(list)
    for d in facts.sent:
        rows[d.district].append(d)
    found = {district: units(facts, mine) for district, mine in rows.items()}
    never = facts.period.end
    return dict(sorted(found.items(), key=lambda item: (item[1].first_at or never, item[0])))


def most_replies(facts: Facts) -> tuple[Ranked, ...]:
    """Districts by first replies made in the period."""
    return ranking(by(_replied(facts, facts.sent), lambda d: d.district, _of_dispatch))


def fastest(facts: Facts) -> Fastest | None:
    replied = _replied(facts, facts.sent)
    if not replied:
        return None
    d = min(replied, key=lambda d: (_took(d), d.first_reply_at, d.n))
    return Fastest(_took(d) / HOUR, d.district, d.name, d.n, facts.heads.get(d.n))


def forwarding(facts: Facts) -> Spread:
    """Received → forwarded for the first time, of the period's forwards."""
    first = (d for d in facts.sent if d.first and d.lead and _within(facts, d.sent_at))
    return spread([(d.sent_at - (d.n >> 20), d.n) for d in first])


def _within(facts: Facts, moment: Ms) -> bool:
    return facts.period.start <= moment < facts.period.end


def _replied(facts: Facts, rows: Iterable[Sent]) -> list[Sent]:
    start, end = facts.period.start, facts.period.end
    return [d for d in rows if d.first_reply_at is not None and start <= d.first_reply_at < end]


def _took(d: Sent) -> Ms:
    assert d.first_reply_at is not None
    return d.first_reply_at - d.sent_at


def _decided(facts: Facts, d: Sent) -> bool:
    """Whether it is the unit's to answer, and known by now whether it was in time."""
    if not d.lead or d.void or (d.cancelled and d.first_reply_at is None):
        return False
    return d.replied_at is not None or d.due <= facts.now
