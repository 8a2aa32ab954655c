"""What is happening, in words: who has it, what is due when, what one can do. No database."""

from datetime import UTC, date, datetime

import pytest

from portal.accounts.models import Department
from portal.affairs.models import Affair, Approval
from portal.affairs.wording import lanes, situation, steps_done, timeline

TODAY = date(2026, 3, 3)
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
JT = Department(code="jt", name="交通运输局")
SCJG = Department(code="scjg", name="市场监督管理局")


def affair(state: str, **fields) -> Affair:
    return Affair(pk=1, number="N1", state=state, submitted_at=MONDAY, **fields)


def approval(code: str = "hyxk", name: str = "道路货物运输经营许可", department: Department = JT, **fields) -> Approval:
    fields.setdefault("state", Approval.State.REVIEWING)
    return Approval(matter_code=code, matter_name=name, department=department, **fields)


RUNNING = {"opened_at": MONDAY, "clock_started_on": date(2026, 3, 2), "promised_due_on": date(2026, 3, 5)}


def test_one_department_at_work_is_named_with_its_date_and_the_time_left():
    now = situation(affair("approving", accepted_at=MONDAY), [approval(**RUNNING)], today=TODAY)
    assert now.headline == "交通运输局正在审查“道路货物运输经营许可”，最迟 3 月 5 日（周四）作出决定"
    assert now.left == "还剩 2 个工作日"
    assert now.actor == "交通运输局"
    assert now.due_on == date(2026, 3, 5)
    assert now.sentence.endswith("作出决定，还剩 2 个工作日。")


def test_what_is_overdue_is_called_overdue():
    sentence = situation(affair("approving"), [approval(**RUNNING)], today=date(2026, 3, 9)).sentence
    assert "应在 3 月 5 日（周四）前作出决定，已超期 2 个工作日" in sentence


def test_several_departments_are_named_together():
    both = [approval(**RUNNING), approval("qysl", "企业设立登记", SCJG, **RUNNING)]
    now = situation(affair("approving", promised_due_on=date(2026, 3, 6)), both, today=TODAY)
    assert now.headline == "交通运输局、市场监督管理局正在同时审查，最迟 3 月 6 日（周五）全部作出决定"


def test_two_matters_of_one_department_are_not_called_two_departments():
    both = [approval(**RUNNING), approval("clyyz", "车辆营运证", **RUNNING)]
    now = situation(affair("approving", promised_due_on=date(2026, 3, 6)), both, today=TODAY)
    assert now.headline.startswith("交通运输局正在审查 2 个事项")


def test_review_in_advance_is_not_given_a_date_of_its_own():
    """R49: the clock does not run while the prerequisite is not granted."""
    ahead = approval(opened_at=MONDAY)
    running = approval("qysl", "企业设立登记", SCJG, **RUNNING)
    now = situation(affair("approving"), [running, ahead], today=TODAY)
    assert "“道路货物运输经营许可”正在提前审查，等前一项准予后作出决定。" in now.detail


def test_a_date_past_the_last_holiday_notice_is_called_provisional():
    """R98."""
    running = approval(opened_at=MONDAY, clock_started_on=date(2026, 3, 2), due_is_provisional=True)
    assert "期限暂定" in situation(affair("approving"), [running], today=TODAY).left


def test_the_window_has_five_working_days_to_accept():
    """R4."""
    now = situation(affair("submitted"), [], today=TODAY)
    assert now.due_on == date(2026, 3, 9)
    assert "最迟 3 月 9 日（周一）决定是否受理" in now.headline


@pytest.mark.parametrize("state", [state for state in Affair.State.values if state != "approving"])
def test_every_state_has_its_sentence(state: str):
    now = situation(affair(state, refusal_reason="不属于本窗口职权"), [], today=TODAY)
    assert now.headline
    assert not now.headline.endswith("。")
    assert "办理中" not in now.sentence


def test_a_superseded_attempt_belongs_to_the_past_alone():
    old = approval(state=Approval.State.REFUSED, superseded=True, decided_at=MONDAY, reason="缺少车辆", **RUNNING)
    new = approval(attempt=2, **RUNNING)
    it = affair("approving", accepted_at=MONDAY)
    assert "未获准予" not in situation(it, [old, new], today=TODAY).detail
    assert len(lanes([old, new], today=TODAY)) == 1
    titles = [event.title for event in timeline(it, [old, new])]
    assert "不予“道路货物运输经营许可”" in titles
    assert "开始审查“道路货物运输经营许可”（第 2 次办理）" in titles


def test_the_timeline_tells_what_happened_and_what_is_to_come():
    events = timeline(affair("submitted"), [])
    assert [event.title for event in events] == ["提交申请", "受理", "部门审批", "统一出证", "送达"]
    assert [event.state for event in events] == ["done", "current", "upcoming", "upcoming", "upcoming"]
    assert events[1].when == "最迟 3 月 9 日（周一）"


def test_opinions_and_names_of_officers_are_not_in_the_timeline():
    reviewed = approval(state=Approval.State.DECIDING, opinion="内部意见", reviewed_at=MONDAY, **RUNNING)
    events = timeline(affair("approving", accepted_at=MONDAY), [reviewed])
    assert all("内部意见" not in f"{event.title}{event.detail}{event.by}" for event in events)


def test_lanes_know_what_waits_for_what():
    first = approval("qysl", "企业设立登记", SCJG, **RUNNING)
    second = approval(needs=[{"matter": "qysl", "kind": "decide"}, {"matter": "gone", "kind": "start"}])
    drawn = lanes([first, second], today=TODAY)
    assert drawn[1].needs == ((0, "decide"),)
    assert drawn[1].state_label == "提前审查"
    assert drawn[0].note == "还剩 2 个工作日"
    assert lanes([first], today=date(2026, 3, 9))[0].tone == "danger"


def test_steps_done_never_counts_past_its_labels():
    for state in Affair.State:
        done, labels = steps_done(affair(state.value))
        assert 0 <= done <= len(labels)
