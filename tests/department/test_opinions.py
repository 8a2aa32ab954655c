"""征求意见: what another department sees, for how long, and that it answers once."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours
from portal.accounts.models import Department, User
from portal.affairs.models import Approval, OpinionRequest
from portal.audit.models import Entry
from portal.deadlines.clock import ZONE
from tests.conventions.markup import breaches
from tests.factories import UserFactory
from tests.office import Office
from workflows.department_commands import answer_opinion, ask_opinion
from workflows.engine import outbox
from workflows.engine.models import Job

QUESTION = "停车场地是否符合要求？"


@pytest.fixture
def licence(office: Office) -> Approval:
    return office.approval(office.accepted(), "hyxk")


def ask(office: Office, approval: Approval, *, code: str = "scjg", working_days: int = 3) -> OpinionRequest:
    department = Department.objects.get(code=code)
    return ask_opinion(
        approval, actor=office.officer(approval), department=department, question=QUESTION, working_days=working_days
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of(office: Office, code: str) -> User:
    return office.people.officers[Department.objects.get(code=code).pk].user


def page_of(request: OpinionRequest) -> str:
    return reverse("department:opinion", args=[request.pk])


def test_another_department_is_asked_on_a_page_that_says_the_clock_goes_on(office: Office, licence: Approval) -> None:
    client, url = signed_in(of(office, "jt")), reverse("department:ask", args=[licence.pk])
    page = client.get(url).content.decode()
    assert "期限照常计算" in page
    assert breaches(page) == []
    fire = Department.objects.get(code="scjg")
    both = {"department": fire.pk, "expert": "李教授", "question": QUESTION, "working_days": 3}
    assert client.post(url, both).status_code == 422
    assert client.post(url, {"question": QUESTION, "working_days": 3}).status_code == 422
    assert client.post(url, {"department": fire.pk, "question": QUESTION, "working_days": 3}).status_code == 302
    request = licence.opinion_requests.get()
    assert (request.department, request.asked_by) == (fire, of(office, "jt"))
    assert QUESTION in client.get(reverse("department:approval", args=[licence.pk])).content.decode()


def test_the_answer_is_due_in_working_days_and_reminded_of_one_before(office: Office, licence: Approval) -> None:
    """2026-11-26 (周四) + 3 个工作日 = 12-01 (周二); 提醒在 11-30 (周一)."""
    with time_machine.travel(datetime(2026, 11, 26, 10, tzinfo=ZONE), tick=False):
        request = ask(office, licence)
    assert str(request.due_on) == "2026-12-01"
    job = Job.objects.get(key=f"opinion_reminder:{request.pk}")
    assert job.due_at == datetime(2026, 11, 30, 8, 30, tzinfo=ZONE)
    with time_machine.travel(datetime(2026, 11, 30, 9, tzinfo=ZONE), tick=False):
        assert outbox.run(job.pk)
        request.refresh_from_db()
        assert request.reminded_at is not None
        for code in ("jt", "scjg"):
            tab = "waiting" if code == "jt" else "opinions"
            assert "已提醒" in signed_in(of(office, code)).get(f"/department/{tab}/").content.decode()
    assert Entry.objects.filter(action="approval.remind_opinion").count() == 1


def test_a_question_for_the_next_working_day_is_reminded_of_on_its_day(office: Office, licence: Approval) -> None:
    with time_machine.travel(datetime(2026, 11, 26, 10, tzinfo=ZONE), tick=False):
        request = ask(office, licence, working_days=1)
    assert Job.objects.get(key=f"opinion_reminder:{request.pk}").due_at == datetime(2026, 11, 27, 8, 30, tzinfo=ZONE)


def test_nobody_is_reminded_of_what_is_answered(office: Office, licence: Approval) -> None:
    request = ask(office, licence)
    answer_opinion(request, actor=office.people.officers[request.department_id], text="符合。")
    Job.objects.filter(key=f"opinion_reminder:{request.pk}").update(due_at=licence.opened_at)
    outbox.run_due()
    request.refresh_from_db()
    assert request.reminded_at is None


def test_who_is_asked_sees_that_matter_masked_and_only_while_it_is_open(office: Office) -> None:
    affair = office.accepted()
    licence = office.approval(affair, "hyxk")
    outside = Department.objects.exclude(pk__in=affair.approvals.values("department")).get(code="xf")
    request = ask(office, licence, code=outside.code)
    client = signed_in(of(office, "xf"))
    file = affair.files.kept().filter(material_code="cl_xsz").first()
    registration_file = affair.files.kept().filter(material_code="zc").first()
    page = client.get(page_of(request)).content.decode()
    assert breaches(page) == []
    assert "机动车行驶证" in page
    assert "公司章程" not in page
    assert affair.form["legal_rep_id"] not in page
    assert "显示全部" not in page
    shown = reverse("documents:file", args=[file.pk])
    assert client.get(shown).status_code == 200
    assert client.get(reverse("documents:file", args=[registration_file.pk])).status_code == 404
    assert client.get(reverse("department:approval", args=[licence.pk])).status_code == 404
    document = affair.documents.first()
    assert client.get(reverse("documents:document", args=[document.pk])).status_code == 404
    assert client.post(page_of(request), {"text": "场地符合要求。"}).status_code == 302
    after = client.get(page_of(request)).content.decode()
    assert "场地符合要求。" in after
    assert "机动车行驶证" not in after
    assert client.get(shown).status_code == 404
    assert "场地符合要求。" in signed_in(of(office, "jt")).get(f"/department/{licence.pk}/").content.decode()


def test_when_the_matter_is_decided_who_was_asked_sees_nothing_any_more(office: Office) -> None:
    affair = office.accepted()
    registration = office.approval(affair, "qysl")
    request = ask(office, registration, code="xf")
    office.review_and("grant", affair, "qysl")
    client = signed_in(of(office, "xf"))
    assert "公司章程" not in client.get(page_of(request)).content.decode()
    file = affair.files.kept().filter(material_code="zc").first()
    assert client.get(reverse("documents:file", args=[file.pk])).status_code == 404
    assert client.post(page_of(request), {"text": "晚了"}).status_code == 409
    assert registration.number not in client.get("/department/opinions/").content.decode()


def test_it_is_answered_once_and_the_second_text_comes_back(office: Office, licence: Approval) -> None:
    request = ask(office, licence)
    client = signed_in(of(office, "scjg"))
    assert client.post(page_of(request), {"text": "第一次"}).status_code == 302
    second = client.post(page_of(request), {"text": "第二次写的答复"})
    assert second.status_code == 409
    assert "第二次写的答复" in second.content.decode()
    request.refresh_from_db()
    assert request.answer == "第一次"


def test_only_the_department_asked_answers(office: Office, licence: Approval) -> None:
    request = ask(office, licence)
    for stranger in (of(office, "jt"), of(office, "xf")):
        assert signed_in(stranger).get(page_of(request)).status_code == 404
        assert signed_in(stranger).post(page_of(request), {"text": "x"}).status_code == 404
    with pytest.raises(NotYours):
        answer_opinion(request, actor=office.officer(licence), text="x")
    for trait in ("clerk", "supervisor"):
        assert signed_in(UserFactory(**{trait: True})).get(page_of(request)).status_code == 403


def test_an_experts_opinion_is_recorded_by_the_department_that_asked(office: Office, licence: Approval) -> None:
    request = ask_opinion(
        licence, actor=office.officer(licence), expert="李教授", expert_contact="13900000001", question=QUESTION,
        working_days=5,
    )  # fmt: skip
    assert signed_in(of(office, "scjg")).get(page_of(request)).status_code == 404
    client = signed_in(of(office, "jt"))
    assert "记录李教授的意见" not in client.get(page_of(request)).content.decode()
    assert client.post(page_of(request), {"text": "方案可行。"}).status_code == 302
    entries = Entry.objects.filter(action__in=["approval.ask_opinion", "approval.answer_opinion"])
    assert entries.count() == 2
    told = str([(entry.say, entry.after, entry.reason) for entry in entries])
    assert not any(word in told for word in ("李教授", "13900000001", QUESTION, "方案可行"))


def test_one_does_not_ask_oneself_nor_about_what_is_decided(office: Office, licence: Approval) -> None:
    with pytest.raises(DomainError, match="本部门"):
        ask(office, licence, code="jt")
    office.review_and("grant", licence.affair, "qysl")
    with pytest.raises(AlreadyHandled):
        ask(office, office.approval(licence.affair, "qysl"), code="jt")
