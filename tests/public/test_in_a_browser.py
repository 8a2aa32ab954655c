"""The public pages as a person meets them, on a phone and in large type."""

import pytest

from tests.browser import assert_accessible
from tests.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = (
    "/",
    "/guides/",
    "/guides/ysqy/",
    "/status/",
    "/status/?number=1&code=2",
    "/verify/",
    "/about/",
    "/account/login/",
)


def test_public_pages_are_accessible_and_fit_a_phone_even_in_large_type(open_page):
    Office()
    page = open_page(width=360)
    page.goto("/")
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html").get_attribute("data-type") == "large"
    for path in PATHS:
        page.goto(path)
        assert_accessible(page)
        too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not too_wide, path


def test_from_what_one_wants_to_the_guide_and_the_beginning(page):
    Office()
    page.goto("/")
    page.get_by_role("searchbox").fill("我想跑货运")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="开办运输企业（道路货运）一件事").click()
    page.get_by_role("link", name="开始办理").click()
    assert "/account/login/?next=/my/new/ysqy/" in page.url
