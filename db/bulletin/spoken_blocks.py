"""The blocks of a page that are told in words: cases, ratings, open questions, each with its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.bulletin.block import Block, Prose
from db.words import _

WORDS = 8
"""Of what citizens wrote besides: each once, those first for whom it is not solved. The JSON has all."""


def told(page: Mapping[str, Any]) -> Block:
    prose = tuple(Prose(*_words_of(one), _from(one), one["code"]) for one in page["told"])
    return Block("told", _("Told"), prose=prose)


def rated(page: Mapping[str, Any]) -> Block:
    return Block("rated", _("Rated five"), prose=tuple(_rating(one) for one in page["rated"]))


def words(page: Mapping[str, Any]) -> Block:
    chosen = {one["text"]: one for one in sorted(page["words"], key=lambda one: one["solved"] is not False)}
    return Block("words", _("More of what citizens wrote"), prose=tuple(map(_rating, list(chosen.values())[:WORDS])))


def questions(page: Mapping[str, Any]) -> Block:
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
