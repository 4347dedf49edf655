"""What only the backend has of a survey: words, two questions against each other, single answers. Blocking; asked in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from db.survey_export import Told
from db.survey_stats import Crossed, crossed
from db.text import safe
from desk.line.login import rounds
from desk.line.trouble import LineError

if TYPE_CHECKING:
    from db.store import Store
    from db.survey_model import Survey


@dataclass(frozen=True, slots=True)
class Texts:
    """A page of answers in words, the newest first: (number, when, safe text). `before`: where the next page begins."""

    rows: tuple[tuple[int, str, str], ...]
    before: int | None


class Asking:
    """Questions about one survey. Every method raises LineError where there is no line, or nobody is logged in."""

    def __init__(self, store: Store, survey: Survey) -> None:
        self.store = store
        self.survey = survey
        self._rounds: Any = None

    def _ask(self, door: str, **params: Any) -> Any:
        self._rounds = self._rounds or rounds(self.store)
        path = f"/v1/surveys/{quote(self.survey.id, safe='')}/{door}"
        response = self._rounds.ask("GET", path, frame=False, params=params, headers={"accept-encoding": "gzip"})
        try:
            told = response.json()
        except ValueError as e:
            raise LineError("not_ours") from e
        if not isinstance(told, dict):
            raise LineError("not_ours")
        return told

    def texts(self, question: str, before: int | None = None, limit: int = 50) -> Texts:
        told = self._ask("texts", question=question, before=before or 0, limit=limit)
        try:
            rows = tuple((int(n), str(at), safe(str(text))) for n, at, text in told["answers"])
            return Texts(rows, told["before"])
        except (KeyError, TypeError, ValueError) as e:
            raise LineError("not_ours") from e

    def cross(self, first: str, second: str) -> Crossed:
        told = self._ask("cross", a=first, b=second)
        try:
            found = crossed(self.survey, first, second, told["table"])
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise LineError("not_ours") from e
        if found is None:
            raise LineError("unknown")
        return found

    def answers(self) -> Iterator[Told]:
        """All of them, page by page."""
        after: int | None = 0
        while after is not None:
            told = self._ask("answers", after=after)
            try:
                yield from ((int(n), str(at), dict(given)) for n, at, given in told["answers"])
                after = told["after"]
            except (KeyError, TypeError, ValueError) as e:
                raise LineError("not_ours") from e
