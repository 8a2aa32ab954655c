"""The nodes that the procedures need and Viewflow core has not.

Node classes are kept small on purpose: each automatic task costs an insert, a many-to-many row and an update.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.timezone import now
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Node
from viewflow.workflow.nodes import mixins
from viewflow.workflow.nodes.end import EndActivation
from viewflow.workflow.nodes.job import AbstractJob, AbstractJobActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import task_started
from viewflow.workflow.status import STATUS

from workflows.engine import outbox
from workflows.engine.models import FlowProcess, FlowTask


class PersonTaskActivation(ViewActivation):
    """A person's step: claimed, started and done in one save, within the transaction of the command."""

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.DONE)
    def take(self, user: Any) -> None:
        """The step is this person's and done. Authorisation is the command's; Viewflow does not enforce it here."""
        self.task.owner = user
        self.task.assigned = self.task.started = now()
        task_started.send(sender=self.flow_class, process=self.process, task=self.task)
        super().complete.original()


class PersonTask(nodes.View):
    """A step that waits in a queue. It must name one: without, Viewflow would offer it to any signed-in user."""

    activation_class = PersonTaskActivation

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(view=None, **kwargs)

    def Queue(self, permission: str | Callable[[Activation], str]) -> "PersonTask":  # noqa: N802 (Viewflow's own style)
        """The permission whose holders share this step, or a function of the activation that tells it."""
        return self.Permission(permission)

    def _ready(self) -> None:
        super()._ready()
        if not self._owner_permission:
            raise ImproperlyConfigured(f"{self.flow_class.__name__}.{self.name} names no queue: anyone could take it")


class JobActivation(AbstractJobActivation):
    """Scheduled by a row in the outbox; run and finished by ``run_job_node``."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        self.task.save(update_fields=["status"])
        outbox.enqueue("node", key=f"node:{self.task.pk}", task_id=self.task.pk)

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        """Let errors out: the outbox tries again. Core would store the local variables in the task row."""
        self.complete()
        self.activate_next()

    @Activation.status.transition(source=[STATUS.SCHEDULED, STATUS.STARTED], target=STATUS.CANCELED)
    def cancel(self) -> None:
        self.task.finished = now()
        self.task.save()


class Job(AbstractJob):
    """Work of the office's machine. The body is idempotent and runs outside the lock; the end runs inside it."""

    activation_class = JobActivation

    def __init__(self, body: Any, then: Any) -> None:
        super().__init__()
        self._body = body
        self._then = then

    def _resolve(self, cls: Any) -> None:
        super()._resolve(cls)
        self._body = this.resolve(cls, self._body)
        self._then = this.resolve(cls, self._then)


def run_job_node(task_id: int) -> None:
    """Body, then end, of one job task; nothing when it is already over. Safe to repeat after a crash at any point."""
    task = FlowTask.objects.select_related("process").get(pk=task_id)
    if task.status not in (STATUS.SCHEDULED, STATUS.STARTED):
        return
    node = task.flow_task
    node._body(task.process.coerced)
    with task.activation() as activation:
        if activation.start.can_proceed():
            activation.start()
            node._then(activation.process)
            activation.execute()


_scheduling: ContextVar[frozenset[int]] = ContextVar("Approvals tasks that are opening children", default=frozenset())


def activation_under_lock(task: FlowTask) -> Any:
    """The activation of a task that was read, with its process, while this transaction held the affair's lock."""
    return task.flow_task.activation_class(task)


def poke(task: Any) -> None:
    """Let a waiting Approvals task look again. Safe from anywhere, any number of times."""
    with task.activation() as activation:
        look_again(activation)


def look_again(activation: Any) -> None:
    """What ``poke`` does, for whoever holds the lock already; nothing while the task is opening children itself."""
    if activation.task.pk not in _scheduling.get() and activation.activate.can_proceed():
        # Viewflow has no public call for "run this task's automatic transitions"; its version is pinned.
        activation._activate_next({activation})


class ApprovalsActivation(mixins.NextNodeActivationMixin, Activation):
    """Stays STARTED while departments work; each look opens what is ready and completes when nothing is open."""

    all_decided = False

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.STARTED)
    @Activation.status.transition(source=STATUS.STARTED)
    def activate(self) -> None:
        if self.task.started is None:
            self.task.started = now()
            self.task.save(update_fields=["started", "status"])
        token = _scheduling.set(_scheduling.get() | {self.task.pk})
        try:
            self.all_decided = self.flow_task._advance(self)
        finally:
            _scheduling.reset(token)

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE, conditions=[this.is_done])
    def complete(self) -> None:
        self.flow_task._finish(self)
        super().complete.original()

    def is_done(self) -> bool:
        return self.all_decided

    @Activation.status.transition(source=[STATUS.NEW, STATUS.STARTED], target=STATUS.CANCELED)
    def cancel(self) -> None:
        for child in FlowProcess.objects.filter(parent_task=self.task, finished__isnull=True):
            child.flow_class.instance.cancel(child.coerced)
        self.task.finished = now()
        self.task.save()


class Approvals(mixins.NextNodeMixin, Node):
    """Runs one child process per ready approval, in lawful order, until every approval is final.

    advance(activation) starts children for what has become ready and tells whether everything is decided;
    finish(activation) records the end. Both are methods of the flow.
    """

    activation_class = ApprovalsActivation
    task_type = "SUBPROCESS"
    bpmn_element = "callActivity"
    shape = {
        "width": 150,
        "height": 100,
        "text-align": "middle",
        "svg": """
            <rect class="task" width="150" height="100" rx="5" ry="5"/>
            <path class="task-marker" d="M 68,84 v 12 M 75,84 v 12 M 82,84 v 12" stroke="black" stroke-width="3"/>
        """,
    }

    def __init__(self, *, advance: Any, finish: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._advance, self._finish = advance, finish

    def _resolve(self, cls: Any) -> None:
        super()._resolve(cls)
        self._advance = this.resolve(cls, self._advance)
        self._finish = this.resolve(cls, self._finish)


class ChildEndActivation(EndActivation):
    """Ends a department's process and lets the waiting Approvals task look again, in the same transaction."""

    @Activation.status.super()
    def activate(self) -> None:
        super().activate.original()
        if self.process.parent_task_id and self.process.finished:
            parent = FlowTask.objects.select_related("process").get(pk=self.process.parent_task_id)
            # Both are about the same affair: one object of it in one step, whoever writes to it.
            parent.process.seed = self.process.seed
            look_again(activation_under_lock(parent))


class ChildEnd(nodes.End):
    """End of a child process of an ``Approvals`` node."""

    activation_class = ChildEndActivation
