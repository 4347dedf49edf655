"""The fields of each action, in the order a person passes them."""

from __future__ import annotations

from collections.abc import Mapping

from db.model import State
from desk import action_choices as c
from desk.action_fields import Field, always

TEXT = Field("text", "long", "word", required=always)
WHEN = Field("when", "moment", "when")
DISPATCH = Field(
    "dispatch", "dispatch", "dispatch", shown=c.several_dispatches, codes=c.dispatches, default=c.lead_or_only
)

CLASSIFY = (
    Field("kind", "choice", codes=c.kinds, default=c.from_case("kind")),
    Field("topic", "topic", default=c.from_case("topic")),
    Field("urgency", "choice", codes=c.urgencies, default=c.from_case("urgency")),
    Field("district", "district", default=c.known_district),
    Field("call", "choice", shown=c.has_calls, codes=c.call_ids, default=c.from_case("call")),
    Field("confidential", "flag", shown=c.one_letter, default=c.from_case("confidential")),
    Field("title", "text", "word", shown=c.one_letter, default=c.from_case("title")),
    Field("place", "text", "word", shown=c.one_letter, default=c.from_case("place")),
)

ACCEPT = (
    Field("kind", "choice", codes=c.kinds, default=c.kind_or_help, required=c.one_letter, sure=c.kind_known),
    Field("topic", "topic", default=c.from_case("topic")),
    Field("urgency", "choice", codes=c.urgencies, default=c.from_case("urgency")),
)

DECLINE = (
    Field("reason", "choice", codes=c.of(*c.DECLINE), list="decline", required=always),
    Field("text", "long", "word", required=always, says="text_citizen"),
)

ASK = (Field("text", "long", "word", required=always, says="text_ask"),)

FORWARD = (
    Field(
        "district",
        "district",
        "own",
        required=always,
        default=c.known_district,
        sure=c.not_given_back,
        says="to",
        option="to",
    ),
    Field("unit", "unit", "own"),
    Field("co", "districts", "own"),
    Field("note", "text", "word"),
    Field("contact", "choice", "own", codes=c.contact, default=c.first_contact),
)

CO_FORWARD = (
    Field("district", "district", "own", required=always, says="to", option="to"),
    Field("unit", "unit", "own"),
    Field("note", "text", "word"),
    Field("contact", "choice", "own", codes=c.contact, default=c.first_contact),
)

CHASE = (
    DISPATCH,
    Field("level", "choice", codes=c.levels, list="chase_level", default=c.next_level, required=always, whole=True),
    Field("channel", "choice", codes=c.of(*c.CHANNEL), default=c.channel, required=always),
    Field("delivered", "choice", codes=c.of(*c.DELIVERED)),
    Field("text", "text", "word", says="text_said"),
)

EXTEND = (
    Field(
        "what",
        "choice",
        "own",
        says="decision",
        codes=c.possible("extended", "extension_refused", "extension_asked"),
        default=c.likeliest("extended", "extension_refused", "extension_asked"),
        required=always,
        sure=lambda ctx, _v: any(d.extension_asked for d in ctx.case.dispatches),
    ),
    DISPATCH,
    Field("text", "text", "word", says="text_why", required=c.what_is("extension_asked")),
    Field("when", "moment", "when", shown=c.what_is("extension_asked")),
)

RECORD = (
    Field(
        "what",
        "choice",
        "own",
        codes=c.possible("replied", "signed", "returned"),
        default=c.recorded,
        required=always,
        sure=lambda _ctx, _v: False,
    ),
    DISPATCH,
    Field(
        "reason",
        "choice",
        shown=c.what_is("returned"),
        codes=c.of(*c.RETURN),
        list="return",
        required=c.what_is("returned"),
    ),
    Field(
        "text",
        "long",
        "word",
        shown=c.what_is("replied", "returned"),
        required=c.what_is("replied"),
        says="text_reply",
    ),
    Field("outcomes", "outcomes", shown=c.what_is("replied"), says="claimed", option="outcome"),
    Field("files", "files", "own", shown=c.what_is("replied"), option="attach"),
    WHEN,
)

REDO = (
    Field(
        "dispatch",
        "dispatch",
        "dispatch",
        shown=c.co_replied,
        codes=c.with_reply,
        default=c.replied_lead_or_first,
    ),
    Field("code", "choice", codes=c.of(*c.REDO), list="redo", required=always),
    Field("text", "long", "word", required=always, says="text_unit"),
)

ANSWER = (
    Field("checklist", "checklist", codes=c.of(*c.CHECKLIST), required=always),
    Field("redacted", "flag", required=always),
    Field("text", "long", "word", required=always, says="text_citizen", option="words"),
)

