"""The one procedure that runs every one-thing: 受理 → 并联审批 → 统一出证 → 送达 → 评价."""

from typing import Any

from django.utils import timezone
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.base import Flow

from portal.accounts.models import SYSTEM_ACTOR, WINDOW
from portal.affairs import services
from workflows import papers
from workflows.approval import ApprovalFlow, cancel_processes
from workflows.engine.lock import AffairLock
from workflows.engine.models import FlowTask
from workflows.engine.nodes import Approvals, Job, PersonTask
from workflows.models import OneThingProcess


class OneThingFlow(Flow):
    """一件事"""

    process_class = OneThingProcess
    task_class = FlowTask
    lock_impl = AffairLock()

    start = nodes.StartHandle().Annotation(title="申请").Next(this.acceptance)
    acceptance = PersonTask().Queue(WINDOW).Annotation(title="受理审查").Next(this.accepted)
    accepted = nodes.If(lambda activation: activation.process.is_accepted).Then(this.approvals).Else(this.not_accepted)
    approvals = (
        Approvals(advance=this.advance, finish=this.finish_approvals).Annotation(title="并联审批").Next(this.issue)
    )
    issue = Job(papers.prepare_results, this.conclude).Annotation(title="统一出证").Next(this.delivered)
    delivered = nodes.If(lambda activation: activation.process.is_delivered).Then(this.rating).Else(this.delivery)
    delivery = PersonTask().Queue(WINDOW).Annotation(title="送达").Next(this.rating)
    rating = nodes.Handle().Annotation(title="评价").Next(this.end)
    end = nodes.End().Annotation(title="归档")
    not_accepted = nodes.End().Annotation(title="不予受理")

    def advance(self, activation: Any) -> bool:
        """Start a process for each approval that is ready, stop those that cannot succeed; whether all are decided."""
        process = activation.process
        moved = services.advance(process.affair, actor=SYSTEM_ACTOR, at=timezone.now())
        cancel_processes(moved.ended)
        for approval in moved.opened:
            ApprovalFlow.start.run(approval=approval, _parent_task=activation.task, _process_seed=process.affair)
        return moved.all_decided

    def finish_approvals(self, activation: Any) -> None:
        services.finish_approvals(activation.process.affair, actor=SYSTEM_ACTOR)

    def conclude(self, process: OneThingProcess) -> None:
        """Results are ready; with consent they are served electronically at once (R116)."""
        papers.conclude(process.affair)
