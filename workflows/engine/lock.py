"""One row lock per affair. A lock per process would let a busy parent miss its child's end and stick."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, connection, transaction
from viewflow.workflow.exceptions import FlowLockFailed
from viewflow.workflow.models import Process

_held: ContextVar[int | None] = ContextVar("affair whose lock this transaction holds", default=None)


@contextmanager
def affair_lock(affair_id: int) -> Iterator[None]:
    """Hold the affair's row for the rest of the transaction; re-entered at no cost within it.

    FOR NO KEY UPDATE lets others insert rows that refer to the affair. On SQLite BEGIN IMMEDIATE already serialises
    the writers. Raises FlowLockFailed when the lock is not had within the database's lock_timeout.
    """
    held = _held.get()
    if held is not None:
        if held != affair_id:
            raise RuntimeError(f"a step holds affair {held} and asks for affair {affair_id}")
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1 FROM affairs_affair WHERE id = %s FOR NO KEY UPDATE", [affair_id])
            except DatabaseError as error:
                raise FlowLockFailed(str(error)) from error
        token = _held.set(affair_id)
        try:
            yield
        finally:
            _held.reset(token)


class AffairLock:
    """``lock_impl`` of every flow: whatever process is asked for, its affair is locked."""

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        if _held.get() is not None:
            yield
            return
        affair_id = Process.objects.values_list("seed_object_id", flat=True).get(pk=process_pk)
        with affair_lock(affair_id):
            yield
