"""What is happening to an affair, in words for the person who filed it. Pure: today is an argument.

The applicant's pages and the public status page say the same thing because they ask here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from portal.affairs.models import Affair, Approval
from portal.deadlines.clock import (
    ACCEPTANCE_WORKING_DAYS,
    day_in_words,
    due_or_provisional,
    left_in_words,
    local_date,
)
from portal.drawing.palette import Tone
from portal.drawing.swimlane import Lane

_STATES = Affair.State
_TONES: dict[str, Tone] = {
    Approval.State.WAITING: "neutral",
    Approval.State.REVIEWING: "info",
    Approval.State.DECIDING: "info",
    Approval.State.GRANTED: "success",
    Approval.State.REFUSED: "danger",
    Approval.State.PREREQUISITE_FAILED: "danger",
    Approval.State.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """Who has the affair now and what comes next.

    headline: a sentence without its full stop, with the date by which it is due. due_on and left: of that date; None
    and "" where none runs. actor: who has to act. you_can: what the applicant may do, each as a sentence.
    """

    headline: str
    detail: str = ""
    due_on: date | None = None
    left: str = ""
    actor: str = ""
    you_can: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """“交通运输局正在审查“…”，最迟 3 月 5 日（周三）作出决定，还剩 2 个工作日。”"""
        return "，".join(filter(None, (self.headline, self.left))) + "。"


@dataclass(frozen=True, slots=True)
class Event:
    """One point of the timeline, as components/timeline.html shows it.

    at: None for what is still to come, which `when` dates in words. tone: "" | warning | danger. state: done |
    current | upcoming.
    """

    at: datetime | None
    title: str
    detail: str = ""
    tone: str = ""
    by: str = ""
    when: str = ""
    state: str = "done"

    @property
    def text(self) -> str:
        return self.detail


def situation(affair: Affair, approvals: Iterable[Approval], *, today: date) -> Situation:
    """What is happening now. approvals: with their departments; superseded attempts are passed over."""
    current = [approval for approval in approvals if not approval.superseded]
    return _SITUATIONS[Affair.State(affair.state)](affair, current, today)


def steps_done(affair: Affair) -> tuple[int, tuple[str, ...]]:
    """How many of the affair's steps are behind it, and their names in order; an ended affair has no more to come."""
    labels = ("提交", "受理", "部门审批", "统一出证", "送达")
    done = {
        _STATES.DRAFT: 0,
        _STATES.SUBMITTED: 1,
        _STATES.APPROVING: 2,
        _STATES.ISSUING: 3,
        _STATES.DELIVERING: 4,
        _STATES.DELIVERED: 5,
        _STATES.CLOSED: 5,
        _STATES.NOT_ACCEPTED: 1,
        _STATES.WITHDRAWN: 2 if affair.accepted_at else 1,
    }
    return done[Affair.State(affair.state)], labels


def acceptance_due(affair: Affair) -> date | None:
    """Last day on which the window accepts, refuses or sends the one-time notice (R4); None while provisional (R98)."""
    if affair.submitted_at is None:
        return None
    return due_or_provisional(local_date(affair.submitted_at), ACCEPTANCE_WORKING_DAYS).day


def _draft(affair: Affair, _approvals: list[Approval], _today: date) -> Situation:
    return Situation(
        headline="还没有提交",
        detail="填写的内容已经保存，提交之后窗口才会收到。",
        actor="您",
        you_can=("接着填写，完成后提交。",),
    )


def _submitted(affair: Affair, _approvals: list[Approval], today: date) -> Situation:
    due_on = acceptance_due(affair)
    return Situation(
        headline=_by("综合窗口正在审查申请材料", due_on, "决定是否受理", today),
        detail="材料齐全、符合形式的当场受理；不齐全的一次告知全部需要补正的内容。",
        due_on=due_on,
        left=_left(due_on, today),
        actor="综合窗口",
        you_can=("受理之前可以撤回申请。",),
    )


def _approving(affair: Affair, approvals: list[Approval], today: date) -> Situation:
    running = [each for each in approvals if each.is_open and each.clock_started_on]
    ahead = [each for each in approvals if each.is_prereview]
    waiting = [each for each in approvals if each.state == Approval.State.WAITING]
    names = _departments(running or ahead)
    if len(running) == 1:
        due_on = running[0].promised_due_on
        headline = _by(f"{names}正在审查“{running[0].matter_name}”", due_on, "作出决定", today)
    elif running:
        due_on = affair.promised_due_on or _latest(running)
        together = "正在同时审查" if "、" in names else f"正在审查 {len(running)} 个事项"
        headline = _by(f"{names}{together}", due_on, "全部作出决定", today)
    elif ahead:
        due_on = affair.promised_due_on
        headline = _by(f"{names}正在提前审查", due_on, "作出决定", today)
    else:
        due_on = affair.promised_due_on
        headline = "各部门的决定已经作出，正在汇总"
    provisional = any(each.due_is_provisional for each in running)
    left = _left(due_on, today) or ("期限暂定，放假安排公布后确定" if provisional else "")
    return Situation(
        headline=headline,
        detail="".join([*_progress(approvals), *_ahead(ahead, running), *_waiting(waiting), *_refused(approvals)]),
        due_on=due_on,
        left=left,
        actor=names,
        you_can=("作出决定之前可以撤回还没有决定的事项。",) if running or ahead or waiting else (),
    )


