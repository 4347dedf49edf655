"""A page as blocks, in the order in which it is printed: the one layout of terminal, text, Markdown and HTML.

A cell that holds a figure names it, so that every form can lead from the number to its letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.text import one_line
from db.words import N_, _, term

TOPICS = 10
"""Topics printed; the JSON has all."""

WORDS = 8
"""Of what citizens wrote besides: each once, those first for whom it is not solved. The JSON has all."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Safe text; `figure`: the name of the figure it shows; `share`: how long its bar is, 0 to 1."""

    text: str
    figure: str | None = None
    right: bool = False
    share: float | None = None
    tone: str = ""  # up, down, new: what a form may colour besides


@dataclass(frozen=True, slots=True)
class Prose:
    """Something told: its title, its text, and from where."""

    title: str
    text: str
    foot: str
    code: str


@dataclass(frozen=True, slots=True)
class Block:
    id: str
    title: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    prose: tuple[Prose, ...] = ()
    said: tuple[str, ...] = ()  # sentences over the rest
    note: str = ""


def title(page: Mapping[str, Any]) -> str:
    return _("People's work online in figures · {period}", period=period(page["month"]))


def period(name: str) -> str:
    """2024-10 → 2024年10月; weeks, quarters, years alike; a range as its days."""
    for form, said in _PERIODS:
        if found := form.fullmatch(name):
            return _(said, **found.groupdict())
    return name.replace("..", " – ")


_PERIODS = (
    (re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)"), N_("{year}-{month}")),
    (re.compile(r"(?P<year>\d{4})-W(?P<week>\d\d)"), N_("{year}, week {week}")),
    (re.compile(r"(?P<year>\d{4})-Q(?P<quarter>\d)"), N_("{year}, quarter {quarter}")),
    (re.compile(r"(?P<year>\d{4})"), N_("year {year}")),
)


def standing(page: Mapping[str, Any]) -> list[str]:
    """Lines under the title: which days, which districts, whether signed, and what is not certain about it."""
    lines = [_("{first} to {last}", first=page["first"], last=page["last"])]
    if page["only_districts"]:
        lines.append(_("Only {districts}", districts="、".join(page["only_districts"])))
    if page["successors"]:
        lines.append(_("Districts by what they have become"))
    signed = page.get("signed")
    if signed:
        who = _("Frozen and signed by {who} on {on}, revision {n}, {hash}", **_signature(signed))
        lines.append(who)
        if not signed["intact"]:
            lines.append(_("Attention: this page is not the one that was signed. Its figures were changed afterwards."))
    elif not page["ended"]:
        lines.append(_("The period is not over: as of {when}", when=page["as_of"][:16].replace("T", " ")))
    else:
        lines.append(_("Not frozen: as of {when}", when=page["as_of"][:16].replace("T", " ")))
    if not page["complete"]:
        lines.append(
            _(
                "Attention: this desk has not every letter's history. Figures may be short; print from a desk that has all."
            )
        )
    return lines


def _signature(signed: Mapping[str, Any]) -> dict[str, Any]:
    return {"who": signed["by"], "on": signed["at"][:10], "n": signed["revision"], "hash": signed["hash"][:12]}


def blocks(page: Mapping[str, Any]) -> list[Block]:
    """Every block that has something to say."""
    made = (
        _counts(page),
        _balance(page),
        _fields(page),
        _topics(page),
        _districts(page),
        _replied(page),
        _rates(page),
        _times(page),
        _outcomes(page),
        _suggested(page),
        _surveys(page),
        _told(page),
        _rated(page),
        _questions(page),
        _words(page),
        _units(page),
    )
    return [block for block in made if block.rows or block.prose or block.said]


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _counts(page: Mapping[str, Any]) -> Block:
    counts = page["counts"]
    rows = [
        (Cell(_("letters")), _number(counts["letters"], "letters")),
        (Cell(_("suggestions")), _number(counts["suggestions"], "suggestions")),
        (Cell(_("together")), _number(counts["total"], "received")),
        (Cell(_("districts that replied")), _number(counts["districts_replied"], replied_by(page))),
    ]
    said = () if counts["total"] else (_("No letter came in this period."),)
    return Block("counts", _("Came in"), rows=tuple(rows), said=said)


