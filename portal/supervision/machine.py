"""What the machine could not do by itself and leaves to a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Min, QuerySet
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Machine:
    """failed: jobs that gave up. waiting: jobs due and not done; waiting_since: when the oldest of them was due."""

    failed: int
    waiting: int
    waiting_since: datetime | None


def failed_jobs() -> QuerySet[Any]:
    """Jobs that gave up after their last attempt, latest first."""
    return _jobs().filter(state="failed").order_by("-due_at", "-pk")


def machine() -> Machine:
    waiting = _jobs().filter(state="waiting", due_at__lte=timezone.now()).order_by()
    return Machine(failed_jobs().count(), waiting.count(), waiting.aggregate(since=Min("due_at"))["since"])


def _jobs() -> QuerySet[Any]:
    # The outbox is the procedures' own, and records may not import procedures: the registry of models is read instead.
    return apps.get_model("engine", "Job").objects.all()
