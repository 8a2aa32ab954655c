"""The verbs of an affair's records. They lock nothing and ask nobody: ``workflows.commands`` does, before it calls.

Every service checks its own rule, writes, and leaves an entry in the trail within the caller's transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from portal.accounts.errors import AlreadyHandled, DomainError, NotAcceptable, StaleDraft
from portal.accounts.models import Actor, Department, User
from portal.affairs import intake
from portal.affairs.clocks import affair_clock, approval_clock
from portal.affairs.dependencies import Part, movement
from portal.affairs.models import Affair, Approval, Delivery
from portal.audit.services import digest, record
from portal.catalogue.models import Edition
from portal.catalogue.plan import normalise
from portal.deadlines.clock import local_date

PART_STATES = {
    Approval.State.WAITING: "waiting",
    Approval.State.REVIEWING: "open",
    Approval.State.DECIDING: "open",
    Approval.State.GRANTED: "granted",
}


def note(
    affair: Affair,
    actor: Actor,
    action: str,
    say: str,
    *,
    before: str = "",
    subject: object = None,
    reason: str = "",
    **after: Any,
) -> None:
    """One trail entry: the state before, and whatever the step set."""
    record(
        chain=affair.chain,
        author=actor.author,
        action=action,
        say=say,
        subject=str(subject or affair),
        before={"state": before} if before else {},
        after=after,
        reason=reason,
    )


def create_draft(
    *,
    applicant: User,
    one_thing_code: str,
    actor: Actor,
    edition: Edition | None = None,
    copied_from: Affair | None = None,
) -> Affair:
    """A new draft under the current edition, which the affair keeps for good."""
    edition = edition or Edition.objects.current()
    if one_thing_code not in edition.catalogue.one_things:
        raise DomainError("目录中没有这个“一件事”，请从办事指南重新进入。")
    affair = Affair.objects.create(
        edition=edition,
        one_thing_code=one_thing_code,
        applicant=applicant,
        filed_by=actor.user or applicant,
        copied_from=copied_from,
    )
    origin: dict[str, Any] = {"copied_from": copied_from.number} if copied_from else {}
    note(affair, actor, "affair.draft", "新建草稿", one_thing=one_thing_code, edition=edition.code, **origin)
    return affair


def save_draft(
    affair: Affair,
    *,
    answers: Mapping[str, Any] | None = None,
    form: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> None:
    """Keep what was typed, valid or not. version: that of the page that saves; an older one raises StaleDraft.

    The answers are normalised: those of questions that are no longer asked are dropped. Typing leaves no trail entries;
    the submission records the fingerprint of the whole form: what can never be erased holds no personal data (R45).
    """
    require(affair, Affair.State.DRAFT, "办件已经提交，不能再修改草稿。")
    _require_version(affair, version)
    if answers is not None:
        affair.answers = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in normalise(affair.one_thing, {**affair.answers, **answers}).items()
        }
    if form is not None:
        affair.form = {**affair.form, **form}
        affair.subject_name = str(affair.form.get("entity_name") or affair.applicant)[:200]
    affair.version += 1
    affair.save(update_fields=["answers", "form", "subject_name", "version", "saved_at"])


def submit(affair: Affair, *, actor: Actor, at: datetime, version: int | None = None) -> None:
    """Hand in: everything complete, or NotAcceptable with all gaps at once. Gives the number (R97)."""
    require(affair, Affair.State.DRAFT, "办件已经提交过，不会重复提交。")
    _require_version(affair, version)
    if missing := intake.gaps(affair):
        raise NotAcceptable([gap.say for gap in missing])
    affair.number = f"{settings.DISTRICT_CODE}{local_date(at):%Y%m%d}{affair.pk:08d}"
    affair.submitted_at = at
    affair.delivery_method = intake.delivery_method(affair)
    affair.electronic_consent = bool(affair.form.get("electronic_consent"))
    affair.subject_name = str(affair.form.get("entity_name") or affair.applicant)[:200]
    _move(
        affair,
        Affair.State.SUBMITTED,
        "number",
        "submitted_at",
        "delivery_method",
        "electronic_consent",
        "subject_name",
    )
    note(
        affair, actor, "affair.submit", "提交申请", before=Affair.State.DRAFT, state=affair.state,
        answers=affair.answers, form_sha256=digest(affair.form),
        files=[[file.material_code, file.item, file.sha256] for file in affair.files.kept()],
    )  # fmt: skip


def accept(affair: Affair, *, actor: Actor, at: datetime) -> None:
    """受理: creates every department's approval at the same moment (R9, R47) and starts the clocks (R15, R16)."""
    require(affair, Affair.State.SUBMITTED, "这件申请已经有人处理过。")
    plan = affair.plan
    affair.accepted_at = at
    clock = affair_clock(plan, local_date(at))
    affair.legal_due_on, affair.promised_due_on = clock.legal_due_on, clock.promised_due_on
    _move(affair, Affair.State.APPROVING, "accepted_at", "legal_due_on", "promised_due_on")
    departments = {department.code: department for department in Department.objects.all()}
    Approval.objects.bulk_create(
        Approval(
            affair=affair,
            matter_code=planned.matter.id,
            matter_name=planned.matter.name,
            department=departments[planned.department.id],
            order=order,
            needs=[{"matter": need.matter, "kind": need.kind} for need in planned.needs],
        )
        for order, planned in enumerate(plan.matters)
    )
    note(
        affair, actor, "affair.accept", "受理", before=Affair.State.SUBMITTED, state=affair.state,
        matters=[planned.matter.id for planned in plan.matters], promised_due_on=affair.promised_due_on,
    )  # fmt: skip


