"""The browser that the journeys are driven in is a fair one."""

import pytest

from tests.browser import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_it_draws_chinese_and_no_boxes(page):
    """An empty box looks the same for every character; these look different from each other."""
    names = "门户䶮㛃𬭎淼喆堃"
    page.set_content("".join(f"<p style='width: 1em; font: 32px sans-serif'>{character}" for character in names))
    pictures = {paragraph.screenshot() for paragraph in page.locator("p").all()}
    assert len(pictures) == len(names)


def test_it_reaches_the_portal(page):
    assert page.goto("/healthz").status == 200


def test_an_inaccessible_page_is_told_with_its_rule_and_element(page):
    page.set_content("<html lang=zh-CN><title>检查</title><h1>检查</h1><input id=nameless>")
    with pytest.raises(AssertionError, match=r"label .*nameless"):
        assert_accessible(page)


def test_two_people_share_no_session(open_page):
    one, other = open_page(), open_page(width=360)
    one.goto("/healthz")
    one.context.add_cookies([{"name": "who", "value": "one", "url": one.url}])
    assert other.context.cookies() == []
