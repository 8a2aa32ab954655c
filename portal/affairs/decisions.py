"""The verbs of one department's part: review, grant, refuse, withdraw, try again. Called by ``workflows.commands``."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.accounts.errors import AlreadyHandled, DomainError, PrerequisitePending
from portal.accounts.models import Actor
from portal.affairs.dependencies import dependants, pending_prerequisites
from portal.affairs.materials import ROWS_OF, items_of
from portal.affairs.models import Affair, Approval, Certificate
from portal.affairs.services import as_part, note, parts, require
from portal.deadlines.clock import local_date


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """What the officer enters for one result. item: the plate where each vehicle gets its own, else empty."""

    name: str
    number: str
    valid_from: date
    valid_until: date | None = None
    item: str = ""
    licence_code: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Content of a decision; R23, R34, 《行政许可法》第三十八条."""

    reason: str = ""
    facts: str = ""
    legal_basis: str = ""
    standard: str = ""
    certificates: tuple[CertificateEntry, ...] = field(default=())


def review(approval: Approval, *, actor: Actor, opinion: str, at: datetime) -> None:
    """Record the officer's opinion; the decision is a step of its own."""
    _require_approval(approval, Approval.State.REVIEWING)
    if not opinion.strip():
        raise DomainError("请填写审查意见。")
    approval.opinion, approval.reviewed_by, approval.reviewed_at = opinion.strip(), actor.user, at
    approval.state = Approval.State.DECIDING
    approval.save(update_fields=["opinion", "reviewed_by", "reviewed_at", "state"])
    note(
        approval.affair, actor, "approval.review", f"{approval.matter_name}：审查", before=Approval.State.REVIEWING,
        subject=approval.number, state=approval.state, opinion=approval.opinion,
    )  # fmt: skip


def grant(approval: Approval, *, actor: Actor, decision: Decision, at: datetime) -> None:
    """准予, only when every prerequisite is granted (R49); the certificates come into being with it.

    Raises PrerequisitePending with the names of what is still open, DomainError where a result lacks its number.
    """
    _require_approval(approval, Approval.State.DECIDING)
    current = parts(approval.affair)
    pending = pending_prerequisites(as_part(approval), {matter: part for matter, (_a, part) in current.items()})
    if pending:
        names = "、".join(f"“{current[matter][0].matter_name}”" for matter in pending)
        raise PrerequisitePending(f"前置事项{names}尚未办结，现在可以预审，但要等它准予之后才能决定准予。")
    _decide(approval, Approval.State.GRANTED, actor=actor, decision=decision, at=at)
    _issue(approval, decision.certificates, at=at)


def _issue(approval: Approval, entries: Iterable[CertificateEntry], *, at: datetime) -> None:
    """The results of a grant, all or none; a number is used once per kind of result."""
    certificates: dict[tuple[str, str], Certificate] = {}
    for entry in entries:
        number = entry.number.strip()
        if not number:
            raise DomainError(f"请填写“{entry.name}{entry.item}”的证照编号。")
        if (entry.name, number) in certificates:
            raise DomainError(f"证照编号“{number}”填写了两次，请核对。")
        certificate = Certificate(
            approval=approval, licence_code=entry.licence_code, name=entry.name, number=number,
            holder=approval.affair.subject_name, item=entry.item, valid_from=entry.valid_from,
            valid_until=entry.valid_until, issued_at=at,
        )  # fmt: skip
        # The approval is in hand; checking it would read it once more.
        certificate.clean_fields(exclude={"approval"})
        certificates[entry.name, number] = certificate
    used = Certificate.objects.filter(
        name__in={name for name, _number in certificates}, number__in={number for _name, number in certificates}
    )
    for each in used:
        if (each.name, each.number) in certificates:
            raise DomainError(f"证照编号“{each.number}”已经用过，请核对。")
    Certificate.objects.bulk_create(certificates.values())


def refuse(approval: Approval, *, actor: Actor, decision: Decision, at: datetime) -> None:
    """不予, with facts, reason and legal basis (R23, R34, 《行政许可法》第三十八条)."""
    _require_approval(approval, Approval.State.DECIDING)
    missing = [
        name
        for name, value in (
            ("认定的事实", decision.facts),
            ("理由", decision.reason),
            ("法律依据", decision.legal_basis),
        )
        if not value.strip()
    ]
    if missing:
        raise DomainError(f"不予决定必须写明{'、'.join(missing)}（《行政许可法》第三十八条）。")
    _decide(approval, Approval.State.REFUSED, actor=actor, decision=decision, at=at)