RESOLVE = (
    Field("result", "choice", codes=c.results, default=c.rated_result, required=always),
    Field("outcomes", "outcomes", default=c.claimed, option="outcome"),
    Field(
        "text",
        "long",
        "word",
        says="text_citizen",
        required=c.closing_needs_words,
        option="words",
    ),
)

TRACK = (
    Field("promised", "day", required=always, default=c.promised),
    Field("text", "long", "word", says="text_citizen", required=c.needs_words(State.REPLIED), option="words"),
)

REOPEN = (
    Field("reason", "choice", codes=c.of(*c.REOPEN), list="reopen", default=c.why_again, required=always),
    Field("text", "long", "word", says="text_why"),
)

MERGE = (Field("into", "letter", required=always),)

ASSIGN = (Field("to", "person", says="assignee", default=c.myself),)

NOTE = (
    Field("text", "long", "word", required=always, says="text_note"),
    Field("files", "files", "own", shown=c.one_letter, option="attach"),
)

PUBLISH = (
    Field(
        "as",
        "choice",
        codes=c.of("told", "open_question"),
        list="publication",
        default=c.printed_as,
        required=always,
    ),
    Field("title", "text", "word", required=always, default=c.from_case("title")),
    Field("text", "long", "word", required=always, says="text_print"),
    Field("reply", "long", "word", says="reply_print"),
    Field("redact", "flag", "own"),
    Field("as_typed", "flag", "own"),
)

CITIZEN = (
    Field(
        "what",
        "choice",
        "own",
        codes=c.possible("told", "rated", "withdrawn"),
        default=c.from_citizen,
        required=always,
        sure=lambda _ctx, _v: False,
    ),
    Field("solved", "choice", shown=c.what_is("rated"), codes=c.of("yes", "no")),
    Field("score", "choice", shown=c.what_is("rated"), codes=c.of("1", "2", "3", "4", "5"), whole=True),
    Field("thanks", "flag", shown=c.what_is("rated")),
    Field("reopen", "flag", shown=c.what_is("rated"), says="wants_reopen"),
    Field(
        "reason",
        "choice",
        shown=c.what_is("withdrawn"),
        codes=c.of(*c.WITHDRAW),
        list="withdraw",
        required=c.what_is("withdrawn"),
    ),
    Field("text", "long", "word", says="text_from_citizen", required=c.what_is("told")),
    WHEN,
)

REVEAL = (Field("reason", "choice", codes=c.of(*c.REVEAL), list="reveal", required=always, says="reveal_reason"),)

ANSWER_DIRECTLY = (
    Field("text", "long", "word", required=always, says="text_citizen", option="words"),
    Field("source", "text", "word", shown=c.answer_shown, required=c.answer_shown),
)

CHANGE_LEAD = (
    Field("dispatch", "dispatch", "dispatch", codes=c.co_dispatches, default=c.first_co, required=always, says="lead"),
)

RECALL = (
    DISPATCH,
    Field("reason", "choice", codes=c.of(*c.RECALL), list="recall", required=always),
    Field("text", "text", "word", says="text_why"),
)

UPHOLD = (DISPATCH, Field("text", "text", "word", says="text_unit"))

CORRECT = (
    *CLASSIFY,
    Field("result", "choice", codes=c.results, default=c.rated_result, shown=lambda ctx, _v: bool(ctx.case.result)),
    Field("outcomes", "outcomes", default=c.claimed, shown=lambda ctx, _v: bool(ctx.case.result), option="outcome"),
)

TAG = (Field("tags", "tags", default=c.tags, option="tag"),)

LINK = (
    Field("to", "letter", required=always, says="link_to"),
    Field("relation", "choice", codes=c.of(*c.RELATION), default=lambda _ctx, _v: c.RELATION[0], required=always),
)

SPLIT = (Field("into", "letters", required=always, says="split_into"),)

ERASE = (
    Field("reason", "choice", codes=c.of(*c.ERASE), list="erase", required=always),
    Field("sure", "flag", "own", required=always),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "classify": CLASSIFY,
    "accept": ACCEPT,
    "decline": DECLINE,
    "ask": ASK,
    "forward": FORWARD,
    "chase": CHASE,
    "extend": EXTEND,
    "record": RECORD,
    "redo": REDO,
    "answer": ANSWER,
    "resolve": RESOLVE,
    "track": TRACK,
    "reopen": REOPEN,
    "merge": MERGE,
    "assign": ASSIGN,
    "note": NOTE,
    "publish": PUBLISH,
    "citizen": CITIZEN,
    "reveal": REVEAL,
    "answer_directly": ANSWER_DIRECTLY,
    "co_forward": CO_FORWARD,
    "change_lead": CHANGE_LEAD,
    "recall": RECALL,
    "uphold": UPHOLD,
    "correct": CORRECT,
    "tag": TAG,
    "link": LINK,
    "split": SPLIT,
    "unmerge": (),
    "unpublish": (),
    "erase": ERASE,
}