def replied_by(page: Mapping[str, Any]) -> str:
    """The figure of the districts that replied; pages frozen before it had a name lead to the replies."""
    return "districts_replied" if "districts_replied" in page["figures"] else "replies"


def _balance(page: Mapping[str, Any]) -> Block:
    b = page["balance"]
    rows = [
        (Cell(_("carried over from before")), _number(b["brought"], "brought")),
        (Cell(_("+ new")), _number(b["received"], "received")),
        (Cell(_("+ reopened and unmerged")), _number(b["back"], "back")),
        *(
            (Cell(_("− {state}", state=term("state", state))), _number(count, state))
            for state, count in b["ended"].items()
        ),
        (Cell(_("= carried on")), _number(b["carried"], "carried")),
    ]
    sum_ = _(
        "{brought} + {received} + {back} = {closed} closed + {carried} carried on",
        **{k: b[k] for k in ("brought", "received", "back", "closed", "carried")},
    )
    wrong = (
        "" if b["holds"] else _("Attention: the two sides are not equal; the store is to be looked over (desk doctor).")
    )
    return Block("balance", _("Balance"), rows=tuple(rows), said=(sum_,), note=wrong)


def _fields(page: Mapping[str, Any]) -> Block:
    lines = page["fields"]["lines"]
    head = ("", _("field"), _("letters"), "", _("before"), _("move"))
    rows = tuple(_ranked(line, "field", line["name"], page, _most(lines), new=line["new"]) for line in lines)
    return Block("fields", _("Fields"), head if rows else (), rows)


def _topics(page: Mapping[str, Any]) -> Block:
    topics = page["topics"]
    lines = topics["lines"][:TOPICS]
    rising = {one["name"]: one["more"] for one in topics["rising"]}
    head = ("", _("topic"), _("letters"), "", _("before"), _("move"))
    rows = tuple(_ranked(line, "topic", line["name"], page, _most(lines)) for line in lines)
    said = _("Rising: {topics}", topics="、".join(f"{name} +{more}" for name, more in rising.items()))
    return Block("topics", _("Topics"), head if rows else (), rows, said=(said,) if rising else ())


def _districts(page: Mapping[str, Any]) -> Block:
    d = page["districts"]
    rows: list[tuple[Cell, ...]] = []
    for kind, said, names in (
        ("letters", _("most letters"), d["most_letters"]),
        ("replies", _("most replies"), d["most_replies"]),
    ):
        for n, line in enumerate(d[kind][: len(names)]):
            figure = f"district:{line['code']}" if kind == "letters" else f"{line['code']}:replies"
            rows.append(
                (
                    Cell("" if n else said),
                    Cell(line["name"]),
                    _number(line["count"], figure),
                    Cell("", figure, share=line["count"] / _most(d[kind])),
                )
            )
    fastest = d["fastest_reply"]
    said_ = []
    if fastest:
        sentence = _("Fastest reply: {district}, {hours} hours", district=fastest["district"], hours=fastest["hours"])
        rows.append(
            (
                Cell(_("fastest")),
                Cell(fastest["district"]),
                Cell(_("{n} h", n=fastest["hours"]), "fastest", right=True),
                Cell(fastest["topic"] or ""),
            )
        )
        said_.append(sentence + (_(" (on {topic})", topic=fastest["topic"]) if fastest["topic"] else ""))
    return Block("districts", _("Districts"), rows=tuple(rows), said=tuple(said_))


def _replied(page: Mapping[str, Any]) -> Block:
    names = page["districts"]["replied"]
    said = (_("{n} districts, in the order of their first reply: {names}", n=len(names), names="、".join(names)),)
    return Block("replied", _("Replied"), said=said if names else ())


def _rates(page: Mapping[str, Any]) -> Block:
    rows = []
    for name, rate in page["rates"].items():
        base = _number(rate["base"], f"{name}:base")
        if rate["share"] is None:
            cells = (Cell(term("figure", name)), Cell(_("too few to say"), right=True), Cell(""), Cell(""), base)
        else:
            part = _number(rate["part"], name)
            cells = (
                Cell(term("figure", name)),
                Cell(percent(rate["share"]), name, True),
                Cell("", name, share=rate["share"]),
                part,
                base,
            )
        rows.append(cells)
    head = ("", "", "", _("of these"), _("base"))
    said = any(rate["base"] for rate in page["rates"].values())
    return Block("rates", _("Rates"), head if said else (), tuple(rows) if said else ())


