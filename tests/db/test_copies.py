"""A copy is what the standard library's would be."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.copies import maker, replace
from db.model import Case, Dispatch, Event, Refusal, Role

CASE = Case(id="a", code="b", channel="c", number="d", source="manual", received_at=1, tags=("x",))
NAMES = [f.name for f in dataclasses.fields(Case)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), st.integers() | st.text(max_size=3) | st.none(), max_size=6))
def test_a_copy_is_what_the_standard_one_is(changes: dict[str, Any]) -> None:
    before = dataclasses.astuple(CASE)
    assert replace(CASE, **changes) == dataclasses.replace(CASE, **changes)
    assert dataclasses.astuple(CASE) == before


def test_every_class_that_the_rules_copy_can_be_copied() -> None:
    event = Event(id="e", case="a", kind="noted", at=1, actor="li", role=Role.EDITOR, device="d1")
    sent = Dispatch(
        id="d", lead=True, district="1", district_name="x", sent_at=1, sign_due=2, return_due=3, reply_due=4
    )
    for value in (event, sent, Refusal("x")):
        assert replace(value) == value
        assert replace(value) is not value


def test_a_field_that_is_none_is_said() -> None:
    with pytest.raises(TypeError, match="colour"):
        replace(CASE, colour="red")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), st.integers() | st.text(max_size=3) | st.none(), max_size=12))
def test_what_is_made_quickly_is_what_the_class_makes(given_fields: dict[str, Any]) -> None:
    needed = {"id": "a", "code": "b", "channel": "c", "number": "d", "source": "manual", "received_at": 1}
    made = maker(Case)(**(needed | given_fields))
    assert made == Case(**(needed | given_fields))
    assert type(made) is Case
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.title = "other"  # type: ignore[misc]


def test_what_is_made_quickly_shares_no_mapping_with_the_next() -> None:
    one, other = (
        maker(Event)(id="e", case="a", kind="noted", at=1, actor="li", role=Role.EDITOR, device="d1") for _ in range(2)
    )
    assert one == other
    assert one.facts is not other.facts


def test_a_value_cannot_be_made_without_what_it_needs() -> None:
    with pytest.raises(TypeError, match="kind"):
        maker(Event)(id="e", case="a", at=1, actor="li", role=Role.EDITOR, device="d1")  # type: ignore[call-arg]
