"""Verbs that change letters: the fields of the one table of actions, from options; several letters are all or nothing."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from db import cases, joining, link, places, queries
from db.clock import day_of, now_ms
from db.model import Actor
from db.people import own_actor
from db.store import Store
from db.words import _, term
from desk.action_fields import Context, Field
from desk.action_values import Wrong, read_all
from desk.actions import VERBS, Action
from desk.around import StoreAround
from desk.chasing import left_out
from desk.cli.out import EXIT_REFUSED, EXIT_STORE, EXIT_USAGE, StopError, as_json
from desk.cli.parser import option_of
from desk.cli.store import named, opened, rows
from desk.papers import after_forward, forwards
from desk.sending import Sent, send

MOST = 5_000
"""Letters one command may change at once."""


def act(options: argparse.Namespace) -> int:
    """`desk forward CODE --to …` and all its siblings."""
    with opened(options) as store:
        sent, contexts = perform(store, own_actor(store), options)
        papers = after_forward(store, sent.changed) if forwards(VERBS[options.verb][0]) else ""
        if link.of(store) is not None:  # the undo window is for keys: a verb means it (DESIGN.md §6)
            joining.wish(store, now_ms())
    if options.json:
        for ctx in contexts:
            print(as_json({"code": ctx.case.code, "changed": ctx.case.id in sent.changed}))
    else:
        print(sent.sentence, *sent.shows, *filter(None, [papers]), sep="\n")
    return 0


def perform(
    store: Store, actor: Actor, options: argparse.Namespace, *, undo: bool = False
) -> tuple[Sent, list[Context]]:
    """Does what the words say, all or nothing; `undo`: so that `u` in the app takes it back. Raises StopError with the
    sentence that says why not, StoreError.
    """
    action, preset = VERBS[options.verb]
    chosen = _chosen(store, options)
    if len(chosen) > 1 and not action.many:
        raise StopError(EXIT_USAGE, _("“{action}” is done to one letter at a time.", action=action.label))
    now = now_ms()
    contexts = [_context(store, case, actor, now, many=len(chosen) > 1) for case in chosen]
    if lines := _refused(action, contexts, preset):
        raise StopError(EXIT_REFUSED, "\n".join(lines))
    typed, values = _values(action, contexts[0], options, preset)
    if lines := [f"{c.case.code}: {why}" for c in contexts if (why := left_out(action.id, c, values))]:
        raise StopError(EXIT_REFUSED, "\n".join(lines))
    if action.id == "publish":
        values = _looked_through(store, contexts[0], values)
    sent = send(store, action, contexts, values, typed if undo else None)
    if sent.refused:
        raise StopError(EXIT_STORE if sent.trouble else EXIT_REFUSED, "\n".join(sent.refused))
    return sent, contexts


def _chosen(store: Store, options: argparse.Namespace) -> list[str]:
    if options.query is not None:
        found = [row.id for row in rows(store, options.query, None, MOST + 1)]
        if len(found) > MOST:
            raise StopError(EXIT_USAGE, _("More than {n} letters match: narrow the search.", n=MOST))
    else:
        found = []
    chosen = list(dict.fromkeys([*named(store, options.code), *found]))
    if not chosen:
        raise StopError(EXIT_USAGE, _("No letter was named. Give codes, or --query."))
    return chosen


def _context(store: Store, case: str, actor: Actor, now: int, *, many: bool) -> Context:
    letter = queries.letter(store, case)
    assert letter is not None
    return Context(
        case=letter.case,
        actor=actor,
        book=store.rulebook(),
        now=now,
        body=letter.body,
        events=letter.events,
        around=StoreAround(store),
        many=many,
        related=queries.cases_of(store, (letter.case.merged_into,)) if letter.case.merged_into else {},
    )


def _refused(action: Action, contexts: list[Context], preset: Mapping[str, Any]) -> list[str]:
    """A line for each letter the rules refuse, before anything else is asked."""
    from db.sentences import say

    lines = []
    for ctx in contexts:
        kind = preset.get("what")
        if kind is None:
            said = action.why_not(ctx.case, ctx.actor, ctx.related, ctx.book, ctx.now)
        else:
            refusal = cases.why_not(ctx.case, kind, ctx.actor, ctx.related, ctx.book, ctx.now)
            said = say(refusal) if refusal else None
        if said:
            lines.append(f"{ctx.case.code}: {said}")
    return lines


def _values(
    action: Action, ctx: Context, options: argparse.Namespace, preset: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """As typed, and as read: options, and for what was left out the same proposals as in the dialog.

    Raises StopError naming the option.
    """
    typed: dict[str, Any] = dict(preset)
    for field in action.fields:
        if field.name in preset:
            continue
        given = getattr(options, f"field_{field.name}", None)
        typed[field.name] = _typed(field, given, ctx) if given is not None else _proposed(action, field, ctx, typed)
    values, wrong = read_all(action.fields, ctx, typed)
    if wrong:
        raise StopError(EXIT_USAGE, "\n".join(_wrong(action, w) for w in wrong))
    return typed, values


def _looked_through(store: Store, ctx: Context, values: dict[str, Any]) -> dict[str, Any]:
    """The words as they go out: nothing that tells who somebody is goes unseen. Raises StopError, which lists it."""
    from db.redaction import counted, replaced
    from desk.publishing import PARTS, finds_in

    texts = {part: str(values[part]) for part in PARTS if values.get(part)}
    found = finds_in(store, ctx, texts)
    spots = [spot for part in found.values() for spot in part]
    if not spots:
        return values
    if values.get("redact"):
        return values | {p: replaced(t, found[p]) for p, t in texts.items()} | {"removed": counted(spots)}
    if values.get("as_typed"):
        return values | {"kept": counted(spots)}
    lines = [
        f"{term('redaction', s.rule)}  {texts[p][s.start : s.end]}  → {s.instead}" for p in found for s in found[p]
    ]
    ask = _("Nothing was published: --redact takes this out, --as-typed leaves it in.")
    raise StopError(EXIT_REFUSED, "\n".join([*lines, ask]))


def _proposed(action: Action, field: Field, ctx: Context, typed: Mapping[str, Any]) -> Any:
    """A district is never proposed to a script; an answer without own words releases the unit's reply as it stands."""
    if action.id == "answer":
        if field.kind == "checklist":
            return list(field.codes(ctx, typed))
        if field.kind == "flag":
            return True
        if field.name == "text":
            return _reply(ctx)
    return field.empty() if field.kind == "district" and action.id == "forward" else field.first(ctx, typed)


