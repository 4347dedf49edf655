"""A rule's "no" as a sentence: what stands in the way and what to do next, in the person's language.

Every refusal code that `db/cases.py` can return has its sentence here (a test reads the rules' source and checks). Values are
filled in by name; codes among them through `term`, due times as local dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.clock import local
from db.model import Refusal
from db.words import N_, _, term

SENTENCES: Mapping[str, str] = {
    "as_it_stands": N_("That is how it stands already; nothing was changed."),
    "asked_enough": N_(
        "The citizen was asked {most} times already, the most the rules allow: decide with what is here."
    ),
    "bad_fact": N_(
        "“{field}” is missing or not one of the values allowed. Nothing was changed; fill it in and send again."
    ),
    "co_handles": N_("{district} co-handles it already: make it the lead, or recall its dispatch and forward again."),
    "confidential": N_("This letter is confidential: it cannot be published."),
    "contact_confidential": N_(
        "This letter is confidential: the sender's contact is withheld. Forward it without the contact."
    ),
    "depends": N_(
        "It answers something that is not in this letter's log (refused, or not here yet). Look at the timeline first."
    ),
    "direct_kind": N_(
        "Only inquiries, praise and suggestions can be answered without a unit; this is “{letter_kind}”. Classify it, or forward it."
    ),
    "erased": N_("This letter's personal data was erased by law: this can no longer be done to it."),
    "extended_once": N_(
        "This dispatch was extended once already; a second extension does not exist. Chase it, or ask for a redo."
    ),
    "extension_late": N_("The term ended {due}: an extension must be asked for before that. Chase the unit."),
    "extension_not_asked": N_("The unit has not asked for an extension. Record its request first."),
    "extension_waits": N_("The unit's request for an extension waits already: grant or refuse it."),
    "forbidden": N_("As {role} you cannot do this ({kind}). Ask an editor or the supervisor on duty."),
    "lost": N_(
        "The newsroom's backend has lost this letter and is waited for: nothing can be done to it until it is back."
    ),
    "lent_leads": N_("A dispatch of this letter leads {master} now: change the lead there first."),
    "master_closed": N_("{letter} is closed ({state}); choose a letter that is open, answered or resolved."),
    "master_merged": N_("{letter} is itself merged into {master}: merge into {master}."),
    "merge_self": N_("A letter cannot be merged into itself. Choose another one."),
    "merged": N_("This letter is merged into {master}: do it there."),
    "merged_here": N_("{letter} is merged into this letter already: the two are one, nothing more is to be done."),
    "no_case": N_("“{kind}” is not done to a letter."),
    "no_checklist": N_("Tick what you checked before the answer is released."),
    "no_co": N_("No co-handler is working on it that could take the lead. Forward it to one first."),
    "division_overlap": N_(
        "{other} is called {name} at that time already. End that one first, or choose another name."
    ),
    "freeze_early": N_("{month} is not over. It can be frozen once its last day has passed."),
    "freeze_month": N_("Only a whole month of all districts is frozen and signed. Name one: 2024-10."),
    "freeze_partly": N_(
        "This desk has not every letter's history of that month: it would sign figures that are short. "
        "Fetch them (desk sync --scope all), or freeze {month} on a desk that has all."
    ),
    "frozen_already": N_("{month} is frozen and signed already. Later news makes a revision."),
    "frozen_not_yet": N_("{month} was never frozen: freeze it first."),
    "revise_nothing": N_("Nothing of {month} is other than in revision {n}: there is nothing to revise."),
    "revised_already": N_("Somebody else revised {month} first: revision {n} stands. Look at it, then revise again."),
    "frozen_month": N_("The bulletin of {month} is frozen: what it counted stays. Choose a day after that month."),
    "in_force": N_(
        "It is in force since {day}: what began is not cancelled, only followed. Make a change from a later day."
    ),
    "in_past": N_("What was sent keeps its terms: the change can begin on {day} at the earliest."),
    "no_decision": N_("There is no such change any more: somebody cancelled it."),
    "no_district": N_("There is no district {district} on {day}. Choose one that exists then."),
    "no_successor": N_("{name} does not exist on {day}: what it goes into must be there first."),
    "no_such": N_("There is no “{name}” then."),
    "notice_gap": N_("The notice for {year} has to come before the one for {given}."),
    "unit_busy": N_(
        "{name} still has {n} letters ({letters} …): recall and forward them first, or let it end on a later day."
    ),
    "unit_overlap": N_("The district has a unit called {name} from {day} on. Choose another name, or change that one."),
    "no_dispatch": N_("No unit has this letter now. Forward it first."),
    "no_extension": N_("A critical letter's term cannot be extended."),
    "no_lead": N_("It has no lead unit now ({state}). Forward it to a lead unit first."),
    "no_words": N_("Without an answer before it, this needs words for the citizen. Write them and send again."),
    "not_redacted": N_(
        "Confirm that names, phone numbers and addresses were taken out of the answer; then send again."
    ),
    "not_resolved": N_("It is “{state}”: a result and outcomes belong to a resolved letter. Resolve it first."),
    "not_yours": N_("This dispatch belongs to {district}."),
    "nothing_published": N_("Nothing of this letter is published."),
    "promise_past": N_("The promised day {promised} has passed. Name today or a later day."),
    "publish_state": N_("A letter that is “{state}” cannot be published so: resolved ones are told, open ones asked."),
    "rated_already": N_("The citizen has rated the answer: an editor resolves it."),
    "reopen_late": N_("More than {days} days have passed since it closed. Enter a new letter and link it to this one."),
    "result_kind": N_(
        "“{result}” is no result for a letter of kind “{letter_kind}”. Choose another result, or correct the kind."
    ),
    "return_window": N_("The window for returns ended {due}. The unit keeps it; a supervisor may recall it."),
    "stale": N_(
        "Something newer has happened meanwhile; this would decide on what no longer stands. Read the newest entry, then decide again."
    ),
    "state": N_("It is “{state}” now: “{kind}” does not apply."),
    "supervisor_closed": N_("It is closed: only a supervisor may correct it."),
    "supervisor_level": N_("Chases from level 3 (督办) on are the supervisor's."),
    "supervisor_only": N_("Only a supervisor may do this ({kind})."),
    "supervisor_returned": N_(
        "A unit has returned it: only a supervisor may decline or answer it directly. You may forward it again."
    ),
    "supervisor_signed": N_("The unit has signed for it: only a supervisor may recall it now."),
    "supervisor_supervised": N_("It was supervised (督办): only a supervisor may answer it."),
    "supervisor_urgent": N_("It is urgent: only a supervisor may decline it."),
    "undo_final": N_("It is on record for good and cannot be taken back."),
    "undo_gone": N_("It was taken back already, or somebody else did it."),
    "undo_later": N_("Later work on {letter} hangs on it: take that back first."),
    "undo_sent": N_("It has left the desk and can no longer be taken back."),
    "survey_bad": N_("This cannot be asked ({where}): {why}. Correct it and send again."),
    "survey_closed": N_("“{title}” takes no answers any more. Thank you for wanting to say something."),
    "survey_ends_past": N_("Its last day, {day}, has passed. Name a later one."),
    "survey_fixed": N_("“{title}” was opened: what it asks stays as it is. Close it and define another one."),
    "survey_not_open": N_("“{title}” was never open: there is nothing to count."),
    "survey_unknown": N_("There is no survey {survey}. Look at the list."),
    "taken": N_(
        "It was forwarded to {district}{unit} already, and that holds. Add yours as a co-handler, or recall theirs first."
    ),
    "taken_result": N_("It was resolved already, as “{result}”. Correct the outcome if yours is right."),
    "third_redo": N_("It was sent back twice already: the third time is the supervisor's."),
    "third_return": N_("It was returned three times: only a supervisor may forward it now."),
    "too_early": N_("The time for this has not come yet."),
    "unknown_case": N_("There is no such letter here. Check the code."),
    "unknown_kind": N_(
        "This letter holds changes this version does not know ({kinds}); it can only be read here. Update the desk."
    ),
}

OF_THE_LINE: Mapping[str, str] = {
    "bad_event": N_("What was sent is not a whole event (“{field}”). It is kept here: export it and report the fault."),
    "code_taken": N_("Another letter has the code {code} already. Enter the letter again: it gets a code of its own."),
    "reused": N_("An event of this id is known already, with other content. Nothing was changed; make it anew."),
}
"""What the backend says beyond the rules (docs/sync.md)."""

_TERMS = {
    "state": "state",
    "kind": "event",
    "letter_kind": "kind",
    "role": "role",
    "result": "result",
    "field": "field",
    "dispatch_state": "dispatch_state",
    "why": "survey_fault",
}


def say(refusal: Refusal, lang: str | None = None) -> str:
    """The refusal's sentence in `lang`, or in the person's language. Codes without a sentence of ours are shown as they are."""
    sentence = SENTENCES.get(refusal.code) or OF_THE_LINE.get(refusal.code)
    if sentence is None:
        return _("Refused ({code}).", lang, code=refusal.code)
    return _(sentence, lang).format_map(_Filled({k: _shown(k, v, lang) for k, v in refusal.facts.items()}))


class _Filled(dict[str, str]):
    """What a refusal did not bring is a dash, never an error on the screen."""

    def __missing__(self, key: str) -> str:
        return "–"


def _shown(name: str, value: Any, lang: str | None) -> str:
    if name == "due" and isinstance(value, int):
        at = local(value)
        if (at.hour, at.minute) == (0, 0):  # a day clock ends at the midnight after its last day
            return local(value - 1).strftime("%Y-%m-%d 24:00")
        return at.strftime("%Y-%m-%d %H:%M")
    if name in _TERMS:
        return term(_TERMS[name], None if value is None else str(value), lang)
    return "" if value is None else str(value)
