"""What a department does beside reviewing and deciding: sign-off, opinions, outside systems. See workflows.commands."""

import logging
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone

from portal.accounts.errors import DomainError
from portal.accounts.models import SYSTEM_ACTOR, Actor, Department
from portal.affairs import decisions, opinions, outside, proposals
from portal.affairs.decisions import Decision
from portal.affairs.models import Approval, DecisionProposal, ExternalEntry, OpinionRequest
from workflows import papers
from workflows.commands import decided, locked_approval, may_work
from workflows.engine import outbox

logger = logging.getLogger(__name__)

_DECIDE = {DecisionProposal.Verdict.GRANT: decisions.grant, DecisionProposal.Verdict.REFUSE: decisions.refuse}


# ------------------------------------------------------------------ two-step sign-off


def propose(
    approval: Approval, *, actor: Actor, verdict: DecisionProposal.Verdict, decision: Decision
) -> DecisionProposal:
    """报负责人签发. The decision is tried out first: what could not be decided is not put before the head either."""
    with locked_approval(approval) as approval:
        may_work(actor, approval.department.permission)
        _rehearse(approval, actor=actor, verdict=verdict, decision=decision)
        return proposals.propose(approval, actor=actor, verdict=verdict, decision=decision, at=timezone.now())


def sign(proposal: DecisionProposal, *, actor: Actor) -> Approval:
    """签发: the head decides what the officer proposed. A proposal that was changed meanwhile raises AlreadyHandled."""
    with locked_approval(proposal.approval) as approval:
        may_work(actor, approval.department.permission)
        proposal, at = _reread(proposal), timezone.now()
        decision = proposals.sign(proposal, approval, actor=actor, at=at)
        _decide(approval, proposal.verdict, actor=actor, decision=decision, at=at)
        return decided(approval, actor)


def send_back(proposal: DecisionProposal, *, actor: Actor, reason: str) -> Approval:
    """退回: back to the officer with a reason; nothing that was proposed is lost."""
    with locked_approval(proposal.approval) as approval:
        may_work(actor, approval.department.permission)
        proposals.send_back(_reread(proposal), approval, actor=actor, reason=reason, at=timezone.now())
        return approval


def _reread(proposal: DecisionProposal) -> DecisionProposal:
    return DecisionProposal.objects.select_related("proposed_by").get(pk=proposal.pk)


def _decide(approval: Approval, verdict: str, *, actor: Actor, decision: Decision, at: datetime) -> None:
    _DECIDE[DecisionProposal.Verdict(verdict)](approval, actor=actor, decision=decision, at=at)


class _Rehearsed(Exception):
    """Undoes what was only tried out."""


def _rehearse(approval: Approval, *, actor: Actor, verdict: DecisionProposal.Verdict, decision: Decision) -> None:
    """Decide and undo it: every rule of the decision and of its paper speaks now, to the officer who can mend it."""
    trial = copy(approval)
    try:
        with transaction.atomic():
            _decide(trial, verdict, actor=actor, decision=decision, at=timezone.now())
            papers.issue(papers.DECISION_PAPERS[Approval.State(trial.state)], affair=trial.affair, approval=trial)
            raise _Rehearsed
    except _Rehearsed:
        return


# ------------------------------------------------------------------ several at once


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several approvals. say: why it was not done, "" when it was."""

    approval: Approval
    say: str = ""

    @property
    def is_done(self) -> bool:
        return not self.say


def each(approvals: Iterable[Approval], step: Callable[[Approval], object]) -> list[Outcome]:
    """Take the same step for several approvals, each a transaction of its own: one that fails stops no other."""
    outcomes = []
    for approval in approvals:
        try:
            step(approval)
        except DomainError as refused:
            outcomes.append(Outcome(approval, refused.say))
        except OperationalError:
            outcomes.append(Outcome(approval, "系统繁忙，这一件没有办成，请稍后再办。"))
        else:
            outcomes.append(Outcome(approval))
    return outcomes


# ------------------------------------------------------------------ opinions of others


def ask_opinion(
    approval: Approval,
    *,
    actor: Actor,
    department: Department | None = None,
    expert: str = "",
    expert_contact: str = "",
    question: str,
    working_days: int,
) -> OpinionRequest:
    """征求意见 with a due date; the reminder is a row that waits for its day."""
    with locked_approval(approval) as approval:
        may_work(actor, approval.department.permission)
        request = opinions.ask(
            approval, actor=actor, department=department, expert=expert, expert_contact=expert_contact,
            question=question, working_days=working_days, at=timezone.now(),
        )  # fmt: skip
        outbox.enqueue(
            "opinion_reminder",
            key=f"opinion_reminder:{request.pk}",
            due_at=opinions.reminder_at(request),
            request_id=request.pk,
        )
        return request


def answer_opinion(request: OpinionRequest, *, actor: Actor, text: str) -> OpinionRequest:
    """Answer once: an officer of the department asked, or, for an expert, of the department that asked."""
    with locked_approval(request.approval) as approval:
        request = _request(request.pk, approval)
        may_work(actor, opinions.answering_department(request).permission)
        opinions.answer(request, actor=actor, text=text, at=timezone.now())
        return request


def remind_opinion(request_id: int) -> None:
    """The day before the answer is due: flag and trail, once."""
    approval = OpinionRequest.objects.select_related("approval").get(pk=request_id).approval
    with locked_approval(approval) as approval:
        request = _request(request_id, approval)
        if opinions.remind(request, actor=SYSTEM_ACTOR, at=timezone.now()):
            notify_opinion_due(request)


def notify_opinion_due(request: OpinionRequest) -> None:
    """Called once for each reminder, in its transaction: the place to which channels of notices are attached."""
    logger.info("opinion request %d is due on %s", request.pk, request.due_on)


def _request(pk: int, approval: Approval) -> OpinionRequest:
    request = OpinionRequest.objects.select_related("department", "answered_by").get(pk=pk)
    request.approval = approval
    return request


# ------------------------------------------------------------------ departments' own systems


def export(approval: Approval, *, actor: Actor) -> bytes:
    """The packet for the department's own system, on the record."""
    with locked_approval(approval) as approval:
        may_work(actor, approval.department.permission)
        return outside.packet(approval, actor=actor)


def record_external_entry(approval: Approval, *, actor: Actor, number: str, entered_at: datetime) -> ExternalEntry:
    """已在本部门系统录入, with its number and time there."""
    with locked_approval(approval) as approval:
        may_work(actor, approval.department.permission)
        return outside.record_entry(approval, actor=actor, number=number, entered_at=entered_at, at=timezone.now())
