"""The person's settings file in their own editor: made with its comments where there is none, read again when it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.words import _

if TYPE_CHECKING:
    from textual.app import App

    from desk.likes import Likes


def edit_file(app: App[Any], likes: Likes) -> tuple[str, bool]:
    """Lends the terminal to the editor; (what came of it as a sentence, whether the file is without a fault now)."""
    import shlex
    import subprocess

    from textual.app import SuspendNotSupported

    from desk.editor import command
    from desk.keymap import faults_of
    from desk.settings_text import make

    if problem := make(likes.path):
        return str(problem), False
    editor = command()
    if editor is None:
        return _("No editor was found: set EDITOR, or open {file}.", file=likes.path), False
    try:
        with app.suspend():
            subprocess.run([*editor, str(likes.path)], check=False)  # noqa: S603 - the person's own choice
    except SuspendNotSupported:
        return _("This terminal cannot be lent to an editor: open {file}.", file=likes.path), False
    except OSError as e:
        said = _("{editor} could not be started: {why}", editor=shlex.join(editor), why=e.strerror or "")
        return said, False
    look = getattr(app, "look_at_likes", None)
    if look is not None:
        look()
    if faults := faults_of(likes):
        return _("{problem}. What was in force stays.", problem=str(faults[0]).rstrip(".。")), False
    return _("{file} is in force.", file=likes.path), True
