"""One department's part: 审查 → 决定."""

from collections.abc import Iterable
from typing import Any

from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.base import Flow

from portal.affairs.models import Approval
from workflows.engine.lock import AffairLock
from workflows.engine.models import FlowTask
from workflows.engine.nodes import ChildEnd, PersonTask
from workflows.models import ApprovalProcess


def department_queue(activation: Any) -> str:
    """The queue of the department to which the approval belongs."""
    return activation.process.approval.department.permission


def cancel_processes(approvals: Iterable[Approval]) -> None:
    """End the running processes of approvals that ended otherwise; Viewflow sends no signal, the caller looks on."""
    numbers = [approval.pk for approval in approvals]
    if not numbers:
        return
    for process in ApprovalProcess.objects.filter(
        flow_class=ApprovalFlow, artifact_object_id__in=numbers, finished__isnull=True
    ):
        ApprovalFlow.instance.cancel(process)


class ApprovalFlow(Flow):
    """部门审批"""

    process_class = ApprovalProcess
    task_class = FlowTask
    lock_impl = AffairLock()

    start = nodes.StartHandle(this.begin).Annotation(title="收到").Next(this.review)
    review = PersonTask().Queue(department_queue).Annotation(title="审查").Next(this.decide)
    decide = PersonTask().Queue(department_queue).Annotation(title="决定").Next(this.end)
    end = ChildEnd().Annotation(title="部门办结")

    def begin(self, activation: Any, approval: Approval) -> ApprovalProcess:
        """A process of its own for one approval, under the Approvals task of the affair."""
        activation.process.artifact = approval
        return activation.process
