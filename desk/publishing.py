"""`p`: what of a letter goes out to everybody: its texts, what was found in them, what became of each find; no screen.

What goes out is `outgoing()` and nothing else; the log learns which rules took out how much, never what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.model import CaseId, State
from db.redaction import Spot, counted, find_all, replaced
from db.text import one_line, safe
from db.words import _
from desk.action_fields import Context

if TYPE_CHECKING:
    from db.model import Actor
    from db.store import Store
    from desk.sending import Sent

Part = str
"""title, text or reply."""
PARTS: tuple[Part, ...] = ("title", "text", "reply")
HIDDEN = "×××"
"""What stands for words that a person takes out, until they say otherwise."""

Key = tuple[str, str, int]
"""Part, what was found, and which one of its kind there: what was decided outlives a change of the text before it."""


@dataclass(frozen=True, slots=True)
class Find:
    """A spot in one of the texts and what became of it: "" (not decided), "out" or "kept"."""

    part: Part
    spot: Spot
    was: str
    key: Key
    fate: str

    @property
    def instead(self) -> str:
        return self.spot.instead


class Publishing:
    """The texts of one letter on their way out. Everything decided is kept as a draft at once."""

    def __init__(self, store: Store, ctx: Context) -> None:
        self.store = store
        self.ctx = ctx
        self.known = known_of(store, ctx)
        self.as_ = "told" if ctx.case.state is State.RESOLVED else "open_question"
        self.untouched = self._first()
        self.texts: dict[Part, str] = {}
        self.fates: dict[Key, tuple[str, str | None]] = {}
        self.hand: dict[str, str] = {}
        self.finds: list[Find] = []
        self.resumed = self._resume()
        self.look()

    def _first(self) -> dict[Part, str]:
        """As the letter has them: its title, its words, and what the citizen was told, else what the unit wrote."""
        ctx = self.ctx
        answer = next((e.words.get("text", "") for e in ctx.events if e.id == ctx.case.answer), "")
        reply = "" if self.as_ == "open_question" else answer or ctx.reply()
        return {"title": one_line(_printable(ctx.case.title)), "text": _printable(ctx.body), "reply": _printable(reply)}

    def _resume(self) -> bool:
        from db import drafts

        held = drafts.get(self.store, self.ctx.case.id, "publish") or {}
        self.texts = {part: str(held.get(part, self.untouched[part])) for part in PARTS}
        try:
            self.fates = {(str(p), str(w), int(n)): (str(f), i) for p, w, n, f, i in held.get("fates", ())}
            self.hand = {str(k): str(v) for k, v in dict(held.get("hand", {})).items()}
        except (TypeError, ValueError):  # an older desk's draft: its texts are what counts
            self.fates, self.hand = {}, {}
        return bool(held)

    # what is found

    def look(self) -> None:
        """Looks through the texts as they stand; what was decided before stays decided."""
        found = find_all(self.texts, self.known, self.hand)
        finds = []
        for part in PARTS:
            seen: dict[str, int] = {}
            for spot in found[part]:
                was = self.texts[part][spot.start : spot.end]
                seen[was] = seen.get(was, -1) + 1
                key = (part, was, seen[was])
                fate, instead = self.fates.get(key, ("out" if spot.rule == "hand" else "", None))
                given = spot if instead is None else Spot(spot.start, spot.end, spot.rule, instead)
                finds.append(Find(part, given, was, key, fate))
        self.finds = finds

    def decide(self, find: Find, fate: str, instead: str | None = None) -> None:
        """Taken out (`instead` of it: what stands there), kept, or open again. Keeping what was chosen by hand forgets it."""
        if find.spot.rule == "hand":
            if fate == "kept":
                self.hand.pop(find.was, None)
            elif instead is not None:
                self.hand[find.was] = instead
        before = self.fates.get(find.key, ("", None))[1]
        self.fates[find.key] = (fate, before if instead is None else instead)
        self._changed()

    def decide_rest(self) -> int:
        """Everything not yet decided is taken out; how many that were."""
        rest = [f for f in self.finds if not f.fate]
        for find in rest:
            self.fates[find.key] = ("out", self.fates.get(find.key, ("", None))[1])
        self._changed()
        return len(rest)

    def take_out(self, words: str) -> int:
        """Words chosen by hand, wherever they stand in the texts; in how many places. 0: they are nowhere."""
        chosen = words.strip()
        if not chosen or not any(chosen in t for t in self.texts.values()):
            return 0
        self.hand[chosen] = HIDDEN
        self._changed()
        return sum(1 for f in self.finds if f.was == chosen)

    def write(self, part: Part, text: str) -> None:
        """Other words for one part."""
        self.texts[part] = one_line(text) if part == "title" else safe(text)
        self._changed()

    def anew(self) -> None:
        """As it was before anything was decided."""
        self.texts, self.fates, self.hand = dict(self.untouched), {}, {}
        self._changed()

    def _changed(self) -> None:
        self.look()
        self.keep()

    # what goes out

    def spots(self, part: Part) -> list[Spot]:
        """What is exchanged in a part: all that was not kept; what nobody decided yet is shown as taken out."""
        return [f.spot for f in self.finds if f.part == part and f.fate != "kept"]

    def outgoing(self) -> dict[Part, str]:
        """The words as everybody will read them; an empty reply is left out."""
        made = {part: replaced(self.texts[part], self.spots(part)).strip() for part in PARTS}
        return {part: text for part, text in made.items() if text or part != "reply"}

    @property
    def undecided(self) -> int:
        return sum(1 for f in self.finds if not f.fate)

    def missing(self) -> str:
        """The sentence that says what is still to do; "" when it can go out."""
        out = self.outgoing()
        if not out["title"] or not out["text"]:
            return _("A title and words are needed: e writes them.")
        if self.undecided:
            return _("{n} finds are not decided: enter takes one out, x keeps it, a takes all out.", n=self.undecided)
        return ""

    # keeping and sending

    def typed(self) -> dict[str, Any]:
        """As a draft, and for taking it back."""
        fates = [[p, w, n, fate, instead] for (p, w, n), (fate, instead) in self.fates.items()]
        return {"as": self.as_, **self.texts, "fates": fates, "hand": dict(self.hand)}

    def keep(self) -> bool:
        """Stores what was decided so far; True if there is something to keep. Raises StoreError."""
        from db import drafts

        case: CaseId = self.ctx.case.id
        if self.texts == self.untouched and not self.fates and not self.hand:
            drafts.drop(self.store, case, "publish")
            return False
        drafts.put(self.store, case, "publish", self.typed())
        return True

    def send(self) -> Sent:
        """Publishes: the outgoing words, and by which rules how much was taken out or kept."""
        from dataclasses import replace as other

        from db.clock import now_ms
        from desk.actions import BY_ID
        from desk.sending import Sent, send

        if missing := self.missing():
            return Sent(refused=(missing,))
        values = {"as": self.as_, **self.outgoing(), **self.counts()}
        return send(self.store, BY_ID["publish"], [other(self.ctx, now=now_ms())], values, self.typed())

    def counts(self) -> dict[str, dict[str, int]]:
        """`removed` and `kept` by rule."""
        kept = [f.spot for f in self.finds if f.fate == "kept"]
        removed = [f.spot for f in self.finds if f.fate == "out"]
        return {"removed": counted(removed), "kept": counted(kept)}


def _printable(text: str) -> str:
    """What a page can print: characters that are invisible, or steer a terminal, are left out instead of marked."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return safe("\n".join("".join(c for c in one if c.isprintable() or c in "\t\u3000") for one in lines)).strip()


def known_of(store: Store, ctx: Context) -> list[str]:
    """The sender's own name and numbers, as far as this desk holds them. To look for them reveals nothing."""
    from db import people

    sender = people.sender(store, ctx.case.sender) if ctx.case.sender else None
    if sender is None or sender.elsewhere:
        return []
    return [said for said in (sender.name, sender.phone, *map(str, sender.contact.values())) if said]


def finds_in(store: Store, ctx: Context, texts: Mapping[str, str]) -> dict[str, list[Spot]]:
    """What would tell who somebody is in texts that are not from the dialog (a verb's options)."""
    return {part: list(spots) for part, spots in find_all(texts, known_of(store, ctx)).items()}


def begin(store: Store, actor: Actor, case: CaseId) -> Publishing | None:
    """The letter's publication as far as it has come; None where the letter is no longer here. Raises StoreError."""
    from desk import contexts

    found = contexts.of_cases(store, actor, [case])
    return Publishing(store, found[0]) if found else None
