"""Whose turn it is: the open steps of a queue, straight from the partial index on open tasks."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from viewflow.workflow.status import STATUS

from workflows.engine.models import FlowTask


def open_steps(permissions: Iterable[str]) -> QuerySet[FlowTask]:
    """Steps that nobody has done yet and that holders of one of ``permissions`` may take."""
    return FlowTask.objects.filter(status=STATUS.NEW, owner_permission__in=list(permissions)).order_by()


def affairs_in_queue(permissions: Iterable[str], node: Any) -> QuerySet[FlowTask]:
    """Numbers of the affairs that wait at one step (``OneThingFlow.acceptance``), as a subquery."""
    return open_steps(permissions).filter(flow_task=node).values("process__seed_object_id")


def approvals_in_queue(permissions: Iterable[str]) -> QuerySet[FlowTask]:
    """Numbers of the approvals that wait for a department's officers, as a subquery."""
    return (
        open_steps(permissions).filter(process__artifact_object_id__isnull=False).values("process__artifact_object_id")
    )
