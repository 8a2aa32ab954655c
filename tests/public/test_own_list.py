"""A list of one's own without an account: the answers are the address, and they may be taken along."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from portal.affairs.models import Affair
from tests.factories import UserFactory
from tests.office import FOUNDING, Office

pytestmark = pytest.mark.django_db

LIST = "/guides/ysqy/list/"


def page(client, answers: dict, **more: str) -> str:
    response = client.get(f"{LIST}?{urlencode({**answers, **more}, doseq=True)}")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def test_the_questions_come_one_at_a_time_and_the_answers_travel_along(client, office: Office):
    first = page(client, {})
    assert "您是否已经领取营业执照？" in first
    assert "第 1 步" in first
    second = page(client, {"lic": "no"})
    assert "您准备从事哪一类货物运输？" in second
    assert '<input type="hidden" name="lic" value="no">' in second
    assert "企业设立登记" in second


def test_the_complete_answers_give_the_list(client, office: Office):
    html = page(client, FOUNDING)
    text = words(html)
    assert "我的清单：办 6 个事项，交 10 种材料" in text
    assert "承诺4 个工作日内全部办完" in text
    assert "待部门确认" in text
    assert 'type="checkbox" id="have-zc"' in html
    # Made from the form, or the result of an earlier matter: nothing to tick.
    assert "have-djsqs" not in html
    assert "营业执照：用这次办的“企业设立登记”的结果，直接共享" in text
    assert "拟投入运输车辆承诺书" not in text
    assert "<svg" in html


def test_answers_that_do_not_exist_or_are_not_asked_change_nothing(client, office: Office):
    assert "您是否已经领取营业执照？" in page(client, {"lic": "maybe", "seal": "yes", "nothing": "<script>"})
    taken = page(client, {**FOUNDING, "lic": "yes", "own": ["owned", "planned"]})
    assert "车辆是否已经购置？" in taken


def test_a_question_sent_without_an_answer_says_so_beside_the_choices(client, office: Office):
    html = page(client, {}, **{".asked": "lic"})
    assert "请选择一项。" in html
    assert "请选择一项。" not in page(client, {})


def test_an_answer_can_be_changed_and_the_others_stay(client, office: Office):
    html = page(client, FOUNDING, **{".edit": "own"})
    assert "车辆是否已经购置？" in html
    assert re.search(r'name="own" value="owned"[^>]*checked', html)
    assert '<input type="hidden" name="tax" value="yes">' in html
    assert f"{LIST}?lic=no" in unescape(html)


def test_what_needs_no_licence_and_what_another_authority_decides_is_said(client, office: Office):
    """R1 and R2."""
    light = words(page(client, {**FOUNDING, "mass": "all_le_4500"}))
    assert "不需要道路运输经营许可证和车辆营运证" in light
    assert "《中华人民共和国道路运输条例》第二十四条第三款" in light
    dangerous = words(page(client, {**FOUNDING, "kind": "dangerous", "lic": "yes", "staff": "no"}))
    assert "按您的情形，不用在本窗口申请" in dangerous
    assert "请向它申请：市交通运输局" in dangerous
    assert "带着这些答案去办理" not in dangerous


def test_what_follows_afterwards_and_the_forms_to_fill_in_stand_on_the_list(client, office: Office):
    html = page(client, {**FOUNDING, "own": "planned"})
    assert "按承诺投入车辆并申领车辆营运证" in html
    assert reverse("public:blank", args=["cl_cns"]) in html


def test_a_relief_is_named_only_where_the_matter_allows_it(client, office: Office):
    """委托书 may be supplied later for the licence; the registration, which asks for it too, is on the spot (R59)."""
    text = words(page(client, {**FOUNDING, "agent": "agent"}))
    assert "可容缺：先受理，3 个工作日内补齐" not in text.partition("委托书 ")[2].partition("用于")[2][:60]
    assert "可容缺" in text.partition("安全生产管理制度文本")[2][:200]


def test_the_list_can_be_shared_by_link_and_is_not_for_search_engines(client, office: Office, settings):
    settings.SITE_URL = "https://portal.example"
    response = client.get(f"{LIST}?{urlencode(FOUNDING)}&unknown=1")
    html = response.content.decode()
    assert f"https://portal.example{LIST}?{urlencode(FOUNDING)}" in unescape(html)
    assert "unknown" not in re.search(r'<span id="list-address">(.*?)</span>', html)[1]
    assert 'src="data:image/svg+xml' in html
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_the_list_costs_one_query(client, office: Office, django_assert_num_queries):
    client.get(LIST)
    with django_assert_num_queries(1):
        page(client, FOUNDING)


def test_a_list_of_an_unknown_one_thing_is_no_page(client, office: Office):
    assert client.get("/guides/none/list/").status_code == 404


def test_a_stranger_takes_the_answers_through_the_sign_in(client, office: Office):
    link = re.search(r'href="(/my/new/ysqy/[^"]*)"', page(client, FOUNDING))
    address = unescape(link[1])
    assert client.get(address)["Location"] == f"{reverse('account_login')}?{urlencode({'next': address}, safe='/')}"
    client.force_login(UserFactory())
    shown = words(client.get(address).content.decode())
    assert "您已经回答的" in shown
    assert "全部在 4500 千克" not in shown
    assert "有超过 4500 千克（4.5 吨）的" in shown
    assert not Affair.objects.exists()
    response = client.post(address)
    affair = Affair.objects.get()
    assert affair.answers == FOUNDING
    assert response["Location"] == reverse("filing:plan", args=[affair.pk])


def test_answers_brought_along_are_checked_like_any_other(client, office: Office):
    client.force_login(UserFactory())
    client.post(f"{reverse('filing:new', args=['ysqy'])}?lic=yes&seal=yes&kind=nonsense")
    assert Affair.objects.get().answers == {"lic": "yes"}
