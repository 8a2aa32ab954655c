"""Real threads on a real PostgreSQL: whoever presses at the same moment, each step happens once."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from viewflow.workflow.status import STATUS

from portal.accounts.errors import AlreadyHandled, PrerequisitePending
from portal.affairs.models import Affair, Approval
from portal.audit.services import verify
from portal.documents import services as documents
from portal.documents.models import Document
from tests.office import REFUSAL, Office, Verdict
from workflows import commands, sampling
from workflows.department_commands import sign
from workflows.engine import outbox
from workflows.engine.lock import affair_lock
from workflows.engine.models import FlowProcess, FlowTask, Job
from workflows.one_thing import OneThingFlow

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AFFAIRS = 20
# 四个部门、互不依赖：已有执照的企业变更，登记准予之后四家同时办。
CHANGE = {"what": ["scope"], "haslic": ["none"], "staff": "yes", "fund": "yes", "agent": "self"}


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


def together(*presses: Callable[[], object]) -> list[object]:
    """Run the presses at the same moment, each with its own connection; errors are results."""
    barrier = threading.Barrier(len(presses))

    def press(step: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return step()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def changed(office: Office, seed: int) -> Affair:
    """An affair of four departments that may all decide at once."""
    affair = office.accepted(one_thing="qybg", answers=CHANGE, seed=seed)
    office.review_and("grant", affair, "bgdj")
    for approval in affair.approvals.current().filter(state=Approval.State.REVIEWING).select_related("department"):
        office.review(approval)
    return affair


def test_every_approval_pressed_twice_at_once_gives_one_outcome_each(office: Office) -> None:
    affairs = [changed(office, seed) for seed in range(AFFAIRS)]
    waiting = list(Approval.objects.filter(state=Approval.State.DECIDING).select_related("department"))
    assert len(waiting) == AFFAIRS * 4
    outcomes: Counter[str] = Counter()
    for affair in affairs:
        mine = [approval for approval in waiting if approval.affair_id == affair.pk]
        results = together(*[lambda each=each: office.grant(each) for each in mine * 2])
        outcomes.update(type(result).__name__ for result in results)
    assert outcomes == {"Approval": AFFAIRS * 4, "AlreadyHandled": AFFAIRS * 4}
    assert set(Affair.objects.values_list("state", flat=True)) == {Affair.State.ISSUING}
    assert Document.objects.filter(kind=Document.Kind.GRANT).count() == AFFAIRS * 5
    assert FlowTask.objects.filter(flow_task=OneThingFlow.issue).count() == AFFAIRS
    assert not FlowTask.objects.filter(finished__isnull=True).exclude(status=STATUS.SCHEDULED).exists()
    assert verify() is None


def test_a_grant_and_a_refusal_at_the_same_moment_give_one_decision(office: Office) -> None:
    affair = office.accepted()
    approval = office.review(office.approval(affair, "qysl"))
    results = together(lambda: office.grant(approval), lambda: office.refuse(approval))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyHandled", "Approval"]
    assert Document.objects.filter(approval=approval).count() == 1


def test_a_head_signs_what_they_read_or_nothing_while_the_officer_changes_it(office: Office) -> None:
    for seed in range(6):
        affair = office.accepted(seed=seed)
        office.review_and("grant", affair, "qysl")
        licence = office.review(office.approval(affair, "hyxk"))
        read = office.propose(licence)
        signed, changed = together(
            lambda proposal=read, approval=licence: sign(proposal, actor=office.head(approval)),
            lambda approval=licence: office.propose(approval, Verdict.REFUSE, REFUSAL),
        )
        read.refresh_from_db()
        licence.refresh_from_db()
        if isinstance(signed, Approval):
            assert (read.state, licence.state) == ("signed", Approval.State.GRANTED)
            assert isinstance(changed, AlreadyHandled)
        else:
            assert isinstance(signed, AlreadyHandled)
            assert (read.state, licence.state) == ("replaced", Approval.State.DECIDING)
            assert changed.is_open


def test_two_heads_who_sign_at_once_make_one_decision(office: Office) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    licence = office.review(office.approval(affair, "hyxk"))
    proposal = office.propose(licence)
    results = together(*[lambda: sign(proposal, actor=office.head(licence))] * 2)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyHandled", "Approval"]
    assert Document.objects.filter(approval=licence).count() == 1


def test_the_dependant_that_races_its_prerequisite_is_either_early_or_right(office: Office) -> None:
    affair = office.accepted()
    first, then = (office.review(office.approval(affair, matter)) for matter in ("qysl", "hyxk"))
    early, _granted = together(lambda: office.grant(then), lambda: office.grant(first))
    assert isinstance(early, Approval | PrerequisitePending)
    assert office.approval(affair, "qysl").state == Approval.State.GRANTED
    expected = Approval.State.GRANTED if isinstance(early, Approval) else Approval.State.DECIDING
    assert office.approval(affair, "hyxk").state == expected


def test_withdrawal_and_acceptance_at_the_same_moment_leave_one_truth(office: Office) -> None:
    affair = office.submitted()
    together(
        lambda: commands.accept(affair, actor=office.clerk),
        lambda: commands.withdraw(affair, actor=office.applicant, reason="撤回"),
    )
    affair.refresh_from_db()
    assert affair.state == Affair.State.WITHDRAWN
    assert not FlowProcess.objects.filter(finished__isnull=True).exists()


def test_two_submissions_of_one_draft_make_one_affair(office: Office) -> None:
    draft = office.draft()
    results = together(*[lambda: commands.submit(draft, actor=office.applicant)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Affair", "AlreadyHandled"]
    assert FlowProcess.objects.count() == 1


def test_the_lock_waits_inside_an_outer_transaction_instead_of_aborting_it(office: Office) -> None:
    affair = office.submitted()
    order: list[str] = []
    held = threading.Event()

    def first() -> None:
        with affair_lock(affair.pk):
            held.set()
            time.sleep(0.3)
            order.append("first")

    def second() -> None:
        held.wait(5)
        with transaction.atomic():  # as under ATOMIC_REQUESTS
            Affair.objects.filter(pk=affair.pk).exists()
            with affair_lock(affair.pk):
                order.append("second")

    assert together(first, second) == [None, None]
    assert order == ["first", "second"]


def test_the_lock_does_not_stop_others_from_writing_what_refers_to_the_affair(office: Office) -> None:
    affair = office.draft()
    held, written = threading.Event(), threading.Event()

    def hold() -> bool:
        with affair_lock(affair.pk):
            held.set()
            return written.wait(10)

    def write() -> None:
        held.wait(5)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            upload = sampling.page("并行上传")
            file = affair.files.model(
                affair=affair, material_code="zc", name=upload.name, content_type="application/pdf", size_bytes=1,
                sha256="0" * 64, uploaded_by=office.applicant.user,
            )  # fmt: skip
            file.file.save("a.pdf", upload, save=False)
            file.save()
        written.set()

    assert together(hold, write) == [True, None]


def test_a_lock_that_is_not_had_in_time_is_told_in_chinese(office: Office) -> None:
    affair = office.submitted()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with affair_lock(affair.pk):
            held.set()
            done.wait(10)

    def try_to_accept() -> object:
        held.wait(5)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        try:
            return commands.accept(affair, actor=office.clerk)
        finally:
            done.set()

    _held, result = together(hold, try_to_accept)
    assert isinstance(result, AlreadyHandled)
    assert "正在由他人处理" in str(result)


def test_two_workers_make_one_paper(office: Office) -> None:
    office.submitted()
    document = Document.objects.get()
    together(*[lambda: documents.render(Document.objects.get(pk=document.pk))] * 2)
    document.refresh_from_db()
    folder = document.file.path.rsplit("/", 1)[0]
    assert document.is_ready
    assert len(os.listdir(folder)) == 1


def test_two_workers_do_one_job_once(office: Office) -> None:
    office.submitted()
    job = Job.objects.get(kind="paper")
    assert sorted(together(*[lambda: outbox.run(job.pk)] * 2)) == [False, True]
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 1)
