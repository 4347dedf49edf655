"""网上群众工作大数据, the page of a month or of any period: figures put into the order of the printed page, each with its letters.

`read(store, period, now=…)` gives a `Bulletin`: `page`, plain values with the keys of the page's JSON, and for every figure
by name the codes of its letters. A frozen one (`db/bulletin/frozen.py`) holds the same two, so that everything that shows a
bulletin (`as_text`, `as_html` …) shows an old one as it was.
"""

from __future__ import annotations

from db.bulletin.forms import FORMS, written
from db.bulletin.making import Bulletin, read
from db.bulletin.names import Named, find, label

__all__ = ["FORMS", "Bulletin", "Named", "find", "label", "read", "written"]
