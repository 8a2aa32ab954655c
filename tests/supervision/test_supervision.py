"""Supervision's screens and numbers."""

from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.errors import NotYours
from portal.accounts.models import Actor, Department
from portal.accounts.services import change_contacts
from portal.accounts.unmasking import ACTION
from portal.affairs.models import Affair, Approval
from portal.audit.models import Entry
from portal.deadlines.clock import ZONE
from portal.supervision import lists
from portal.supervision.figures import by_department, figures
from tests.copies import copies_of
from tests.factories import UserFactory
from tests.office import Office


@pytest.fixture
def supervisor(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(supervisor=True))
    return client


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(administrator=True))
    return client


def test_what_was_received_five_working_days_ago_is_due_today_and_before_that_overdue(office: Office) -> None:
    """2026-11-16 (周一) + 5 个工作日 = 2026-11-23 (周一)."""
    affair = office.submitted()

    def received(day: date) -> tuple[bool, bool]:
        Affair.objects.filter(pk=affair.pk).update(submitted_at=datetime(day.year, day.month, day.day, 10, tzinfo=ZONE))
        filed, today = Affair.objects.filed(), date(2026, 11, 23)
        return lists.due_today(filed, today).exists(), lists.overdue(filed, today).exists()

    assert received(date(2026, 11, 16)) == (True, False)
    assert received(date(2026, 11, 15)) == (False, True)  # 周日收到，11 月 20 日到期
    assert received(date(2026, 11, 17)) == (False, False)


def test_the_numbers_are_those_of_the_lists_that_they_open(office: Office, supervisor: Client) -> None:
    late, _fresh, done = office.accepted(), office.submitted(seed=2), office.ready_to_deliver(seed=3)
    yesterday = timezone.localdate() - timedelta(days=1)
    Approval.objects.filter(affair=late, matter_code="qysl").update(promised_due_on=yesterday)
    found = figures(today=timezone.localdate())
    assert (found.open, found.overdue, found.concluded) == (2, 1, 1)
    assert found.average_working_days == 0
    overdue = supervisor.get("/supervision/affairs/?due=overdue").content.decode()
    assert late.number in overdue
    assert done.number not in overdue
    assert done.number in supervisor.get("/supervision/affairs/?concluded=month").content.decode()
    assert "共 2 件" in supervisor.get("/supervision/affairs/?state=running").content.decode()


def test_past_the_promised_day_is_red_and_past_the_legal_one_serious(office: Office) -> None:
    affair = office.accepted()
    today = timezone.localdate()
    registration = Approval.objects.filter(affair=affair, matter_code="qysl")
    registration.update(promised_due_on=today - timedelta(days=1), legal_due_on=today + timedelta(days=1))
    line = next(line for line in by_department(today=today) if line.department.code == "scjg")
    assert (line.red, line.serious, line.open) == (1, 0, 1)
    registration.update(legal_due_on=today - timedelta(days=1))
    line = by_department(today=today)[0]
    assert (line.department.code, line.red, line.serious) == ("scjg", 0, 1)


def test_a_department_that_waits_for_another_has_no_card(office: Office) -> None:
    affair = office.accepted()
    licence = office.approval(affair, "hyxk")
    assert licence.clock_started_on is None
    line = next(line for line in by_department(today=timezone.localdate()) if line.department.code == "jt")
    assert (line.yellow, line.red, line.serious) == (0, 0, 0)


def test_the_overview_has_a_picture_and_its_table(office: Office, supervisor: Client) -> None:
    office.accepted()
    page = supervisor.get("/supervision/").content.decode()
    assert "drawing--bars" in page
    assert "各部门现在和本月" in page


@pytest.mark.parametrize("path", ["/supervision/", "/supervision/affairs/"])
def test_a_page_asks_the_same_number_of_queries_for_10_and_for_1000_affairs(
    office: Office, supervisor: Client, path: str
) -> None:
    affair = office.accepted()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert supervisor.get(path).status_code == 200
        return len(captured)

    registration = office.approval(affair, "qysl")
    copies_of(affair, 9, approval=registration)
    supervisor.get(path)
    few = queries()
    copies_of(affair, 990, approval=registration)
    assert queries() == few


