"""Home, help, large type, and where sign-in leads."""

import pytest
from django.conf import settings
from django.urls import reverse

from portal.accounts.demo import create_accounts
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def body(response) -> str:
    return response.content.decode()


def test_home_leads_to_every_one_thing_with_figures_of_the_edition(client, office):
    page = body(client.get("/"))
    for one_thing in office.edition.catalogue.one_things.values():
        assert f'href="/guides/{one_thing.id}/"' in page
        assert one_thing.summary in page
    assert "从找 5 个部门到 1 次申请" in page
    assert "承诺最长 4 个工作日" in page
    assert settings.HALL_PHONE in page


def test_home_queries_an_affair_directly(client, office):
    affair = office.submitted()
    assert f'action="{reverse("public:status")}"' in body(client.get("/"))
    assert "综合窗口正在审查申请材料" in body(
        client.post("/status/", {"number": affair.number, "code": affair.query_code})
    )


def test_large_type_is_remembered_and_the_page_comes_back(client):
    response = client.post("/display/", {"size": "large", "next": "/guides/?q=饭店"})
    assert response.status_code == 302
    assert response["Location"] == "/guides/?q=饭店" or response["Location"].startswith("/guides/?q=")
    assert client.cookies["type"].value == "large"
    assert 'data-type="large"' in body(client.get("/about/"))
    client.post("/display/", {"size": "normal", "next": "/"})
    assert 'data-type="large"' not in body(client.get("/about/"))


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client, elsewhere):
    assert client.post("/display/", {"size": "large", "next": elsewhere})["Location"] == "/"


def test_a_link_cannot_change_the_type(client):
    assert client.get("/display/?size=large").status_code == 405


@pytest.mark.parametrize(
    ("trait", "place"),
    [
        ({}, "/my/"),
        ({"clerk": True}, "/window/"),
        ({"officer": True}, "/department/"),
        ({"supervisor": True}, "/supervision/"),
        ({"administrator": True}, "/supervision/"),
    ],
)
def test_sign_in_leads_each_role_to_its_work(client, trait, place):
    client.force_login(UserFactory(**trait))
    assert client.get("/start/")["Location"].startswith(place)


def test_a_stranger_who_wants_to_start_signs_in_first(client):
    assert client.get("/start/")["Location"].startswith(reverse("account_login"))


def test_the_demonstration_shows_its_accounts_at_sign_in(client, office, settings):
    create_accounts()
    page = body(client.get("/account/login/"))
    for wanted in ("shenqing", "chuangkou", "bumen-jt", "综合窗口", settings.DISTRICT_NAME):
        assert wanted in page
    settings.DEMONSTRATION = False
    assert "chuangkou" not in body(client.get("/account/login/"))


def test_signing_up_makes_an_applicant_and_leads_to_their_affairs(client, office):
    fields = {
        "username": "wang", "password1": "rather-long-4711", "password2": "rather-long-4711", "name": "王演示",
        "mobile": "13800000009",
    }  # fmt: skip
    response = client.post("/account/signup/", fields, follow=True)
    assert response.redirect_chain[-1][0] == reverse("filing:mine")


def test_who_has_no_password_yet_sets_one(client):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    page = client.get("/account/password/change/", follow=True)
    assert page.redirect_chain == [("/account/password/set/", 302)]
    assert "您的账户还没有密码" in body(page)
    assert "每次输入的密码必须相同" in body(
        client.post("/account/password/set/", {"password1": "rather-long-4711", "password2": "other"})
    )
    sent = {"password1": "rather-long-4711", "password2": "rather-long-4711"}
    assert client.post("/account/password/set/", sent).status_code == 302
    user.refresh_from_db()
    assert user.check_password("rather-long-4711")
    assert "当前密码" in body(client.get("/account/password/change/"))


def test_password_reset_by_mail_is_not_offered(client):
    assert client.get("/account/password/reset/").status_code == 404
    assert "忘记密码：带身份证件到" in body(client.get("/account/login/"))


def test_the_privacy_page_names_data_purpose_and_rights(client):
    page = body(client.get("/about/"))
    for wanted in ("身份号码", "用途", "您的权利", "《中华人民共和国个人信息保护法》"):
        assert wanted in page