def _decide(approval: Approval, state: Approval.State, *, actor: Actor, decision: Decision, at: datetime) -> None:
    approval.state, approval.decided_by, approval.decided_at = state, actor.user, at
    approval.facts, approval.reason = decision.facts.strip(), decision.reason.strip()
    approval.legal_basis, approval.standard = decision.legal_basis.strip(), decision.standard.strip()
    approval.save(update_fields=["state", "decided_by", "decided_at", "facts", "reason", "legal_basis", "standard"])
    note(
        approval.affair, actor, f"approval.{state}", f"{approval.matter_name}：{state.label}",
        before=Approval.State.DECIDING, subject=approval.number, reason=approval.reason, state=state,
        certificates=[[entry.name, entry.number, entry.item] for entry in decision.certificates],
    )  # fmt: skip


def expected_certificates(approval: Approval) -> list[CertificateEntry]:
    """The results that a grant has to bring, with a proposed number and the validity known to the catalogue."""
    matter, affair = approval.matter, approval.affair
    catalogue = affair.edition.catalogue
    licence = matter.result_licence(catalogue)
    name = licence.name if licence else matter.result or matter.name
    today = local_date(datetime.now().astimezone())
    until = None
    if licence and licence.valid_years:
        until = _years_later(today, licence.valid_years)
    per = matter.per if matter.per in ROWS_OF else ""
    return [
        CertificateEntry(
            name=name,
            number=f"{approval.number}-{index:02d}" if item else approval.number,
            valid_from=today,
            valid_until=until,
            item=item,
            licence_code=licence.id if licence else "",
        )
        for index, item in enumerate(items_of(affair, affair.plan, per), start=1)
    ]


def _years_later(day: date, years: int) -> date:
    """The day before the same day ``years`` later: a licence from 3 March runs to 2 March."""
    try:
        return date.fromordinal(day.replace(year=day.year + years).toordinal() - 1)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28)


def withdraw_undecided(affair: Affair, *, actor: Actor, reason: str, at: datetime) -> list[Approval]:
    """Withdraw everything that is not decided yet; decided matters stay decided. Returns the approvals withdrawn."""
    withdrawn = []
    for approval in affair.approvals.current().open():
        before = approval.state
        approval.state, approval.decided_at, approval.reason = Approval.State.WITHDRAWN, at, reason.strip()
        approval.save(update_fields=["state", "decided_at", "reason"])
        note(
            affair, actor, "approval.withdraw", f"{approval.matter_name}：撤回", before=before, subject=approval.number,
            reason=reason, state=approval.state,
        )  # fmt: skip
        withdrawn.append(approval)
    return withdrawn


def reopen(approval: Approval, *, actor: Actor, reason: str) -> list[Approval]:
    """A new attempt at a matter that failed, and at every dependant that ended with it; old attempts stay as they were.

    Possible while the rest of the affair is being decided; afterwards it takes a new affair (R91: never 13 → 11).
    """
    affair = approval.affair
    require(affair, Affair.State.APPROVING, "办件已经办结，不能重新办理，请复制为新的办件重新申请。")
    if approval.state == Approval.State.GRANTED or approval.state not in Approval.FINAL or approval.superseded:
        raise AlreadyHandled("只有未获准予的事项可以重新办理。")
    if not reason.strip():
        raise DomainError("请写明重新办理的理由。")
    current = {each.matter_code: each for each in affair.approvals.current()}
    edges = {code: [(need["matter"], need["kind"]) for need in each.needs] for code, each in current.items()}
    again = [
        code
        for code in (approval.matter_code, *dependants(approval.matter_code, edges))
        if code == approval.matter_code or current[code].state == Approval.State.PREREQUISITE_FAILED
    ]
    attempts = []
    for code in again:
        old = current[code]
        old.superseded = True
        old.save(update_fields=["superseded"])
        new = Approval.objects.create(
            affair=affair, matter_code=code, matter_name=old.matter_name, department_id=old.department_id,
            attempt=old.attempt + 1, order=old.order, needs=old.needs,
        )  # fmt: skip
        note(
            affair, actor, "approval.reopen", f"{old.matter_name}：重新办理", before=old.state, subject=new.number,
            reason=reason, attempt=new.attempt,
        )  # fmt: skip
        attempts.append(new)
    return attempts


def _require_approval(approval: Approval, state: Approval.State) -> None:
    if approval.state != state:
        who = approval.decided_by or approval.reviewed_by
        by = f"（{who}）" if who else ""
        raise AlreadyHandled(f"“{approval.matter_name}”已由他人处理{by}，当前状态：{approval.get_state_display()}。")
