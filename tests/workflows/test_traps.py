"""Every trap of Viewflow core that was found the hard way, each with the test that keeps us out of it."""

import ast
import inspect
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.db.models import ProtectedError
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.base import Flow
from viewflow.workflow.fields import get_flow_ref, get_task_ref
from viewflow.workflow.status import PROCESS, STATUS

from portal.affairs.models import Affair, Approval
from portal.documents.models import Document
from tests.office import Office
from workflows import commands
from workflows.approval import ApprovalFlow
from workflows.engine import outbox
from workflows.engine.lock import AffairLock, affair_lock
from workflows.engine.models import FlowProcess, FlowTask, Job
from workflows.engine.nodes import PersonTask, poke, run_job_node
from workflows.engine.queue import open_steps
from workflows.engine.reconciler import reconcile
from workflows.one_thing import OneThingFlow

FLOWS = (OneThingFlow, ApprovalFlow)
EVERY_NODE = [node for flow in FLOWS for node in flow.instance.nodes()]

# References to flows and nodes are stored data: once released, each has to resolve until a data migration moves it.
STORED_REFERENCES = {
    "workflows/approval.ApprovalFlow",
    "workflows/approval.ApprovalFlow.start",
    "workflows/approval.ApprovalFlow.review",
    "workflows/approval.ApprovalFlow.decide",
    "workflows/approval.ApprovalFlow.end",
    "workflows/one_thing.OneThingFlow",
    "workflows/one_thing.OneThingFlow.start",
    "workflows/one_thing.OneThingFlow.acceptance",
    "workflows/one_thing.OneThingFlow.accepted",
    "workflows/one_thing.OneThingFlow.approvals",
    "workflows/one_thing.OneThingFlow.issue",
    "workflows/one_thing.OneThingFlow.delivered",
    "workflows/one_thing.OneThingFlow.delivery",
    "workflows/one_thing.OneThingFlow.rating",
    "workflows/one_thing.OneThingFlow.end",
    "workflows/one_thing.OneThingFlow.not_accepted",
}


def source_trees() -> list[ast.Module]:
    root = Path(settings.BASE_DIR) / "workflows"
    return [ast.parse(path.read_text()) for path in sorted(root.rglob("*.py")) if "migrations" not in path.parts]


def test_every_flow_locks_its_affair_and_none_trusts_the_default() -> None:
    assert all(isinstance(flow.lock_impl, AffairLock) for flow in FLOWS)


def test_no_flow_inherits_from_another() -> None:
    # A subclass's links would point at the nodes of the base class.
    assert all(flow.__bases__ == (Flow,) for flow in FLOWS)


def test_no_join_no_timer_and_no_boundary_event_is_used() -> None:
    # A Join in a dynamic branch breaks on its tokens, a cancelled host's timer still fires: deadlines are rows of ours.
    forbidden = (nodes.Join, nodes.Timer, nodes.Split)
    assert not [node for node in EVERY_NODE if isinstance(node, forbidden) or node._boundary_events]


def test_a_persons_step_without_a_queue_cannot_even_be_declared() -> None:
    with pytest.raises(ImproperlyConfigured, match="names no queue"):

        class OpenToAllFlow(Flow):
            start = nodes.StartHandle().Next(this.step)
            step = PersonTask().Next(this.end)
            end = nodes.End()


def test_every_persons_step_is_a_person_task() -> None:
    human = [node for node in EVERY_NODE if node.task_type == "HUMAN"]
    assert human
    assert all(isinstance(node, PersonTask) for node in human)


def test_every_stored_reference_resolves() -> None:
    known = {get_flow_ref(flow) for flow in FLOWS} | {get_task_ref(node) for node in EVERY_NODE}
    assert known >= STORED_REFERENCES


def test_every_reference_in_use_is_listed_as_stored(office: Office) -> None:
    office.ready_to_deliver()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT flow_task FROM viewflow_task UNION SELECT DISTINCT flow_class FROM viewflow_process"
        )
        used = {row[0] for row in cursor.fetchall()}
    assert used <= STORED_REFERENCES


def test_every_node_has_a_chinese_title() -> None:
    # Viewflow's zh_Hans catalogue is empty; the gateways have no title to show.
    titled = [node for node in EVERY_NODE if not isinstance(node, nodes.If)]
    assert all(any("\u4e00" <= char <= "\u9fff" for char in node.task_title) for node in titled)


def test_only_the_workflow_app_of_viewflow_is_installed() -> None:
    # The app named plain viewflow appends middleware and shadows our error and sign-in pages.
    assert [app.name for app in apps.get_app_configs() if app.name.startswith("viewflow")] == ["viewflow.workflow"]


def test_affairs_keep_integer_keys_and_public_numbers_apart() -> None:
    # Viewflow stores the seed's and artifact's keys as integers.
    assert isinstance(Affair._meta.pk, models.BigAutoField)
    assert isinstance(Approval._meta.pk, models.BigAutoField)
    assert Affair._meta.get_field("number").unique


def test_a_process_is_never_saved_whole_from_outside_the_engine() -> None:
    # A stale instance saved after a step flips a finished process back to NEW.
    saves = [
        node
        for tree in source_trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "save"
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and "process" in ast.unparse(node.func.value)
        and not any(keyword.arg == "update_fields" for keyword in node.keywords)
    ]
    assert saves == []


