"""The demo's newsroom: October's letters as a log, its people, and a district and a citizen who act while one looks on.

For `desk demo` and for trying the backend out. The same events in the same order give the same numbers and hashes as the
demo's own desk has them, so that the two are in step from the first moment.
"""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from backend.database import Database
from backend.log import doing, judging
from backend.log.doing import Deed
from backend.log.held import CASES
from backend.log.newsroom import COUNTER
from backend.log.surveys import SURVEYS
from backend.people import users
from backend.people.person import CITIZEN, Person
from backend.people.person import unit as unit_person
from backend.people.users import NewUser
from backend.problems import ProblemError, RefusedError
from backend.rows import insert_rows
from backend.surveys.intake import ANSWERED, ANSWERS
from db import casefile
from db.clock import day_of
from db.demo import DEMO_NOW, log, surveys
from db.demo import senders as citizens
from db.demo.cast import USERS
from db.model import Case, Dispatch, DispatchState, Event, Ms, Role, State
from db.people import Sender
from db.survey_answers import Tally, dump
from db.survey_model import Survey, SurveyState
from db.wire import dumps

BATCH = 400
TICK = 2.0
"""Seconds between two looks of those who act."""

SIGNED, REPLIED, RATED = 8.0, 22.0, 15.0
"""Seconds after which a district signs, replies, and a citizen rates: demo time runs fast."""


@dataclass(frozen=True, slots=True)
class _Loader(Person):
    """May say that anybody did anything: what is loaded was judged before."""

    def wrote(self, event: Event) -> bool:
        return True


LOADER = _Loader("backend", "backend", Role.BACKEND)


def load(db: Database, password: str) -> int:
    """People and letters into a new database; the number of the last event. One that has them all stays as it is.

    Broken off, it is gone on with the next time; two that load at once write everything once (what is known stands).
    """
    with db.read() as conn:
        last = int(conn.execute(select(COUNTER.c.seq)).scalar_one())
        answered = set(conn.execute(select(SURVEYS.c.id).where(SURVEYS.c.answers > 0)).scalars())
    if answered.issuperset(survey.id for survey in surveys.all_surveys()):  # they come last
        return last
    db.write(lambda conn: _people(conn, password))
    events = log()
    rows = [
        {"id": s.id, "name": s.name, "salutation": s.salutation, "phone": s.phone, "contact": _contact(s)}
        for s in citizens()
    ]
    for first in range(0, len(events), BATCH):
        offered = [judging.offer(e) for e in events[first : first + BATCH]]
        judging.judge(db, offered, LOADER, DEMO_NOW, rows)
    for survey in surveys.all_surveys():
        db.write(lambda conn, survey=survey: _answers(conn, survey))  # type: ignore[misc]
    with db.read() as conn:
        return int(conn.execute(select(COUNTER.c.seq)).scalar_one())


def _answers(conn: Connection, survey: Survey) -> None:
    """What people answered, as `intake` would have kept it, in one go; what was told of it stands in the log already."""
    row = conn.execute(
        select(SURVEYS.c.last, SURVEYS.c.state, SURVEYS.c.answers).where(SURVEYS.c.id == survey.id).with_for_update()
    ).one()
    if row.answers:
        return
    tally = Tally()
    rows = []
    for n, (at, given) in enumerate(surveys.answers(survey), 1):
        tally.add(survey, given, day_of(at).isoformat())
        rows.append((survey.id, n, f"{n:032x}", at, dumps(given)))
    insert_rows(conn, ANSWERS, ANSWERED, rows)
    told = {
        "told": tally.answers,
        "told_at": DEMO_NOW,
        "told_last": row.last if row.state == SurveyState.CLOSED else None,
    }
    values = {"answers": tally.answers, "tally": dump(tally), **told}
    conn.execute(update(SURVEYS).where(SURVEYS.c.id == survey.id).values(**values))


def _contact(sender: Sender) -> str:
    return json.dumps(dict(sender.contact)) if sender.contact else ""


def _people(conn: Connection, password: str) -> None:
    known = set(conn.execute(select(users.USERS.c.id)).scalars())
    for user in (user for user in USERS if user.id not in known):
        users.add(conn, NewUser(user.name, str(user.role), password, user.id, "", ""), DEMO_NOW)


# ── those who act ────────────────────────────────────────────────────────────────────────────────────────────────────

REPLIES = (
    "您好，来信收悉。我单位已到现场核实，问题属实，已安排整改，预计三个工作日内完成，届时请您监督。",
    "您反映的情况已核查。责任单位已制定方案并开工，完成后将电话告知您。感谢您的来信。",
    "经核实，所反映的设施确需维修。已联系维保单位更换部件，目前恢复正常。",
)
RETURNED = "经核对，该处不在本单位管辖范围，建议转相邻区县办理。"


class Players:
    """A district and a citizen: they act on what was sent after `since`, deterministically under a seed."""

    def __init__(self, db: Database, since: int, seed: int = 7) -> None:
        self.db = db
        self.since = since
        self.seed = seed
        self.seen: dict[str, float] = {}

    def start(self) -> None:
        threading.Thread(target=self._play, name="players", daemon=True).start()

    def _play(self) -> None:
        while True:
            time.sleep(TICK)
            self.look(time.monotonic())

    def look(self, clock: float) -> int:
        """Does what is due by that clock (seconds); how much that was. What the rules refuse is left."""
        done = 0
        with self.db.read() as conn:
            rows = conn.execute(select(CASES.c.row).where(CASES.c.open == 1, CASES.c.seq > self.since)).scalars().all()
        for case in map(casefile.restore, rows):
            for who, deed, after in self._deeds(case):
                key = f"{deed.case} {deed.kind} {deed.dispatch} {case.redos} {case.reopens} {case.answer}"
                if clock - self.seen.setdefault(key, clock) < after:
                    continue
                try:
                    doing.do(self.db, who, deed, _now(case))
                    done += 1
                except (RefusedError, ProblemError):
                    self.seen[key] = float("inf")
        return done

    def _deeds(self, case: Case) -> list[tuple[Person, Deed, float]]:
        found: list[tuple[Person, Deed, float]] = []
        for d in case.dispatches:
            who = unit_person(d.district, d.unit)
            if d.state is DispatchState.SENT:
                found.append((who, Deed("signed", case.id, {}, {}, d.id), SIGNED))
            elif d.state is DispatchState.SIGNED:
                found.append((who, self._answer(case, d), REPLIED))
        if case.state is State.ANSWERED and case.rating is None:
            score = 3 + self._pick(case.id, 3)
            facts = {"solved": score > 3, "score": score}
            found.append((CITIZEN, Deed("rated", case.id, facts, {}), RATED))
        return found

    def _answer(self, case: Case, d: Dispatch) -> Deed:
        if self._pick(d.id, 5) == 0 and not case.returns and d.lead:
            return Deed("returned", case.id, {"reason": "wrong_district"}, {"text": RETURNED}, d.id)
        return Deed("replied", case.id, {}, {"text": REPLIES[self._pick(d.id, len(REPLIES))]}, d.id)

    def _pick(self, id_: str, of: int) -> int:
        """The same choice for the same letter."""
        return random.Random(f"{self.seed} {id_}").randrange(of)


def _now(case: Case) -> Ms:
    """The demo's clock stands still: what happens comes after what happened."""
    from db.clock import now_ms

    return max(now_ms(), case.last_at + 1)
