"""The like graph run by bare Viewflow, in both ways of taking a step, and by SpiffWorkflow with its state as JSON."""

from pathlib import Path
from typing import Any

from django.db import transaction
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS

from portal.accounts.models import User
from tests.benchmark.flows import DEPARTMENTS, OneStepFlow, StockFlow
from tests.benchmark.models import SpiffState
from tests.benchmark.steps import Steps

STEPS = ("accept", *DEPARTMENTS, "issue", "feedback")
BPMN = Path(__file__).with_name("like_graph.bpmn")


class OneStepViewflow:
    """Bare Viewflow; a person claims and does a step in one transaction."""

    flow: Any = OneStepFlow

    def __init__(self, user: User) -> None:
        self.user = user

    def run(self, _index: int, steps: Steps) -> None:
        with steps.person("start"):
            process = self.flow.start.run()
        for name in STEPS:
            self.step(process.pk, name, steps)
        if Process.objects.get(pk=process.pk).status != PROCESS.DONE:
            raise AssertionError(f"process {process.pk} of {self.flow.__name__} did not end")

    def step(self, process_id: int, name: str, steps: Steps) -> None:
        with steps.person(name), self.open_task(process_id, name).activation() as activation:
            activation.take(self.user)
            activation.activate_next()

    def open_task(self, process_id: int, name: str) -> Task:
        return Task.objects.get(
            process_id=process_id, flow_task=self.flow.instance.node(name), status__in=(STATUS.NEW, STATUS.ASSIGNED)
        )


class StockViewflow(OneStepViewflow):
    """Bare Viewflow; claiming is a request of its own, as in Viewflow's screens."""

    flow: Any = StockFlow

    def step(self, process_id: int, name: str, steps: Steps) -> None:
        with steps.person(name):
            with self.open_task(process_id, name).activation() as activation:
                activation.assign(self.user)
            with self.open_task(process_id, name).activation() as activation:
                activation.start(request=None)
                activation.execute()


class Spiff:
    """SpiffWorkflow; each step locks the row, reads the whole state, takes the step and writes the state back."""

    def __init__(self) -> None:
        parser = BpmnParser()
        parser.add_bpmn_file(str(BPMN))
        self.spec = parser.get_spec("affair")
        self.serializer = BpmnWorkflowSerializer()

    def run(self, _index: int, steps: Steps) -> None:
        with steps.person("start"), transaction.atomic():
            workflow = BpmnWorkflow(self.spec)
            workflow.do_engine_steps()
            row = SpiffState.objects.create(state=self.serializer.serialize_json(workflow))
        for name in STEPS:
            with steps.person(name):
                workflow = self.step(row.pk, name)
        if not workflow.is_completed():
            raise AssertionError(f"process {row.pk} of SpiffWorkflow did not end")

    @transaction.atomic
    def step(self, process_id: int, name: str) -> BpmnWorkflow:
        row = SpiffState.objects.select_for_update().get(pk=process_id)
        workflow = self.serializer.deserialize_json(row.state)
        (task,) = workflow.get_tasks(state=TaskState.READY, spec_name=name)
        task.run()
        workflow.do_engine_steps()
        row.state = self.serializer.serialize_json(workflow)
        row.save(update_fields=["state"])
        return workflow