def _issuing(affair: Affair, approvals: list[Approval], _today: date) -> Situation:
    return Situation(
        headline="各部门都已作出决定，正在统一制作证照和文书",
        detail="".join([*_progress(approvals), *_refused(approvals), "一般几分钟内完成，做好后会在这里告诉您。"]),
        actor="综合窗口",
    )


def _delivering(affair: Affair, approvals: list[Approval], _today: date) -> Situation:
    by_post = affair.delivery_method == Affair.DeliveryMethod.POST
    return Situation(
        headline="结果已经办好，窗口正在安排邮寄" if by_post else "结果已经办好，请到综合窗口领取",
        detail="".join([*_progress(approvals), *_refused(approvals)]),
        actor="综合窗口" if by_post else "您",
        you_can=("寄出后可以在这里看到邮件号码。",) if by_post else ("带上身份证件和办件编号，到综合窗口领取。",),
    )


def _delivered(affair: Affair, approvals: list[Approval], _today: date) -> Situation:
    return Situation(
        headline=_outcome(affair) + "，结果已经送达",
        detail="".join([*_progress(approvals), *_refused(approvals)]),
        actor="您",
        you_can=("评价这次服务；不评价也不影响办理结果。",),
    )


def _closed(affair: Affair, approvals: list[Approval], _today: date) -> Situation:
    return Situation(
        headline=_outcome(affair) + "，已办结归档", detail="".join([*_progress(approvals), *_refused(approvals)])
    )


def _not_accepted(affair: Affair, _approvals: list[Approval], _today: date) -> Situation:
    elsewhere = f"请向{affair.competent_authority}申请。" if affair.competent_authority else ""
    return Situation(
        headline="这件申请没有受理",
        detail=f"理由：{_stop(affair.refusal_reason)}{elsewhere}",
        you_can=("对不予受理不服的，可以申请行政复议或者提起行政诉讼，途径见不予受理决定书。",),
    )


def _withdrawn(affair: Affair, _approvals: list[Approval], _today: date) -> Situation:
    return Situation(headline="您已经撤回这件申请", you_can=("需要时可以重新申请。",))


_SITUATIONS: dict[Affair.State, Callable[[Affair, list[Approval], date], Situation]] = {
    _STATES.DRAFT: _draft,
    _STATES.SUBMITTED: _submitted,
    _STATES.APPROVING: _approving,
    _STATES.ISSUING: _issuing,
    _STATES.DELIVERING: _delivering,
    _STATES.DELIVERED: _delivered,
    _STATES.CLOSED: _closed,
    _STATES.NOT_ACCEPTED: _not_accepted,
    _STATES.WITHDRAWN: _withdrawn,
}


def _by(what: str, due_on: date | None, step: str, today: date) -> str:
    if due_on is None:
        return what
    verb = "应在" if due_on < today else "最迟"
    return f"{what}，{verb} {day_in_words(due_on, today.year)}{'前' if due_on < today else ''}{step}"


def _left(due_on: date | None, today: date) -> str:
    return left_in_words(today, due_on) if due_on else ""


def _departments(approvals: Iterable[Approval]) -> str:
    return "、".join(dict.fromkeys(approval.department.name for approval in approvals))


def _latest(approvals: Iterable[Approval]) -> date | None:
    return max((each.promised_due_on for each in approvals if each.promised_due_on), default=None)


def _names(approvals: Iterable[Approval]) -> str:
    return "、".join(f"“{approval.matter_name}”" for approval in approvals)