def _times(page: Mapping[str, Any]) -> Block:
    rows = []
    for name, figure in (("first_reply", "replies"), ("final_reply", "replies"), ("forwarding", "forwarding")):
        s = page["times"][name]
        if s["of"]:
            few = s["median_hours"] is None
            middle = Cell(_("too few to say") if few else _("{n} h", n=s["median_hours"]), figure, right=True)
            slowest = Cell(_("{n} h", n=s["slowest_hours"]), figure, right=True)
            rows.append((Cell(term("figure", name)), middle, slowest, _number(s["of"], figure)))
    head = ("", _("median"), _("slowest"), _("base"))
    return Block("times", _("How long it took"), head if rows else (), tuple(rows))


def _units(page: Mapping[str, Any]) -> Block:
    head = (_("district"), _("sent"), _("replies"), _("reply rate"), _("in time"), _("median h"), _("slowest h"))
    rows = []
    for u in page["districts"]["units"]:
        code, times = u["code"], u["first_reply"]
        rows.append(
            (
                Cell(u["district"]),
                _number(u["sent"], f"{code}:sent"),
                _number(u["replies"], f"{code}:replies"),
                _share(u["reply_rate"], f"{code}:reply_rate"),
                _share(u["on_time"], f"{code}:on_time"),
                Cell(_or_dash(times["median_hours"]), f"{code}:replies", True),
                Cell(_or_dash(times["slowest_hours"]), f"{code}:replies", True),
            )
        )
    note = _("A rate or median of fewer than three is not said; the base stands in brackets.")
    return Block("units", _("How the districts did"), head if rows else (), tuple(rows), note=note if rows else "")


def _outcomes(page: Mapping[str, Any]) -> Block:
    rows = tuple(
        (Cell(o["measure"]), _number(o["count"], o["figure"]), Cell(o["unit"]), Cell(_("{n} letters", n=o["letters"])))
        for o in page["outcomes"]
    )
    return Block("outcomes", _("What was solved"), rows=rows)


def _suggested(page: Mapping[str, Any]) -> Block:
    """采纳: all suggestions, then each call for them. Nothing on pages frozen before it was counted."""
    whole = page.get("suggestions")
    if whole is None:
        return Block("suggested", "")
    lines = [(term("suggested", "all"), "suggestion", whole)]
    lines += [(_cut(one["title"]), f"call:{one['id']}", one) for one in page["calls"]]
    rows = tuple(
        (
            Cell(said),
            _number(one["received"], f"{of}:received"),
            _number(one["results"]["adopted"], f"{of}:adopted"),
            _number(one["results"]["partly"], f"{of}:partly"),
            _number(one["studied"], f"{of}:studied"),
            _number(one["results"]["not_adopted"], f"{of}:not_adopted"),
            _share(one["share"], f"{of}:share"),
        )
        for said, of, one in lines
    )
    steps = ("received", "adopted", "partly", "studied", "not_adopted", "share")
    something = any(one["received"] or one["studied"] or one["share"]["base"] for _s, _of, one in lines)
    head = ("", *(term("suggested", step) for step in steps))
    return Block("suggested", _("What became of suggestions"), head, rows) if something else Block("suggested", "")


def _surveys(page: Mapping[str, Any]) -> Block:
    """热力活动: what leads from a number here is the survey, for answers are no letters."""
    surveys = page.get("surveys", ())
    if not surveys:
        return Block("surveys", "")
    counts = page["counts"]
    most = max(one["answers"] for one in surveys)
    rows = [
        (
            Cell(_cut(one["title"])),
            _number(one["answers"], f"survey:{one['id']}"),
            Cell("", f"survey:{one['id']}", share=one["answers"] / most),
        )
        for one in surveys
    ]
    if len(rows) > 1:
        rows.append((Cell(_("together")), _number(counts["survey_answers"], "survey_answers"), Cell("")))
    said = _("More than {n} answers in this period", n=f"{counts['survey_answers_over']:,}")
    exact = counts["survey_answers"] == counts["survey_answers_over"]
    note = _("Answers are no letters and are not among those that came in.")
    return Block("surveys", _("Surveys"), rows=tuple(rows), said=() if exact else (said,), note=note)


