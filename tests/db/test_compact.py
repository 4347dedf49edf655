"""Text that hashes are made of: exactly what the standard library writes, whoever writes it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.compact import encoder

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@given(VALUES, st.booleans())
def test_it_writes_what_the_standard_library_writes(value: Any, sort_keys: bool) -> None:
    theirs = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys)
    assert encoder(sort_keys=sort_keys)(value) == theirs


def test_what_json_does_not_know_is_asked_for() -> None:
    assert encoder(default=lambda day: day.isoformat())([date(2024, 10, 1), (1, "二")]) == '["2024-10-01",[1,"二"]]'
    with pytest.raises(TypeError):
        encoder()([date(2024, 10, 1)])
