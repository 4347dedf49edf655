"""What the line to a backend tells the queue: where it stands, what has come, what was not taken."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from db.words import _
from desk.messages import FileCame
from desk.screens.queue_beside import QueueBeside

if TYPE_CHECKING:
    from desk.between import Between
    from desk.line.state import Brought, FileNews


class QueueLine(QueueBeside):
    """Told by the app from the worker's messages (`desk/line/worker.py`)."""

    line: tuple[str, str, str] | None = None  # where the line stands: words, signs, colour (`desk/line/words.brief`)
    news: Between
    bars: Between

    @abstractmethod
    def outlook(self) -> None:
        """Counts, clock and line in the bars."""

    def line_came(self, line: tuple[str, str, str], brought: Brought, *, first: bool = False) -> None:
        """Where the line to a backend stands now, and what it brought. `first`: letters are to come here for the first time."""
        self.line = line
        self.letters.expect(coming=first)
        if brought.letters or brought.many or brought.refused:
            self.news.wanted()
        else:
            self.bars.wanted()
        if brought.file is not None:
            self.app.screen.post_message(FileCame(brought.file))
            if self.app.screen is self:
                self._tell_file(brought.file)
        if brought.contact is not None:
            told = (str(brought.contact.get(k) or "") for k in ("name", "salutation", "phone"))
            self.say(" ".join(part for part in told if part), "good")
        if brought.refused:
            self.app.bell()
            self.say(
                _("{n} things you did were refused by the newsroom: 9 shows them, C settles them.", n=brought.refused),
                "warn",
            )

    def _tell_file(self, news: FileNews) -> None:
        """A file is here, has been sent, or was not taken: said once."""
        if news.up and news.code:
            self.app.bell()
            self.say(_("{name} was not taken by the newsroom: A says why.", name=news.name), "warn")
        elif news.up and news.whole:
            self.say(_("{name} has arrived at the newsroom.", name=news.name), "good")
        elif news.whole:
            self.say(_("{name} is here: A opens it.", name=news.name), "good")
