"""What is remembered of Textual's own answers is what Textual answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, wraps
from inspect import signature
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, TextArea

from desk import quick
from desk.messages import Changed, CursorMoved, Said
from desk.palette import Palette
from desk.screens.form import Form
from desk.screens.queue import QueueScreen
from desk.widgets.letter_list import LetterList

PUMPS = (QueueScreen, LetterList, Form, Palette, Input, TextArea, OptionList, Button, Widget)
MESSAGES: tuple[Message, ...] = (
    events.Key("a", "a"),
    events.Mount(),
    events.Blur(),
    events.Unmount(),
    events.ScreenResume(),
    Changed(()),
    Said("x"),
    CursorMoved(None),
)


@pytest.mark.parametrize("pump", PUMPS)
def test_every_message_finds_the_same_methods_in_the_same_order(pump: type[MessagePump]) -> None:
    node = pump.__new__(pump)
    for message in MESSAGES:
        name = message.handler_name
        asked = [(cls, m.__func__) for cls, m in quick._looked_through(node, name, message)]  # type: ignore[attr-defined]
        found = [(cls, m.__func__) for cls, m in MessagePump._get_dispatch_methods(node, name, message)]  # type: ignore[attr-defined]
        assert found == asked


def test_a_message_that_is_stopped_goes_to_no_further_class() -> None:
    node, message = Input.__new__(Input), events.Key("a", "a")
    ways: Iterator[Any] = iter(MessagePump._get_dispatch_methods(node, message.handler_name, message))
    next(ways)
    message.prevent_default()
    assert list(ways) == []


def around(func: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(func)
    def inner(*args: Any) -> Any:
        return func(*args)

    return inner


class Things:
    def method(self, a: int, b: int = 1, *, c: int = 2, **rest: int) -> None: ...

    def anything(*_all: Any) -> None: ...

    @staticmethod
    def still(a: int, *more: int) -> None: ...

    @classmethod
    def of_class(cls, a: int) -> None: ...


@pytest.mark.parametrize(
    "func",
    [
        Things().method,
        Things.method,
        Things().anything,
        Things.still,
        Things.of_class,
        lambda: 0,
        lambda a, b=1: a,
        around(lambda a, b: a),
        partial(Things().method, 1),
        len,
        App,
    ],
)
def test_a_callback_has_as_many_parameters_as_its_signature_says(func: Callable[..., Any]) -> None:
    assert quick._parameters(func) == len(signature(func).parameters)
