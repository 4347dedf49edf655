"""What the ladder screen and `desk ladder` do with proposals: send, skip, write documents, record that they arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import delivery, proposals
from db.clock import now_ms
from db.text import one_line
from db.words import _, term

if TYPE_CHECKING:
    from pathlib import Path

    from db.commands import Command, Result
    from db.delivery import Waiting
    from db.model import Actor
    from db.notices import Notice
    from db.proposals import Proposal
    from db.store import Store

CHANNELS = ("system", "phone", "letter", "visit")


@dataclass(frozen=True, slots=True)
class Going:
    """A proposal with how it is to go: its level, the proposed one or another, and by which channel."""

    proposal: Proposal
    level: int
    channel: str
    delivered: str = ""  # how it arrived, where that is known at once
    words: str = ""  # with whom, what was said


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: changed letters, how many went out, and sentences for the rest."""

    changed: tuple[str, ...]
    sent: int
    sentence: str
    refused: tuple[str, ...] = ()


def going(proposal: Proposal, paper: frozenset[str], levels: Mapping[str, int], channels: Mapping[str, str]) -> Going:
    """How a proposal goes unless the person says otherwise: at its level; a unit without an account by letter."""
    usual = "letter" if proposal.district in paper else CHANNELS[0]
    return Going(proposal, levels.get(key(proposal), proposal.step.level), channels.get(key(proposal), usual))


def key(proposal: Proposal) -> str:
    """What a person's choice of level or channel for a proposal is kept under."""
    return f"{proposal.dispatch}/{proposal.step.clock}"


def commands_of(items: Sequence[Going]) -> list[Command]:
    """One chase each; what goes out at a lower level than proposed is not proposed again today, and the letter says so."""
    made = [proposals.chase(g.proposal, g.level, g.channel, _proof(g), g.words) for g in items]
    lower = [g for g in items if g.level < g.proposal.step.level]
    return made + [proposals.skip(g.proposal, _instead(g), now_ms()) for g in lower]


def _proof(g: Going) -> str:
    """What the system sends is sent; a letter waits until somebody says that it arrived."""
    return g.delivered or ("sent" if g.channel == "system" else "")


def _instead(g: Going) -> str:
    sent, proposed = term("chase_level", str(g.level)), term("chase_level", str(g.proposal.step.level))
    return _("{sent} instead of {proposed}", sent=sent, proposed=proposed)


def why_not(store: Store, actor: Actor, items: Sequence[Going]) -> dict[int, str]:
    """Index → the sentence that says why a chase would be refused, judged on the store as it stands."""
    from db.commands import preview
    from db.sentences import say

    commands = commands_of(items)
    result = preview(store, actor, commands, whole=False)
    place = {id(command): n for n, command in enumerate(commands[: len(items)])}
    no = {place[id(command)]: say(refusal) for command, refusal in result.refused}
    return no | {place[id(command)]: _("somebody already did this") for command, _by in result.absorbed}


def send(store: Store, actor: Actor, items: Sequence[Going]) -> Outcome:
    """Sends chases in one transaction, leaving out what is refused; then writes the documents of those that go by letter.

    Raises StoreError, and then nothing was sent.
    """
    from db.commands import run
    from db.runs import Doing
    from db.sentences import say

    commands = commands_of(items)
    result = run(store, actor, commands, whole=False, doing=Doing("chase", {}))
    failed = {id(c) for c, _r in result.refused} | {id(c) for c, _a in result.absorbed}
    done = [g for g, command in zip(items, commands, strict=False) if id(command) not in failed]
    codes = {g.proposal.case: g.proposal.code for g in items}
    refused = tuple(f"{codes.get(c.case or '', '')}: {say(no)}" for c, no in result.refused)
    said = _("{n} chases sent. Saved here, to be sent.", n=len(done))
    if refused:
        said += " " + _("{n} left out: {why}", n=len(refused), why=refused[0])
    return Outcome(result.changed, len(done), f"{said} {_documents(store, done)}".strip(), refused)


def _documents(store: Store, done: Sequence[Going]) -> str:
    """The notices of what goes by letter: one a unit, of the level's kind; a sentence that says where, or why not."""
    from db.store_error import StoreError
    from desk.papers import write

    made: list[tuple[Notice, Path]] = []
    try:
        for kind in ("chase", "supervise"):
            mine = [g for g in done if g.channel == "letter" and (g.level >= 3) == (kind == "supervise")]
            if mine:
                made += write(
                    store, kind, [g.proposal.case for g in mine], districts={g.proposal.district for g in mine}
                )
    except (StoreError, OSError) as e:
        why = e.sentence() if isinstance(e, StoreError) else e.strerror or type(e).__name__
        return _(
            "The chases are recorded; their notices could not be written ({why}). desk notice writes them.", why=why
        )
    return _("{n} notices, one a unit, in {folder}.", n=len(made), folder=made[0][1].parent) if made else ""


def papers(items: Sequence[Going]) -> int:
    """How many notices these would be: one a unit and kind of notice."""
    return len({(g.level >= 3, g.proposal.district, g.proposal.unit) for g in items if g.channel == "letter"})


def document(store: Store, item: Waiting) -> str:
    """Writes the document of one forward or chase; says where. Raises StoreError, OSError."""
    from desk.papers import write

    kind = "forward" if item.level == 0 else "supervise" if item.level >= 3 else "chase"
    made = write(store, kind, [item.case], districts={item.district})
    return _("Written: {path}", path=made[0][1]) if made else _("The unit no longer works on this letter.")


def skip(store: Store, actor: Actor, proposal: Proposal, why: str) -> Outcome:
    """Puts a chase off until tomorrow, with its reason. Raises StoreError."""
    return _run(store, actor, proposals.skip(proposal, why, now_ms()), _("Not chased today: {why}", why=one_line(why)))


def arrived(store: Store, actor: Actor, item: Waiting, how: str, to: str) -> Outcome:
    """Records that a document arrived, how and with whom. Raises StoreError."""
    words = _("{document} {how}: {to}", document=paper_name(item), how=term("delivered", how), to=to or "–")
    return _run(store, actor, delivery.arrived(item, how, words), one_line(words))


def paper(store: Store, actor: Actor, district: str, name: str, *, on: bool) -> Outcome:
    """A supervisor decides that a district gets documents, or no more. Raises StoreError."""
    from db.clock import day_of
    from db.configuring import paper as decided

    said = _("{district} gets documents from now on.", district=name)
    if not on:
        said = _("{district} gets no more documents.", district=name)
    return _run(store, actor, decided(district, day_of(now_ms()), on=on), said, back=False)


def paper_name(item: Waiting) -> str:
    """转办函, 催办通知书 or 督办函."""
    return term("document", "forward" if item.level == 0 else "supervise" if item.level >= 3 else "chase")


def _run(store: Store, actor: Actor, command: Command, said: str, *, back: bool = True) -> Outcome:
    """`back`: `u` takes it back; what the newsroom decided is decided anew instead."""
    from db.commands import run
    from db.runs import Doing
    from db.sentences import say

    result: Result = run(store, actor, [command], doing=Doing("note", {}) if back else None)
    if result.refused:
        return Outcome((), 0, say(result.refused[0][1]))
    return Outcome(result.changed, 1, said)
