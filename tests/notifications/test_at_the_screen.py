"""Inbox, preferences and thread in a real browser, wide and on a telephone."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from portal.notifications.models import Notice
from tests.browser import assert_accessible, screenshot
from tests.office import Office
from tests.threads import answered, asked
from workflows.engine import outbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


def sign_in(page: Page, user: User, address: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": address}]
    )


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_are_accessible_and_fit(
    office: Office, open_page: Callable[..., Page], live_server, width: int
) -> None:
    applicant = office.applicant.user
    applicant.mobile, applicant.email = "13800000001", "shenqing@example.cn"
    applicant.save()
    affair = office.accepted()
    asked(office, affair)
    answered(office, affair)
    asked(office, affair, text="谢谢，那委托书需要公证吗？\n我们的负责人在外地。")
    outbox.run_due()
    notice = Notice.objects.of(applicant).first()
    page = open_page(width=width)
    for user, paths in {
        applicant: [
            "/my/", "/my/notices/", f"/my/notices/{notice.pk}/", "/my/notices/preferences/", "/my/notices/mailbox/",
            f"/my/{affair.pk}/", f"/my/{affair.pk}/messages/",
        ],
        office.clerk.user: ["/window/messages/", f"/window/{affair.pk}/messages/"],
    }.items():  # fmt: skip
        page.context.clear_cookies()
        sign_in(page, user, live_server.url)
        for path in paths:
            assert page.goto(path).status == 200
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
            screenshot(page, f"messages-{width}{path.replace('/', '-')}")


def test_a_message_that_was_typed_outlives_a_lost_session(office: Office, page: Page, live_server) -> None:
    affair = office.submitted()
    sign_in(page, office.applicant.user, live_server.url)
    page.goto(f"/my/{affair.pk}/")
    page.get_by_label("留言", exact=True).fill("写了很久的话")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="发送").click()
    page.wait_for_url("**/account/login/**")
    sign_in(page, office.applicant.user, live_server.url)
    page.goto(f"/my/{affair.pk}/")
    expect(page.get_by_label("留言", exact=True)).to_have_value("写了很久的话")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("status").first).to_contain_text("留言已发出")
    assert affair.messages.get().text == "写了很久的话"
