"""The course of an affair, as its records tell it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.errors import AlreadyHandled, DomainError, NotAcceptable, NotYours, PrerequisitePending
from portal.affairs.models import Affair, Approval
from portal.documents.models import Document
from portal.feedback.models import Rating
from tests.office import FOUNDING, REFUSAL, Office
from workflows import commands
from workflows.engine import outbox
from workflows.engine.models import FlowProcess, FlowTask, Job
from workflows.engine.queue import affairs_in_queue, approvals_in_queue, open_steps
from workflows.one_thing import OneThingFlow


def states(affair: Affair) -> dict[str, str]:
    return dict(affair.approvals.current().values_list("matter_code", "state"))


def by_window(affair: Affair) -> dict[str, str]:
    """Deliveries and drafts of the sample choose their way of delivery at random; these tests want the counter."""
    return {"form": affair.form | {"delivery": "窗口领取"}}


@pytest.fixture
def at_counter(office: Office) -> Affair:
    """An accepted affair whose results will be fetched at the counter."""
    draft = office.draft()
    commands.save_draft(draft, actor=office.applicant, **by_window(draft))
    return commands.accept(commands.submit(draft, actor=office.applicant), actor=office.clerk)


def test_an_incomplete_draft_is_refused_with_every_gap_at_once(office: Office) -> None:
    draft = commands.start_draft(applicant=office.applicant.user, one_thing_code="ysqy", actor=office.applicant)
    commands.save_draft(draft, actor=office.applicant, answers=FOUNDING)
    with pytest.raises(NotAcceptable) as refused:
        commands.submit(draft, actor=office.applicant)
    assert len(refused.value.missing) > 10
    assert any("公司章程" in gap for gap in refused.value.missing)


def test_submission_gives_a_number_a_receipt_and_a_place_in_the_windows_queue(office: Office) -> None:
    affair = office.submitted()
    assert affair.number.startswith("410403")
    assert affair.documents.get().kind == Document.Kind.RECEIPT
    waiting = affairs_in_queue(office.clerk.user.work_permissions, OneThingFlow.acceptance)
    assert list(Affair.objects.filter(pk__in=waiting)) == [affair]


def test_acceptance_gives_every_department_its_part_at_the_same_moment(office: Office) -> None:
    affair = office.accepted()
    assert states(affair) == {
        "qysl": "reviewing",
        "gzkz": "waiting",  # 法定顺序：前一部门办结之时才收到 (R48)
        "swxx": "waiting",
        "sbdj": "waiting",
        "hyxk": "reviewing",  # 先行预审 (R49)
        "clyyz": "reviewing",
    }
    assert office.approval(affair, "qysl").clock_started_on is not None
    assert office.approval(affair, "hyxk").clock_started_on is None


def test_no_grant_while_a_prerequisite_is_not_granted(office: Office) -> None:
    affair = office.accepted()
    office.review(office.approval(affair, "hyxk"))
    with pytest.raises(PrerequisitePending, match="企业设立登记"):
        office.grant(office.approval(affair, "hyxk"))
    assert states(affair)["hyxk"] == "deciding"


def test_the_later_clock_starts_when_the_earlier_matter_is_granted(office: Office) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    assert states(affair)["gzkz"] == "reviewing"
    for matter in ("gzkz", "swxx", "sbdj", "hyxk"):
        assert office.approval(affair, matter).clock_started_on is not None, matter
    assert office.approval(affair, "clyyz").clock_started_on is None


def test_a_refused_prerequisite_ends_its_dependants_and_nobody_else(office: Office) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    office.review(office.approval(affair, "clyyz"))
    office.review_and("refuse", affair, "hyxk")
    assert states(affair)["clyyz"] == "prerequisite_failed"
    assert states(affair)["gzkz"] == "reviewing"
    jt = office.approval(affair, "hyxk").department.permission
    assert not open_steps([jt]).exists()
    for matter in ("gzkz", "swxx", "sbdj"):
        office.review_and("grant", affair, matter)
    affair.refresh_from_db()
    assert (affair.state, affair.outcome) == (Affair.State.ISSUING, Affair.Outcome.PARTLY)


def test_one_thing_ends_only_when_every_matter_is_decided(office: Office, at_counter: Affair) -> None:
    for matter in ("qysl", "gzkz", "swxx", "sbdj", "hyxk"):
        office.review_and("grant", at_counter, matter)
    at_counter.refresh_from_db()
    assert at_counter.state == Affair.State.APPROVING
    office.review_and("grant", at_counter, "clyyz")
    at_counter.refresh_from_db()
    assert (at_counter.state, at_counter.outcome) == (Affair.State.ISSUING, Affair.Outcome.GRANTED)


def test_the_whole_loop_closes_with_the_rating(office: Office, at_counter: Affair) -> None:
    affair = office.grant_everything(at_counter)
    outbox.run_due()
    affair.refresh_from_db()
    assert affair.state == Affair.State.DELIVERING
    commands.deliver(affair, actor=office.clerk, method="window", recipient="王某")
    affair = commands.rate(affair, actor=office.applicant, level=5)
    assert affair.state == Affair.State.CLOSED
    assert Rating.objects.get(affair=affair).level == 5
    assert not FlowProcess.objects.filter(finished__isnull=True).exists()
    assert not FlowTask.objects.filter(finished__isnull=True).exists()


def test_an_unrated_affair_closes_without_a_rating(office: Office, at_counter: Affair, settings) -> None:
    affair = office.grant_everything(at_counter)
    outbox.run_due()
    commands.deliver(affair, actor=office.clerk, method="window", recipient="王某")
    job = Job.objects.get(kind="close_unrated")
    assert job.due_at.date() == (job.created_at + timedelta(days=settings.RATING_DAYS)).date()
    assert outbox.run(job.pk) is False  # not yet
    outbox.run_due(at=job.due_at)
    Job.objects.filter(pk=job.pk).update(due_at=job.created_at)
    outbox.run_due()
    affair.refresh_from_db()
    assert affair.state == Affair.State.CLOSED
    assert not Rating.objects.filter(affair=affair).exists()


@pytest.mark.parametrize("level", [1, 2])
def test_a_bad_rating_can_be_given_and_says_why(office: Office, at_counter: Affair, level: int) -> None:
    affair = office.grant_everything(at_counter)
    outbox.run_due()
    commands.deliver(affair, actor=office.clerk, method="window", recipient="王某")
    with pytest.raises(DomainError, match="原因"):
        commands.rate(affair, actor=office.applicant, level=level)
    commands.rate(affair, actor=office.applicant, level=level, comment="跑了三趟")
    with pytest.raises(AlreadyHandled):
        commands.rate(affair, actor=office.applicant, level=5)
    assert Rating.objects.get(affair=affair).is_bad


def test_results_are_not_handed_out_before_their_papers_are_made(office: Office, at_counter: Affair) -> None:
    affair = office.grant_everything(at_counter)
    node = Job.objects.get(kind="node")
    assert outbox.run(node.pk)
    with pytest.raises(DomainError, match="正在制作"):
        commands.deliver(affair, actor=office.clerk, method="window", recipient="王某")
    outbox.run_due()
    commands.deliver(affair, actor=office.clerk, method="window", recipient="王某")


def test_electronic_delivery_needs_consent_and_then_happens_at_once(office: Office) -> None:
    draft = office.draft()
    electronic = draft.form | {"delivery": "电子送达(须同意)", "electronic_consent": False}
    option = next(o for f in draft.plan.fields if f.id == "delivery" for o in f.options if "电子" in o)
    commands.save_draft(draft, actor=office.applicant, form=electronic | {"delivery": option})
    with pytest.raises(NotAcceptable, match="同意"):
        commands.submit(draft, actor=office.applicant)
    commands.save_draft(draft, actor=office.applicant, form={"electronic_consent": True})
    affair = commands.accept(commands.submit(draft, actor=office.applicant), actor=office.clerk)
    office.grant_everything(affair)
    outbox.run_due()
    affair.refresh_from_db()
    assert affair.state == Affair.State.DELIVERED
    assert affair.delivery.method == Affair.DeliveryMethod.ELECTRONIC


def test_withdrawal_before_any_decision_ends_the_whole_affair(office: Office) -> None:
    affair = commands.withdraw(office.accepted(), actor=office.applicant, reason="不办了")
    assert affair.state == Affair.State.WITHDRAWN
    assert set(states(affair).values()) == {"withdrawn"}
    assert not FlowTask.objects.filter(finished__isnull=True).exists()


def test_withdrawal_after_a_decision_keeps_the_decision_and_goes_on_to_its_result(office: Office) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    affair = commands.withdraw(affair, actor=office.applicant, reason="其余不办了")
    assert (affair.state, affair.outcome) == (Affair.State.ISSUING, Affair.Outcome.PARTLY)
    assert states(affair)["qysl"] == "granted"


def test_a_refused_matter_is_tried_again_with_its_dependants_and_the_old_attempt_stays(office: Office) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    refused = office.review_and("refuse", affair, "hyxk")
    attempts = commands.reopen(refused, actor=office.clerk, reason="申请人补充了材料")
    assert [(each.matter_code, each.attempt) for each in attempts] == [("hyxk", 2), ("clyyz", 2)]
    assert states(affair)["hyxk"] == "reviewing"
    assert affair.approvals.get(matter_code="hyxk", attempt=1).state == "refused"
    for matter in ("gzkz", "swxx", "sbdj", "hyxk", "clyyz"):
        office.review_and("grant", affair, matter)
    affair.refresh_from_db()
    assert affair.outcome == Affair.Outcome.GRANTED


def test_a_decided_affair_is_not_reopened(office: Office) -> None:
    affair = office.accepted()
    office.review_and("refuse", affair, "qysl")
    affair.refresh_from_db()
    assert affair.state == Affair.State.ISSUING
    with pytest.raises(AlreadyHandled):
        commands.reopen(office.approval(affair, "qysl"), actor=office.clerk, reason="再来")


def test_refusing_acceptance_ends_the_affair_in_writing(office: Office) -> None:
    affair = office.submitted()
    with pytest.raises(DomainError, match="理由"):
        commands.refuse_acceptance(affair, actor=office.clerk, reason=" ")
    commands.refuse_acceptance(
        affair, actor=office.clerk, reason="不属于本机关职权范围", competent_authority="市交通运输局"
    )
    assert affair.documents.filter(kind=Document.Kind.NON_ACCEPTANCE).exists()
    assert not FlowTask.objects.filter(finished__isnull=True).exists()


def test_a_refusal_without_its_reasons_does_not_happen(office: Office) -> None:
    affair = office.accepted()
    office.review(office.approval(affair, "qysl"))
    approval = office.approval(affair, "qysl")
    with pytest.raises(DomainError, match="认定的事实、理由、法律依据"):
        commands.refuse(approval, actor=office.officer(approval), decision=type(REFUSAL)())
    assert states(affair)["qysl"] == "deciding"


def test_a_stranger_cannot_take_anyone_elses_step(office: Office) -> None:
    affair = office.submitted()
    with pytest.raises(NotYours):
        commands.accept(affair, actor=office.applicant)
    affair = commands.accept(affair, actor=office.clerk)
    approval = office.approval(affair, "qysl")
    stranger = office.officer(office.approval(affair, "hyxk"))
    for actor in (stranger, office.clerk, office.applicant):
        with pytest.raises(NotYours):
            commands.review(approval, actor=actor, opinion="同意")
    with pytest.raises(NotYours):
        commands.withdraw(affair, actor=office.clerk)
    assert approvals_in_queue(stranger.user.work_permissions).count() == 2


def test_a_second_press_is_refused(office: Office) -> None:
    affair = office.submitted()
    commands.accept(affair, actor=office.clerk)
    with pytest.raises(AlreadyHandled):
        commands.accept(affair, actor=office.clerk)
    approval = office.approval(affair, "qysl")
    office.review(approval)
    with pytest.raises(AlreadyHandled):
        commands.review(approval, actor=office.officer(approval), opinion="再来一次")


def test_the_database_refuses_states_that_the_law_does_not_know(office: Office) -> None:
    affair = office.accepted()
    approval = office.approval(affair, "qysl")
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(state="granted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Affair.objects.filter(pk=affair.pk).update(delivery_method="electronic", electronic_consent=False)
