"""From a filled-in dialog to what happened: runs the commands, and says the result in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db.model import EventKind
from db.text import one_line
from db.words import _
from desk.action_fields import Context, Values

if TYPE_CHECKING:
    from db.commands import Command, Result
    from db.store import Store
    from desk.actions import Action
    from desk.attaching import Chosen

SAID = 8
"""Refusals said one by one; of more, the rest is counted."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: changed letters and a sentence, or why nothing was done. `shows`: lines to show once."""

    changed: tuple[str, ...] = ()
    sentence: str = ""
    refused: tuple[str, ...] = ()
    draft_used: bool = False
    shows: tuple[str, ...] = ()
    trouble: bool = False  # the store, not a rule, said no


def commands_of(action: Action, ctx: Context, values: Values) -> list[Command]:
    """What the action says of one letter; none where nothing would be different."""
    return [_pinned(ctx, command) for command in action.commands(ctx, values)]


def send(
    store: Store,
    action: Action,
    contexts: Sequence[Context],
    values: Values,
    typed: Values | None = None,
    progress: Callable[[int, int], None] | None = None,
    judged: Mapping[str, Sequence[Command]] | None = None,
) -> Sent:
    """Does the action to every letter in one transaction, all or nothing.

    `typed`: the dialog as it was filled in; with it the run can be taken back and done again. `progress(done, of)`
    is told how far a long one is, from the thread that runs it. `judged`: the commands of each letter, as a preview judged them.
    """
    from db.commands import run
    from db.runs import Doing
    from db.store import StoreError

    commands: list[Command] = []
    for ctx in contexts:
        commands += commands_of(action, ctx, values) if judged is None else judged[ctx.case.id]
    if not commands:
        return Sent(refused=(_("Nothing is different from how the letter stands."),))
    single = len(contexts) == 1
    if single:
        commands = [replace(commands[0], draft=action.id), *commands[1:]]
    actor, codes = contexts[0].actor, {ctx.case.id: ctx.case.code for ctx in contexts}
    files = values.get("files", ())
    try:
        if files and (said := stage_all(store, contexts, files)):
            return Sent(refused=(said,))
        doing = None if typed is None else Doing(action.id, typed)
        result = run(store, actor, commands, doing=doing, progress=progress, also=_wanted(contexts, files))
    except StoreError as e:
        return Sent(refused=(e.sentence(),), trouble=True)
    if result.refused:
        return Sent(refused=_refusals(result, codes))
    shows = _contact(store, contexts[0]) if action.id == "reveal" and result.changed else ()
    return Sent(
        result.changed, _sentence(action, contexts, result), draft_used=single and bool(result.changed), shows=shows
    )


def stage_all(store: Store, contexts: Sequence[Context], files: Sequence[Chosen]) -> str:
    """Reads files into the store, unless they are in it already; "" or why not. Raises StoreError."""
    from desk.attaching import stage

    return stage(store, contexts[0].case.id, files)


def _wanted(contexts: Sequence[Context], files: Sequence[Chosen]) -> Callable[[Any, Any], None] | None:
    """In the transaction of the event: its files are to be sent."""
    if not files:
        return None
    from db import uploads

    return lambda conn, _work: uploads.want(conn, contexts[0].case.id, [(f.hash, f.name, f.size) for f in files])


def _pinned(ctx: Context, command: Command) -> Command:
    """Names what the dialog showed, not what stands by now: a reply that came meanwhile is not answered unread.

    A co-handler's forward follows the lead's of the same run, which has no id yet.
    """
    from db.cases import answers

    if command.kind == EventKind.FORWARDED and command.facts.get("role") == "co":
        return command
    re, dispatch = answers(ctx.case, command.kind, command.dispatch, command.facts)
    return replace(command, re=re, dispatch=command.dispatch or dispatch)


def _refusals(result: Result, codes: dict[str, str]) -> tuple[str, ...]:
    """A sentence for each that is refused; with several letters, under its code."""
    from db.sentences import say

    said = []
    for command, refusal in result.refused:
        code = codes.get(command.case or "", "")
        said.append(f"{code}: {say(refusal)}" if len(codes) > 1 else say(refusal))
    said = list(dict.fromkeys(said))
    if len(said) > SAID:
        said = [*said[:SAID], _("… and {n} more", n=len(said) - SAID)]
    kept = _("Nothing was done; what you typed is kept.")
    return (*said, kept)


def _sentence(action: Action, contexts: Sequence[Context], result: Result) -> str:
    if not result.changed:
        return _("{action}: somebody already did this; nothing more was written.", action=action.label)
    if len(contexts) > 1:
        return _("{action}: {n} letters. Saved here, to be sent.", action=action.label, n=len(contexts))
    title = one_line(contexts[0].case.title)
    return _("{action}: {title}. Saved here, to be sent.", action=action.label, title=title)


def _contact(store: Store, ctx: Context) -> tuple[str, ...]:
    """Name and contact in full, after the event that says who looks is in the log."""
    from db import people

    sender = people.sender(store, ctx.case.sender) if ctx.case.sender else None
    if sender is None:
        return (_("No contact of this sender is kept here."),)
    if sender.elsewhere:
        return (_("The contact is with the backend: it is shown as soon as it has come."),)
    return tuple(
        part for part in (f"{sender.name} {sender.salutation}".strip(), sender.phone, *sender.contact.values()) if part
    )
