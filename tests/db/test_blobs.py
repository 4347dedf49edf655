"""Snapshot blobs: what is read is what was written, in fewer bytes than a plain stream."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from db import blobs, casefile, demo
from db.blob_columns import columns, long, moment, rows, short, since
from db.model import Case, Event
from db.newsroom import default_rulebook
from db.refold import replay


@cache
def world() -> tuple[tuple[Case, ...], tuple[Event, ...]]:
    """The demo's cases by receipt, and its events as a backend numbers them."""
    events = tuple(replace(e, seq=n, heard=e.at + 700) for n, e in enumerate(demo.events(), 1))
    cases = replay([(e, False) for e in events], default_rulebook(), demo.DEMO_NOW)
    return tuple(sorted(cases.values(), key=lambda c: c.received_at)), events


def test_a_case_is_the_same_after_its_text() -> None:
    for case in world()[0]:
        assert casefile.restore(casefile.dump(case)) == case
        assert casefile.dump(case) == json.dumps(casefile.plain(case), ensure_ascii=False, separators=(",", ":"))


def test_rows_come_back_as_they_were() -> None:
    letters = [(case, n * 3) for n, case in enumerate(world()[0])]
    assert list(blobs.read_rows(blobs.write_rows(letters))) == letters


def test_rows_with_text_that_looks_like_ids_come_back() -> None:
    case = replace(
        world()[0][0], topic="@1", assignee="@@x", title="@0", tags=("@2", "0" * 32), place="f" * 32, reason="a" * 32
    )
    assert next(blobs.read_rows(blobs.write_rows([(case, 1)])))[0] == case


def test_no_letters_are_a_blob_too() -> None:
    assert list(blobs.read_rows(blobs.write_rows([]))) == []


def test_rows_cost_less_than_a_stream_of_json_lines() -> None:
    lines = []
    for case in world()[0]:
        *values, rest, dispatches = casefile.plain(case)
        sent = [dict(zip(casefile.DISPATCH_COLUMNS, d, strict=False)) | d[-1] for d in dispatches]
        lines.append(json.dumps(dict(zip(casefile.CASE_COLUMNS, values, strict=True)) | rest | {"dispatches": sent}))
    stream = zstandard.ZstdCompressor(level=19).compress("\n".join(lines).encode())
    assert len(blobs.write_rows((c, 1) for c in world()[0])) < 0.95 * len(stream)


def test_events_come_back_without_their_salts() -> None:
    events = [
        *world()[1][:900],
        replace(world()[1][0], id=world()[1][-1].id, case=None, kind="configured", facts={}, seq=901),
    ]
    past = [
        blobs.Past(e, e.kind == "tagged", (events[n - 1].id,) if n % 7 == 3 else (), b"") for n, e in enumerate(events)
    ]
    blob = blobs.write_events(past)
    assert any(e.salt for e in events)
    assert list(blobs.read_events(blob)) == [p._replace(event=replace(p.event, salt="")) for p in past]


def test_bodies_and_senders_come_back() -> None:
    bodies = [(c.id, f"信 {n}\n\x00") for n, c in enumerate(world()[0][:9])]
    assert list(blobs.read_bodies(blobs.write_bodies(bodies))) == bodies
    senders = [("demo-0001", "陈", "先生", "138****1234"), (world()[0][0].id, "李", "", "")]
    assert list(blobs.read_senders(blobs.write_senders(senders))) == senders


def test_equal_letters_make_equal_bytes_and_names() -> None:
    letters = [(c, 1) for c in world()[0][:20]]
    assert blobs.name(blobs.write_rows(letters)) == blobs.name(blobs.write_rows(list(letters)))


def test_a_fingerprint_depends_on_cases_and_not_on_their_order() -> None:
    cases = list(world()[0][:20])
    assert blobs.fingerprint(cases) == blobs.fingerprint(cases[::-1])
    assert blobs.fingerprint(cases) != blobs.fingerprint([replace(cases[0], returns=9), *cases[1:]])


@pytest.mark.parametrize("blob", [b"", b"no", zstandard.compress(b"{}"), zstandard.compress(b'{"kind":"rows","v":9}')])
def test_what_is_no_blob_is_said(blob: bytes) -> None:
    with pytest.raises(blobs.BlobError):
        list(blobs.read_rows(blob))


@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=40) | st.uuids().map(str))
def test_a_value_survives_being_shortened(ids: list[str], value: str) -> None:
    ids = list(dict.fromkeys(ids))
    assert long(short([value, *ids], {id_: n for n, id_ in enumerate(ids)}), ids) == [value, *ids]


@given(st.integers(1, 2**42), st.integers(0, 2**42))
def test_a_time_survives_being_told_from_another(at: int, base: int) -> None:
    assert moment(since(at, base), base) == at


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers() | st.lists(st.text(max_size=2)), max_size=3)))
def test_rows_survive_being_columns(given_rows: list[dict[str, Any]]) -> None:
    assert list(rows(columns(given_rows), len(given_rows))) == given_rows
