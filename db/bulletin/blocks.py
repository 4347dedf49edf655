"""A page as blocks, in the order in which it is printed: the one layout of terminal, text, Markdown and HTML.

A cell that holds a figure names it, so that every form can lead from the number to its letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.bulletin import spoken_blocks
from db.bulletin.block import Block, Cell, cut, most_of, number, or_dash, percent, ranked, share
from db.words import _, term

TOPICS = 10
"""Topics printed; the JSON has all."""


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
        spoken_blocks.told(page),
        spoken_blocks.rated(page),
        spoken_blocks.questions(page),
        spoken_blocks.words(page),
        _units(page),
    )
    return [block for block in made if block.rows or block.prose or block.said]


def _counts(page: Mapping[str, Any]) -> Block:
    counts = page["counts"]
    rows = [
        (Cell(_("letters")), number(counts["letters"], "letters")),
        (Cell(_("suggestions")), number(counts["suggestions"], "suggestions")),
        (Cell(_("together")), number(counts["total"], "received")),
        (Cell(_("districts that replied")), number(counts["districts_replied"], replied_by(page))),
    ]
    said = () if counts["total"] else (_("No letter came in this period."),)
    return Block("counts", _("Came in"), rows=tuple(rows), said=said)


def replied_by(page: Mapping[str, Any]) -> str:
    """The figure of the districts that replied; pages frozen before it had a name lead to the replies."""
    return "districts_replied" if "districts_replied" in page["figures"] else "replies"


def _balance(page: Mapping[str, Any]) -> Block:
    b = page["balance"]
    rows = [
        (Cell(_("carried over from before")), number(b["brought"], "brought")),
        (Cell(_("+ new")), number(b["received"], "received")),
        (Cell(_("+ reopened and unmerged")), number(b["back"], "back")),
        *(
            (Cell(_("− {state}", state=term("state", state))), number(count, state))
            for state, count in b["ended"].items()
        ),
        (Cell(_("= carried on")), number(b["carried"], "carried")),
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
    rows = tuple(ranked(line, "field", line["name"], page, most_of(lines), new=line["new"]) for line in lines)
    return Block("fields", _("Fields"), head if rows else (), rows)


def _topics(page: Mapping[str, Any]) -> Block:
    topics = page["topics"]
    lines = topics["lines"][:TOPICS]
    rising = {one["name"]: one["more"] for one in topics["rising"]}
    head = ("", _("topic"), _("letters"), "", _("before"), _("move"))
    rows = tuple(ranked(line, "topic", line["name"], page, most_of(lines)) for line in lines)
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
                    number(line["count"], figure),
                    Cell("", figure, share=line["count"] / most_of(d[kind])),
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
        base = number(rate["base"], f"{name}:base")
        if rate["share"] is None:
            cells = (Cell(term("figure", name)), Cell(_("too few to say"), right=True), Cell(""), Cell(""), base)
        else:
            part = number(rate["part"], name)
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
            rows.append((Cell(term("figure", name)), middle, slowest, number(s["of"], figure)))
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
                number(u["sent"], f"{code}:sent"),
                number(u["replies"], f"{code}:replies"),
                share(u["reply_rate"], f"{code}:reply_rate"),
                share(u["on_time"], f"{code}:on_time"),
                Cell(or_dash(times["median_hours"]), f"{code}:replies", True),
                Cell(or_dash(times["slowest_hours"]), f"{code}:replies", True),
            )
        )
    note = _("A rate or median of fewer than three is not said; the base stands in brackets.")
    return Block("units", _("How the districts did"), head if rows else (), tuple(rows), note=note if rows else "")


def _outcomes(page: Mapping[str, Any]) -> Block:
    rows = tuple(
        (Cell(o["measure"]), number(o["count"], o["figure"]), Cell(o["unit"]), Cell(_("{n} letters", n=o["letters"])))
        for o in page["outcomes"]
    )
    return Block("outcomes", _("What was solved"), rows=rows)


def _suggested(page: Mapping[str, Any]) -> Block:
    """采纳: all suggestions, then each call for them. Nothing on pages frozen before it was counted."""
    whole = page.get("suggestions")
    if whole is None:
        return Block("suggested", "")
    lines = [(term("suggested", "all"), "suggestion", whole)]
    lines += [(cut(one["title"]), f"call:{one['id']}", one) for one in page["calls"]]
    rows = tuple(
        (
            Cell(said),
            number(one["received"], f"{of}:received"),
            number(one["results"]["adopted"], f"{of}:adopted"),
            number(one["results"]["partly"], f"{of}:partly"),
            number(one["studied"], f"{of}:studied"),
            number(one["results"]["not_adopted"], f"{of}:not_adopted"),
            share(one["share"], f"{of}:share"),
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
            Cell(cut(one["title"])),
            number(one["answers"], f"survey:{one['id']}"),
            Cell("", f"survey:{one['id']}", share=one["answers"] / most),
        )
        for one in surveys
    ]
    if len(rows) > 1:
        rows.append((Cell(_("together")), number(counts["survey_answers"], "survey_answers"), Cell("")))
    said = _("More than {n} answers in this period", n=f"{counts['survey_answers_over']:,}")
    exact = counts["survey_answers"] == counts["survey_answers_over"]
    note = _("Answers are no letters and are not among those that came in.")
    return Block("surveys", _("Surveys"), rows=tuple(rows), said=() if exact else (said,), note=note)
