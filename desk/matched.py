"""What the style rules make of a widget is worked out once for all that stand alike: the dearest part of opening a dialog.

Textual 8.2 matches every rule against every widget that is new, focused or given a class, and once more for each part that a widget
might draw in a style of its own (a cursor, a selection), drawn or not: a third of what opening a dialog cost. Here what was matched is
remembered under what the rules can see of a widget and of all above it; parts get their styles when they are first drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from textual.css.model import Selector
    from textual.css.styles import RenderStyles, RulesMap

MOST = 4_096
"""Kinds of places remembered, some 300 bytes each: a long day's dialogs stay below a thousand."""

Flags = tuple[bool, bool, bool, bool]
"""What of a node's state its rules ask about, as Textual notes it on the node."""


class Parts(dict[str, "RenderStyles"]):
    """The styles of a widget's parts, each matched when it is first asked for."""

    def __init__(self, sheet: Matched, node: DOMNode, names: frozenset[str]) -> None:
        super().__init__()
        self.sheet, self.node, self.names = sheet, node, names

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __missing__(self, name: str) -> RenderStyles:
        part = DOMNode(classes=name)
        part._attach(self.node)
        self.sheet.apply(part)
        styles: RenderStyles = part.styles
        self[name] = styles
        return styles


class Matched(Stylesheet):
    """A style sheet that remembers.

    Always holds: two nodes of which all selectors see the same, on themselves and on all above them, get the same rules. So a node's
    signature is its class, its id, its CSS classes and the truth of those pseudo-classes that some selector asks of a node like it.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(1_024)  # with 64, a new kind of widget had all of them parsed again
        self._known: dict[tuple[Hashable, ...], tuple[RulesMap, Flags]] = {}
        self._asked: dict[Hashable, tuple[str, ...]] = {}
        self._askers: list[Selector] = []
        self._known_of: object = None

    def reparse(self) -> None:
        """Where nothing was parsed yet, as when the theme is chosen before the first frame, nothing is parsed twice."""
        if self._rules:
            super().reparse()

    def apply(
        self, node: DOMNode, *, animate: bool = False, cache: dict[tuple[Any, ...], RulesMap] | None = None
    ) -> None:
        rules = self.rules
        if rules is not self._known_of or len(self._known) > MOST:
            self._forget(rules)
        key = tuple(map(self._seen, node.css_path_nodes))
        known = self._known.get(key)
        base = node.styles.base
        if known is None or (animate and ("transitions" in known[0] or base.has_rule("transitions"))):
            super().apply(node, animate=animate)
            if "transitions" not in base._rules:
                flags = (node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even)
                self._known[key] = (cast("RulesMap", dict(base._rules)), flags)
            return
        found, flags = known
        node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even = flags
        _put(node, found)
        self._process_component_classes(node)

    def _forget(self, rules: Iterable[Any]) -> None:
        self._known_of = rules
        self._known.clear()
        self._asked.clear()
        selectors = (s for rule in rules for chain in rule.selector_set for s in chain.selectors)
        self._askers = [s for s in selectors if s.pseudo_classes]

    def _seen(self, node: DOMNode) -> tuple[Hashable, ...]:
        """What selectors can see of a node."""
        kind = (type(node), node._id, frozenset(node._classes))
        asked = self._asked.get(kind)
        if asked is None:
            asked = tuple(sorted({name for s in self._askers if s._check(node) for name in s.pseudo_classes}))
            self._asked[kind] = asked
        if not asked:
            return kind
        return (*kind, *(node.has_pseudo_class(name) for name in asked))

    def _process_component_classes(self, node: DOMNode) -> None:
        names = node._get_component_classes()
        if not names:
            return
        drawn = dict(node._component_styles)
        parts = node._component_styles = Parts(self, node, names)
        if any(name not in names or parts[name] != styles for name, styles in drawn.items()):
            node.refresh()


def _put(node: DOMNode, found: RulesMap) -> None:
    """Gives a node its rules; one that has them already keeps them, and draws nothing anew."""
    base = node.styles.base
    held = cast("dict[str, object]", base._rules)
    given = cast("dict[str, object]", found)
    if not held and not node._is_mounted:
        base.merge_rules(found)  # nothing to redraw yet
    elif held != given:
        for name in held.keys() | given.keys():
            if held.get(name) != given.get(name):
                setattr(base, name, given.get(name))
    node.notify_style_update()
