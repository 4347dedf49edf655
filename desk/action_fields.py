"""What an action asks for: its fields, as data. Dialogs draw them, the command line makes options of them.

No screen is imported here: the first frame reads the table of actions, and so does every verb.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from db.model import Actor, Case, CaseId, Ms
from db.model_rules import Rulebook, Rules
from db.words import _, term

if TYPE_CHECKING:
    from db.calls import Call
    from db.model import Event

FieldKind = Literal[
    "choice",  # one code of a list
    "topic",
    "district",
    "districts",  # several: co-handlers
    "unit",  # an office of the district chosen before it; free words allowed
    "person",  # a user of this desk; free words allowed
    "dispatch",  # which of the case's dispatches
    "letter",  # another letter, by its code
    "letters",  # several of them, one code after the other
    "text",  # one line
    "long",  # many lines
    "flag",
    "checklist",
    "day",
    "moment",
    "outcomes",  # measure, count, unit
    "tags",
    "files",  # paths on this machine
]

To = Literal["fact", "word", "when", "dispatch", "own"]
"""Where a value goes in the event; "own": the action's builder takes it."""

Values = Mapping[str, Any]
"""By field name. As typed: str, bool, list of str, list of [measure, count, unit]. As read: see `action_values`."""


class Around(Protocol):
    """What a dialog may look up beyond the letter itself; bounded reads of the store."""

    def find(self, code: str) -> CaseId | None:
        """The letter of that code, or None."""

    def title(self, code: str) -> str:
        """The title of the letter of that code; "" where it is not here."""

    def offices(self, district: str) -> Sequence[str]:
        """Known units of a district, most used first."""

    def contacts(self, district: str, unit: str) -> Sequence[str]:
        """Whom to call there: one safe line each, name, post and number."""

    def people(self) -> Sequence[tuple[str, str]]:
        """(user id, name) of those who work at this desk."""

    def calls(self) -> Sequence[Call]:
        """Calls for suggestions, the newest first."""


class Nowhere:
    """An `Around` that knows nothing: rules and tables need no store."""

    def find(self, code: str) -> CaseId | None:
        return None

    def title(self, code: str) -> str:
        return ""

    def offices(self, district: str) -> Sequence[str]:
        return ()

    def contacts(self, district: str, unit: str) -> Sequence[str]:
        return ()

    def people(self) -> Sequence[tuple[str, str]]:
        return ()

    def calls(self) -> Sequence[Call]:
        return ()


@dataclass(frozen=True, slots=True)
class Context:
    """The letter an action is about, who acts, and when. `many`: the dialog stands for several letters."""

    case: Case
    actor: Actor
    book: Rulebook
    now: Ms
    body: str = ""
    events: Sequence[Event] = ()
    around: Around = field(default_factory=Nowhere)
    many: bool = False
    related: Mapping[CaseId, Case] = field(
        default_factory=dict
    )  # the master of a merged letter: a refusal names its code

    @property
    def rules(self) -> Rules:
        return self.book.at(self.now)

    def reply(self) -> str:
        """The unit's text that stands, "" where there is none or it is not read here."""
        d = self.case.lead_dispatch
        return next((e.words.get("text", "") for e in self.events if d and e.id == d.reply), "")

    def editor(self) -> str:
        """Who acts, as others read it; "" for the desk itself."""
        return dict(self.around.people()).get(self.actor.id, "")


EACH = "each"
"""A code that stands for what each letter itself proposes: in the dialog of several letters only."""

Codes = Callable[[Context, Values], Sequence[str]]
Asked = Callable[[Context, Values], bool]
Given = Callable[[Context, Values], Any]


def always(_ctx: Context, _values: Values) -> bool:
    return True


def never(_ctx: Context, _values: Values) -> bool:
    return False


def nothing(_ctx: Context, _values: Values) -> Any:
    return None


def no_codes(_ctx: Context, _values: Values) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an action asks for. Functions take the context and the values of the fields typed so far."""

    name: str  # of the fact or word; the command line's option, unless `option` says otherwise
    kind: FieldKind
    to: To = "fact"
    required: Asked = never
    shown: Asked = always
    codes: Codes = no_codes  # of a choice or checklist
    list: str = ""  # the list in the catalogue that labels them
    default: Given = nothing  # as typed; None: empty
    says: str = ""  # label and hint in the catalogue, where the name alone does not tell
    option: str = ""
    sure: Asked = always  # False: the default is only a proposal, the person passes by it
    whole: bool = False  # a choice whose codes are whole numbers in the event

    @property
    def label(self) -> str:
        """Asked at the moment of showing."""
        return term("label", self.says or self.name)

    @property
    def hint(self) -> str:
        """What to type, or ""."""
        key = f"hint:{self.says or self.name}"
        said = _(key)
        return "" if said == key else said

    def empty(self) -> Any:
        """What an untouched field holds, as typed."""
        if self.kind in ("districts", "letters", "checklist", "outcomes", "tags"):
            return []
        return False if self.kind == "flag" else ""

    def first(self, ctx: Context, values: Values) -> Any:
        """What the field holds when the dialog opens, as typed."""
        given = self.default(ctx, values)
        return self.empty() if given is None else given

    def option_label(self, ctx: Context, code: str) -> str:
        """A code of this field as a person reads it (outside text is not yet made safe)."""
        if self.kind == "dispatch":
            d = ctx.case.dispatch(code)
            role = term("role_of_dispatch", "lead" if d and d.lead else "co")
            return f"{role} {d.whom}" if d else code
        if self.name == "call":
            return next((c.title for c in ctx.around.calls() if c.id == code), code)
        return term(self.list or self.name, code)