def refuse_acceptance(affair: Affair, *, actor: Actor, reason: str, competent_authority: str, at: datetime) -> None:
    """不予受理 with its reason and, where another authority is competent, its name (R2, 《行政许可法》第三十二条)."""
    require(affair, Affair.State.SUBMITTED, "这件申请已经有人处理过。")
    if not reason.strip():
        raise DomainError("请写明不予受理的理由。")
    affair.refusal_reason, affair.competent_authority, affair.closed_at = (
        reason.strip(),
        competent_authority.strip(),
        at,
    )
    _move(affair, Affair.State.NOT_ACCEPTED, "refusal_reason", "competent_authority", "closed_at")
    note(
        affair,
        actor,
        "affair.refuse_acceptance",
        "不予受理",
        before=Affair.State.SUBMITTED,
        reason=reason,
        state=affair.state,
    )


def parts(affair: Affair) -> dict[str, tuple[Approval, Part]]:
    """The current attempts of an affair with the view that the order rules take of them, by matter."""
    return {
        approval.matter_code: (approval, as_part(approval))
        for approval in affair.approvals.current().select_related("department")
    }


# What ``advance`` may set; all that moved is written by one statement.
_MOVED_FIELDS = (
    "state", "opened_at", "clock_started_on", "legal_due_on", "promised_due_on", "due_is_provisional", "decided_at",
    "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advance:
    """What the order rules brought about: approvals opened for review, and those that ended as 前置未通过.

    all_decided: nothing is open any more.
    """

    opened: tuple[Approval, ...]
    ended: tuple[Approval, ...]
    all_decided: bool


def advance(affair: Affair, *, actor: Actor, at: datetime) -> Advance:
    """Apply the order rules until nothing follows any more (R47–R50).

    Idempotent: called again without a change in between it does nothing.
    """
    by_matter = {each.matter_code: each for each in affair.approvals.current().select_related("department")}
    opened: list[Approval] = []
    ended: list[Approval] = []
    moved: dict[str, Approval] = {}
    while step := movement(as_part(approval) for approval in by_matter.values()):
        for matter, culprit in step.fail:
            _fail(affair, by_matter[matter], by_matter[culprit], actor=actor, at=at)
            ended.append(by_matter[matter])
        for matter in step.start_clock:
            _start_clock(affair, by_matter[matter], on=local_date(at))
        for matter in step.open:
            approval = by_matter[matter]
            approval.state, approval.opened_at = Approval.State.REVIEWING, at
            opened.append(approval)
        touched = (*step.start_clock, *step.open, *(matter for matter, _culprit in step.fail))
        moved |= {matter: by_matter[matter] for matter in touched}
    Approval.objects.bulk_update(moved.values(), _MOVED_FIELDS)
    return Advance(tuple(opened), tuple(ended), all_decided=not any(each.is_open for each in by_matter.values()))


def as_part(approval: Approval) -> Part:
    return Part(
        matter=approval.matter_code,
        state=PART_STATES.get(Approval.State(approval.state), "failed"),
        needs=tuple((need["matter"], need["kind"]) for need in approval.needs),
        clock_started=approval.clock_started_on is not None,
    )


def _fail(affair: Affair, approval: Approval, culprit: Approval, *, actor: Actor, at: datetime) -> None:
    before = approval.state
    approval.state, approval.decided_at = Approval.State.PREREQUISITE_FAILED, at
    approval.reason = f"前置事项“{culprit.matter_name}”{culprit.get_state_display()}，本事项不再办理。"
    note(
        affair, actor, "approval.prerequisite_failed", f"{approval.matter_name}：前置未通过", before=before,
        subject=approval.number, reason=approval.reason, state=approval.state,
    )  # fmt: skip


def _start_clock(affair: Affair, approval: Approval, *, on: date) -> None:
    approval.affair = affair
    clock = approval_clock(approval.matter, on)
    approval.clock_started_on = on
    approval.legal_due_on, approval.promised_due_on = clock.legal_due_on, clock.promised_due_on
    approval.due_is_provisional = clock.is_provisional


def withdraw(affair: Affair, *, actor: Actor, reason: str, at: datetime) -> None:
    """The whole affair ends as withdrawn, possible while nothing is decided."""
    before = affair.state
    affair.closed_at = at
    _move(affair, Affair.State.WITHDRAWN, "closed_at")
    note(affair, actor, "affair.withdraw", "撤回申请", before=before, reason=reason, state=affair.state)


def finish_approvals(affair: Affair, *, actor: Actor) -> None:
    """Every part is decided: the bundle's outcome is known and the papers are made (R53)."""
    states = list(affair.approvals.current().values_list("state", flat=True))
    granted = sum(state == Approval.State.GRANTED for state in states)
    if granted == len(states):
        affair.outcome = Affair.Outcome.GRANTED
    else:
        affair.outcome = Affair.Outcome.PARTLY if granted else Affair.Outcome.REFUSED
    _move(affair, Affair.State.ISSUING, "outcome")
    note(
        affair,
        actor,
        "affair.decided",
        "各部门审批完毕",
        before=Affair.State.APPROVING,
        state=affair.state,
        outcome=affair.outcome,
    )


def conclude(affair: Affair, *, actor: Actor, at: datetime) -> None:
    """办结: the results are ready to be handed out at one exit."""
    affair.concluded_at = at
    _move(affair, Affair.State.DELIVERING, "concluded_at")
    note(affair, actor, "affair.conclude", "统一出证，办结", before=Affair.State.ISSUING, state=affair.state)


def deliver(
    affair: Affair, *, actor: Actor, method: str, recipient: str, relation: str, tracking_number: str, at: datetime
) -> Delivery:
    """Hand the results over; electronic only with consent (R116, 《民事诉讼法》第九十条 by analogy)."""
    require(affair, Affair.State.DELIVERING, "结果已经送达。")
    if method == Affair.DeliveryMethod.ELECTRONIC and not affair.electronic_consent:
        raise DomainError("申请人没有同意电子送达，请选择窗口领取或邮寄。")
    if method == Affair.DeliveryMethod.POST and not tracking_number.strip():
        raise DomainError("邮寄送达请填写邮件号码。")
    if not recipient.strip():
        raise DomainError("请填写收件人。")
    delivery = Delivery.objects.create(
        affair=affair, method=method, recipient=recipient.strip(), relation=relation.strip() or "本人",
        tracking_number=tracking_number.strip(), delivered_at=at, delivered_by=actor.user,
    )  # fmt: skip
    _move(affair, Affair.State.DELIVERED)
    note(
        affair, actor, "affair.deliver", f"送达（{delivery.get_method_display()}）", before=Affair.State.DELIVERING,
        state=affair.state, recipient=delivery.recipient, relation=delivery.relation,
    )  # fmt: skip
    return delivery


def close(affair: Affair, *, actor: Actor, rated: bool, at: datetime) -> None:
    """Archive after the rating, or as 未评价 when the set time has passed without one (R85)."""
    require(affair, Affair.State.DELIVERED, "办件已经归档。")
    affair.closed_at = at
    _move(affair, Affair.State.CLOSED, "closed_at")
    say = "评价后归档" if rated else "未评价，期满归档"
    note(affair, actor, "affair.close", say, before=Affair.State.DELIVERED, state=affair.state)


def _move(affair: Affair, state: Affair.State, *fields: str) -> None:
    affair.state = state
    affair.save(update_fields=["state", "saved_at", *fields])


def require(affair: Affair, state: Affair.State, say: str) -> None:
    if affair.state != state:
        raise AlreadyHandled(f"{say}当前状态：{affair.get_state_display()}。")


def _require_version(affair: Affair, version: int | None) -> None:
    if version is not None and version != affair.version:
        raise StaleDraft("这份草稿已在另一个页面或设备上保存过。刚才的内容没有覆盖它，请刷新后核对再填写。")
