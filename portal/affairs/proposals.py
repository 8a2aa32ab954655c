"""两级签发: an officer proposes a decision, a head of the department signs it or sends it back. Called by commands."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours
from portal.accounts.models import Actor, User
from portal.affairs.decisions import CertificateEntry, Decision
from portal.affairs.department_models import DecisionProposal
from portal.affairs.models import Approval
from portal.affairs.services import note
from portal.audit.services import digest

_STATES = DecisionProposal.State


def must_propose(approval: Approval, user: User) -> bool:
    """Whether this person may only propose: two people of the department see what a head has to sign.

    A head decides alone what somebody else has reviewed; what they have reviewed themselves another head signs.
    """
    if not approval.matter.is_signed_by_head:
        return False
    return not user.is_head or approval.reviewed_by_id == user.pk


def require_own_decision(approval: Approval, *, actor: Actor) -> None:
    """Raises NotYours where the person may only propose, AlreadyHandled where a proposal waits for its answer."""
    if not approval.matter.is_signed_by_head:
        return
    if actor.user is None or must_propose(approval, actor.user):
        raise NotYours("这个事项由部门负责人签发：请提出拟办意见，由审查人以外的负责人签发。")
    if approval.proposals.filter(state=_STATES.OPEN).exists():
        raise AlreadyHandled("经办人已经提出拟办意见，请签发或者退回。")


def propose(
    approval: Approval, *, actor: Actor, verdict: DecisionProposal.Verdict, decision: Decision, at: datetime
) -> DecisionProposal:
    """Put a decision before the head; one that waits already is replaced, whoever proposed it."""
    if not approval.matter.is_signed_by_head:
        raise DomainError("这个事项不需要负责人签发，请直接作出决定。")
    if approval.state != Approval.State.DECIDING:
        raise AlreadyHandled(f"“{approval.matter_name}”现在不能提出拟办意见：{approval.get_state_display()}。")
    replaced = approval.proposals.filter(state=_STATES.OPEN).update(state=_STATES.REPLACED)
    content = _content(decision)
    proposal = DecisionProposal.objects.create(
        approval=approval, verdict=verdict, content=content, proposed_by=actor.user, proposed_at=at
    )
    again = "修改后" if replaced else ""
    note(
        approval.affair, actor, "approval.propose", f"{approval.matter_name}：{again}{verdict.label}，报负责人签发",
        subject=approval.number, content_sha256=digest(content),
    )  # fmt: skip
    return proposal


def sign(proposal: DecisionProposal, approval: Approval, *, actor: Actor, at: datetime) -> Decision:
    """Mark the proposal as signed; returns the decision to be carried out in the same transaction."""
    _answer(proposal, _STATES.SIGNED, actor=actor, at=at)
    note(
        approval.affair, actor, "approval.sign", f"{approval.matter_name}：签发（拟办人：{proposal.proposed_by}）",
        subject=approval.number, content_sha256=digest(proposal.content),
    )  # fmt: skip
    return decision_of(proposal)


def send_back(proposal: DecisionProposal, approval: Approval, *, actor: Actor, reason: str, at: datetime) -> None:
    """Back to the officer with a reason; the proposal stays as the beginning of the next one."""
    if not reason.strip():
        raise DomainError("请写明退回的理由，经办人要据此修改。")
    proposal.return_reason = reason.strip()
    _answer(proposal, _STATES.RETURNED, actor=actor, at=at)
    note(
        approval.affair, actor, "approval.send_back", f"{approval.matter_name}：负责人退回拟办意见",
        subject=approval.number, reason=proposal.return_reason,
    )  # fmt: skip


def decision_of(proposal: DecisionProposal) -> Decision:
    """The decision as it was proposed."""
    content: dict[str, Any] = dict(proposal.content)
    return Decision(
        **{**content, "certificates": tuple(_certificate(entry) for entry in content["certificates"])},
    )


def _answer(proposal: DecisionProposal, state: DecisionProposal.State, *, actor: Actor, at: datetime) -> None:
    if proposal.state != _STATES.OPEN:
        raise AlreadyHandled(f"这份拟办意见{proposal.get_state_display()}，请看现在的情况。")
    if actor.user is None or not actor.user.is_head:
        raise NotYours("只有部门负责人可以签发或者退回。")
    if proposal.proposed_by_id == actor.user.pk:
        raise NotYours("不能签发自己提出的拟办意见，请由另一位负责人签发。")
    proposal.state, proposal.answered_by, proposal.answered_at = state, actor.user, at
    proposal.save(update_fields=["state", "answered_by", "answered_at", "return_reason"])


def _content(decision: Decision) -> dict[str, Any]:
    content = asdict(decision)
    content["certificates"] = [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in entry.items()}
        for entry in content["certificates"]
    ]
    return content


def _certificate(entry: dict[str, Any]) -> CertificateEntry:
    dates = {key: date.fromisoformat(entry[key]) for key in ("valid_from", "valid_until") if entry[key]}
    return CertificateEntry(**{**entry, **dates})