def _stop(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in "。！？；" else f"{text}。"


def _progress(approvals: list[Approval]) -> Iterable[str]:
    granted = sum(approval.state == Approval.State.GRANTED for approval in approvals)
    if granted:
        yield f"共 {len(approvals)} 个事项，已准予 {granted} 个。"


def _ahead(ahead: list[Approval], running: list[Approval]) -> Iterable[str]:
    if ahead and running:
        yield f"{_names(ahead)}正在提前审查，等前一项准予后作出决定。"


def _waiting(waiting: list[Approval]) -> Iterable[str]:
    if waiting:
        yield f"{_names(waiting)}等前一项办好后自动开始，不用您再跑。"


def _refused(approvals: list[Approval]) -> Iterable[str]:
    refused = [each for each in approvals if each.state == Approval.State.REFUSED]
    stopped = [each for each in approvals if each.state == Approval.State.PREREQUISITE_FAILED]
    if refused:
        yield f"{_names(refused)}未获准予。"
    if stopped:
        yield f"{_names(stopped)}因前置事项未通过，不再办理。"


def _outcome(affair: Affair) -> str:
    return {
        Affair.Outcome.GRANTED: "全部事项准予",
        Affair.Outcome.PARTLY: "部分事项准予",
        Affair.Outcome.REFUSED: "申请未获准予",
    }.get(Affair.Outcome(affair.outcome) if affair.outcome else None, "办理完毕")  # type: ignore[call-overload]


# ------------------------------------------------------------------ the timeline


def timeline(affair: Affair, approvals: Iterable[Approval]) -> tuple[Event, ...]:
    """What has happened, oldest first, then what is still to come. Superseded attempts belong to what has happened."""
    approvals = list(approvals)
    happened = [*_of_affair(affair), *(event for approval in approvals for event in _of_approval(approval))]
    return (*sorted(happened, key=attrgetter("at")), *_to_come(affair))


def _of_affair(affair: Affair) -> Iterable[Event]:
    if affair.submitted_at:
        yield Event(affair.submitted_at, "提交申请", by="您")
    if affair.accepted_at:
        yield Event(affair.accepted_at, "窗口受理，同时转给各部门", by="综合窗口")
    if affair.concluded_at:
        yield Event(affair.concluded_at, "证照和文书统一制作完成，办结", by="综合窗口")
    if affair.state in (_STATES.DELIVERED, _STATES.CLOSED):
        delivery = affair.delivery
        number = f"，邮件号码 {delivery.tracking_number}" if delivery.tracking_number else ""
        yield Event(delivery.delivered_at, "结果送达", f"{delivery.get_method_display()}{number}。", by="综合窗口")
    if affair.closed_at:
        yield {
            _STATES.NOT_ACCEPTED: Event(
                affair.closed_at, "不予受理", _stop(affair.refusal_reason), tone="danger", by="综合窗口"
            ),
            _STATES.WITHDRAWN: Event(affair.closed_at, "撤回申请", tone="warning", by="您"),
        }.get(Affair.State(affair.state), Event(affair.closed_at, "归档"))


def _of_approval(approval: Approval) -> Iterable[Event]:
    name, who = f"“{approval.matter_name}”", approval.department.name
    again = f"（第 {approval.attempt} 次办理）" if approval.attempt > 1 else ""
    if approval.opened_at:
        yield Event(approval.opened_at, f"开始审查{name}{again}", by=who)
    if approval.decided_at:
        words = {
            Approval.State.GRANTED: ("准予", "", ""),
            Approval.State.REFUSED: ("不予", _stop(approval.reason), "danger"),
            Approval.State.PREREQUISITE_FAILED: ("不再办理", _stop(approval.reason), "danger"),
            Approval.State.WITHDRAWN: ("撤回", "", "warning"),
        }
        verb, detail, tone = words[Approval.State(approval.state)]
        title = f"{name}{verb}{again}" if verb in ("不再办理",) else f"{verb}{name}{again}"
        by = "您" if approval.state == Approval.State.WITHDRAWN else who
        yield Event(approval.decided_at, title, detail, tone=tone, by=by)


def _to_come(affair: Affair) -> Iterable[Event]:
    """The step that is under way and those after it."""
    if not affair.is_open or affair.state == _STATES.DRAFT:
        return
    done, labels = steps_done(affair)
    dues = {"受理": acceptance_due(affair), "部门审批": affair.promised_due_on}
    reference = local_date(affair.submitted_at).year if affair.submitted_at else None
    for index, label in enumerate(labels[done:]):
        due_on = dues.get(label)
        yield Event(
            at=None,
            title=label,
            when=f"最迟 {day_in_words(due_on, reference)}" if due_on else "",
            state="current" if index == 0 else "upcoming",
        )
    if affair.state == _STATES.DELIVERED:
        yield Event(at=None, title="评价", detail="自愿评价，不评价也不影响结果。", state="current")


# ------------------------------------------------------------------ the swimlane


def lanes(approvals: Iterable[Approval], *, today: date) -> list[Lane]:
    """One lane per current attempt, in the order of the plan, for portal.drawing.swimlane."""
    current: Sequence[Approval] = [approval for approval in approvals if not approval.superseded]
    place = {approval.matter_code: index for index, approval in enumerate(current)}
    return [
        Lane(
            department=approval.department.name,
            title=approval.matter_name,
            state_label=_state_label(approval),
            tone=_lane_tone(approval, today),
            start=local_date(approval.opened_at) if approval.opened_at else None,
            end=local_date(approval.decided_at) if approval.decided_at else None,
            due=approval.promised_due_on,
            needs=tuple((place[need["matter"]], need["kind"]) for need in approval.needs if need["matter"] in place),
            note=_lane_note(approval, today),
        )
        for approval in current
    ]


def _state_label(approval: Approval) -> str:
    if approval.is_prereview:
        return "提前审查" if approval.state == Approval.State.REVIEWING else "审查完毕，等前置事项"
    return str(approval.get_state_display())


def _lane_tone(approval: Approval, today: date) -> Tone:
    if approval.is_open and approval.promised_due_on and today > approval.promised_due_on:
        return "danger"
    return _TONES[approval.state]


def _lane_note(approval: Approval, today: date) -> str:
    if approval.is_open and approval.due_is_provisional:
        return "期限暂定，放假安排公布后确定"
    if approval.is_open and approval.promised_due_on:
        return left_in_words(today, approval.promised_due_on)
    return ""
