"""Which letters go into which notice, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from db import deadlines, projection
from db.clock import day_in_words, day_of, midnight
from db.deadline_days import last_day, working_days
from db.model import Case, CaseId, Dispatch, DispatchState, EventKind, Ms
from db.model_rules import Rulebook
from db.text import one_line, safe

if TYPE_CHECKING:
    from db.people import Sender
    from db.store import Store

KINDS = ("forward", "chase", "supervise")
RATING = "rating"
"""来信评价督办函: not for letters that run, but for how their answers were rated."""

TITLES = {
    "forward": "群众来信转办函",
    "chase": "群众来信催办通知书",
    "supervise": "群众来信督办函",
    RATING: "群众来信评价督办函",
}
LEVELS = ("", "提醒", "催办", "督办", "提级督办")
"""Levels of a chase as units read them."""

SUPERVISED, ESCALATED = 3, 4
"""Levels of a chase: from the first on the letter to the unit is a 督办函; from the second on it is not threatened with that."""

MARKS = {"forward": "转", "chase": "催", "supervise": "督", RATING: "评督"}

NEWSROOM = "newsroom.name"
"""Setting: who signs; the head of every notice."""

DEFAULT_NEWSROOM = "人民来信编辑部"

RUNNING = (DispatchState.SENT, DispatchState.SIGNED)


@dataclass(frozen=True, slots=True)
class Row:
    """A letter in a notice; safe text."""

    case: CaseId
    code: str
    title: str
    received: date
    sent: date
    due: date | None
    late: int  # working days
    chased: int
    level: int  # of the last chase, 0 where there was none
    rated: str = ""  # 未解决，2分
    body: str = ""
    place: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter to one unit. `number` is 0 until it is taken (`numbered`)."""

    kind: str
    newsroom: str
    district: str
    to: str
    day: date
    rows: tuple[Row, ...]
    paragraphs: tuple[str, ...]
    number: int = 0

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def mark(self) -> str:
        """发文字号: 人民来信催〔2024〕12号."""
        number = str(self.number) if self.number else "　"
        return f"人民来信{MARKS[self.kind]}〔{self.day.year}〕{number}号"

    @property
    def name(self) -> str:
        """What its file is called, without ending: no character that a file system or a shell minds."""
        to = "".join(c for c in self.to if c.isalnum())
        return f"{self.day:%Y%m%d}-{MARKS[self.kind]}{self.number or ''}-{to}"


