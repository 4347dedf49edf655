"""What Textual (8.2) works out anew for every message is worked out once.

A key that takes back an action is a hundred messages to the widgets on the screen, and opening a dialog four hundred. For each,
Textual looks through every class that the widget is made of for what handles it (28 µs), counts a callback's parameters by
`inspect.signature` (60 µs), and for each line that is drawn copies the table of themes. None of that changes while the desk runs.
"""

from __future__ import annotations

from functools import lru_cache
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from textual import _callback
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.theme import Theme

    Handlers = tuple[tuple[type, tuple[Any, ...]], ...]

_looked_through = MessagePump._get_dispatch_methods
_by_signature = _callback._count_parameters
_by_names = App.get_theme

VARARGS, VARKEYWORDS = 0x04, 0x08
"""Flags of a code object: it takes any arguments, by place or by name."""


@lru_cache(4_096)
def handlers(pump: type, message: type[Message], name: str) -> Handlers | None:
    """The methods that handle a message, by the classes they stand in, in order; None where that depends on who sent it."""
    kinds = [kind for kind in message.__mro__ if issubclass(kind, Message)]
    found: list[tuple[type, tuple[Any, ...]]] = []
    done: set[object] = set()
    for cls in pump.__mro__:
        here: list[Any] = []
        decorated = cls.__dict__.get("_decorated_handlers") or {}
        for method, selectors in (pair for kind in kinds for pair in decorated.get(kind, ())):
            if selectors:
                return None
            if method not in done:
                done.add(method)
                here.append(method)
        named = cls.__dict__.get(f"_{name}") or cls.__dict__.get(name)
        if named is not None and not getattr(named, "_textual_on", None):
            here.append(named)
        if here:
            found.append((cls, tuple(here)))
    return tuple(found)


def _dispatch_methods(pump: MessagePump, name: str, message: Message) -> Iterator[tuple[type, Any]]:
    known = handlers(type(pump), type(message), name)  # type: ignore[arg-type]  # a class is hashed as a class
    if known is None:
        yield from _looked_through(pump, name, message)
        return
    for cls, methods in known:
        if message._no_default_action:
            return
        for method in methods:
            yield cls, method.__get__(pump, cls)


def _parameters(func: Callable[..., Any]) -> int:
    """How many parameters a callable takes."""
    bound = isinstance(func, MethodType)
    plain = func.__func__ if isinstance(func, MethodType) else func
    if not isinstance(plain, FunctionType) or hasattr(plain, "__wrapped__") or hasattr(plain, "__signature__"):
        return _by_signature(func)
    code = plain.__code__
    any_ = bool(code.co_flags & VARARGS) + bool(code.co_flags & VARKEYWORDS)
    return code.co_argcount + code.co_kwonlyargcount + any_ - (bound and code.co_argcount > 0)


def _theme(app: App[Any], name: str) -> Theme | None:
    return app._registered_themes.get(name) or _by_names(app, name)


def install() -> None:
    """For this process, from now on."""
    MessagePump._get_dispatch_methods = _dispatch_methods  # type: ignore[method-assign,assignment]
    _callback._count_parameters = _parameters
    App.get_theme = _theme  # type: ignore[method-assign,assignment]
