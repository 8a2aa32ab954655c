"""The departments' screens."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import Department
from portal.accounts.unmasking import ACTION
from portal.affairs.models import Affair, Approval
from portal.audit.models import Entry
from portal.documents.models import Document
from tests.copies import copies_of
from tests.factories import UserFactory
from tests.office import Office
from workflows import commands

REFUSAL = {
    "facts": "停车场地不足三百平方米",
    "reason": "不符合第二十一条规定的条件",
    "legal_basis": "《道路运输条例》第二十一条",
}


def signed_in(office: Office, approval: Approval) -> Client:
    client = Client()
    client.force_login(office.officer(approval).user)
    return client


def url(name: str, approval: Approval, *more: Any) -> str:
    return reverse(f"department:{name}", args=[approval.pk, *more])


@pytest.fixture
def affair(office: Office) -> Affair:
    return office.accepted()


@pytest.fixture
def registration(office: Office, affair: Affair) -> Approval:
    """企业设立登记: the first matter, which waits for nothing."""
    return office.approval(affair, "qysl")


@pytest.fixture
def licence(office: Office, affair: Affair) -> Approval:
    """道路货物运输经营许可: reviewed in advance, decided after the registration (R49)."""
    return office.approval(affair, "hyxk")


def results(approval: Approval, *numbers: str, **changes: str) -> dict[str, str]:
    """A grant as the page sends it."""
    sent = {"certificate-TOTAL_FORMS": str(len(numbers)), "certificate-INITIAL_FORMS": str(len(numbers))}
    for index, number in enumerate(numbers):
        sent |= {f"certificate-{index}-number": number, f"certificate-{index}-valid_from": "2026-11-23"}
    return sent | {f"certificate-0-{name}": value for name, value in changes.items()}


def test_the_queue_asks_the_same_number_of_queries_for_10_and_for_1000_approvals(
    office: Office, affair: Affair, registration: Approval
) -> None:
    client = signed_in(office, registration)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/department/").status_code == 200
        return len(captured)

    copies_of(affair, 9, approval=registration)
    client.get("/department/")
    few = queries()
    copies_of(affair, 990, approval=registration)
    assert queries() == few
    assert "共 1000 件" in client.get("/department/").content.decode()


def test_a_matter_reviewed_in_advance_stands_in_a_list_of_its_own(office: Office, licence: Approval) -> None:
    client = signed_in(office, licence)
    assert licence.number not in client.get("/department/").content.decode()
    waiting = client.get("/department/waiting/").content.decode()
    assert licence.number in waiting
    assert "等待：企业设立登记" in waiting


def test_an_officer_of_another_department_finds_nothing(
    office: Office, registration: Approval, licence: Approval
) -> None:
    other = signed_in(office, licence)
    assert other.get(url("approval", registration)).status_code == 404
    for step in ("review", "grant", "refuse"):
        assert other.post(url(step, registration)).status_code == 404
    assert other.post(url("show", registration, "legal_rep_id")).status_code == 404
    assert not Entry.objects.filter(action=ACTION).exists()


def test_only_officers_see_the_departments(registration: Approval) -> None:
    assert Client().get(url("approval", registration))["Location"].startswith(reverse("account_login"))
    for trait in ("clerk", "supervisor", "administrator"):
        client = Client()
        client.force_login(UserFactory(**{trait: True}))
        assert {client.get("/department/").status_code, client.get(url("approval", registration)).status_code} == {403}


def test_materials_of_other_matters_are_not_shown(office: Office, registration: Approval, licence: Approval) -> None:
    page = signed_in(office, registration).get(url("approval", registration)).content.decode()
    assert "公司章程" in page
    assert "机动车行驶证" not in page
    assert "机动车行驶证" in signed_in(office, licence).get(url("approval", licence)).content.decode()


def test_the_identity_number_is_shown_on_the_record(office: Office, affair: Affair, registration: Approval) -> None:
    client = signed_in(office, registration)
    number = affair.form["legal_rep_id"]
    assert number not in client.get(url("approval", registration)).content.decode()
    assert number in client.post(url("show", registration, "legal_rep_id")).content.decode()
    entry = Entry.objects.get(action=ACTION)
    assert (entry.subject, entry.actor_department) == (registration.number, str(registration.department))


def test_an_opinion_is_prepared_sentences_and_own_words(office: Office, registration: Approval) -> None:
    client = signed_in(office, registration)
    assert client.post(url("review", registration)).status_code == 422
    sent = {"prepared": ["申请材料齐全，符合法定形式。"], "text": "章程第八条已核对。"}
    assert client.post(url("review", registration), sent).status_code == 302
    registration.refresh_from_db()
    assert registration.opinion == "申请材料齐全，符合法定形式。\n章程第八条已核对。"
    assert registration.state == Approval.State.DECIDING


def test_an_opinion_pressed_twice_is_one_opinion_and_the_second_text_comes_back(
    office: Office, registration: Approval
) -> None:
    client = signed_in(office, registration)
    assert client.post(url("review", registration), {"text": "第一次"}).status_code == 302
    second = client.post(url("review", registration), {"text": "第二次写的意见"})
    assert second.status_code == 409
    assert "第二次写的意见" in second.content.decode()
    registration.refresh_from_db()
    assert registration.opinion == "第一次"


def test_a_grant_proposes_number_and_validity(office: Office, registration: Approval) -> None:
    office.review(registration)
    client = signed_in(office, registration)
    assert registration.number in client.get(url("grant", registration)).content.decode()
    sent = results(registration, "91410403TEST000001", valid_until="2030-11-22")
    assert client.post(url("grant", registration), sent).status_code == 302
    certificate = registration.certificates.get()
    assert (certificate.number, certificate.name) == ("91410403TEST000001", "营业执照")
    again = client.post(url("grant", registration), sent | {"certificate-0-number": "91410403TEST000002"})
    assert again.status_code == 409
    assert registration.certificates.count() == 1


def test_each_vehicle_gets_a_certificate_of_its_own(office: Office, affair: Affair) -> None:
    for matter in ("qysl", "hyxk"):
        office.review_and("grant", affair, matter)
    per_vehicle = office.approval(affair, "clyyz")
    office.review(per_vehicle)
    client = signed_in(office, per_vehicle)
    plates = [row["plate"] for row in affair.form["vehicles"]]
    page = client.get(url("grant", per_vehicle)).content.decode()
    assert all(plate in page for plate in plates)
    numbers = [f"证{index}" for index in range(len(plates))]
    assert client.post(url("grant", per_vehicle), results(per_vehicle, *numbers)).status_code == 302
    assert sorted(per_vehicle.certificates.values_list("item", flat=True)) == sorted(plates)


def test_a_grant_without_its_number_or_with_an_impossible_validity_keeps_what_was_typed(
    office: Office, registration: Approval
) -> None:
    office.review(registration)
    client = signed_in(office, registration)
    unnumbered = client.post(url("grant", registration), results(registration, "", valid_until="2031-01-01"))
    assert unnumbered.status_code == 422
    assert "2031-01-01" in unnumbered.content.decode()
    backwards = client.post(url("grant", registration), results(registration, "号1", valid_until="2020-01-01"))
    assert "必须晚于起始日" in backwards.content.decode()
    registration.refresh_from_db()
    assert registration.state == Approval.State.DECIDING


def test_the_page_can_leave_out_no_certificate(office: Office, registration: Approval) -> None:
    office.review(registration)
    client = signed_in(office, registration)
    empty = {"certificate-TOTAL_FORMS": "0", "certificate-INITIAL_FORMS": "0"}
    assert client.post(url("grant", registration), empty).status_code == 422


def test_before_the_prerequisite_a_grant_explains_itself_and_is_refused(office: Office, licence: Approval) -> None:
    office.review(licence)
    client = signed_in(office, licence)
    assert "要等“企业设立登记”" in client.get(url("approval", licence)).content.decode()
    assert "现在还不能准予" in client.get(url("grant", licence)).content.decode()
    early = client.post(url("grant", licence), results(licence, "我的编号"))
    assert early.status_code == 422
    assert "我的编号" in early.content.decode()
    assert "尚未办结" in early.content.decode()
    licence.refresh_from_db()
    assert licence.state == Approval.State.DECIDING


def test_the_remedies_are_shown_before_a_refusal(office: Office, registration: Approval) -> None:
    office.review(registration)
    page = signed_in(office, registration).get(url("refuse", registration)).content.decode()
    assert "60日内依法向卫东区人民政府申请行政复议" in page
    assert "6个月内" in page
    assert "市场主体登记管理条例" in page


def test_a_refusal_needs_facts_reason_and_basis(office: Office, registration: Approval) -> None:
    office.review(registration)
    client = signed_in(office, registration)
    incomplete = client.post(url("refuse", registration), REFUSAL | {"facts": ""})
    assert incomplete.status_code == 422
    assert REFUSAL["reason"] in incomplete.content.decode()
    assert client.post(url("refuse", registration), REFUSAL).status_code == 302
    registration.refresh_from_db()
    assert (registration.state, registration.facts) == (Approval.State.REFUSED, REFUSAL["facts"])
    assert registration.documents.filter(kind=Document.Kind.REFUSAL).count() == 1


def test_without_a_confirmed_reconsideration_authority_a_refusal_stops_and_says_why(
    office: Office, registration: Approval
) -> None:
    Department.objects.filter(pk=registration.department_id).update(remedy_authority="")
    office.review(registration)
    client = signed_in(office, registration)
    assert "现在不能作出不予决定" in client.get(url("refuse", registration)).content.decode()
    stopped = client.post(url("refuse", registration), REFUSAL)
    assert stopped.status_code == 422
    assert REFUSAL["facts"] in stopped.content.decode()
    registration.refresh_from_db()
    assert registration.state == Approval.State.DECIDING


def test_text_survives_a_database_that_does_not_answer(
    office: Office, registration: Approval, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(commands, "review", locked)
    answer = signed_in(office, registration).post(url("review", registration), {"text": "写了一小时的意见"})
    assert answer.status_code == 422
    assert "写了一小时的意见" in answer.content.decode()
    assert "系统繁忙" in answer.content.decode()


def test_an_error_says_what_to_fill_in(office: Office, registration: Approval) -> None:
    office.review(registration)
    answer = signed_in(office, registration).post(url("refuse", registration), REFUSAL | {"reason": ""})
    assert "请填写不予的理由。" in answer.content.decode()
