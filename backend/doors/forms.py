"""What the doors take, as models: anything else is refused by the name of its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from annotated_types import GroupedMetadata
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from db import places, topics
from db.clock import SHANGHAI, now_ms
from db.model import Kind, Ms, Urgency

AHEAD: Ms = 5 * 60_000
"""How far a channel's clock may be ahead."""


def no_nul(text: str) -> str:
    """NUL and lone surrogates have no place in any database; the rest is made visible where it is shown."""
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("contains characters that are no text")
    return text


def _visible(text: str) -> str:
    if not no_nul(text).isprintable():
        raise ValueError("contains characters that cannot be seen")
    return text


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """Text of so many characters; without line breaks and anything unseen, if it is one line."""

    most: int
    least: int = 0
    line: bool = False

    def __iter__(self) -> Iterator[object]:
        yield StringConstraints(strip_whitespace=True, min_length=self.least, max_length=self.most)
        yield AfterValidator(_visible if self.line else no_nul)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SenderIn(Form):
    """Who writes; kept apart from the letter."""

    name: Annotated[str, Text(60, line=True)] = ""
    salutation: Annotated[str, Text(10, line=True)] = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^[0-9+() -]*$")] = ""
    contact: Annotated[
        dict[Annotated[str, Text(40, 1, line=True)], Annotated[str, Text(200, line=True)]], Field(max_length=10)
    ] = {}


class FileIn(Form):
    """An attachment that was sent before."""

    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    name: Annotated[str, Text(200, line=True)] = ""


Files = Annotated[list[FileIn], Field(max_length=20)]


def _district(code: str | None) -> str | None:
    """Any that ever was: an app's list may be older than the last reform, and the desk decides where a letter goes."""
    if code is not None and places.load().get(code) is None:
        raise ValueError("is no district's code")
    return code


def _topic(name: str | None) -> str | None:
    if name is not None and topics.load().field_of(name) is None:
        raise ValueError("is no topic")
    return name


def _moment(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
    ms = round(at.timestamp() * 1000)
    if not 946_684_800_000 <= ms <= now_ms() + AHEAD:
        raise ValueError("lies in the future, or before 2000")
    return at


class LetterIn(Form):
    """A letter from a channel. `number` is the channel's own: the same number is the same letter."""

    number: Annotated[str, Text(120, 1, line=True)]
    title: Annotated[str, Text(200, line=True)] = ""
    body: Annotated[str, Text(100_000, 1)]
    place: Annotated[str, Text(200, line=True)] = ""
    kind: Kind | None = None
    topic: Annotated[str | None, AfterValidator(_topic)] = None
    urgency: Urgency = Urgency.NORMAL
    district: Annotated[str | None, AfterValidator(_district)] = None
    confidential: bool = False
    received_at: Annotated[datetime | None, AfterValidator(_moment)] = None
    sender: SenderIn | None = None
    attachments: Files = []
    call: Annotated[str, Text(40, line=True)] | None = None


class SecretIn(Form):
    secret: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class RatingIn(SecretIn):
    """评价: solved or not, 1 to 5, words; `thanks`: a 锦旗; `reopen`: unhappy, please look again."""

    solved: bool | None = None
    score: Annotated[int | None, Field(ge=1, le=5)] = None
    words: Annotated[str, Text(5_000)] = ""
    thanks: bool = False
    reopen: bool = False


class TellIn(SecretIn):
    """What the citizen adds, asked or not."""

    text: Annotated[str, Text(20_000, 1)]
    attachments: Files = []


class WithdrawIn(SecretIn):
    reason: Literal["settled", "changed_mind", "duplicate"]
    text: Annotated[str, Text(2_000)] = ""


class ReturnIn(Form):
    """退单, with its reason."""

    reason: Literal["not_ours", "other_district", "no_place", "wrong_unit", "above_us"]
    text: Annotated[str, Text(5_000)] = ""


class OutcomeIn(Form):
    measure: Annotated[str, Text(60, 1, line=True)]
    count: Annotated[int, Field(ge=1, le=10_000_000)]
    unit: Annotated[str, Text(20, line=True)] = ""


class ReplyIn(Form):
    """回复, with what was done, counted."""

    text: Annotated[str, Text(50_000, 1)]
    outcomes: Annotated[list[OutcomeIn], Field(max_length=20)] = []
    attachments: Files = []


class ExtensionIn(Form):
    """申请延期, and why."""

    text: Annotated[str, Text(5_000, 1)]
