"""A period in figures, the base of the bulletin (DESIGN.md §4, The month): computed from rows and events, kept nowhere.

`read(store, period, now=…)` makes one bounded read and returns `Figures`; each figure holds the letters it counts.

What happened counts by when it happened: receipts, forwards, replies, closings up to the period's end, also where they were
written down later. What is known counts as it is known when read: kind, topic and district of a letter, corrected outcomes;
ratings, words and publications until the freeze, or where there was none until `Period.grace` after the end.
"""

from __future__ import annotations

from db.figures.figure import MINIMUM, Figure, Ranked, Rate, Spread
from db.figures.figures import Figures, of
from db.figures.letters import letters_of
from db.figures.period import BadPeriodError, Period, month_of, parse
from db.figures.reading import imported, read

__all__ = [
    "MINIMUM",
    "BadPeriodError",
    "Figure",
    "Figures",
    "Period",
    "Ranked",
    "Rate",
    "Spread",
    "imported",
    "letters_of",
    "month_of",
    "of",
    "parse",
    "read",
]