def notices(store: Store, kind: str, cases: Iterable[CaseId], now: Ms) -> list[Notice]:
    """A notice for each unit that now works on one of these letters, in the order of the letters; letters with no
    running dispatch are in none. No number is taken yet. Raises StoreError; ValueError for a kind that is none.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    book, ids = store.rulebook(), list(dict.fromkeys(cases))
    with store.view() as conn:
        held = projection.fetch(conn, ids)
    grouped: dict[tuple[str, str], list[Row]] = {}
    districts: dict[tuple[str, str], str] = {}
    for id_ in ids:
        case = held[id_].case if id_ in held else None
        for d in case.dispatches if case else ():
            if d.state not in RUNNING or d.recalled:
                continue
            assert case is not None
            to = one_line(d.unit if d.unit.startswith(d.district_name) else f"{d.district_name}{d.unit}")
            key = (d.district, to)
            districts[key] = d.district
            grouped.setdefault(key, []).append(_row(store, kind, case, d, now, book))
    newsroom = one_line(store.setting(NEWSROOM) or "") or DEFAULT_NEWSROOM
    day = day_of(now)
    return [
        Notice(kind, newsroom, districts[key], key[1], day, tuple(rows), _says(kind, rows))
        for key, rows in grouped.items()
    ]


def _row(store: Store, kind: str, case: Case, d: Dispatch, now: Ms, book: Rulebook) -> Row:
    due = d.sign_due if d.state is DispatchState.SENT and kind != "forward" else d.reply_due
    # today counts as soon as it is worked, as in the list of letters
    tonight = midnight(day_of(now) + timedelta(days=1))
    late = working_days(due, tonight, book.at(now).calendar) if deadlines.is_late(due, None, now) else 0
    row = Row(
        case.id,
        one_line(case.code),
        one_line(case.title) or "（无标题）",
        day_of(case.received_at),
        day_of(d.sent_at),
        last_day(due),
        late,
        d.chases,
        d.chase_level,
    )
    return _with_words(store, row, case, d) if kind == "forward" else row


def _with_words(store: Store, row: Row, case: Case, d: Dispatch) -> Row:
    """A forward carries the letter itself; the contact only where it was shared."""
    from db import people, queries

    letter = queries.letter(store, case.id)
    words = next((e.words for e in letter.events if e.kind == EventKind.RECEIVED), {}) if letter else {}
    contact = ""
    if d.contact_shared and not case.confidential:
        contact = _contact(people.sender(store, case.sender))
    return replace(row, body=safe(words.get("body", "")), place=one_line(words.get("place", "")), contact=contact)


def _contact(sender: Sender | None) -> str:
    if sender is None:
        return ""
    return one_line(" ".join(p for p in (f"{sender.name}{sender.salutation}", sender.phone) if p.strip()))


def _says(kind: str, rows: Sequence[Row]) -> tuple[str, ...]:
    """The sentences of a notice, which say no more than is true of each of its letters."""
    return {"forward": _forwarded, "chase": _chased, "supervise": _supervised}[kind](rows)


def _forwarded(rows: Sequence[Row]) -> tuple[str, ...]:
    days = {r.due for r in rows}
    day = next(iter(days)) if len(days) == 1 else None
    until = f"请于{day_in_words(day)}前" if day else "请在附件所列期限内"
    return (
        f"现将群众来信{len(rows)}件转你单位办理。请核实情况，依法依规处理，{until}将办理情况书面回复我部，并注意保护来信人信息。",
        "如不属你单位职责，请在规定时限内说明理由退回。",
    )


def _chased(rows: Sequence[Row]) -> tuple[str, ...]:
    n, late = len(rows), sum(r.late > 0 for r in rows)
    more = "确有困难的，请说明原因和预计办结时间。"
    if late == n:
        return (
            f"我部转你单位办理的群众来信{n}件已超过期限，至今未收到回复，详见附件。请尽快办理，于收到本通知之日起3个工作日内书面回复。",
            more,
        )
    if not late:
        return (f"我部转你单位办理的群众来信{n}件期限将至，详见附件。请抓紧办理，在期限内书面回复。", more)
    return (
        f"我部转你单位办理的群众来信{n}件尚未收到回复，其中{late}件已超过期限，详见附件。已超期的，请于收到本通知之日起3个工作日内书面回复；其余的，请在期限内书面回复。",
        more,
    )


def _supervised(rows: Sequence[Row]) -> tuple[str, ...]:
    n, most = len(rows), max((r.late for r in rows), default=0)
    supervised = sum(r.level >= SUPERVISED for r in rows) or n  # written before the chase is recorded: all of them
    longest = f"，最长已超期{most}个工作日" if most else ""
    if supervised == n:
        first = f"我部转你单位办理的群众来信{n}件，经催办仍未办结{longest}，详见附件。现予督办。"
    else:
        first = (
            f"我部转你单位办理的群众来信{n}件尚未办结{longest}，详见附件。"
            f"其中{supervised}件经催办仍未办结，现予督办；其余{n - supervised}件一并催办。"
        )
    escalated = sum(r.level >= ESCALATED for r in rows)
    if escalated:
        first += "上述来信均已提级督办。" if escalated == n else f"其中{escalated}件已提级督办。"
    then = "将视情公开" if escalated == n else "将提级督办并视情公开"
    return (
        first,
        f"请主要负责同志过问，逐件查明原因、明确责任人和办结时间，并于2个工作日内书面报我部。逾期仍未回复的，{then}。",
    )


def after_chase(store: Store, cases: Iterable[CaseId], now: Ms) -> list[Notice]:
    """A notice for each unit whose letters were just chased: one lists them all, each with its level. It is a 督办函 where
    one of them has come to that, else a 催办通知书. Raises StoreError.
    """
    return [
        replace(n, kind="supervise", paragraphs=_says("supervise", n.rows))
        if any(row.level >= SUPERVISED for row in n.rows)
        else n
        for n in notices(store, "chase", cases, now)
    ]


def for_ratings(
    store: Store, district: str, to: str, cases: Iterable[CaseId], days: int, share: int, now: Ms
) -> Notice:
    """One unit's letters that were rated badly: `share` per cent of those rated in `days` days were satisfied."""
    ids = list(dict.fromkeys(cases))
    with store.view() as conn:
        held = projection.fetch(conn, ids)
    rows = []
    for case in (held[i].case for i in ids if i in held):
        lead = case.lead_dispatch if case else None
        if case is None or lead is None:
            continue
        row = _row(store, RATING, case, lead, now, store.rulebook())
        rows.append(replace(row, late=0, rated=_rating(case)))
    said = (
        f"近{days}日内，来信人对你单位办理来信的评价，满意率为{share}%。其中评价不满意的{len(rows)}件详见附件，现予督办。",
        "请逐件回访来信人、复核办理情况，能解决的抓紧解决，不能解决的说明依据，并于5个工作日内将整改情况书面报我部。",
    )
    newsroom = one_line(store.setting(NEWSROOM) or "") or DEFAULT_NEWSROOM
    return Notice(RATING, newsroom, district, one_line(to), day_of(now), tuple(rows), said)


def _rating(case: Case) -> str:
    rating = case.rating
    if rating is None:
        return ""
    solved = {True: "已解决", False: "未解决", None: ""}[rating.solved]
    return "，".join(part for part in (solved, f"{rating.score}分" if rating.score else "") if part)


def numbered(store: Store, made: Sequence[Notice]) -> list[Notice]:
    """The notices with their numbers of the year, taken one after the other and never twice. Raises StoreError."""
    done = []
    with store.write() as conn:
        for notice in made:
            name = f"notice.{notice.kind}.{notice.day.year}"
            found = conn.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
            number = int(found[0]) + 1 if found else 1
            conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, str(number)))
            done.append(replace(notice, number=number))
    return done


def columns(kind: str) -> tuple[str, ...]:
    """Heads of the table of letters."""
    if kind == "forward":
        return ("序号", "来信编号", "标题", "收信日期", "回复期限")
    if kind == RATING:
        return ("序号", "来信编号", "标题", "转办日期", "来信人评价")
    return ("序号", "来信编号", "标题", "转办日期", "期限", "超期工作日", "催办")


def cells(kind: str, nr: int, row: Row) -> tuple[str, ...]:
    """A letter as a line of the table."""
    due = f"{row.due:%m-%d}" if row.due else "—"
    if kind == "forward":
        return (str(nr), row.code, row.title, f"{row.received:%Y-%m-%d}", due)
    if kind == RATING:
        return (str(nr), row.code, row.title, f"{row.sent:%Y-%m-%d}", row.rated)
    late = str(row.late) if row.late else "—"
    return (str(nr), row.code, row.title, f"{row.sent:%Y-%m-%d}", due, late, LEVELS[row.level] or "—")
