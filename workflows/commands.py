"""The only write path of a person's step: lock → authorise → record service → move the flow → papers.

Screens, ``simulate`` and departments' own systems all come through here. Each command is one transaction under the
affair's lock and returns the affair as it stands afterwards. A repeated press raises AlreadyHandled (HTTP 409);
somebody who is not entitled gets NotYours (403); every other refusal of the law is a DomainError with its Chinese
message.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from viewflow.workflow.exceptions import FlowLockFailed

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours
from portal.accounts.models import SYSTEM_ACTOR, WINDOW, Actor, User
from portal.affairs import decisions, proposals, services, uploads
from portal.affairs.decisions import Decision
from portal.affairs.models import Affair, Approval, MaterialFile
from portal.documents.models import Document
from portal.feedback import services as feedback
from portal.notifications import kinds
from workflows import notices, papers
from workflows.approval import ApprovalFlow, cancel_processes
from workflows.engine.lock import affair_lock
from workflows.engine.models import FlowTask
from workflows.engine.nodes import activation_under_lock, look_again
from workflows.models import OneThingProcess
from workflows.one_thing import OneThingFlow


@contextmanager
def locked(affair_id: int) -> Iterator[Affair]:
    """The affair under its lock, read after the lock was had."""
    try:
        with affair_lock(affair_id):
            affair = Affair.objects.with_people().filter(pk=affair_id).first()
            if affair is None:
                raise AlreadyHandled("这份草稿已经删除。")
            yield affair
    except FlowLockFailed:
        raise AlreadyHandled("这件办件正在由他人处理，请稍后刷新页面再试。") from None


@contextmanager
def locked_approval(approval: Approval) -> Iterator[Approval]:
    """One approval under its affair's lock, read after the lock was had."""
    with locked(approval.affair_id) as affair:
        approval = Approval.objects.select_related("department").get(pk=approval.pk)
        approval.affair = affair
        yield approval


def _open_step(node: Any, affair: Affair, approval: Approval | None = None) -> Any:
    """Activation of the open task at ``node``, read under the lock; AlreadyHandled when there is none any more.

    The flow then works on the very objects of the command: neither has to read again what the other one wrote.
    """
    tasks = FlowTask.objects.select_related("process").filter(
        flow_task=node, finished__isnull=True, process__seed_object_id=affair.pk
    )
    if approval is not None:
        tasks = tasks.filter(process__artifact_object_id=approval.pk)
    task = tasks.first()
    if task is None:
        raise AlreadyHandled("这一步已经办过了，请刷新页面查看现在的状态。")
    task.process.seed = affair
    if approval is not None:
        task.process.artifact = approval
    return activation_under_lock(task)


def take_step(node: Any, actor: Actor, affair: Affair, approval: Approval | None = None) -> None:
    """Do the open step at ``node`` as this person; AlreadyHandled when there is none any more."""
    activation = _open_step(node, affair, approval)
    activation.take(actor.user)
    activation.activate_next()


def may_work(actor: Actor, permission: str) -> None:
    if actor.user is None or permission not in actor.user.work_permissions:
        raise NotYours("您的岗位不能办理这一步。")


def may_file(actor: Actor, affair: Affair) -> None:
    if actor.user is None or actor.user.pk not in (affair.applicant_id, affair.filed_by_id):
        raise NotYours("只有申请人或其填报人可以操作这件办件。")


# ------------------------------------------------------------------ the applicant


@transaction.atomic
def start_draft(*, applicant: User, one_thing_code: str, actor: Actor) -> Affair:
    """A new draft of the applicant's own."""
    if actor.user is None or actor.user.role != User.Role.APPLICANT or actor.user != applicant:
        raise NotYours("请用申请人账号办理。")
    return services.create_draft(applicant=applicant, one_thing_code=one_thing_code, actor=actor)