def test_people_are_never_deleted_because_their_tasks_would_go_with_them(office: Office) -> None:
    office.accepted()
    assert FlowTask.objects.filter(owner=office.clerk.user).exists()
    with pytest.raises(ProtectedError, match="停用"):
        office.clerk.user.delete()
    with pytest.raises(ProtectedError, match="停用"):
        type(office.clerk.user).objects.filter(pk=office.clerk.user.pk).delete()


def test_a_finished_process_stays_finished(office: Office) -> None:
    affair = office.grant_everything(office.accepted())
    children = FlowProcess.objects.filter(flow_class=ApprovalFlow)
    assert children.count() == affair.approvals.count()
    assert set(children.values_list("status", flat=True)) == {PROCESS.DONE}


def test_cancelling_the_last_open_branch_wakes_the_waiting_node(office: Office) -> None:
    # Flow.cancel sends no signal, and a core Join would wait for ever.
    affair = office.accepted()
    for matter in ("qysl", "gzkz", "swxx", "sbdj", "hyxk"):
        office.review_and("grant", affair, matter)
    affair = commands.withdraw(affair, actor=office.applicant, reason="车辆证不办了")
    assert affair.state == Affair.State.ISSUING
    assert not FlowTask.objects.filter(flow_task=OneThingFlow.approvals, finished__isnull=True).exists()


def test_a_poke_may_come_at_any_time_and_any_number_of_times(office: Office) -> None:
    affair = office.accepted()
    waiting = FlowTask.objects.get(flow_task=OneThingFlow.approvals)
    before = FlowTask.objects.count()
    for _ in range(3):
        poke(waiting)
    assert FlowTask.objects.count() == before
    office.grant_everything(affair)
    poke(FlowTask.objects.get(flow_task=OneThingFlow.approvals))
    assert FlowTask.objects.filter(flow_task=OneThingFlow.issue).count() == 1


def test_the_lock_is_re_entered_within_a_step_and_never_for_another_affair(office: Office) -> None:
    one, other = office.submitted(), office.submitted()
    with affair_lock(one.pk):
        with affair_lock(one.pk):
            pass
        with pytest.raises(RuntimeError, match="holds affair"), affair_lock(other.pk):
            pass


@pytest.mark.django_db
def test_sqlite_serialises_writers() -> None:
    if connection.vendor == "sqlite":
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone()[0] == "wal"
    else:
        assert "lock_timeout" in connection.settings_dict["OPTIONS"]["options"]


def test_a_failed_job_leaves_no_personal_data_behind(office: Office, monkeypatch) -> None:
    affair = office.grant_everything(office.accepted())
    secret = "4104991990010112345"

    def fail(process: FlowProcess) -> None:
        id_number = secret
        raise ValueError(id_number)

    monkeypatch.setattr(OneThingFlow.issue, "_body", fail)
    job = Job.objects.get(kind="node")
    assert outbox.run(job.pk) is False
    job.refresh_from_db()
    assert (job.state, job.last_error) == (Job.State.WAITING, "ValueError")
    task = FlowTask.objects.get(flow_task=OneThingFlow.issue)
    assert task.status == STATUS.SCHEDULED
    assert secret not in f"{task.data} {job.payload} {job.last_error}"
    assert affair.state == Affair.State.ISSUING


def test_a_job_gives_up_after_its_last_attempt_and_waits_for_a_person(office: Office, monkeypatch) -> None:
    office.submitted()
    job = Job.objects.get(kind="paper")
    monkeypatch.setitem(outbox._handlers, "paper", lambda **_payload: 1 / 0)
    for _ in range(outbox.MAX_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(due_at=job.created_at)
        outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, outbox.MAX_ATTEMPTS)
    assert reconcile().jobs_failed == 1


def test_a_job_step_is_safe_to_repeat(office: Office) -> None:
    office.grant_everything(office.accepted())
    task = FlowTask.objects.get(flow_task=OneThingFlow.issue)
    run_job_node(task.pk)
    run_job_node(task.pk)
    assert Document.objects.filter(kind=Document.Kind.CONCLUSION).count() == 1


def test_a_lost_message_a_lost_job_and_a_lost_poke_are_all_found(office: Office) -> None:
    affair = office.grant_everything(office.accepted())
    Job.objects.all().delete()
    found = reconcile()
    assert (found.nodes_rescheduled, found.papers_rescheduled) == (1, affair.documents.count() - 1)
    affair.refresh_from_db()
    assert affair.concluded_at is not None
    again = reconcile()
    assert not any(again.as_dict().values())


def test_a_stuck_approvals_node_is_poked(office: Office) -> None:
    affair = office.accepted()
    # As if a process had died between a record and its movement, which one transaction makes impossible.
    Approval.objects.filter(affair=affair).update(
        state="withdrawn", decided_at=affair.accepted_at, decided_by=office.clerk.user
    )
    assert reconcile().approvals_poked == 1
    affair.refresh_from_db()
    assert affair.outcome == Affair.Outcome.REFUSED


@pytest.mark.postgres
def test_the_queue_is_answered_by_its_partial_index(office: Office) -> None:
    queue = open_steps(["window"]).order_by("-created")
    with connection.cursor() as cursor:
        # With a handful of rows the planner would rather sort or scan them all.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "engine_task_queue" in queue.explain()


def test_flow_methods_are_short() -> None:
    for flow in FLOWS:
        for name, method in inspect.getmembers(flow, inspect.isfunction):
            if method.__module__ == flow.__module__ and not name.startswith("_"):
                body = [line for line in inspect.getsource(method).splitlines() if line.strip()]
                assert len(body) <= 8, f"{flow.__name__}.{name}"
