"""What stands beside a letter on the queue: suggestions taken with a key, letters like it, those it is merged with."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from db.clock import now_ms
from db.store_error import StoreError
from db.text import one_line
from db.words import _, term
from desk.messages import Changed, Said
from desk.screens.queue_finding import QueueFinding

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from textual.timer import Timer

    from db.letters import Letter
    from db.model import CaseId
    from db.suggest import Hint
    from desk.beside import Beside

ON = True
"""Whether what stands beside a letter is looked for while the cursor moves."""

REST = 0.1
"""Seconds a letter is read before it is looked for: while a person only passes by, nothing is computed."""


class QueueBeside(QueueFinding):
    """What the keys `+`, F1 to F4, `=` and `L` do on the queue, and the foot of the reading pane."""

    beside: Beside | None = None
    _asked: Timer | None = None
    _looker: Executor | None = None  # one thread, for each one has a connection with a cache of its own to warm
    _looked_for: CaseId | None = None  # whoever goes on makes the look that is under way end at its next step
    _told: CaseId | None = None  # whose suggestions the person has seen

    def follow(self, letter: Letter | None) -> None:
        """The pane shows this letter: what stands beside it is looked for once the person stays."""
        if self._asked is not None:
            self._asked.stop()
            self._asked = None
        if self.beside is not None and (letter is None or letter.case.id != self.beside.case):
            self.beside = None
        self._looked_for = None
        if letter is None or not ON:
            return
        if REST:
            self._asked = self.set_timer(REST, partial(self._ask, letter))
        else:
            self._ask(letter)

    def _ask(self, letter: Letter) -> None:
        self._looked_for = letter.case.id
        self.run_worker(self._look(letter), exclusive=True, group="beside", exit_on_error=False)

    async def _look(self, letter: Letter) -> None:
        from desk.beside import LeftError, look

        def stay() -> None:
            if self._looked_for != letter.case.id:
                raise LeftError

        if self._looker is None:
            from concurrent.futures import ThreadPoolExecutor

            self._looker = ThreadPoolExecutor(1, "beside")
        work = partial(look, self.shelf.store, letter, now_ms(), stay)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._looker, work)
        except (LeftError, StoreError, RuntimeError):  # locked, or closed meanwhile: the letter can be read without
            return
        self._came(found)

    def on_unmount(self) -> None:
        self._looked_for = None
        if self._looker is not None:
            self._looker.shutdown(wait=False, cancel_futures=True)

    def _came(self, found: Beside) -> None:
        from desk.widgets.beside_lines import beside_lines

        row = self.letters.row
        if row is None or row.id != found.case or not self.pane_shown:
            return
        self.beside = found
        if found.values:
            self._told = found.case
        self.pane.tell(found.case, partial(beside_lines, found))

    def _beside_now(self) -> Beside | None:
        """What stands beside the letter under the cursor, looked for on the spot where it has not come yet."""
        from desk.beside import look

        row = self.letters.row
        if row is not None and (self.beside is None or self.beside.case != row.id):
            letter = self.shelf.letter(row.id)
            self.beside = look(self.shelf.store, letter, now_ms()) if letter else None
        return self.beside if row is not None else None

    # taking suggestions

    def action_take(self, field: str = "") -> None:
        """`+` and F1 to F4: all that is suggested, or one field; what was not on the screen is shown before."""
        if len(self.letters.marks) > 1:
            self.say(_("Suggestions are taken letter by letter: esc takes the marks away."), "warn")
            return
        try:
            found = self._beside_now()
        except StoreError as e:
            self.say(e.sentence(), "bad")
            return
        wanted = {name: hint for name, hint in found.hints.items() if field in ("", name)} if found else {}
        values = {name: hint.value for name, hint in wanted.items() if hint.value is not None}
        if found is None or not values:
            self.say(_("Nothing is suggested here that is not so already."), "warn")
        elif self._told != found.case:
            self._told = found.case
            self.say(_("Suggested: {values}. The same key again takes it.", values=said(wanted)))
        else:
            self._take(found.case, values, wanted)

    def _take(self, case: CaseId, taken: dict[str, str], hints: Mapping[str, Hint]) -> None:
        from desk import contexts
        from desk.actions import BY_ID
        from desk.sending import send

        action = BY_ID["classify"]
        [ctx] = contexts.of_cases(self.shelf.store, self.shelf.actor, [case])
        values = {field.name: field.first(ctx, {}) for field in action.fields} | taken
        given = {name: value for name, value in values.items() if value not in ("", None)}
        sent = send(self.shelf.store, action, [ctx], given, taken)
        if sent.refused:
            self.say(sent.refused[0], "warn")
            return
        self.app.post_message(Changed(sent.changed))
        self.app.post_message(Said(_("Classified as suggested: {values}.", values=said(hints)), "good"))

    # letters like it, letters merged with it

    def action_alike(self) -> None:
        """`=`: open letters on the same matter, to read side by side, to go to, to merge."""
        row = self.letters.row
        if row is None:
            self.say(_("There is no letter here to do this to: 1–9 shows another queue."), "warn")
            return
        from desk.screens.similar import SimilarScreen

        self.app.push_screen(SimilarScreen(self.shelf, row.id), self.went)

    def action_related(self) -> None:
        """`L`: to the master of a merged letter, or to one of its followers."""
        row = self.letters.row
        letter = self.shelf.letter(row.id) if row else None
        ids = [] if letter is None else [i for i in (letter.case.merged_into, *letter.case.followers) if i]
        ids += [other for _relation, other in letter.case.links] if letter else []
        if not ids:
            self.say(_("This letter is not merged or linked with another."), "warn")
        elif len(ids) == 1:
            self.jump(ids[0])
        else:
            from desk.screens.related import RelatedScreen

            self.app.push_screen(RelatedScreen(self.shelf, ids), self.went)

    def action_files(self) -> None:
        """`A`: the files of the letter."""
        row = self.letters.row
        letter = self.shelf.letter(row.id) if row else None
        if letter is None or not any(event.facts.get("attachments") for event in letter.events):
            self.say(_("This letter has no files."), "warn")
            return
        from desk.screens.attachments import AttachmentsScreen

        self.app.push_screen(AttachmentsScreen(self.shelf.store, letter, self.worker, self.shelf.file_opened))

    def went(self, case: CaseId | None) -> None:
        """A list of letters was left: with one to go to, or back where it was."""
        if case is None:
            self.read()
        else:
            self.jump(case)

    def jump(self, case: CaseId) -> None:
        """To another letter, wherever it stands; esc comes back."""
        letter = self.shelf.letter(case)
        if letter is None:
            self.say(_("This letter is no longer here."), "warn")
            return
        self.show_letter(letter.case.code)
        self.say(_("{code}. esc goes back.", code=one_line(letter.case.code)))


def said(hints: Mapping[str, Hint]) -> str:
    """Suggested values with their fields, in a row."""
    from db.suggest_words import value_label

    return _("; ").join(
        _("{field} {value}", field=term("label", name), value=value_label(hint))
        for name, hint in hints.items()
        if hint.value is not None
    )
