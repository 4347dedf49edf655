"""Which letters become one, which of them is the master, and what that would do: no screen here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.model import CLOSED, Case, CaseId, DispatchState, State
from db.words import _, term
from desk import contexts
from desk.actions import BY_ID

if TYPE_CHECKING:
    from db.model import Actor
    from db.store import Store
    from desk.sending import Sent

_FAR = {
    State.RESOLVED: 7,
    State.ANSWERED: 6,
    State.TRACKING: 6,
    State.REPLIED: 5,
    State.IN_PROGRESS: 4,
    State.FORWARDED: 3,
    State.RETURNED: 2,
    State.ACCEPTED: 1,
}
"""How far a letter's work has come: the farthest is the likeliest master."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sentences: what merging brings, and why what is refused is."""

    brings: tuple[str, ...]
    refused: tuple[str, ...]


class Merging:
    """Letters in a list, those chosen of them, the master. The letter it begins with is always among them."""

    def __init__(self, store: Store, actor: Actor, cases: Sequence[CaseId]) -> None:
        self.store = store
        self.actor = actor
        self.letters: list[Case] = []
        self.chosen: set[CaseId] = set()
        self.likely: set[CaseId] = set()
        for case in dict.fromkeys(cases):
            self._take(case, chosen=True)
        self.alone = len(self.letters) == 1
        self.master: CaseId | None = None if self.alone else self._likeliest()
        self._begun()

    def _begun(self) -> None:
        """A master once chosen for the first letter and taken back again is offered first."""
        from db import drafts

        if self.alone and (draft := drafts.get(self.store, self.letters[0].id, "merge")):
            self.add(str(draft.get("into", "")), chosen=False)

    def _take(self, case: CaseId, *, chosen: bool) -> bool:
        from db.queries import cases_of

        if any(c.id == case for c in self.letters):
            self.chosen |= {case} if chosen else set()
            return True
        found = cases_of(self.store, [case]).get(case)
        if found is None:
            return False
        self.letters.append(found)
        self.chosen |= {case} if chosen else set()
        return True

    def _likeliest(self) -> CaseId | None:
        """The one whose work has come farthest, has most followers, or came first."""
        able = [c for c in self.letters if c.id in self.chosen and (c.state not in CLOSED or c.state is State.RESOLVED)]
        best = max(able, key=lambda c: (_FAR.get(c.state, 0), len(c.followers), -c.received_at), default=None)
        return best.id if best else None

    def offer(self, case: CaseId, *, likely: bool) -> None:
        """A letter like the first one: listed, not chosen."""
        self._take(case, chosen=False)
        self.likely |= {case} if likely else set()

    def add(self, code: str, *, chosen: bool = True) -> str:
        """A letter by its code joins; "" or the sentence why it cannot."""
        from db.queries import find

        case = find(self.store, code)
        if case is None or not self._take(case, chosen=chosen):
            return _("There is no letter {code} here.", code=code)
        if not chosen:
            return ""
        self.master = self.master or self._likeliest()
        return ""

    def turn(self, case: CaseId) -> None:
        """In or out."""
        self.chosen ^= {case}
        if self.master not in self.chosen or len(self.chosen) < 2:
            self.master = self._likeliest() if len(self.chosen) > 1 else None
        elif self.alone:
            self.master = self._likeliest()

    def lead(self, case: CaseId) -> None:
        """That one is the master."""
        self.chosen.add(case)
        self.master = case

    @property
    def merged(self) -> list[CaseId]:
        """Those that will follow."""
        return [c.id for c in self.letters if c.id in self.chosen and c.id != self.master]

    def plan(self) -> Plan:
        """What would come of it now."""
        master = next((c for c in self.letters if c.id == self.master), None)
        if master is None or not self.merged:
            return Plan((_("Choose at least two letters: space takes one in."),), ())
        from db.commands import Command, preview
        from db.sentences import say

        commands = [Command("merged", case, {"into": master.id}) for case in self.merged]
        result = preview(self.store, self.actor, commands, whole=False)
        codes = {c.id: c.code for c in self.letters}
        refused = tuple(f"{codes.get(c.case or '', '')}: {say(why)}" for c, why in result.refused)
        after = result.cases.get(master.id, master)
        going = [c for c in self.letters if c.id in result.cases and c.id in self.merged]
        if not going:
            return Plan((), refused)
        brings = [
            _("Following {code}, {title}: {n}.", n=len(going), code=master.code, title=master.title),
            _("One answer reaches {n} senders; resolving it resolves them all.", n=1 + len(after.followers)),
        ]
        units = [d.district_name for c in going for d in c.dispatches if d.state is not DispatchState.CANCELLED]
        if units:
            named = _("、").join(dict.fromkeys(units))
            brings.append(_("Open dispatches become co-handlers of the master: {units}.", units=named))
        if master.state is State.RECEIVED:
            brings.append(
                _("The master is still {state}: accept and forward it next.", state=term("state", master.state))
            )
        return Plan(tuple(brings), refused)

    def send(self) -> Sent:
        """Merges them, all or nothing, in one step that can be taken back."""
        from desk.sending import Sent, send

        master = next((c for c in self.letters if c.id == self.master), None)
        if master is None or not self.merged:
            return Sent(refused=(_("Choose at least two letters: space takes one in."),))
        found = contexts.of_cases(self.store, self.actor, self.merged)
        sent = send(self.store, BY_ID["merge"], found, {"into": master.id}, {"into": master.code})
        if sent.changed:  # what taking an earlier merge back left to be typed again is used up
            from db import drafts

            for name in ("merge", "merge+"):
                drafts.drop(self.store, self.merged[0], name)
        return sent
