"""The outbox: everything that must happen later is a row; messages only wake (architecture, decision 5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from viewflow.workflow.models import Process, Task


class FlowProcess(Process):
    """A process of an affair: its seed is the affair, whichever department it belongs to."""

    class Meta:
        proxy = True
        verbose_name = "流程"


class FlowTask(Task):
    """A task that brings its process along in one query."""

    class Meta:
        proxy = True
        verbose_name = "环节"

    @contextmanager
    def activation(self) -> Iterator[Any]:
        """As in Viewflow: lock, then read task and process anew."""
        with self.flow_task.flow_class.lock(self.process_id):
            self.refresh_from_db(from_queryset=FlowTask.objects.select_related("process"))
            yield self.flow_task.activation_class(self)


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, at: datetime | None = None) -> "JobQuerySet":
        """Waiting and due, or taken by a worker that has not answered within its lease."""
        at = at or timezone.now()
        return self.filter(
            Q(state=Job.State.WAITING, due_at__lte=at) | Q(state=Job.State.RUNNING, leased_until__lt=at)
        ).order_by("due_at", "pk")

    def unfinished(self) -> "JobQuerySet":
        """What should be done by now and is not, whoever has it."""
        return self.filter(state__in=(Job.State.WAITING, Job.State.RUNNING), due_at__lte=timezone.now())


class Job(models.Model):
    """One piece of work for a worker. The key says what it is, so that it exists once however often it is asked for."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "执行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"

    kind = models.CharField("种类", max_length=40)
    key = models.CharField("键", max_length=120, unique=True)
    payload = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField("执行时间", default=timezone.now)
    leased_until = models.DateTimeField("占用至", null=True, blank=True)
    lease = models.CharField("占用凭证", max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    # The kind of error only: values and messages may hold personal data.
    last_error = models.CharField("最近错误", max_length=200, blank=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="engine_job_waiting"),
            models.Index(fields=["leased_until"], condition=Q(state="running"), name="engine_job_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.key}（{self.get_state_display()}）"
