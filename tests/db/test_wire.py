"""What travels: events and frames survive the line as they are, and nothing else gets in."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from db import demo, frames, log
from db.model import Event, Role
from db.wire import BadEventError, dumps, event_in, event_out, event_text

EVENTS = [replace(e, salt=log.salted(e)) for e in demo.events()[::37]]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


def test_every_event_of_the_demo_comes_back_as_it_was() -> None:
    for event in EVENTS:
        assert event_in(json.loads(json.dumps(event_out(event)))) == event


def test_an_event_keeps_its_digest_on_the_way() -> None:
    for event in EVENTS:
        back = event_in(event_out(event))
        inner = log.inner(event.salt, event.words)
        assert log.digest(back, log.inner(back.salt, back.words)) == log.digest(event, inner)


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("id", {"id": "1"}),
    ("id", {"id": "0192F3C8-0000-7000-8000-000000000001"}),
    ("case", {"case": 7}),
    ("kind", {"kind": "Signed; DROP"}),
    ("case", {"case": ""}),
    ("re", {"re": "x"}),
    ("re", {"re": ""}),
    ("dispatch", {"dispatch": " "}),
    ("actor", {"actor": 7}),
    ("salt", {"salt": "abc"}),
    ("at", {"at": -1}),
    ("at", {"at": True}),
    ("at", {"at": 10**15}),
    ("when", {"when": "yesterday"}),
    ("actor", {"actor": "a b"}),
    ("actor", {"actor": "\x00"}),
    ("role", {"role": "emperor"}),
    ("device", {"device": ""}),
    ("facts", {"facts": []}),
    ("facts", {"facts": {"x": "\x00"}}),
    ("facts", {"facts": {"x": "y" * 70_000}}),
    ("facts", {"facts": {"x": float("nan")}}),
    ("facts.code", {"facts": {"code": {"a": 1}}}),
    ("facts.level", {"facts": {"level": "3"}}),
    ("facts.score", {"facts": {"score": True}}),
    ("facts.into", {"kind": "split", "facts": {"into": [7]}}),
    ("facts.into", {"kind": "merged", "facts": {"into": "there"}}),
    ("facts.to", {"kind": "linked", "facts": {"to": "0" * 36}}),
    ("words", {"words": {"text": 7}}),
    ("words", {"words": {"text": "好" * 1_400_000}}),
    ("salt", {"words": {"text": "x"}}),
    ("salt", {"words": {"text": "x"}, "salt": "zz"}),
]


@pytest.mark.parametrize(("field", "change"), WRONG)
def test_what_is_no_event_is_named_by_its_field(field: str, change: dict[str, Any]) -> None:
    good = next(e for e in EVENTS if e.kind == "forwarded" and not e.words)
    with pytest.raises(BadEventError) as caught:
        event_in(event_out(good) | change)
    assert caught.value.field == field


@given(JSON)
def test_whatever_comes_is_an_event_or_says_what_is_wrong(value: Any) -> None:
    for one in (value, {**event_out(EVENTS[0]), "facts": value}):
        with suppress(BadEventError):
            assert event_in(one).id


@given(JSON, st.sampled_from([(), (1,), (1, 9), (frames.GZIP,)]))
def test_a_frame_holds_what_was_put_in(value: Any, dictionaries: tuple[int, ...]) -> None:
    assert frames.unpack(frames.pack(value, dictionaries)) == value


def test_one_event_in_a_frame_is_a_third_of_its_json() -> None:
    event = next(e for e in EVENTS if e.kind == "forwarded")
    request = {"v": 1, "d": [1], "c": 1234, "h": "a1b2c3d4", "e": [event_out(event)]}
    assert len(frames.pack(request, (1,))) * 3 < len(json.dumps(request, ensure_ascii=False).encode())


def test_a_frame_without_the_dictionary_is_read_by_anybody() -> None:
    frame = frames.pack({"e": ["长" * 900]})
    assert frame[0] == 1
    assert zstandard.ZstdDecompressor().decompress(frame[1:])[:1] == b"{"


def test_who_has_no_zstd_reads_gzip() -> None:
    frame = frames.pack({"e": ["长" * 900]}, (frames.GZIP,))
    assert frame[0] == frames.GZIP
    assert gzip.decompress(frame[1:])[:1] == b"{"


def _bomb(*, tell_size: bool) -> bytes:
    made = zstandard.ZstdCompressor(level=3, write_content_size=tell_size)
    if tell_size:
        return b"\x01" + made.compress(b" " * 50_000_000)
    stream = made.compressobj()
    return b"\x01" + stream.compress(b" " * 50_000_000) + stream.flush()


@pytest.mark.parametrize(
    ("code", "frame"),
    [
        ("bad_frame", b""),
        ("bad_frame", b"\x01not zstd"),
        ("bad_frame", b"\x01" + zstandard.ZstdCompressor().compress(b"{}" * 99)[:-3]),
        ("bad_frame", b"\x01" + zstandard.ZstdCompressor().compress(b"{}") + b"more"),
        ("dictionary", b"\x63xxxx"),
        ("bad_frame", b"\x1fnot gzip"),
        ("bad_frame", b"\x1f" + gzip.compress(b"{}" * 99)[:-3]),
        ("bad_frame", b"\x1f" + gzip.compress(b"{}") + b"more"),
        ("too_big", b"\x1f" + gzip.compress(b" " * 50_000_000)),
        ("bad_json", b"\x00{"),
        ("bad_json", b"\x00[NaN]"),
        ("bad_json", b"\x00" + b"[" * 100_000),
        ("bad_json", b"\x00\xff\xfe"),
        ("too_big", b"\x00" + b" " * 8_000_001),
        ("too_big", _bomb(tell_size=True)),
        ("too_big", _bomb(tell_size=False)),
    ],
    ids=range(16),
)
def test_a_bad_frame_says_what_it_is(code: str, frame: bytes) -> None:
    with pytest.raises(frames.FrameError) as caught:
        frames.unpack(frame)
    assert caught.value.code == code


def test_a_lone_surrogate_travels() -> None:
    assert frames.unpack(frames.pack({"text": "a\ud800b"})) == {"text": "a\ud800b"}


@given(
    st.text(), st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans(), st.none())), st.booleans()
)
@settings(deadline=None)
def test_the_text_kept_in_the_log_and_the_digested_one_are_plain_json(
    odd: str, facts: dict[str, Any], bare: bool
) -> None:
    event = Event(
        id="i" + odd, case=None if bare else odd, kind="noted", at=1, actor="a" + odd, role=Role.EDITOR, device="d",
        re=None if bare else odd, when=None if bare else 5, facts=facts, words={"text": odd}, salt="ab",
    )  # fmt: skip
    assert event_text(event) == dumps(event_out(event))
    names = ("id", "case", "kind", "re", "dispatch", "at", "when", "actor", "role", "device", "facts")
    plain = log.canonical({name: getattr(event, name) for name in names})
    assert log.digest(event, b"x") == sha256(plain.encode("utf-8", "surrogatepass") + b"x").digest()
