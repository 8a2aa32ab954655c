"""A department at work: a head sends back and signs, several are granted at once, a packet goes to another system."""

import io
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import Department
from portal.affairs.models import Approval
from tests.journeys.people import Person
from tests.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


def at_work(open_page: OpenPage, username: str, *, width: int = 1280) -> Person:
    person = Person(open_page(width=width), f"{username}-{width}")
    person.sign_in(username)
    return person


@pytest.mark.parametrize("width", [1280, 360])
def test_a_head_sends_back_and_then_signs(office: Office, open_page: OpenPage, width: int) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    licence = office.review(office.approval(affair, "hyxk"))
    officer = at_work(open_page, "bumen-jt", width=width)
    head = at_work(open_page, "bumen-jt-head", width=width)
    officer.go(f"/department/{licence.pk}/")
    officer.page.locator("main a[href$='/grant/']").click()
    officer.look("propose")
    officer.page.locator("[name=certificate-0-number]").fill("豫交运管许可平字410403000001号")
    officer.press("报负责人签发")
    head.go("/department/sign/")
    head.look("to-sign")
    head.follow(licence.number)
    head.look("proposal")
    head.page.locator("[name=reason]").fill("请核对编号")
    head.press("退回经办人")
    officer.go("/department/decide/")
    officer.reads("负责人已退回")
    officer.look("sent-back")
    officer.follow(licence.number)
    officer.page.locator("main a[href$='/grant/']").click()
    expect(officer.page.locator("[name=certificate-0-number]")).to_have_value("豫交运管许可平字410403000001号")
    officer.look("again")
    officer.press("报负责人签发")
    head.go(f"/department/{licence.pk}/")
    head.press("签发：")
    head.reads("拟办人")
    licence.refresh_from_db()
    assert (licence.state, licence.decided_by.username) == (Approval.State.GRANTED, "bumen-jt-head")


@pytest.mark.parametrize("width", [1280, 360])
def test_several_are_reviewed_and_granted_at_once(office: Office, open_page: OpenPage, width: int) -> None:
    waiting = [office.approval(office.accepted(seed=seed), "qysl") for seed in (1, 2, 3)]
    officer = at_work(open_page, "bumen-scjg", width=width)
    officer.look("queue")
    for tick in officer.page.locator("[name=approval]").all():
        tick.check()
    officer.press("一并审查")
    officer.look("together-review")
    officer.page.locator("[name=prepared]").first.check()
    officer.press("提交这 3 件")
    officer.reads("办成 3 件")
    officer.go("/department/decide/")
    for tick in officer.page.locator("[name=approval]").all():
        tick.check()
    officer.press("一并准予")
    officer.look("together-grant")
    officer.press("作出决定")
    officer.reads("办成 3 件")
    officer.look("together-result")
    assert {office.approval(one.affair, "qysl").state for one in waiting} == {Approval.State.GRANTED}


@pytest.mark.parametrize("width", [1280, 360])
def test_an_opinion_is_asked_and_given_and_a_packet_goes_out(office: Office, open_page: OpenPage, width: int) -> None:
    licence = office.approval(office.accepted(), "hyxk")
    officer = at_work(open_page, "bumen-jt", width=width)
    officer.go(f"/department/{licence.pk}/")
    officer.follow("征求意见…")
    officer.look("ask")
    officer.page.locator("[name=department]").select_option(str(Department.objects.get(code="xf").pk))
    officer.page.locator("[name=question]").fill("停车场地的消防通道是否符合要求？")
    officer.press("发出征求意见")
    officer.look("asking")

    asked = at_work(open_page, "bumen-xf", width=width)
    asked.go("/department/opinions/")
    asked.look("opinions")
    asked.follow(licence.number)
    asked.look("opinion")
    asked.page.locator("[name=text]").fill("符合要求。")
    # By the keyboard: on a narrow screen the file above is still loading, and a click may land where the button was.
    asked.page.locator("main").get_by_role("button", name="提交答复").press("Enter")
    asked.reads("已答复")
    asked.look("answered")

    officer.go(f"/department/{licence.pk}/")
    officer.reads("符合要求。")
    with officer.page.expect_download() as download:
        officer.press("导出到本部门系统")
    with open(download.value.path(), "rb") as packet:
        assert "data.json" in zipfile.ZipFile(io.BytesIO(packet.read())).namelist()
    officer.follow("登记已在本部门系统录入…")
    officer.look("entry")
    officer.page.locator("[name=number]").fill("YZ-1")
    officer.press("登记")
    officer.reads("YZ-1")
    officer.look("entered")
    officer.go("/department/phrases/")
    officer.look("phrases")
    officer.page.locator("[name=text]").fill("车辆行驶证已核对。")
    officer.press("新增常用语")
    officer.follow("修改或者删除")
    officer.look("phrase")
