"""Granted licences, and nothing else, are open to everybody."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.affairs.models import Affair, Approval, Certificate
from portal.catalogue.schema import from_raw
from portal.catalogue.services import publish
from portal.deadlines.clock import ZONE
from portal.documents.models import Document
from tests.browser import assert_accessible, screenshot
from tests.copies import copies_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def affair(office) -> Affair:
    """Registration and haulage licence are granted, the rest is open."""
    affair = office.accepted()
    for matter in ("qysl", "hyxk"):
        office.review_and("grant", affair, matter)
    return affair


def decision_on(affair: Affair, matter: str = "hyxk") -> Document:
    return affair.documents.get(kind=Document.Kind.GRANT, approval__matter_code=matter)


def body(client, **query) -> str:
    return client.get("/publicity/", query).content.decode()


def more_like(affair: Affair, count: int) -> None:
    """Decisions like the one on haulage, each of another affair."""
    decision, certificate = decision_on(affair), Certificate.objects.get(approval=decision_on(affair).approval)
    copies_of(affair, count, approval=decision.approval)
    approvals = Approval.objects.filter(matter_code="hyxk", documents=None)
    Document.objects.bulk_create(
        Document(
            affair_id=approval.affair_id,
            approval=approval,
            kind=decision.kind,
            title=decision.title,
            number=f"文〔2026〕{approval.pk}号",
            contents=decision.contents,
            issued_at=decision.issued_at,
        )
        for approval in approvals
    )
    Certificate.objects.bulk_create(
        Certificate(
            approval=approval,
            name=certificate.name,
            number=f"Z{approval.pk}",
            holder=certificate.holder,
            valid_from=certificate.valid_from,
            issued_at=certificate.issued_at,
        )
        for approval in approvals
    )


def test_before_the_first_decision_the_page_says_what_will_stand_there(client, office):
    office.accepted()
    page = body(client)
    assert "还没有准予的行政许可" in page
    assert "drawing--bars" not in page
    assert 'href="/publicity/"' in body(client)


def test_a_granted_licence_is_published_at_once_and_in_full(client, affair):
    decision = decision_on(affair)
    certificate = decision.approval.certificates.get()
    page = body(client)
    for wanted in (
        affair.subject_name, certificate.name, certificate.number, decision.number, "道路货物运输经营许可",
        decision.approval.department.name, "共 1 件", "本门户自",
    ):  # fmt: skip
        assert wanted in page


def test_registrations_refusals_and_what_is_open_are_not_published(client, office, affair):
    refused = office.accepted(seed=2)
    office.review_and("grant", refused, "qysl")
    office.review_and("refuse", refused, "hyxk")
    page = body(client)
    assert decision_on(affair, "qysl").number not in page
    assert refused.documents.get(kind=Document.Kind.REFUSAL).number not in page
    assert "共 1 件" in page


def test_the_page_holds_no_personal_data(client, affair):
    page = body(client)
    for value in (affair.form["legal_rep_id"], affair.form["legal_rep_name"], affair.form["mobile"], affair.query_code):
        assert value
        assert value not in page


def test_a_persons_name_is_masked_and_cannot_be_searched(client, office, affair):
    """Where one edition files the one-thing for a person, its holders may be persons."""
    raw = {**office.edition.content, "meta": {**office.edition.content["meta"], "edition": "2026.2"}}
    raw["bundle"] = [
        {**one_thing, "subject": "person"} if one_thing["id"] == "ysqy" else one_thing for one_thing in raw["bundle"]
    ]
    publish(from_raw(raw), by="test")
    Affair.objects.filter(pk=affair.pk).update(subject_name="欧阳示例")
    assert "欧***" in body(client)
    assert "欧阳" not in body(client)
    assert "没有符合条件的行政许可" in body(client, q="欧阳示例")
    assert "共 1 件" in body(client, q=decision_on(affair).number)


def test_one_finds_a_licence_by_holder_or_number_department_and_month(client, affair):
    decision = decision_on(affair)
    certificate = decision.approval.certificates.get()
    month = f"{timezone.localdate():%Y-%m}"
    for query in (
        {"q": affair.subject_name[2:6]}, {"q": decision.number}, {"q": f" {certificate.number} "},
        {"department": "jt"}, {"month": month}, {"q": affair.subject_name, "department": "jt", "month": month},
    ):  # fmt: skip
        assert "共 1 件" in body(client, **query), query
    for query in ({"q": "没有这样的企业"}, {"department": "scjg"}):
        assert "没有符合条件的行政许可" in body(client, **query), query


def test_the_newest_decision_comes_first(client, affair):
    more_like(affair, 1)
    first, later = Document.objects.licences_granted().order_by("pk")
    for decision, day in ((first, 5), (later, 3)):
        Document.objects.filter(pk=decision.pk).update(issued_at=datetime(2026, 3, day, 9, tzinfo=ZONE))
    assert [grant.number for grant in client.get("/publicity/").context["grants"]] == [first.number, later.number]


def test_a_month_begins_and_ends_in_beijing_time(client, affair):
    Document.objects.filter(pk=decision_on(affair).pk).update(issued_at=datetime(2026, 3, 1, 0, 5, tzinfo=ZONE))
    assert "自 2026 年 3 月 1 日起" in body(client)
    assert "2026 年 3 月" in body(client)
    assert "共 1 件" in body(client, month="2026-03")
    assert "2026-02" not in body(client)


def test_a_month_without_decisions_counts_nothing(client, affair):
    more_like(affair, 1)
    today = timezone.localdate()
    two_months_ago = datetime(today.year - (today.month < 3), (today.month - 3) % 12 + 1, 9, tzinfo=ZONE)
    Document.objects.filter(pk=decision_on(affair).pk).update(issued_at=two_months_ago)
    months = client.get("/publicity/").context["months"]
    assert [month.count for month in months] == [1, 0, 1]


def test_many_certificates_of_one_decision_open_on_demand(client, affair):
    approval = decision_on(affair).approval
    for number in range(4):
        Certificate.objects.create(
            approval=approval, name="道路运输证", number=f"车{number}", holder=affair.subject_name, item="豫D00000",
            valid_from=date(2026, 11, 23), issued_at=timezone.now(),
        )  # fmt: skip
    page = body(client)
    assert "共 5 份" in page
    assert "豫D00000" not in page


def test_the_page_asks_the_same_number_of_queries_for_10_and_for_200_decisions(client, affair):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/publicity/").status_code == 200
        return len(captured)

    more_like(affair, 9)
    client.get("/publicity/")
    few = queries()
    more_like(affair, 190)
    assert queries() == few
    page = body(client)
    assert "共 200 件，这里是第 1–25 件" in page
    assert "这里是第 176–200 件" in body(client, page=8)


def test_nonsense_in_the_address_shows_everything(client, affair):
    assert "共 1 件" in body(client, month="2026-13", department="nobody", page="x")


def test_the_address_that_decisions_print_leads_here(client, affair):
    printed = decision_on(affair).contents["publication"]
    assert "/publicity/" in printed
    assert client.get("/publicity/").status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_is_accessible_on_a_screen_and_on_a_phone(open_page, affair):
    more_like(affair, 30)
    for width in (1280, 360):
        page = open_page(width=width)
        page.goto("/publicity/")
        screenshot(page, f"publicity-{width}")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
