"""What the keys do inside a dialog, and what a person reads beside the fields."""

from __future__ import annotations

import pytest

from db.clock import from_iso
from db.store import Store
from desk.actions import BY_ID
from desk.screens.confirm import Shown
from desk.screens.form import Form
from desk.screens.form_parts import SendLine
from desk.widgets.outcome_field import OutcomeField
from tests.desk.bench import Bench, paste, screen_text
from tests.desk.letters import do, editor, fill, forward, kinds, read, write_letter

HOSTILE = "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\x00\u202e[red]x[/red][@click=app.bell]y\u200b"


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    return store


def controls(text: str) -> list[str]:
    return [c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u200b"]


@pytest.mark.parametrize("typed", ["spb", "沙坪坝", "500106", "shapingba"])
async def test_a_district_is_found_by_name_initials_pinyin_or_code(store: Store, typed: str) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        form = await app.open(pilot, "forward", case)
        await pilot.press(*typed, "enter")
        assert form.values["district"] == "500106"


async def test_an_unknown_district_is_said_and_enter_waits(store: Store) -> None:
    case = write_letter(store, title="路灯不亮", body="楼下的路灯三个月不亮了。")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "forward", case)
        assert form.values["district"] == ""
        assert form.rows[0].has_focus_within
        assert "Choose" not in screen_text(app)
        await pilot.press("x", "q", "q", "enter", "enter")
        assert form.rows[0].has_focus_within
        assert "没有与“xqq”相符的" in screen_text(app)
    assert kinds(store, case) == ["received"]


async def test_co_handlers_get_a_dispatch_each_and_the_due_times_were_seen_before(store: Store) -> None:
    case = write_letter(store, kind="complaint", district="500104")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "forward", case)
        assert "回复限 11-22 24:00" in screen_text(app)
        await pilot.press("tab", "tab", "tab", *"spb", "enter", *"yb", "enter", "ctrl+s")
        await pilot.pause()
    got = read(store, case).case
    assert [(d.district, d.lead) for d in got.dispatches] == [("500104", True), ("500106", False), ("500112", False)]
    lead = got.lead_dispatch
    assert lead is not None
    assert lead.reply_due == from_iso("2024-11-23T00:00")


async def test_a_co_handler_is_taken_away_by_backspace(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "forward", case)
        await pilot.press("tab", "tab", "tab", *"spb", "enter", "backspace")
        assert form.values["co"] == []


async def test_known_offices_of_the_chosen_district_are_offered(store: Store) -> None:
    case = write_letter(store, district="500104")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "forward", case)
        await pilot.press("tab", "tab")
        assert "区住房城乡建委" in screen_text(app)
        await pilot.press("space", "enter")
        assert form.values["unit"] == "区住房城乡建委"


async def test_the_contact_of_a_confidential_letter_can_only_be_withheld(store: Store) -> None:
    case = write_letter(store, confidential=True, district="500104")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "forward", case)
        assert form.values["contact"] == "withheld"
        assert "交给单位" not in screen_text(app).replace("不交给单位", "")
        await pilot.press("enter")
        await pilot.pause()
    lead = read(store, case).case.lead_dispatch
    assert lead is not None
    assert not lead.contact_shared


async def test_a_chase_shows_whom_to_call_and_proposes_the_ladders_level(store: Store) -> None:
    case = write_letter(store, at="2024-10-10T09:00", kind="complaint")
    forward(store, case, at="2024-10-10T10:00", unit="区住房城乡建委")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "chase", case)
        assert form.values["level"] == "2"
        assert "王主任" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
    assert read(store, case).case.chase_level == 2


async def test_an_editor_is_not_offered_the_supervisors_levels(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "chase", case, actor=editor(store))
        assert "督办" not in screen_text(app).replace("按规则", "")


async def test_a_record_asks_only_for_what_belongs_to_it(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "record", case)
        assert form.values["what"] == "signed"
        assert [r.field.name for r in form.shown()] == ["what", "when"]
        await pilot.press("left")
        assert [r.field.name for r in form.shown()] == ["what", "text", "outcomes", "files", "when"]
        await pilot.press("left")
        await pilot.pause()
        assert [r.field.name for r in form.shown()] == ["what", "reason", "text", "when"]
        await pilot.press("tab", "1", "ctrl+s")
        await pilot.pause()
    assert read(store, case).case.state == "returned"


