"""What most Textual apps would do: every letter in a DataTable. table.py LETTERS.db"""

import sqlite3
import sys
from datetime import UTC, datetime

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Table(App[None]):
    BINDINGS = [("q", "quit", "quit"), ("j", "down", "down")]

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("serial", "received", "district", "category", "title", "due", "state")
        rows = sqlite3.connect(sys.argv[1]).execute(
            "SELECT serial, received, district, category, title, due, state FROM letters ORDER BY id DESC"
        )
        for serial, received, district, category, title, due, state in rows:
            day = datetime.fromtimestamp(received, UTC).strftime("%m-%d %H:%M")
            table.add_row(serial, day, district, category, title, str(due), state)
        table.focus()

    def action_down(self) -> None:
        self.query_one(DataTable).action_cursor_down()


if __name__ == "__main__":
    Table().run()
