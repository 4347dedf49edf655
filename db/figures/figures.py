"""All figures of a period together, and each of them by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from db.figures import counting, suggesting
from db.figures.counting import Balance, Fastest, Letters, Outcome, Units, Verdicts
from db.figures.facts import Facts, Head, Number, Said, SurveyCount
from db.figures.figure import Figure, Ranked, Rate, Spread
from db.figures.period import Period
from db.figures.suggesting import Suggestions
from db.model import Ms


@dataclass(frozen=True, slots=True)
class Figures:
    """A period's figures. Districts go by code, letters by their number in the store."""

    period: Period
    now: Ms  # as of when what is known was read
    balance: Balance
    letters: Letters
    units: Units
    districts: Mapping[str, Units]  # those that replied first, in the order of their first reply
    most_replies: tuple[Ranked, ...]
    fastest: Fastest | None
    forwarding: Spread
    outcomes: tuple[Outcome, ...]
    verdicts: Verdicts
    told: tuple[Said, ...]
    words: tuple[Said, ...]
    questions: tuple[Said, ...]
    surveys: tuple[SurveyCount, ...]
    heads: Mapping[Number, Head]
    suggestions: Suggestions
    calls: Mapping[str, Suggestions]  # 征集, by id (`db/calls.py`): those with something to count

    @property
    def replied(self) -> tuple[str, ...]:
        """The districts that replied, in the order of their first reply of the period."""
        return tuple(code for code, units in self.districts.items() if units.replies.value)

    @property
    def survey_answers(self) -> int:
        """Answers to all surveys that came in the period."""
        return sum(survey.answers for survey in self.surveys)

    def named(self) -> Iterator[tuple[str, Figure]]:
        """Every figure with the name by which it can be asked for: `letters`, `field:民生`, `outcome:街巷整治` …"""
        yield from _balance(self.balance)
        yield from _letters(self.letters)
        yield from _units("", self.units)
        yield "districts_replied", Figure(len(self.replied), self.units.replies.letters)
        for code, units in self.districts.items():
            yield from _units(f"{code}:", units)
        yield "forwarding", self.forwarding.of
        yield from _outcomes(self.outcomes)
        for name, rate in (("rated", self.verdicts.rated), ("solved", self.verdicts.solved)):
            yield from _rate(name, rate)
        yield from _rate("satisfied", self.verdicts.satisfied)
        if self.fastest:
            yield "fastest", Figure(1, (self.fastest.letter,))
        for name, said in (("told", self.told), ("words", self.words), ("questions", self.questions)):
            yield name, Figure(len(said), tuple(s.n for s in said))
        yield "survey_answers", Figure(self.survey_answers)
        for survey in self.surveys:
            yield f"survey:{survey.id}", Figure(survey.answers)
        yield from self.suggestions.named("suggestion")
        for id_, of_call in self.calls.items():
            yield from of_call.named(f"call:{id_}")

    def find(self, name: str) -> Figure | None:
        """The figure of that name, or None."""
        return next((figure for known, figure in self.named() if known == name), None)


def of(facts: Facts) -> Figures:
    """All figures from a period's facts; pure."""
    return Figures(
        period=facts.period,
        now=facts.now,
        balance=counting.balance(facts),
        letters=counting.letters(facts),
        units=counting.units(facts),
        districts=counting.by_district(facts),
        most_replies=counting.most_replies(facts),
        fastest=counting.fastest(facts),
        forwarding=counting.forwarding(facts),
        outcomes=counting.outcomes(facts),
        verdicts=counting.verdicts(facts),
        told=tuple(facts.told),
        words=tuple(facts.words),
        questions=tuple(facts.questions),
        surveys=tuple(facts.surveys),
        heads=facts.heads,
        suggestions=suggesting.suggestions(facts),
        calls=suggesting.by_call(facts),
    )


def _balance(b: Balance) -> Iterator[tuple[str, Figure]]:
    yield "brought", b.brought
    yield "received", b.received
    yield "back", b.back
    for state, figure in b.ended.items():
        yield str(state), figure
    yield "carried", b.carried


def _letters(x: Letters) -> Iterator[tuple[str, Figure]]:
    yield "letters", x.letters
    yield "suggestions", x.suggestions
    yield "unclassified", x.unclassified
    for kind, lines in (("field", x.fields), ("topic", x.topics), ("district", x.districts)):
        for line in lines:
            yield f"{kind}:{line.key}", line.figure


def _outcomes(found: tuple[Outcome, ...]) -> Iterator[tuple[str, Figure]]:
    """By measure; where one measure came in two units, the later ones with their unit."""
    seen: set[str] = set()
    for o in found:
        yield f"outcome:{o.measure}/{o.unit}" if o.measure in seen else f"outcome:{o.measure}", o.figure
        seen.add(o.measure)


def _units(prefix: str, u: Units) -> Iterator[tuple[str, Figure]]:
    yield f"{prefix}sent", u.sent
    yield f"{prefix}replies", u.replies
    yield from _rate(f"{prefix}reply_rate", u.reply_rate)
    yield from _rate(f"{prefix}on_time", u.on_time)


def _rate(name: str, rate: Rate) -> Iterator[tuple[str, Figure]]:
    yield name, rate.part
    yield f"{name}:base", rate.base