async def test_a_reply_is_recorded_for_the_time_it_came(store: Store) -> None:
    case = write_letter(store, at="2024-10-30T09:00")
    forward(store, case, at="2024-10-30T10:00")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "record", case)
        await pilot.press("1", "tab")
        await paste(pilot, "已修好")
        form.rows[-1].control.enter().focus()
        await paste(pilot, "昨天 16:20")
        assert "2024-10-31 16:20 周四" in screen_text(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
    lead = read(store, case).case.lead_dispatch
    assert lead is not None
    assert lead.replied_at == from_iso("2024-10-31T16:20")


async def test_a_promised_day_is_read_out_with_its_working_days(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    do(store, case, "replied", text="明年统一改造")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "track", case)
        await paste(pilot, "11-16")
        assert "2024-11-16 周六 · 10 个工作日后 · 休息日" in screen_text(app)


async def test_claimed_outcomes_stand_ready_and_another_is_added_by_its_measure(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    do(store, case, "replied", text="已整治", outcomes=[{"measure": "街巷整治", "count": 3, "unit": "条"}])
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "resolve", case)
        assert form.values["outcomes"] == [["街巷整治", "3", "条"]]
        outcomes = form.query_one(OutcomeField)
        outcomes.rows[1].measure.line.focus()
        await pilot.press(*"隐患", "down", "enter", "1", "2", "enter")
        assert form.values["outcomes"][1] == ["安全隐患排除", "12", "处"]
        await pilot.press("enter")
        form.rows[0].control.enter().focus()
        await pilot.press("1")
        form.rows[2].control.enter().focus()
        await paste(pilot, "已整治")
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert [(o.measure, o.count) for o in read(store, case).case.outcomes] == [("街巷整治", 3), ("安全隐患排除", 12)]


async def test_arrows_tab_and_enter_go_through_the_fields(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await app.open(pilot, "classify", case)
        names = []
        for key in ("down", "down", "tab", "enter", "up", "shift+tab"):
            await pilot.press(key)
            names.append(next(r.field.name for r in form.rows if r.has_focus_within))
        assert names == ["topic", "urgency", "district", "confidential", "district", "urgency"]
        for _ in range(5):
            await pilot.press("tab")
        assert isinstance(form.focused, SendLine)


async def test_a_classification_sends_only_what_is_different(store: Store) -> None:
    case = write_letter(store, kind="complaint", district="500104")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "classify", case)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "没有不同" in screen_text(app)
        await pilot.press("tab", *"dtaz", "ctrl+s")
        await pilot.pause()
    event = read(store, case).events[-1]
    assert dict(event.facts) == {"topic": "电梯安装"}
    assert not event.words


async def test_the_contact_is_shown_once_and_who_looked_is_in_the_log(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "reveal", case)
        assert "13800001234" not in screen_text(app)
        await pilot.press("1", "enter")
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, Shown)
        assert "13800001234" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "13800001234" not in screen_text(app)
    assert kinds(store, case) == ["received", "revealed"]


async def test_a_hostile_letter_reaches_no_dialog_raw(store: Store) -> None:
    case = write_letter(store, title=f"标题{HOSTILE}", body=f"正文{HOSTILE}", place=HOSTILE)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        for action in ("accept", "classify", "forward", "ask", "publish"):
            await app.open(pilot, action, case)
            text = screen_text(app)
            assert controls(text) == [], action
            assert "[red]x[/red]" in text, action
            await pilot.press("escape")
            await pilot.pause()
        forward(store, case, unit=f"局{HOSTILE}")
        do(store, case, "replied", text=f"回复{HOSTILE}", outcomes=[{"measure": HOSTILE, "count": 1, "unit": HOSTILE}])
        for action in ("answer", "resolve", "redo", "chase", "correct"):
            await app.open(pilot, action, case)
            assert controls(screen_text(app)) == [], action
            await pilot.press("escape")
            await pilot.pause()


async def test_a_paste_goes_through_the_gate(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "note", case)
        await paste(pilot, f"第一行\r\n第二行{HOSTILE}")
        assert controls(screen_text(app)) == []
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert controls(read(store, case).events[-1].words["text"]) == []


async def test_a_long_chinese_paste_is_taken_whole(store: Store) -> None:
    case = write_letter(store)
    long = "巴岳路的路灯又坏了，请尽快修。\n" * 1_000
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "note", case)
        await paste(pilot, long)
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert read(store, case).events[-1].words["text"] == long.strip()


async def test_a_long_reply_is_read_by_pages_while_the_answer_is_typed(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    do(store, case, "replied", text="\n".join(f"第{n}条措施" for n in range(1, 60)))
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "redo", case)
        assert "第1条措施" in screen_text(app)
        await pilot.press("1", "pagedown")
        assert "第10条措施" in screen_text(app)
        assert "第1条措施" not in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_every_field_can_be_reached_and_seen_on_a_small_terminal(store: Store, size: tuple[int, int]) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=size) as pilot:
        form = await app.open(pilot, "classify", case)
        for row in (shown for shown in form.rows if shown.display):
            await pilot.pause()
            assert form.size.region.contains_region(form.focused.region) if form.focused else False
            assert row.has_focus_within
            assert "⏎ 分类" in screen_text(app)
            await pilot.press("tab")
    assert isinstance(form, Form)


async def test_every_dialog_opens_on_any_letter_and_sends_nothing_by_itself(store: Store) -> None:
    """Also where the rules will refuse: the letter may have moved on while the key was pressed."""
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(80, 24)) as pilot:
        for action in BY_ID:
            form = await app.open(pilot, action, case)
            assert form.action.label in screen_text(app)
            await pilot.press("escape")
            await pilot.pause()
    assert kinds(store, case) == ["received"]
