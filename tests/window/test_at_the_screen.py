"""What the staff's pages do in a real browser."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from portal.accounts.unmasking import ACTION
from portal.audit.models import Entry
from tests.browser import assert_accessible
from tests.factories import UserFactory
from tests.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, user: User, address: str) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": address}]
    )


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


def test_a_masked_value_is_shown_in_its_place_and_a_file_beside_the_form(
    office: Office, page: Page, live_server
) -> None:
    affair = office.submitted()
    sign_in(page, office.clerk.user, live_server.url)
    page.goto(f"/window/{affair.pk}/")
    assert_accessible(page)
    place = page.locator("#show-legal_rep_id")
    expect(place).to_contain_text("**********")
    place.get_by_role("button").click()
    expect(place).to_have_text(affair.form["legal_rep_id"])
    assert Entry.objects.filter(action=ACTION).count() == 1

    second = affair.files.all()[1]
    page.get_by_role("link", name=second.name, exact=True).first.click()
    expect(page.locator("#file")).to_contain_text(second.name)
    assert f"file={second.pk}" in page.url


def test_the_decision_bar_stays_in_sight_on_a_telephone(
    office: Office, open_page: Callable[..., Page], live_server
) -> None:
    affair = office.submitted()
    page = open_page(width=360, height=640)
    sign_in(page, office.clerk.user, live_server.url)
    page.goto(f"/window/{affair.pk}/")
    expect(page.get_by_role("link", name="受理…", exact=True)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_typed_text_outlives_a_lost_session(office: Office, page: Page, live_server) -> None:
    approval = office.approval(office.accepted(), "qysl")
    officer = office.officer(approval).user
    sign_in(page, officer, live_server.url)
    page.goto(f"/department/{approval.pk}/")
    page.get_by_label("审查意见", exact=True).fill("写了一小时的意见")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="提交审查意见").click()
    expect(page).to_have_url(re.compile("/account/login/"))
    sign_in(page, officer, live_server.url)
    page.goto(f"/department/{approval.pk}/")
    expect(page.get_by_label("审查意见", exact=True)).to_have_value("写了一小时的意见")
    page.get_by_role("button", name="提交审查意见").click()
    expect(page.get_by_role("status").first).to_contain_text("审查意见已记录")
    assert not [key for key in page.evaluate("Object.keys(sessionStorage)") if key.startswith("keep:")]


def test_the_pages_of_staff_are_accessible(office: Office, page: Page, live_server) -> None:
    affair = office.accepted()
    office.review(office.approval(affair, "qysl"))
    approval, waiting = office.approval(affair, "qysl"), office.submitted(seed=2)
    by_role = {
        office.clerk.user: ["/window/", f"/window/{waiting.pk}/refuse/", f"/window/{waiting.pk}/accept/"],
        office.officer(approval).user: [
            "/department/",
            *(f"/department/{approval.pk}/{step}" for step in ("", "grant/", "refuse/")),
        ],
        UserFactory(supervisor=True): ["/supervision/", "/supervision/affairs/", f"/supervision/affairs/{affair.pk}/"],
        UserFactory(administrator=True): ["/supervision/system/", "/supervision/system/departments/ga/"],
    }
    for user, paths in by_role.items():
        page.context.clear_cookies()
        sign_in(page, user, live_server.url)
        for path in paths:
            assert page.goto(path).status == 200
            assert_accessible(page)
