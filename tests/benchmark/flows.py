"""The like graph in bare Viewflow: accept → four departments in parallel → issue → feedback."""

from viewflow import this
from viewflow.workflow import lock, nodes
from viewflow.workflow.base import Flow
from viewflow.workflow.models import Process, Task

from workflows.engine.nodes import PersonTask

QUEUE = "benchmark.work"
DEPARTMENTS = ("approve_1", "approve_2", "approve_3", "approve_4")


class StockFlow(Flow):
    """Claimed in one request and done in another, as Viewflow's own screens do."""

    process_class = Process
    task_class = Task
    lock_impl = lock.select_for_update_lock

    start = nodes.StartHandle().Next(this.accept)
    accept = nodes.View(None).Permission(QUEUE).Next(this.split)
    split = nodes.Split().Next(this.approve_1).Next(this.approve_2).Next(this.approve_3).Next(this.approve_4)
    approve_1 = nodes.View(None).Permission(QUEUE).Next(this.join)
    approve_2 = nodes.View(None).Permission(QUEUE).Next(this.join)
    approve_3 = nodes.View(None).Permission(QUEUE).Next(this.join)
    approve_4 = nodes.View(None).Permission(QUEUE).Next(this.join)
    join = nodes.Join().Next(this.issue)
    issue = nodes.View(None).Permission(QUEUE).Next(this.feedback)
    feedback = nodes.View(None).Permission(QUEUE).Next(this.end)
    end = nodes.End()


class OneStepFlow(Flow):
    """The same, each step claimed and done in one transaction."""

    process_class = Process
    task_class = Task
    lock_impl = lock.select_for_update_lock

    start = nodes.StartHandle().Next(this.accept)
    accept = PersonTask().Queue(QUEUE).Next(this.split)
    split = nodes.Split().Next(this.approve_1).Next(this.approve_2).Next(this.approve_3).Next(this.approve_4)
    approve_1 = PersonTask().Queue(QUEUE).Next(this.join)
    approve_2 = PersonTask().Queue(QUEUE).Next(this.join)
    approve_3 = PersonTask().Queue(QUEUE).Next(this.join)
    approve_4 = PersonTask().Queue(QUEUE).Next(this.join)
    join = nodes.Join().Next(this.issue)
    issue = PersonTask().Queue(QUEUE).Next(this.feedback)
    feedback = PersonTask().Queue(QUEUE).Next(this.end)
    end = nodes.End()
