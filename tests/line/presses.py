"""What somebody in `world.py` may press: each kind of event, on one of the letters that are there."""

from __future__ import annotations

from collections.abc import Sequence

from db.commands import Command
from db.model import CaseId

DISTRICTS = (("500112", "渝北区"), ("500103", "渝中区"), ("500106", "沙坪坝区"))


def command(b: int, cases: Sequence[CaseId]) -> Command | None:
    kind, at = b % 18, b // 18
    case = cases[at % len(cases)] if cases else None
    other = cases[(at + 1) % len(cases)] if cases else None
    if kind == 0 or case is None:
        return Command("received", words={"title": "噪声扰民", "body": f"夜里施工 {b}"})
    district, name = DISTRICTS[at % len(DISTRICTS)]
    many: dict[int, Command] = {
        1: Command("accepted", case),
        2: Command("forwarded", case, {"district": district, "district_name": name}),
        3: Command("chased", case, {"level": 1}, {"text": "请尽快。"}),
        4: Command("replied", case, words={"text": f"已办 {at}"}),
        5: Command("redone", case, {"code": "evasive"}, {"text": "请写明。"}),
        6: Command("answered", case, {"checklist": ["answers"], "redacted": True}, {"text": "已办好。"}),
        7: Command("resolved", case, {"result": "solved"}, {"text": "办结。"}),
        8: Command("classified", case, {"topic": ("电梯", "供水", "路灯")[at % 3]}),
        9: Command("classified", case, {"urgency": ("normal", "urgent")[at % 2]}),
        10: Command("noted", case, words={"text": f"备注 {at}"}),
        11: Command("merged", case, {"into": other}),
        12: Command("unmerged", case),
        13: Command("recalled", case, {"reason": "wrong_unit"}),
        14: Command("returned", case, {"reason": "not_ours"}, {"text": "不属我单位。"}),
        15: Command("reopened", case, {"reason": "not_done"}, {"text": "没有办好。"}),
        16: Command("tagged", case, {"add": [("甲", "乙")[at % 2]]}),
        17: Command("signed", case),
    }
    return many[kind]
