"""From a key to a dialog: which actions apply to the letter in view, and what pressing one does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from db.clock import now_ms
from db.text import one_line
from db.words import _
from desk.actions import ACTIONS, BY_ID, Action
from desk.messages import UNDONE, Changed, Said
from desk.widgets.status_bar import Hint

if TYPE_CHECKING:
    from textual.screen import Screen

    from db.letters import Letter
    from db.queries import Row
    from desk.keymap import Keymap
    from desk.macros import Macro
    from desk.screens.help import Entry
    from desk.sending import Sent
    from desk.shelf import Shelf


class Doing:
    """Asks the table of actions; knows no rule itself."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.hinted: tuple[object, tuple[Hint, ...]] = (None, ())
        self.keymap: Keymap | None = None
        self.undos = 0  # how often u was pressed

    def why_not(self, action: Action, letter: Letter) -> str | None:
        """The sentence that says why an action does not apply to a letter now, or None."""
        return action.why_not(letter.case, self.shelf.actor, self.shelf.related(letter), self.shelf.book(), now_ms())

    def key(self, action: Action) -> str:
        """The key of an action as it is in force, as it is printed; "" where it has none."""
        if self.keymap is None:
            return action.key
        from desk.keymap import printed

        return printed(self.keymap.of(f"do.{action.id}", action.key))

    def forget_hints(self) -> None:
        """The keys are others now."""
        self.hinted = (None, ())

    def hints(self, letter: Letter | None, *, typing: bool = False) -> tuple[Hint, ...]:
        """The keys at the foot: those that apply first, in the order of the table, then the others in brackets.

        typing: a filter is being typed, and keys are letters.
        """
        if typing:
            return (
                Hint("enter", _("keep the filter")),
                Hint("esc", _("take it away")),
                Hint("F1", _("how to search")),
            )
        if letter is None:
            return (Hint("1–9", _("queues")), Hint("/", _("filter")), Hint("?", _("help")), Hint("q", _("quit")))
        if letter.case == self.hinted[0]:
            return self.hinted[1]
        keyed = [a for a in ACTIONS if self.key(a)]
        related, book, now = self.shelf.related(letter), self.shelf.book(), now_ms()
        no = {a.id for a in keyed if a.why_not(letter.case, self.shelf.actor, related, book, now)}
        yes = [Hint(self.key(a), a.label) for a in keyed if a.id not in no]
        rest = [Hint(self.key(a), a.label, applies=False) for a in keyed if a.id in no]
        hints = (Hint("?", _("help")), *yes, *rest)
        self.hinted = (letter.case, hints)
        return hints

    def entries(self, letter: Letter | None) -> list[Entry]:
        """Every keyed action for the help, with why it does not apply."""
        from desk.screens.help import Entry

        return [
            Entry(key, a.label, a.help, self.why_not(a, letter) if letter else None)
            for a in ACTIONS
            if (key := self.key(a))
        ]

    def commands(self, letter: Letter | None) -> list[tuple[str, str, str]]:
        """(title, help, action's id) for the palette: what applies first, the others with why not as help."""
        made = []
        for action in ACTIONS:
            no = letter and self.why_not(action, letter)
            title = f"{action.label} {self.key(action)}".strip()
            made.append((bool(no), title, no or action.help, action.id))
        return [(title, help_, id_) for _no, title, help_, id_ in sorted(made, key=lambda m: m[0])]

    def press(
        self,
        screen: Screen[None],
        action_id: str,
        rows: Sequence[Row],
        then: Callable[[], None],
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        """Opens the dialog of an action on the letters, or says why not; never does nothing.

        `then` is called when the dialog is left, whether something was done or not. `preset`: what stands in it.
        """
        action = BY_ID[action_id]
        if not rows:
            screen.post_message(Said(_("There is no letter here to do this to: 1–9 shows another queue."), "warn"))
            return
        if len(rows) > 1 and not action.many:
            screen.post_message(Said(_("This is done to one letter at a time: esc takes the marks away."), "warn"))
            return
        if action_id == "merge":
            self._merge(screen, [row.id for row in rows], then)
            return
        if action_id == "publish":
            self._publish(screen, rows[0].id, then)
            return
        self._open(screen, action, [row.id for row in rows], then, preset)

    def _merge(self, screen: Screen[None], cases: Sequence[str], then: Callable[[], None]) -> None:
        """Merging has a dialog of its own: which letters, and which of them is the master."""
        from desk.screens.merge import MergeScreen

        if len(cases) == 1:
            letter = self.shelf.letter(cases[0])
            why = self.why_not(BY_ID["merge"], letter) if letter else _("This letter is no longer here.")
            if why:
                screen.post_message(Said(why, "warn"))
                return
        screen.app.push_screen(MergeScreen(self.shelf, cases), lambda _done: then())

    def _publish(self, screen: Screen[None], case: str, then: Callable[[], None]) -> None:
        """Publishing has a dialog of its own: what tells who somebody is, and what goes out."""
        from desk.publishing import begin
        from desk.screens.publish import PublishScreen

        letter = self.shelf.letter(case)
        publishing = begin(self.shelf.store, self.shelf.actor, case) if letter else None
        why = self.why_not(BY_ID["publish"], letter) if letter else None
        if publishing is None or why:
            screen.post_message(Said(why or _("This letter is no longer here."), "warn"))
            return
        screen.app.push_screen(PublishScreen(publishing), lambda done: None if done else then())

    def _open(
        self,
        screen: Screen[None],
        action: Action,
        cases: Sequence[str],
        then: Callable[[], None],
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        """The dialog for those of the letters that it can be done to."""
        from desk import contexts
        from desk.bulk import blocked
        from desk.screens.form import Form

        found = contexts.of_cases(self.shelf.store, self.shelf.actor, cases)
        free, refused = blocked(action, found)
        if not free:
            why = refused[0].why if refused else _("This letter is no longer here.")
            if len(refused) > 1:
                why = _("None of the {n}: {why}", n=len(refused), why=f"{refused[0].code}: {why}")
            screen.post_message(Said(why, "warn"))
            return
        beside = getattr(screen, "beside", None)
        known = beside.hints if beside is not None and [beside.case] == list(cases) else None
        form = Form(self.shelf.store, action, free, preset, refused, known)

        def left(done: bool | None) -> None:
            if not done:
                then()
            else:
                self.papers(screen, action.id, cases)

        screen.app.push_screen(form, left)

    def papers(self, screen: Screen[None], action: str, cases: Sequence[str]) -> None:
        """After a forward, districts without an account get their document: written in a thread, told when it is there."""
        from desk.papers import after_forward, forwards

        if action not in BY_ID or not forwards(BY_ID[action]):
            return

        def work() -> None:
            if said := after_forward(self.shelf.store, cases):
                screen.app.call_from_thread(screen.post_message, Said(said, "good"))

        screen.run_worker(work, thread=True, group="papers")

    def undo(self, screen: Screen[None], then: Callable[[], None]) -> None:
        """`u`: takes back the last thing done, or opens what would undo it."""
        from desk.undoing import undo

        self.undos += 1
        came = undo(self.shelf.store, self.shelf.actor)
        if came.done:
            screen.app.post_message(Changed(came.cases, UNDONE))
        screen.app.post_message(Said(came.sentence, "good" if came.done else "warn"))
        if came.opens == "publish":
            self._publish(screen, came.cases[0], then)
        elif came.opens:
            self._open(screen, BY_ID[came.opens], came.cases, then, came.begins)

    def macro(self, screen: Screen[None], macro: Macro, rows: Sequence[Row], then: Callable[[], None]) -> None:
        """Shows what a macro would do to these letters; enter does it, as one step that `u` takes back."""
        from db.people import names
        from desk import contexts, macros
        from desk.screens.macros import CoursePreview, look_before

        found = contexts.of_cases(self.shelf.store, self.shelf.actor, [row.id for row in rows])
        if not found or not macro.steps:
            screen.post_message(Said(_("There is no letter here to do this to: 1–9 shows another queue."), "warn"))
            return
        courses = macros.courses(self.shelf.store, macro, found)
        if len(courses) > 1:
            whole = [one for one in courses if one.stop is None]
            screen.app.push_screen(
                look_before(
                    macro,
                    courses,
                    names(self.shelf.store),
                    lambda: macros.run(self.shelf.store, self.shelf.actor, macro, whole),
                ),
                lambda sent: self._ran(screen, macro, sent) if sent else then(),
            )
            return
        [course], stop = courses, courses[0].stop

        def decided(go: bool | None) -> None:
            if not go:
                then()
                return
            sent = macros.run(self.shelf.store, self.shelf.actor, macro, courses)
            self._ran(screen, macro, sent, last="" if stop else course.steps[-1].action.id)
            if stop is not None and not sent.refused:
                self.press(screen, stop.action.id, rows, then, stop.said)

        screen.app.push_screen(CoursePreview(course, one_line(found[0].case.title), names(self.shelf.store)), decided)

    def _ran(self, screen: Screen[None], macro: Macro, sent: Sent, last: str = "") -> None:
        """Says what a macro came to. `last`: the action it ended with, after which the cursor goes on."""
        if sent.refused:
            screen.app.post_message(Said(sent.refused[0], "warn"))
        elif sent.changed:
            screen.app.post_message(Changed(sent.changed, last))
            screen.app.post_message(Said(sent.sentence, "good"))
            for action in ("forward", "co_forward"):  # one look finds the documents of both
                if any(step.action == action for step in macro.steps):
                    self.papers(screen, action, sent.changed)
                    break

    def repeat(self, screen: Screen[None], rows: Sequence[Row], then: Callable[[], None]) -> None:
        """`.`: the last action with its values, on these letters; what must be read first opens its dialog."""
        from desk import contexts
        from desk.bulk import blocked
        from desk.sending import send
        from desk.undoing import again

        if not rows:
            screen.post_message(Said(_("There is no letter here to do this to: 1–9 shows another queue."), "warn"))
            return
        found = contexts.of_cases(self.shelf.store, self.shelf.actor, [row.id for row in rows])
        last = again(self.shelf.store, self.shelf.actor, found) if found else None
        if last is None:
            screen.post_message(Said(_("Nothing was done yet that could be done again."), "warn"))
            return
        if len(found) > 1 and not last.action.many:
            screen.post_message(Said(_("This is done to one letter at a time: esc takes the marks away."), "warn"))
            return
        free, _refused = blocked(last.action, found)
        if len(found) > 1 or not free or last.wrong or last.action.alone:
            self._open(screen, last.action, [ctx.case.id for ctx in found], then, last.typed)
            return
        sent = send(self.shelf.store, last.action, free, last.values, last.typed)
        if sent.refused:
            screen.app.post_message(Said(sent.refused[0], "warn"))
            return
        screen.app.post_message(Changed(sent.changed, last.action.id))
        screen.app.post_message(Said(sent.sentence, "good" if sent.changed else "warn"))
        self.papers(screen, last.action.id, sent.changed)
