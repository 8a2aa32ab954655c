"""Many affairs at once for the tests of lists: copies of one affair's rows, straight into the tables."""

from copy import copy
from typing import Any

from django.db.models import Model

from portal.affairs.models import Affair, Approval
from workflows.engine.models import FlowProcess, FlowTask


def copies_of(affair: Affair, count: int, *, approval: Approval | None = None) -> None:
    """More affairs like ``affair``, each with the one approval where given, all open steps in their queues."""
    affair.refresh_from_db()
    affairs = _copies(affair, count, number=lambda pk: f"X{pk:08d}")
    own = [affairs[index].pk for index in range(count)]
    _copy_course(FlowProcess.objects.get(seed_object_id=affair.pk, parent_task=None), own, seed_object_id=own)
    if approval is not None:
        approval.refresh_from_db()
        parts = [part.pk for part in _copies(approval, count, affair_id=own)]
        course = FlowProcess.objects.filter(artifact_object_id=approval.pk, parent_task__isnull=False).first()
        if course is not None:
            _copy_course(course, parts, seed_object_id=own, artifact_object_id=parts)


def _copies(row: Model, count: int, **fields: Any) -> list[Any]:
    last = type(row)._default_manager.latest("pk").pk
    made = []
    for index in range(count):
        one = copy(row)
        one._state = copy(row._state)
        one.pk = last + index + 1
        for name, values in fields.items():
            setattr(one, name, values(one.pk) if callable(values) else values[index])
        made.append(one)
    return type(row)._default_manager.bulk_create(made)


def _copy_course(process: FlowProcess, of: list[int], **fields: list[int]) -> None:
    processes = [one.pk for one in _copies(process, len(of), **fields)]
    for task in FlowTask.objects.filter(process=process, status="NEW"):
        _copies(task, len(of), process_id=processes)