def save_draft(
    affair: Affair,
    *,
    actor: Actor,
    answers: Mapping[str, Any] | None = None,
    form: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Affair:
    """Keep answers or form values as typed; an older page's version raises StaleDraft."""
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        services.save_draft(affair, answers=answers, form=form, version=version)
        return affair


def attach_file(affair: Affair, *, actor: Actor, material_code: str, item: str, upload: "File[Any]") -> MaterialFile:
    """Keep one uploaded file for a material of the draft, after it was looked into (RejectedUpload)."""
    inspected = uploads.inspect(upload)
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        return uploads.attach(affair, actor=actor, material_code=material_code, item=item, inspected=inspected)


def remove_file(file: MaterialFile, *, actor: Actor) -> None:
    """Take a file out of a draft; the row stays as a trace."""
    with locked(file.affair_id) as affair:
        may_file(actor, affair)
        uploads.remove(affair, file_id=file.pk, at=timezone.now())


def submit(affair: Affair, *, actor: Actor, version: int | None = None) -> Affair:
    """Hand in. NotAcceptable names every gap; else number, receipt (R10, R101) and a place in the window's queue."""
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        services.submit(affair, actor=actor, at=timezone.now(), version=version)
        OneThingFlow.start.run(_process_seed=affair)
        papers.issue(Document.Kind.RECEIPT, affair=affair)
        notices.tell(kinds.Submitted, affair)
        return affair


def withdraw(affair: Affair, *, actor: Actor, reason: str = "") -> Affair:
    """Withdraw what is not decided yet; when nothing is decided the whole affair ends."""
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        if affair.state not in (Affair.State.SUBMITTED, Affair.State.APPROVING):
            raise AlreadyHandled(f"现在不能撤回：{affair.get_state_display()}。")
        at = timezone.now()
        withdrawn = decisions.withdraw_undecided(affair, actor=actor, reason=reason, at=at)
        if affair.approvals.current().filter(state__in=(Approval.State.GRANTED, Approval.State.REFUSED)).exists():
            cancel_processes(withdrawn)
            _poke_approvals(affair)
        else:
            services.withdraw(affair, actor=actor, reason=reason, at=at)
            OneThingFlow.instance.cancel(OneThingProcess.objects.get(flow_class=OneThingFlow, seed_object_id=affair.pk))
        notices.tell(kinds.Withdrawn, affair, occasion="-".join(str(approval.pk) for approval in withdrawn[:1]))
        return affair


def rate(affair: Affair, *, actor: Actor, level: int, comment: str = "", channel: str = "my") -> Affair:
    """好差评 by the person served; closes the affair (R79, R80)."""
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        at = timezone.now()
        feedback.rate(affair, actor=actor, level=level, comment=comment, channel=channel, at=at)
        services.close(affair, actor=actor, rated=True, at=at)
        _finish_rating(affair)
        return affair


# ------------------------------------------------------------------ the window


def accept(affair: Affair, *, actor: Actor) -> Affair:
    """受理: every department receives its part at the same moment (R9, R47); the notice is made (R10, R101)."""
    with locked(affair.pk) as affair:
        may_work(actor, WINDOW)
        services.accept(affair, actor=actor, at=timezone.now())
        papers.issue(Document.Kind.ACCEPTANCE, affair=affair)
        take_step(OneThingFlow.acceptance, actor, affair)
        notices.tell(kinds.Accepted, affair)
        return affair


def refuse_acceptance(affair: Affair, *, actor: Actor, reason: str, competent_authority: str = "") -> Affair:
    """不予受理, in writing, with reason, competent authority and remedies (R2, R10, R103)."""
    with locked(affair.pk) as affair:
        may_work(actor, WINDOW)
        services.refuse_acceptance(
            affair, actor=actor, reason=reason, competent_authority=competent_authority, at=timezone.now()
        )
        papers.issue(Document.Kind.NON_ACCEPTANCE, affair=affair)
        take_step(OneThingFlow.acceptance, actor, affair)
        notices.tell(kinds.NotAccepted, affair)
        return affair


def deliver(
    affair: Affair, *, actor: Actor, method: str, recipient: str, relation: str = "本人", tracking_number: str = ""
) -> Affair:
    """Hand the results out at the one exit, by hand or by post (R116). The papers must be ready."""
    with locked(affair.pk) as affair:
        may_work(actor, WINDOW)
        waiting = affair.documents.filter(rendered_at__isnull=True).count()
        if affair.state == Affair.State.DELIVERING and waiting:
            raise DomainError(f"还有 {waiting} 份文书正在制作，请稍候再送达。")
        services.deliver(
            affair, actor=actor, method=method, recipient=recipient, relation=relation, tracking_number=tracking_number,
            at=timezone.now(),
        )  # fmt: skip
        take_step(OneThingFlow.delivery, actor, affair)
        notices.tell(papers.HANDED_OVER[Affair.DeliveryMethod(method)], affair)
        papers.expect_rating(affair)
        return affair


def reopen(approval: Approval, *, actor: Actor, reason: str) -> list[Approval]:
    """A new attempt at a matter that was not granted, with its dependants, while the others are still being decided."""
    with locked_approval(approval) as approval:
        may_work(actor, WINDOW)
        attempts = decisions.reopen(approval, actor=actor, reason=reason)
        _poke_approvals(approval.affair)
        notices.tell(kinds.Reopened, approval.affair, attempts[0])
        return attempts


# ------------------------------------------------------------------ the departments


def review(approval: Approval, *, actor: Actor, opinion: str) -> Approval:
    """审查: the officer's opinion, before the decision and, under R49, before the prerequisite is granted."""
    with locked_approval(approval) as approval:
        may_work(actor, approval.department.permission)
        decisions.review(approval, actor=actor, opinion=opinion, at=timezone.now())
        take_step(ApprovalFlow.review, actor, approval.affair, approval)
        return approval


def grant(approval: Approval, *, actor: Actor, decision: Decision) -> Approval:
    """准予 with its results; the written decision must be complete (R23, R109) or the step does not happen."""
    with locked_approval(approval) as approval:
        may_work(actor, approval.department.permission)
        proposals.require_own_decision(approval, actor=actor)
        decisions.grant(approval, actor=actor, decision=decision, at=timezone.now())
        return decided(approval, actor)


def refuse(approval: Approval, *, actor: Actor, decision: Decision) -> Approval:
    """不予 with facts, reasons, basis and remedies (R23, R34–R36, R110) or the step does not happen."""
    with locked_approval(approval) as approval:
        may_work(actor, approval.department.permission)
        proposals.require_own_decision(approval, actor=actor)
        decisions.refuse(approval, actor=actor, decision=decision, at=timezone.now())
        return decided(approval, actor)


def decided(approval: Approval, actor: Actor) -> Approval:
    """The paper of a decision that was just recorded, and the end of the step at which it was taken."""
    papers.issue(papers.DECISION_PAPERS[Approval.State(approval.state)], affair=approval.affair, approval=approval)
    notices.tell(papers.DECIDED[Approval.State(approval.state)], approval.affair, approval)
    take_step(ApprovalFlow.decide, actor, approval.affair, approval)
    return approval


# ------------------------------------------------------------------ the system


def close_unrated(affair_id: int) -> None:
    """Archive an affair whose rating did not come in the set time; nothing when it was rated meanwhile."""
    with locked(affair_id) as affair:
        if affair.state == Affair.State.DELIVERED:
            services.close(affair, actor=SYSTEM_ACTOR, rated=False, at=timezone.now())
            _finish_rating(affair)


def remind_rating(affair_id: int) -> None:
    """Say once that the service may be rated; nothing when it was rated meanwhile."""
    with locked(affair_id) as affair:
        if affair.state == Affair.State.DELIVERED:
            notices.tell(kinds.ToBeRated, affair)


def _finish_rating(affair: Affair) -> None:
    activation = _open_step(OneThingFlow.rating, affair)
    activation.run(None)
    activation.execute()


def _poke_approvals(affair: Affair) -> None:
    look_again(_open_step(OneThingFlow.approvals, affair))
