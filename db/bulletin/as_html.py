"""A page as one HTML file that needs nothing else: no script, nothing fetched, charts drawn in it, everything of outside escaped.

Every number leads to the codes of its letters at the foot of the same file. Codes only: no title of a letter leaves the desk.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from db.bulletin import charts
from db.bulletin.block import Block, Cell, Prose
from db.bulletin.blocks import TOPICS, blocks, replied_by
from db.bulletin.heads import standing, title
from db.bulletin.names import ASKED, explained
from db.bulletin.style import CSS
from db.text import safe
from db.words import _, language, term

if TYPE_CHECKING:
    from db.bulletin.making import Bulletin

LISTED = 2_000
"""Codes written out of one figure; of more, the number is said, and that the table (XLSX, CSV) has them all."""

WIDE = frozenset({"counts", "balance", "units"})
ONLY_DRAWN = frozenset({"counts", "balance", "outcomes"})

HEAD = (
    '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    '<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>{css}</style>\n</head>\n'
)


def as_html(bulletin: Bulletin) -> str:
    """The whole file."""
    return _Sheet(bulletin).made()


class _Sheet:
    """One file being written; remembers which figures were shown, so that exactly these are explained at its foot."""

    def __init__(self, bulletin: Bulletin) -> None:
        self.page = bulletin.page
        self.letters = bulletin.letters
        self.ids: dict[str, str] = {}

    def made(self) -> str:
        head = HEAD.format(lang=language().replace("_", "-"), title=_e(title(self.page)), css=CSS)
        first, *more = standing(self.page)
        warns = "".join(f"<p{_tone(said)}>{_e(said)}</p>" for said in more)
        body = "".join(self._section(block) for block in blocks(self.page))
        return (
            f"{head}<body><main><header><h1>{_e(title(self.page))}</h1><p>{_e(first)}</p>{warns}</header>"
            f'<div class="grid">{body}</div>{self._foot()}</main></body>\n</html>\n'
        )

    def _section(self, block: Block) -> str:
        drawn = getattr(self, f"_draw_{block.id}", None)
        parts = [drawn()] if drawn else []
        if block.id not in ONLY_DRAWN:
            parts += [f"<p>{_e(said)}</p>" for said in block.said]
            parts.append(self._table(block))
        elif block.id == "counts":
            parts += [f"<p>{_e(said)}</p>" for said in block.said]
        parts += [_quote(one, "stars" if block.id in ("rated", "words") else "") for one in block.prose]
        if block.note:
            parts.append(f'<p class="note">{_e(block.note)}</p>')
        wide = ' class="wide"' if block.id in WIDE else ""
        return f"<section{wide}><h2>{_e(block.title)}</h2>{''.join(parts)}</section>"

    def link(self, figure: str | None, shown: str) -> str:
        """`shown` is markup of ours."""
        if figure is None or figure not in self.page["figures"]:
            return shown
        id_ = self.ids.setdefault(figure, f"f{len(self.ids) + 1}")
        return f'<a href="#{id_}">{shown}</a>'

    # what is drawn rather than listed

    def _draw_counts(self) -> str:
        counts = self.page["counts"]
        told = (
            (_("letters"), counts["letters"], "letters"),
            (_("suggestions"), counts["suggestions"], "suggestions"),
            (_("together"), counts["total"], "received"),
            (_("districts that replied"), counts["districts_replied"], replied_by(self.page)),
        )
        boxes = "".join(f"<div>{self.link(figure, _b(n))}{_e(said)}</div>" for said, n, figure in told)
        by_day = charts.days(self.page["days"], self.page["first"], self.page["last"])
        return f'<div class="big">{boxes}</div>{by_day}'

    def _draw_balance(self) -> str:
        b = self.page["balance"]
        left = (
            (term("figure", "brought"), "brought", b["brought"]),
            (term("figure", "received"), "received", b["received"]),
            (term("figure", "back"), "back", b["back"]),
        )
        right = [(term("state", state), state, n) for state, n in b["ended"].items()]
        right.append((term("figure", "carried"), "carried", b["carried"]))

        def side(parts: Any) -> str:
            return " ＋ ".join(f"<span>{_e(said)} {self.link(figure, _b(n))}</span>" for said, figure, n in parts)

        return f'<div class="sum">{side(left)} ＝ {side(right)}</div>'

    def _draw_fields(self) -> str:
        lines, compared = self.page["fields"]["lines"], self.page["compared"]
        drawn = charts.bars(lines, lambda line: f"field:{line['name']}", self.link, compared=compared) if lines else ""
        mark = f'<p class="note">{_e(_("The line in each row: the period before."))}</p>' if compared and lines else ""
        return drawn + mark + (charts.moves(lines) if compared else "")

    def _draw_topics(self) -> str:
        lines, compared = self.page["topics"]["lines"][:TOPICS], self.page["compared"]
        return charts.bars(lines, lambda line: f"topic:{line['name']}", self.link, compared=compared) if lines else ""

    def _draw_outcomes(self) -> str:
        parts = (
            f"<div>{_e(o['measure'])}{self.link(o['figure'], _b(o['count']))}{_e(o['unit'])}</div>"
            for o in self.page["outcomes"]
        )
        return f'<div class="outcomes">{"".join(parts)}</div>'

    # tables

    def _table(self, block: Block) -> str:
        if not block.rows:
            return ""
        drawn_above = block.id in ("fields", "topics")
        keep = [n for n in range(len(block.rows[0])) if not (drawn_above and block.rows[0][n].share is not None)]
        right = {n for row in block.rows for n, cell in enumerate(row) if cell.right}
        head = ""
        if block.head:
            aligned = {n: ' class="r"' if n in right else "" for n in keep}
            head = f"<tr>{''.join(f'<th{aligned[n]}>{_e(block.head[n])}</th>' for n in keep)}</tr>"
        rows = "".join(f"<tr>{''.join(self._cell(row[n]) for n in keep if n < len(row))}</tr>" for row in block.rows)
        return f'<div class="scroll"><table>{head}{rows}</table></div>'

    def _cell(self, cell: Cell) -> str:
        if cell.share is not None:
            return f"<td>{charts.share(cell.share)}</td>"
        kinds = " ".join(kind for kind in ("r" if cell.right else "", cell.tone) if kind)
        class_ = f' class="{kinds}"' if kinds else ""
        return f"<td{class_}>{self.link(cell.figure, _e(cell.text))}</td>"

    # the letters

    def _foot(self) -> str:
        told = "".join(self._explained(name, id_) for name, id_ in self.ids.items())
        return f'<section class="letters"><h2>{_e(_("From figures to letters"))}</h2>{told}</section>' if told else ""

    def _explained(self, name: str, id_: str) -> str:
        figure = self.page["figures"][name]
        codes = self.letters[name]
        shown = "".join(f"<code>{_e(code)}</code>" for code in codes[:LISTED])
        more = len(codes) - LISTED
        rest = f"<code>{_e(_('… and {n} more: the table has them all', n=more))}</code>" if more > 0 else ""
        said = explained(name, figure)
        if name.startswith(ASKED):
            return f'<p id="{id_}">{_e(said)}</p>'
        return f'<details><summary>{_e(said)}</summary><p id="{id_}">{shown or "–"}{rest}</p></details>'


def _quote(one: Prose, kind: str) -> str:
    head = f"<h3>{_e(one.title)}</h3>" if one.title else ""
    text = _e(one.text).replace("\n", "<br>")
    foot = f"<footer>{_e(one.foot)} <code>{_e(one.code)}</code></footer>"
    class_ = f' class="{kind}"' if kind else ""
    return f"<blockquote{class_}>{head}<p>{text}</p>{foot}</blockquote>"


def _b(n: int) -> str:
    return f"<b>{n:,}</b>"


def _tone(said: str) -> str:
    return ' class="warn"' if said.startswith(_("Attention")) else ""


def _e(text: str) -> str:
    """Through the gate, and no markup."""
    return escape(safe(text))
