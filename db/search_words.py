"""What the search understands besides free words: the fields' names, and its refusals as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from db.model import Refusal, Role
from db.text import one_line
from db.words import N_, _

FIELDS: Mapping[str, tuple[str, ...]] = {
    "district": ("区县", "区", "县", "地区"),
    "state": ("状态",),
    "topic": ("话题",),
    "field": ("领域",),
    "kind": ("类别", "类型", "种类"),
    "urgency": ("紧急程度", "缓急"),
    "from": ("从", "自", "起"),
    "to": ("到", "至", "止"),
    "on": ("日期", "当日", "date"),
    "code": ("编号", "件号"),
    "sender": ("来信人", "发信人"),
    "assignee": ("经办人", "经办"),
    "tag": ("标签",),
    "queue": ("队列",),
    "list": ("清单",),
    "same": ("同一来信人",),
    "board": ("超期榜",),
    "figure": ("月报",),
    "call": ("征集",),
}
"""A field → its further names. Typed with a colon of either width."""

NAMES: Mapping[str, str] = {name: field for field, others in FIELDS.items() for name in (field, *others)}

SENTENCES: Mapping[str, str] = {
    "search_quote": N_("A quotation mark is not closed: {typed}. Add the second one, or take the first one out."),
    "search_field": N_("There is no search field “{typed}”. There are: {known}. To find the word itself, quote it."),
    "search_value": N_("“{field}:” has no value yet. Type it without a space after the colon."),
    "search_nothing": N_("“{typed}” holds no letter, digit or sign to search for. Type a word."),
    "search_district": N_("No district is called “{typed}”. Type a name, its pinyin initials or its code."),
    "search_districts": N_("“{typed}” may be {candidates}. Type more of the name."),
    "search_choice": N_("“{typed}” is no value of “{field}:”. There are: {known}."),
    "search_choices": N_("“{typed}” may be {candidates}. Type more of the value."),
    "search_date": N_("“{typed}” is no date. Type 2024-10-01, 2024-10, 10-01, today or 7d (seven days ago)."),
    "search_span": N_("“from” is later than “to”: no letter can lie between. Change one of the two dates."),
    "search_sender": N_("Only who may reveal a contact may look for a sender. Look for words of the letter instead."),
    "search_without": N_(
        "“{typed}” cannot be left out. A dash goes before words and other fields. To find it, quote it."
    ),
    "search_long": N_("The search is longer than {limit} characters. Shorten it."),
}
"""Refusal code → msgid; for `db/sentences.py`, or by `say_search`."""


def may_look_for_senders(role: Role) -> bool:
    """A search that finds by name tells who wrote: only for those who may reveal a contact."""
    return role in (Role.EDITOR, Role.SUPERVISOR)


def say_search(refusal: Refusal) -> str:
    """A refusal of `parse` as a sentence in the person's language, safe to show: what was typed may have been pasted.

    Raises KeyError for another part's refusal.
    """
    shown = {name: one_line(value) if isinstance(value, str) else value for name, value in refusal.facts.items()}
    return _(SENTENCES[refusal.code], **shown)
