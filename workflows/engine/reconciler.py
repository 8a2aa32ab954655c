"""Comparing flows with records, and mending what a crash between two transactions left behind. Idempotent."""

from dataclasses import asdict, dataclass

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from viewflow.workflow.status import STATUS

from portal.affairs.models import Affair, Approval
from portal.documents.models import Document
from workflows.engine import outbox
from workflows.engine.models import FlowTask, Job
from workflows.engine.nodes import poke


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was mended; all zero when flows and records agree."""

    approvals_poked: int
    nodes_rescheduled: int
    papers_rescheduled: int
    jobs_done: int
    jobs_failed: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def reconcile() -> Reconciliation:
    """Poke stuck affairs, ask again for lost job steps and papers, and do what is due or was abandoned.

    jobs_failed counts jobs that gave up after their last attempt and wait for a person.
    """
    return Reconciliation(
        approvals_poked=_poke_stuck(),
        nodes_rescheduled=_reschedule_nodes(),
        papers_rescheduled=_reschedule_papers(),
        jobs_done=outbox.run_due(),
        jobs_failed=Job.objects.filter(state=Job.State.FAILED).count(),
    )


def _poke_stuck() -> int:
    """Affairs in approval in which no department has anything to do: either ready to go on or waiting for nothing."""
    working = Approval.objects.current().filter(
        affair=OuterRef("process__seed_object_id"), state__in=(Approval.State.REVIEWING, Approval.State.DECIDING)
    )
    approving = Affair.objects.filter(pk=OuterRef("process__seed_object_id"), state=Affair.State.APPROVING)
    stuck = FlowTask.objects.filter(
        Exists(approving), ~Exists(working), status=STATUS.STARTED, flow_task_type="SUBPROCESS"
    )
    tasks = list(stuck)
    for task in tasks:
        poke(task)
    return len(tasks)


def _without_job(prefix: str, pk: str = "pk") -> Exists:
    key = Concat(Value(prefix), Cast(OuterRef(pk), CharField()))
    return ~Exists(Job.objects.filter(key=key).exclude(state=Job.State.DONE))


def _reschedule_nodes() -> int:
    lost = FlowTask.objects.filter(
        _without_job("node:"), flow_task_type="JOB", status__in=(STATUS.SCHEDULED, STATUS.STARTED)
    ).values_list("pk", flat=True)
    return sum(_ask_again("node", f"node:{pk}", task_id=pk) for pk in list(lost))


def _reschedule_papers() -> int:
    lost = Document.objects.filter(_without_job("paper:"), rendered_at__isnull=True).values_list("pk", flat=True)
    return sum(_ask_again("paper", f"paper:{pk}", document_id=pk) for pk in list(lost))


def _ask_again(kind: str, key: str, **payload: int) -> int:
    """A job whose work is not there was never written, or was called done without it: write it anew."""
    Job.objects.filter(key=key, state=Job.State.DONE).delete()
    outbox.enqueue(kind, key=key, **payload)
    return 1
