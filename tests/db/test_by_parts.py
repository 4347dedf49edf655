"""A snapshot is read part by part, and comes to what reading it at once comes to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.by_parts import loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
)


@given(VALUES, st.integers(0, 4))
def test_parts_come_to_the_whole(value: Any, depth: int) -> None:
    assert loads(json.dumps(value, separators=(",", ":"), ensure_ascii=False), depth) == value


@given(VALUES, st.integers(0, 4), st.integers(1, 5))
def test_what_was_cut_short_or_goes_on_is_no_value(value: Any, depth: int, cut: int) -> None:
    text = json.dumps([value], separators=(",", ":"))
    for wrong in (text[:-cut] if cut < len(text) else "", text + "]" * cut, "{" + text):
        with pytest.raises(ValueError, match=r"."):
            loads(wrong, depth)
