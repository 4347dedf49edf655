"""The measuring stick: a Textual app of one label."""

from textual.app import App, ComposeResult
from textual.widgets import Label


class Bare(App[None]):
    BINDINGS = [("q", "quit", "quit")]

    def compose(self) -> ComposeResult:
        yield Label("ready")


if __name__ == "__main__":
    Bare().run()