TITLE = 14
"""Characters of a survey's or a call's title in a table."""


def _cut(title: str) -> str:
    text = one_line(title)
    return text if len(text) <= TITLE else text[: TITLE - 1] + "…"


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _told(page: Mapping[str, Any]) -> Block:
    prose = tuple(Prose(*_words_of(one), _from(one), one["code"]) for one in page["told"])
    return Block("told", _("Told"), prose=prose)


def _rated(page: Mapping[str, Any]) -> Block:
    return Block("rated", _("Rated five"), prose=tuple(_rating(one) for one in page["rated"]))


def _words(page: Mapping[str, Any]) -> Block:
    chosen = {one["text"]: one for one in sorted(page["words"], key=lambda one: one["solved"] is not False)}
    return Block("words", _("More of what citizens wrote"), prose=tuple(map(_rating, list(chosen.values())[:WORDS])))


def _questions(page: Mapping[str, Any]) -> Block:
    prose = []
    for one in page["open_questions"]:
        head, text = _words_of(one)
        where = " · ".join(part for part in (one["district"], one.get("place")) if part)
        prose.append(Prose(head, text, where, one["code"]))
    return Block("questions", _("Still asking"), prose=tuple(prose))


def _words_of(one: Mapping[str, Any]) -> tuple[str, str]:
    gone = _("(the words are not on this desk, or were erased)")
    return one.get("title") or "", one.get("text") or gone


def _from(one: Mapping[str, Any]) -> str:
    parts = [one["unit"] or one["district"], one["topic"], _("received {on}", on=one["received"])]
    if one["acted"]:
        parts.append(_("forwarded {on}", on=one["acted"]))
    if one["replied"]:
        parts.append(_("replied {on}", on=one["replied"]))
    return " · ".join(part for part in parts if part)


def _rating(one: Mapping[str, Any]) -> Prose:
    solved = {True: _("solved"), False: _("not solved"), None: ""}[one["solved"]]
    stars = "★" * one["rating"] + "☆" * (5 - one["rating"]) if one["rating"] else ""
    extra = _("silk banner or letter of thanks") if one["thanks"] else ""
    foot = " · ".join(part for part in (one["unit"] or one["district"], one["about"], solved, extra) if part)
    return Prose(stars, _words_of(one)[1], foot, one["code"])


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def _number(value: int, figure: str) -> Cell:
    return Cell(f"{value:,}", figure, right=True)


def _share(rate: Mapping[str, Any], figure: str) -> Cell:
    if not rate["base"]:
        return Cell("–", right=True)
    if rate["share"] is None:
        return Cell(f"({rate['base']})", f"{figure}:base", right=True)
    return Cell(f"{percent(rate['share'])} ({rate['base']})", figure, right=True)


def _or_dash(value: float | None) -> str:
    return "–" if value is None else str(value)


def _most(lines: Sequence[Mapping[str, Any]]) -> int:
    return max((line["count"] for line in lines), default=1) or 1


def _ranked(
    line: Mapping[str, Any], kind: str, key: str, page: Mapping[str, Any], most: int, *, new: bool = False
) -> tuple[Cell, ...]:
    figure = f"{kind}:{key}"
    compared = page["compared"]
    return (
        Cell(str(line["rank"]), right=True),
        Cell(line["name"]),
        _number(line["count"], figure),
        Cell("", figure, share=line["count"] / most),
        Cell(str(line["before"]) if compared else "–", right=True),
        _move(line["move"], new=new, compared=compared),
    )


def _move(move: int | None, *, new: bool, compared: bool) -> Cell:
    if not compared:
        return Cell("")
    if new:
        return Cell(_("new on the list") if move is None else _("↑{n} new", n=move), tone="new")
    if move is None:
        return Cell(_("new on the list"), tone="new")
    if move == 0:
        return Cell("–")
    return Cell(f"↑{move}" if move > 0 else f"↓{-move}", tone="up" if move > 0 else "down")


def figures_of(block: Block) -> Iterator[str]:
    """The names of the figures in a block, in reading order, each once."""
    yield from dict.fromkeys(cell.figure for row in block.rows for cell in row if cell.figure)
