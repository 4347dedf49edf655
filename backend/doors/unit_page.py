"""The page behind a signed link, for a district's officer: read, sign, return, reply. Plain HTML that needs no script.

Everything of a person's making is made visible (`db/text.py`) and escaped; the policy forbids scripts, frames, and everything
from elsewhere. Looking changes nothing, so that a mail scanner that follows the link signs for nobody.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend.doors import dispatches
from backend.doors.units import act, opened
from backend.people.pace import Pace
from backend.problems import SENTENCES, STATUS, ProblemError, RefusedError, language
from backend.running import address, backend, body
from db.clock import from_iso, to_iso
from db.model import EventKind
from db.sentences import say
from db.text import safe
from db.words import N_, _, term

router = APIRouter(tags=["units"], include_in_schema=False)
OPENED = Pace(120)
MOST: Final = 400_000
STYLE: Final = """
:root{color-scheme:light dark}body{font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
max-width:46rem;margin:0 auto;padding:1rem}h1{font-size:1.25rem}h2{font-size:1.05rem;margin-top:2rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{opacity:.7}dd{margin:0}
.text{white-space:pre-wrap;overflow-wrap:anywhere}.late{font-weight:700}.told{border:2px solid;padding:.6rem 1rem}
form{border-top:1px solid;margin-top:1.2rem;padding-top:.6rem}textarea{width:100%;min-height:9rem;font:inherit}
label{display:block;margin:.5rem 0}button{font:inherit;padding:.4rem 1.2rem}ol{padding-left:1.4rem}
""".replace("\n", "")
_HASH = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
REASONS: Final = ("not_ours", "other_district", "no_place", "wrong_unit", "above_us")
DONE: Final = {
    "sign": N_("Signed for. The newspaper sees it."),
    "return": N_("Returned. The newspaper looks at the reason."),
    "reply": N_("Your reply has arrived. The newspaper checks it before the citizen sees it."),
    "extension": N_("Your request has arrived. The newspaper decides."),
}


@router.get("/d/{link}")
async def page(request: Request, link: str) -> Response:
    """The letter behind the link."""
    here = backend(request)
    lang = language(request)
    try:
        OPENED.step(address(request))
        told = await here.read(_told, link, here.now(), lang)
    except ProblemError as e:
        sentence = SENTENCES[e.code]
        return _page(_("Letter", lang), _box(_(sentence, lang, **e.facts)), STATUS[e.code], lang)
    done = DONE.get(request.query_params.get("done", ""))
    return _page(told["code"], (_box(_(done, lang)) if done else "") + _letter(told, link, lang), 200, lang)


def _told(conn: Any, link: str, now: int, lang: str) -> dict[str, Any]:
    who, sent = opened(conn, link, now)
    return dispatches.whole(conn, sent, who, now, lang)


@router.post("/d/{link}/{action}")
async def press(request: Request, link: str, action: str) -> Response:
    """One of the page's buttons: done, then the page again. What was typed comes back where it could not be done."""
    here = backend(request)
    lang = language(request)
    given: Mapping[str, str] = {}
    try:
        OPENED.step(address(request))
        raw = await body(request, MOST)
        given = {k: v[0].replace("\r\n", "\n").strip() for k, v in parse_qs(raw.decode("utf-8", "replace")).items()}
        who, sent = await here.read(opened, link, here.now())
        kind, facts, words = _deed(action, given)
        await act(here, who, sent.dispatch.id, kind, facts, words)
    except RefusedError as e:
        return await _again(request, link, given, say(e.refusal, lang), 409)
    except ProblemError as e:
        sentence = SENTENCES[e.code]
        if e.code == "field":
            return await _again(request, link, given, _("Write something first; a return needs its reason.", lang), 422)
        return _page(_("Letter", lang), _box(_(sentence, lang, **e.facts)), STATUS[e.code], lang)
    return RedirectResponse(f"/d/{link}?done={action}", 303, headers=HEADERS)


def _deed(action: str, given: Mapping[str, str]) -> tuple[EventKind, dict[str, Any], dict[str, str]]:
    """What a button means. Raises ProblemError(field, unknown)."""
    kind = dispatches.ACTIONS.get(action)
    if kind is None:
        raise ProblemError("unknown")
    text = given.get("text", "").replace("\x00", "")[:50_000]
    if action in ("reply", "extension") and not text:
        raise ProblemError("field", field="text")
    if action == "return" and given.get("reason") not in REASONS:
        raise ProblemError("field", field="reason")
    facts: dict[str, Any] = {"reason": given["reason"]} if action == "return" else {}
    return kind, facts, {"text": text} if text else {}


async def _again(request: Request, link: str, given: Mapping[str, str], sentence: str, status: int) -> Response:
    here = backend(request)
    lang = language(request)
    told = await here.read(_told, link, here.now(), lang)
    return _page(told["code"], _box(sentence) + _letter(told, link, lang, given.get("text", "")), status, lang)


# ── what it looks like ───────────────────────────────────────────────────────────────────────────────────────────────


def _page(title: str, inside: str, status: int, lang: str) -> Response:
    head = f'<!doctype html><html lang="{"en" if lang == "en" else "zh-CN"}"><meta charset="utf-8"><title>{_e(title)}</title>'
    view = '<meta name="viewport" content="width=device-width,initial-scale=1">'
    return HTMLResponse(f"{head}{view}<style>{STYLE}</style><main>{inside}</main>", status, headers=HEADERS)


def _e(text: object) -> str:
    """Outside text, made visible and escaped."""
    return escape(safe(str(text)), quote=True)


def _box(sentence: str) -> str:
    return f'<p class="told" role="status">{_e(sentence)}</p>'


def _letter(told: Mapping[str, Any], link: str, lang: str, typed: str = "") -> str:
    if told["erased"] or "body" not in told:
        return f"<h1>{_e(told['code'])}</h1>" + _box(_("This letter is no longer with your unit.", lang))
    parts = [f"<h1>{_e(told['title'] or told['code'])}</h1>", _facts(told, lang)]
    parts.append(f'<h2>{_e(_("The letter", lang))}</h2><p class="text">{_e(told["body"])}</p>')
    parts.append(_history(told, lang))
    parts += [_form(action, link, lang, typed) for action in told["can"]]
    return "".join(parts)


def _facts(told: Mapping[str, Any], lang: str) -> str:
    late = f' <span class="late">{_e(_("overdue", lang))}</span>' if told["late"] else ""
    rows = [
        (_("Code", lang), _e(told["code"])),
        (_("State", lang), _e(told["state_label"]) + late),
        (_("Urgency", lang), _e(term("urgency", told["urgency"], lang))),
        (_("Sign by", lang), _e(_due(told["sign_due"]))),
        (_("Reply by", lang), _e(_due(told["reply_due"]))),
        (_("Place", lang), _e(told["place"])),
    ]
    if contact := told["contact"]:
        named = f"{contact['name']} {contact['salutation']} {contact['phone']}"
        rows.append((_("Citizen", lang), _e(named)))
    rows += [(_("Attachment", lang), _e(f"{f['name'] or f['hash'][:8]} ({f['media']})")) for f in told["attachments"]]
    return "<dl>" + "".join(f"<dt>{_e(name)}</dt><dd>{shown}</dd>" for name, shown in rows if shown) + "</dl>"


def _when(iso: str) -> str:
    return iso[:16].replace("T", " ")


def _due(iso: str) -> str:
    """A due time is an exclusive end: the midnight after the last day is that day's 24:00."""
    at = from_iso(iso)
    day_clock = iso[11:16] == "00:00"
    return f"{to_iso(at - 1)[:10]} 24:00" if day_clock else _when(iso)


def _history(told: Mapping[str, Any], lang: str) -> str:
    lines = []
    for one in told["history"]:
        more = (
            f"：{term('return', one['reason'], lang)}" if one["what"] == EventKind.RETURNED and "reason" in one else ""
        )
        text = f'<div class="text">{_e(one["text"])}</div>' if one.get("text") else ""
        lines.append(f"<li>{_e(_when(one['at']))} {_e(one['label'])}{_e(more)}{text}</li>")
    return f"<h2>{_e(_('What happened', lang))}</h2><ol>{''.join(lines)}</ol>"


def _form(action: str, link: str, lang: str, typed: str) -> str:
    label = _e(term("event", dispatches.ACTIONS[action], lang))
    inside = ""
    if action == "return":
        choices = "".join(
            f'<label><input type="radio" name="reason" value="{r}" required> {_e(term("return", r, lang))}</label>'
            for r in REASONS
        )
        inside = f"<fieldset><legend>{_e(_('Why', lang))}</legend>{choices}</fieldset>"
    if action != "sign":
        required = " required" if action != "return" else ""
        inside += f'<textarea name="text" maxlength="50000" aria-label="{label}"{required}>{_e(typed)}</textarea>'
    return f'<form method="post" action="/d/{_e(link)}/{action}"><h2>{label}</h2>{inside}<p><button>{label}</button></p></form>'
