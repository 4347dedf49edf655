"""`A`: the files of a letter: which there are, whether they are here, and opening one, fetched if it must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db import attachments, uploads
from db.store_error import StoreError
from db.words import N_, _, sentences
from desk import opening
from desk.messages import FileCame
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.steady import quietly
from desk.widgets.files import file_line
from desk.widgets.foot import Foot
from desk.widgets.sheet import Line
from desk.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from db.attachments import Attached
    from db.letters import Letter
    from db.store import Store
    from desk.line.state import FileNews
    from desk.line.worker import Worker


class AttachmentsScreen(Dialog[None]):
    """Files that are not here come piece by piece; leaving the screen does not stop them."""

    DEFAULT_CSS = (
        f"AttachmentsScreen {{ {LAYOUT} }}"
        "AttachmentsScreen SheetView { height: auto; min-height: 1; max-height: 24; }"
        "AttachmentsScreen .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,A", "leave", show=False, tooltip=N_("back"), id="files.leave"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next line"), id="files.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the line before"), id="files.up"),
        Binding("enter", "open", show=False, tooltip=N_("open the file, fetched first if it must be"), id="files.open"),
        Binding("S", "again", show=False, tooltip=N_("send a file once more that was refused"), id="files.again"),
    ]

    def __init__(
        self, store: Store, letter: Letter, worker: Worker | None, used: Callable[[str], None] = lambda _hash: None
    ) -> None:
        """`used` is told, in a thread, the hash of a file that was opened."""
        super().__init__()
        self.used = used
        self.store, self.letter, self.worker = store, letter, worker
        self.files = attachments.of_events(letter.events)
        self.at = 0
        self.wanted: str = ""  # hash of the file that is opened as soon as it is here
        self.sending = dict(letter.sending)
        self.held = {file.hash: self._held(file) for file in self.files}
        self.sheet = SheetView(self._lines)
        self.foot = Foot()

    def _held(self, file: Attached) -> int:
        try:
            return attachments.held(self.store, file)
        except StoreError:
            return 0

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(_("Files of this letter"), "bold $warning"), classes="head")
            yield self.sheet
            yield self.foot

    def on_mount(self) -> None:
        self._tell()

    def _lines(self, width: int) -> list[Line]:
        return [
            file_line(
                file,
                self.held[file.hash],
                width,
                here=i == self.at,
                wanted=file.hash == self.wanted,
                upload=self.sending.get(file.hash),
            )
            for i, file in enumerate(self.files)
        ]

    def _tell(self, text: str = "") -> None:
        self.sheet.styles.height = max(1, min(24, len(self.files)))
        self.sheet.tell()
        keys = _("enter opens, and fetches what is not here · esc closes")
        text = text or self._refused()
        self.foot.update(Content.styled(text or keys, "$warning" if text else "$faint"))

    def _refused(self) -> str:
        """Why the newsroom did not take the file under the cursor, and what can be done."""
        upload = self.sending.get(self.files[self.at].hash)
        if upload is None or not upload.code:
            return ""
        from desk.line.trouble import say

        why = say("big_file" if upload.code == "too_big" else upload.code)
        return sentences(why, _("S sends it once more; another file goes with a new note."))

    def action_again(self) -> None:
        """One that was refused is tried once more."""
        upload = self.sending.get(self.files[self.at].hash)
        if upload is None:
            self._tell(_("There is nothing of this file to be sent."))
            return
        if upload.code:
            try:
                uploads.again(self.store, upload.hash)
            except StoreError as e:
                self._tell(e.sentence())
                return
            self.sending[upload.hash] = replace(upload, held=0, code="")
        if self.worker is not None:
            self.worker.now()
        self._tell(_("It is sent as soon as there is a line; what has arrived of it is kept."))

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), len(self.files) - 1)
        self._tell()

    def action_open(self) -> None:
        """Opens the file under the cursor, or has it fetched."""
        file = self.files[self.at]
        try:
            body = attachments.body(self.store, file.hash)
        except StoreError as e:
            self._tell(e.sentence())
            return
        if body is not None:
            self._show(file, body)
        elif self.worker is None:
            self._tell(_("This file is not here, and nobody is logged in to fetch it: desk login."))
        else:
            self.wanted = file.hash
            self.worker.open_file(self.letter.case.id, file)
            lined = self.worker.state.phase in ("step", "working", "filling")
            self._tell(
                _("Fetching it; esc leaves, it comes all the same.")
                if lined
                else _("There is no line now: it comes as soon as there is one. What has come of it is kept.")
            )

    def _show(self, file: Attached, body: bytes) -> None:
        try:
            path = opening.write(self.store.home, self.letter.case.code, file, body)
        except OSError as e:
            self._tell(_("The file could not be written: {what}", what=e.strerror or "?"))
            return
        quietly(self.app, partial(self.used, file.hash))
        told = opening.told(path)
        if opening.show(path):
            self._tell(_("Opened: {path}", path=told))
        else:
            self._tell(_("It lies here until the desk is left, for you alone: {path}", path=told))

    def on_file_came(self, event: FileCame) -> None:
        """A piece of a file has come, or all of it, or why it cannot."""
        from desk.line.trouble import say

        news = event.news
        if news.hash not in self.held:
            return
        if news.up:
            self._came_up(news)
            return
        self.held[news.hash] = news.held
        if news.code:
            self.wanted = ""
            self._tell(say("no_file" if news.code == "unknown" else news.code))
        elif news.whole and news.hash == self.wanted:
            self.wanted = ""
            self.action_open()
        else:
            self._tell(str(self.foot.content) if self.wanted else "")

    def _came_up(self, news: FileNews) -> None:
        """A piece of a file attached here has arrived at the newsroom, or all of it, or why it is not taken."""
        upload = self.sending.get(news.hash)
        if news.whole:
            self.sending.pop(news.hash, None)
        elif upload is not None:
            self.sending[news.hash] = replace(upload, held=news.held, code=news.code)
        self._tell()