def _reply(ctx: Context) -> str:
    re, _dispatch = cases.answers(ctx.case, "answered")
    return next((e.words.get("text", "") for e in ctx.events if e.id == re), "")


def _typed(field: Field, given: Any, ctx: Context) -> Any:
    if field.kind == "district":
        return _district(given, ctx)
    if field.kind == "districts":
        return [_district(one, ctx) for one in given]
    if field.kind == "outcomes":
        return [_outcome(one) for one in given]
    return given


def _district(typed: str, ctx: Context) -> str:
    """A district by code, name, short name, initials or alias; of that day; exactly one. Raises StopError."""
    divisions = places.load()
    today = {d.code for d in divisions.districts(day_of(ctx.now))}
    found = [d for d in divisions.named(typed) if d.code in today]
    if len(found) == 1:
        return found[0].code
    if found:
        names = ", ".join(d.name for d in found)
        raise StopError(EXIT_USAGE, _("“{typed}” may be {names}: name one of them.", typed=typed, names=names))
    raise StopError(EXIT_USAGE, _("No district is called “{typed}” today.", typed=typed))


def _outcome(typed: str) -> list[str]:
    """MEASURE=COUNT or MEASURE=COUNT UNIT, as 街巷整治=3条."""
    measure, _sign, rest = typed.partition("=")
    digits = "".join(c for c in rest if c.isdigit())
    return [measure.strip(), digits, rest[len(digits) :].strip() if rest.startswith(digits) else ""]


def _wrong(action: Action, wrong: Wrong) -> str:
    field = next((f for f in action.fields if f.name == wrong.field), None)
    return f"--{option_of(field)}: {wrong.sentence}" if field else wrong.sentence
