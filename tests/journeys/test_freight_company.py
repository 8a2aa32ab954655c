"""开办运输企业（道路货运），从第一个问题到评价归档：the whole main job, with all its people, in a real browser."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.affairs.models import Affair, Approval
from portal.audit.services import verify
from portal.documents.models import Document
from tests.journeys.people import Applicant, Person
from tests.office import FOUNDING, REFUSAL, Office
from workflows import sampling
from workflows.engine import outbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


def file_the_application(open_page: OpenPage, files: Callable[[int], Path]) -> tuple[Applicant, Affair]:
    """From the home page to the receipt, on a phone."""
    applicant = Applicant(open_page(width=390, height=844), "applicant")
    applicant.go("/")
    applicant.look("home")
    applicant.follow("开办运输企业")
    applicant.look("guide")
    applicant.follow("开始办理")
    applicant.sign_in("shenqing")
    applicant.look("new")
    applicant.press("开始回答问题")
    applicant.answer(FOUNDING)
    applicant.reads("道路货物运输经营许可")
    applicant.look("plan")
    applicant.follow("填写")

    draft = Affair.objects.get(state=Affair.State.DRAFT)
    values = sampling.form(draft.plan.fields, random.Random(7))
    delivery = next(field for field in draft.plan.fields if field.id == "delivery")
    values["delivery"] = next(option for option in delivery.options if "窗口" in option)
    values["entity_name"] = "示例货运有限公司"
    applicant.fill_in(values)
    assert applicant.upload_everything(files) > 8
    applicant.press("继续")
    applicant.reads("示例货运有限公司")
    applicant.look("confirm")
    applicant.page.locator("[name$=truthful]").check()
    applicant.press("提交申请")
    affair = Affair.objects.get(pk=draft.pk)
    applicant.reads(affair.number)
    applicant.reads(affair.query_code)
    applicant.look("receipt")
    return applicant, affair


def at_the_window(open_page: OpenPage, affair: Affair) -> Person:
    clerk = Person(open_page(), "clerk")
    clerk.sign_in("chuangkou")
    clerk.reads("示例货运有限公司")
    clerk.look("queue")
    clerk.follow(affair.number)
    clerk.look("review")
    clerk.follow("受理…", exact=True)
    clerk.look("accept")
    clerk.press("确认受理")
    affair.refresh_from_db()
    assert affair.state == Affair.State.APPROVING
    return clerk


def officer_of(open_page: OpenPage, approval: Approval) -> Person:
    officer = Person(open_page(), f"officer-{approval.department.code}")
    officer.sign_in(f"bumen-{approval.department.code}")
    return officer


def review(officer: Person, approval: Approval) -> None:
    officer.go(f"/department/{approval.pk}/")
    officer.look("approval")
    officer.page.locator("[name=prepared]").first.check()
    officer.press("提交审查意见")
    expect(officer.page.locator("main")).to_contain_text("审查完毕")


def sign(open_page: OpenPage, approval: Approval) -> None:
    """The head reads what was proposed, and signs it."""
    head = Person(open_page(), f"head-{approval.department.code}")
    head.sign_in(f"bumen-{approval.department.code}-head")
    head.follow("待负责人签发")
    head.look("queue-sign")
    head.follow(approval.number)
    head.look("proposal")
    head.press("签发：")
    approval.refresh_from_db()
    assert approval.decided_by.is_head, head.page.locator("main").inner_text()


def grant(officer: Person, approval: Approval, open_page: OpenPage) -> None:
    officer.go(f"/department/{approval.pk}/")
    officer.page.locator("main a[href$='/grant/']").click()
    officer.look("grant")
    officer.page.locator("main form button[type=submit]").last.click()
    if approval.matter.is_signed_by_head:
        officer.reads("待负责人签发")
        officer.look("proposed")
        sign(open_page, approval)
    approval.refresh_from_db()
    assert approval.state == Approval.State.GRANTED, officer.page.locator("main").inner_text()


def approvals(affair: Affair) -> list[Approval]:
    return list(affair.approvals.current().select_related("department").order_by("order"))


def test_a_freight_company_is_opened_in_one_affair(
    office: Office, open_page: OpenPage, files: Callable[[int], Path]
) -> None:
    applicant, affair = file_the_application(open_page, files)
    outbox.run_due()
    clerk = at_the_window(open_page, affair)
    for approval in approvals(affair):
        officer = officer_of(open_page, approval)
        officer.look("queue")
        review(officer, approval)
        grant(officer, approval, open_page)

    applicant.go(f"/my/{affair.pk}/")
    applicant.look("decided")
    outbox.run_due()
    clerk.go("/window/delivery/")
    clerk.follow(affair.number)
    clerk.follow("办理送达")
    clerk.look("deliver")
    clerk.page.locator("[name=recipient]").fill("王某")
    clerk.press("确认已交付")
    affair.refresh_from_db()
    assert affair.state == Affair.State.DELIVERED, clerk.page.locator("main").inner_text()

    applicant.go(f"/my/{affair.pk}/")
    applicant.look("delivered")
    paper = applicant.page.locator("#papers a").last.get_attribute("href")
    assert applicant.page.request.get(paper).body().startswith(b"%PDF")
    applicant.follow("评价这次服务")
    expect(applicant.page.locator("input[name=level]:checked")).to_have_count(0)
    applicant.look("rate")
    applicant.page.locator("input[name=level][value='5']").check()
    applicant.press("提交评价")
    affair.refresh_from_db()
    assert affair.state == Affair.State.CLOSED
    applicant.look("closed")

    supervisor = Person(open_page(), "supervisor")
    supervisor.sign_in("jiandu")
    supervisor.look("overview")
    supervisor.go(f"/supervision/affairs/{affair.pk}/")
    supervisor.reads("受理")
    supervisor.look("affair")
    assert verify() is None
    assert not Document.objects.filter(rendered_at__isnull=True).exists()


def test_a_department_refuses_and_the_rest_is_still_handed_out(
    office: Office, open_page: OpenPage, files: Callable[[int], Path]
) -> None:
    applicant, affair = file_the_application(open_page, files)
    at_the_window(open_page, affair)
    for approval in approvals(affair):
        approval.refresh_from_db()
        if approval.matter_code == "clyyz":
            assert approval.state == Approval.State.PREREQUISITE_FAILED
            continue
        officer = officer_of(open_page, approval)
        review(officer, approval)
        if approval.matter_code != "hyxk":
            grant(officer, approval, open_page)
            continue
        officer.page.locator("main a[href$='/refuse/']").click()
        officer.page.locator("[name=facts]").fill(REFUSAL.facts)
        officer.look("refuse")
        officer.page.locator("main form button[type=submit]").last.click()
        officer.reads("请")  # the reason is missing: said at its field, and what was typed is still there
        expect(officer.page.locator("[name=facts]")).to_have_value(REFUSAL.facts)
        officer.page.locator("[name=reason]").fill(REFUSAL.reason)
        officer.page.locator("main form button[type=submit]").last.click()
        sign(open_page, approval)
        assert approval.state == Approval.State.REFUSED, officer.page.locator("main").inner_text()
    affair.refresh_from_db()
    assert affair.outcome == Affair.Outcome.PARTLY
    outbox.run_due()
    applicant.go(f"/my/{affair.pk}/")
    for words in ("为什么没有准予", REFUSAL.reason, "60", "6 个月", "行政复议", "前置未通过"):
        applicant.reads(words)
    applicant.look("refused")
    assert affair.documents.filter(kind=Document.Kind.REFUSAL).count() == 1

    stranger = Person(open_page(width=390, height=844), "stranger")
    stranger.go("/status/")
    stranger.page.locator("[name=number]").fill(affair.number)
    stranger.page.locator("[name=code]").fill(affair.query_code)
    stranger.page.locator("main form button[type=submit]").last.click()
    stranger.reads("已准予 4 个")
    stranger.look("status")
    expect(stranger.page.locator("main")).not_to_contain_text(affair.form["legal_rep_name"])
