"""JSON as every door answers it: whoever reads it in a terminal meets no character that would be obeyed or hidden."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

from db.text import as_json


class Answer(JSONResponse):
    """Controls, bidi and invisible characters as their numbers (`db/text.py`): a program gets every character back."""

    def render(self, content: Any) -> bytes:
        return as_json(content, (",", ":")).encode()
