"""Celery tasks: thin doors to functions that work on rows."""

from celery import shared_task

from portal.audit.services import anchor as audit_anchor
from workflows.engine import outbox
from workflows.engine.models import Job


@shared_task(name="workflows.run_job")
def run_job(job_id: int) -> None:
    """Do one job; the message carries nothing but its number."""
    outbox.run(job_id)


@shared_task(name="workflows.sweep")
def sweep() -> None:
    """Wake a worker for every job that is due: lost messages, delayed work and abandoned leases alike."""
    for job_id in Job.objects.due().values_list("pk", flat=True)[:500]:
        run_job.apply_async((job_id,), retry=False)


@shared_task(name="workflows.reconcile")
def reconcile() -> None:
    """Compare the flows with the records and mend what a crash left behind."""
    from workflows.engine.reconciler import reconcile as run

    run()


@shared_task(name="workflows.anchor")
def anchor() -> None:
    """Fix the heads of all trails that grew."""
    audit_anchor()