def test_an_affair_shows_its_trail_with_proof_and_without_personal_data(office: Office, supervisor: Client) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    page = supervisor.get(f"/supervision/affairs/{affair.pk}/").content.decode()
    assert "本链校验通过" in page
    assert "企业设立登记：审查" in page
    assert "待受理 → 部门审批中" in page
    for value in (affair.form["legal_rep_id"], affair.form["mobile"], affair.form["drivers"][0]["id_number"]):
        assert value not in page


def test_a_removed_entry_is_seen(office: Office, supervisor: Client) -> None:
    affair = office.accepted()
    # The database refuses to change the trail, so its head is put out of step instead.
    apps.get_model("audit", "ChainHead").objects.filter(pk=affair.chain).update(sequence=99)
    assert "本链校验发现问题" in supervisor.get(f"/supervision/affairs/{affair.pk}/").content.decode()


def test_a_supervisors_look_at_a_masked_value_is_on_the_record(office: Office, supervisor: Client) -> None:
    affair = office.submitted()
    shown = supervisor.post(f"/supervision/affairs/{affair.pk}/show/mobile/")
    assert affair.form["mobile"] in shown.content.decode()
    assert Entry.objects.get(action=ACTION).actor_role == "supervisor"


def test_failed_jobs_are_listed(supervisor: Client, administrator: Client) -> None:
    apps.get_model("engine", "Job").objects.create(kind="paper", key="paper:1", state="failed", attempts=9)
    for client in (supervisor, administrator):
        assert "paper:1" in client.get("/supervision/jobs/").content.decode()


def test_only_supervisors_see_the_affairs_and_only_administrators_the_system(
    office: Office, supervisor: Client, administrator: Client
) -> None:
    affair = office.submitted()
    path = f"/supervision/affairs/{affair.pk}/"
    assert Client().get(path)["Location"].startswith(reverse("account_login"))
    for trait in ("clerk", "officer"):
        client = Client()
        client.force_login(UserFactory(**{trait: True}))
        assert {client.get(each).status_code for each in (path, "/supervision/", "/supervision/system/")} == {403}
    assert administrator.get(path).status_code == 403
    assert supervisor.get("/supervision/system/").status_code == 403
    assert administrator.get("/supervision/")["Location"] == "/supervision/system/"


def test_a_draft_is_not_supervised(office: Office, supervisor: Client) -> None:
    assert supervisor.get(f"/supervision/affairs/{office.draft().pk}/").status_code == 404


def test_an_administrator_confirms_the_reconsideration_authority_on_the_record(
    office: Office, administrator: Client
) -> None:
    Department.objects.filter(code="ga").update(remedy_authority="")
    assert "待部门确认" in administrator.get("/supervision/system/").content.decode()
    path = "/supervision/system/departments/ga/"
    sent = {"phone": "0375-1", "complaint_phone": "0375-2", "remedy_authority": "卫东区人民政府"}
    assert administrator.post(path, {**sent, "phone": "1" * 41}).status_code == 422
    assert administrator.post(path, sent).status_code == 302
    assert Department.objects.get(code="ga").remedy_authority == "卫东区人民政府"
    entry = Entry.objects.get(chain="department:ga")
    assert (entry.before["remedy_authority"], entry.after["remedy_authority"]) == ("", "卫东区人民政府")
    administrator.post(path, sent)
    assert Entry.objects.filter(chain="department:ga").count() == 1


def test_nobody_else_changes_a_department(office: Office) -> None:
    department = Department.objects.get(code="ga")
    for trait in ("supervisor", "clerk"):
        with pytest.raises(NotYours):
            change_contacts(
                department, actor=Actor(UserFactory(**{trait: True})), phone="", complaint_phone="", remedy_authority=""
            )
