"""The one table of actions: key, label, help, who may, fields, and why not.

Footer, help, palette, keymap, command-line verbs and `docs/keys.md` derive from it. Nothing of a screen is imported.
The first frame reads this module, so fields and builders are looked up when a dialog or verb needs them.
To add one: an entry here, its fields in `action_sets.py`, its words (`action:`, `does:`, labels of fields) in both
catalogues, `python tools/keys.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from db.model_codes import Actor, CaseId, EventKind, Ms, Role
from db.words import _, term

if TYPE_CHECKING:
    from db.commands import Command
    from db.model import Case
    from db.model_rules import Rulebook
    from desk.action_fields import Context, Field, Values


class Action(NamedTuple):
    """Something a person can do to a letter. `key` is "" for what is in the palette only."""

    id: str
    key: str
    kinds: tuple[str, ...]  # the events it can write, the usual one first
    many: bool = False  # may be done to several marked letters at once
    verbs: Mapping[str, Mapping[str, Any]] = MappingProxyType({})  # verb → what it presets
    facts: Mapping[str, Any] = MappingProxyType({})  # what the rules must know to say whether it may happen
    stays: bool = False  # the letter is not done with: the cursor stays on it
    alone: bool = False  # each letter is read for itself: doing it again opens the dialog
    tells: bool = False  # its fields show how the letter is: only what was changed is done again to another one

    @property
    def verb(self) -> str:
        """Its verb on the command line."""
        return next(iter(self.verbs), self.id.replace("_", "-"))

    @property
    def roles(self) -> tuple[Role, ...]:
        """Which of the desk's people may do it at all; the rules of each case may ask for more."""
        from db.cases import TABLE

        who = frozenset[Role]().union(*(TABLE[EventKind(kind)].who for kind in self.kinds))
        return tuple(role for role in (Role.EDITOR, Role.SUPERVISOR) if role in who)

    @property
    def label(self) -> str:
        """A word or two in the person's language, asked at the moment of showing."""
        return term("action", self.id)

    @property
    def help(self) -> str:
        return _(f"does:{self.id}")

    def why_not(self, case: Case, actor: Actor, related: Mapping[CaseId, Case], book: Rulebook, now: Ms) -> str | None:
        """The sentence that says why none of its events may happen to the case now; None where one may.

        The rules decide (`db/cases.py`); with several kinds the usual one's refusal is said.
        """
        from db.cases import why_not

        first = None
        for kind in self.kinds:
            refusal = why_not(case, kind, actor, related, book, now, self.facts)
            if refusal is None:
                return None
            first = first or refusal
        if first is None:
            return None
        from db.sentences import say

        return say(first)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What it asks for, in the order a person passes by."""
        from desk.action_sets import FIELDS

        return FIELDS[self.id]

    def commands(self, ctx: Context, values: Values) -> list[Command]:
        """What to run for one letter, from values as `action_values.read_all` gives them. Empty: nothing changes."""
        from desk.action_build import BUILDERS, one

        return BUILDERS.get(self.id, one)(self, ctx, values)


ACTIONS: tuple[Action, ...] = (
    Action("classify", "l", ("classified",), many=True, stays=True, tells=True),
    Action("accept", "a", ("accepted",), many=True, tells=True),
    Action("decline", "x", ("declined",), many=True),
    Action("ask", "i", ("asked",), many=True),
    Action("forward", "f", ("forwarded",), many=True),
    Action("chase", "c", ("chased",), many=True),
    Action("extend", "e", ("extended", "extension_refused", "extension_asked"), many=True),
    Action(
        "record",
        "r",
        ("replied", "signed", "returned"),
        verbs={"reply": {"what": "replied"}, "sign": {"what": "signed"}, "return": {"what": "returned"}},
        alone=True,
    ),
    Action("redo", "b", ("redone",), alone=True),
    Action("answer", "y", ("answered",), alone=True),
    Action("resolve", "d", ("resolved",), many=True),
    Action("track", "t", ("tracked",), many=True),
    Action("reopen", "o", ("reopened",), many=True),
    Action("merge", "m", ("merged",), many=True, alone=True),
    Action("assign", "w", ("assigned",), many=True, stays=True),
    Action("note", "n", ("noted",), many=True, stays=True),
    Action("publish", "p", ("published",), stays=True, alone=True),
    Action(
        "citizen",
        "s",
        ("told", "rated", "withdrawn"),
        verbs={"tell": {"what": "told"}, "rate": {"what": "rated"}, "withdraw": {"what": "withdrawn"}},
        alone=True,
    ),
    Action("reveal", "v", ("revealed",), stays=True, alone=True),
    # in the palette only
    Action("answer_directly", "", ("answered_directly",), alone=True),
    Action("co_forward", "", ("forwarded",), facts={"role": "co"}, stays=True),
    Action("change_lead", "", ("lead_changed",), stays=True),
    Action("recall", "", ("recalled",), many=True),
    Action("uphold", "", ("upheld",)),
    Action("correct", "", ("corrected",), stays=True, alone=True),
    Action("tag", "", ("tagged",), many=True, stays=True),
    Action("link", "", ("linked",), stays=True, alone=True),
    Action("split", "", ("split",), alone=True),
    Action("unmerge", "", ("unmerged",)),
    Action("unpublish", "", ("unpublished",), stays=True),
    Action("erase", "", ("erased",), alone=True),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

VERBS: Mapping[str, tuple[Action, Mapping[str, Any]]] = {
    verb: (action, preset) for action in ACTIONS for verb, preset in (action.verbs or {action.verb: {}}).items()
}
"""Every verb of the command line → its action and what the verb presets."""
