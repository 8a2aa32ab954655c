"""Asking for work, taking it with a lease, doing it at least once. Losing every message or worker loses nothing."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from workflows.engine.models import Job

logger = logging.getLogger(__name__)

# With doubling pauses from 15 seconds this is a little over an hour, then a person has to look.
MAX_ATTEMPTS = 9
_FIRST_PAUSE = timedelta(seconds=15)

_handlers: dict[str, Callable[..., None]] = {}


def handler(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the idempotent function that does jobs of one kind; it gets the payload as keyword arguments."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, *, key: str, due_at: datetime | None = None, **payload: Any) -> Job:
    """Write the job in the caller's transaction, once per key; a worker is woken after the commit if it is due now.

    A job that is there already keeps its state and its time; waking a worker for it once more does no harm.
    """
    asked = Job(kind=kind, key=key, payload=payload, due_at=due_at or timezone.now())
    # One statement instead of get_or_create's four. Its update changes nothing, it makes the database return the row.
    (job,) = Job.objects.bulk_create([asked], update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    if due_at is None:
        transaction.on_commit(partial(wake, job.pk), robust=True)
    return job


def wake(job_id: int) -> None:
    """Tell a worker. A lost message costs time only: the sweep finds the row."""
    from workflows.engine.tasks import run_job

    run_job.apply_async((job_id,), retry=False)


def run(job_id: int) -> bool:
    """Do one job if it is due and nobody holds it; True when it is done now. Errors postpone it, in the end fail it."""
    now, lease = timezone.now(), uuid4().hex
    taken = (
        Job.objects.due(now)
        .filter(pk=job_id)
        .order_by()
        .update(
            state=Job.State.RUNNING,
            lease=lease,
            leased_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
    )
    if not taken:
        return False
    job = Job.objects.get(pk=job_id)
    mine = Job.objects.filter(pk=job_id, lease=lease)
    try:
        _handlers[job.kind](**job.payload)
    except Exception as error:
        logger.exception("job %s failed at attempt %d", job.key, job.attempts)
        mine.update(
            state=Job.State.FAILED if job.attempts >= MAX_ATTEMPTS else Job.State.WAITING,
            due_at=timezone.now() + _FIRST_PAUSE * 2 ** (job.attempts - 1),
            leased_until=None,
            last_error=type(error).__name__,
        )
        return False
    mine.update(state=Job.State.DONE, finished_at=timezone.now(), leased_until=None, last_error="")
    return True


def run_due(*, limit: int = 1000, at: datetime | None = None) -> int:
    """Do what is due, in order, including what the work itself asks for; returns how many jobs were done."""
    done = 0
    while done < limit:
        ids = list(Job.objects.due(at).values_list("pk", flat=True)[: min(100, limit - done)])
        worked = sum(run(job_id) for job_id in ids)
        done += worked
        if not worked:
            break
    return done
