"""The public pages as a person meets them, on a phone and in large type."""

from urllib.parse import urlencode

import pytest

from tests.browser import assert_accessible
from tests.office import FOUNDING, Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = (
    "/",
    "/guides/",
    "/guides/?q=开饭殿",
    "/guides/?q=生孩子",
    "/guides/?who=individual&dept=jt",
    "/guides/ysqy/",
    "/guides/ysqy/list/?lic=no&kind=general",
    f"/guides/ysqy/list/?{urlencode(FOUNDING)}",
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


def test_from_the_questions_to_a_list_and_on_to_an_application(page):
    Office()
    page.goto("/guides/ysqy/")
    page.get_by_role("link", name="先列我的清单").click()
    for answer in (
        "已经领取",
        "普通货物运输",
        "有超过 4500 千克（4.5 吨）的",
        "已经购置",
        "没有",
        "法定代表人（负责人）本人",
        "还没有",
    ):
        page.get_by_role("radio", name=answer, exact=True).check()
        page.get_by_role("button", name="继续").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("我的清单：办 2 个事项")
    page.get_by_label("车辆检验检测合格证明").check()
    assert page.get_by_role("button", name="打印清单").is_visible()
    page.get_by_role("link", name="车辆是否已经购置？").click()
    page.get_by_role("radio", name="还没有购置").check()
    page.get_by_role("button", name="继续").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("我的清单：办 1 个事项")
    page.get_by_role("link", name="带着这些答案去办理").click()
    assert "/account/login/?next=/my/new/ysqy/" in page.url
