"""Who may fetch papers and materials, and how they are sent."""

from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Department, User
from portal.affairs.models import Affair, MaterialFile
from portal.audit.models import Entry
from portal.audit.services import verify_chain
from portal.deadlines.clock import ZONE
from portal.documents import services
from portal.documents.models import Document
from tests.factories import UserFactory
from tests.office import Office


@pytest.fixture
def affair(office: Office) -> Affair:
    return office.accepted()


@pytest.fixture
def document(affair: Affair) -> Document:
    return services.render(affair.documents.get(kind=Document.Kind.ACCEPTANCE))


@pytest.fixture
def file(affair: Affair) -> MaterialFile:
    return affair.files.kept().get(material_code="zc")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_applicant_reads_the_paper_as_pdf(office: Office, document: Document):
    response = signed_in(office.applicant.user).get(reverse("documents:document", args=[document.pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("inline")
    assert f"受理通知书 {document.affair.number}.pdf" in unquote(response["Content-Disposition"])
    assert b"".join(response.streaming_content)[:5] == b"%PDF-"


def test_those_who_handle_or_watch_the_affair_read_papers_and_materials(
    office: Office, affair: Affair, document: Document, file: MaterialFile
):
    handling = affair.approvals.first().department
    people = [
        office.clerk.user,
        UserFactory(officer=True, department=handling),
        UserFactory(supervisor=True),
    ]
    for user in people:
        assert signed_in(user).get(reverse("documents:document", args=[document.pk])).status_code == 200
        assert signed_in(user).get(reverse("documents:file", args=[file.pk])).status_code == 200


def test_a_stranger_cannot_tell_papers_and_materials_from_nothing(document: Document, file: MaterialFile):
    elsewhere = Department.objects.get(code="yc")
    for user in (UserFactory(), UserFactory(officer=True, department=elsewhere)):
        client = signed_in(user)
        for name, pk in (("document", document.pk), ("document", 999_999), ("file", file.pk), ("file", 999_999)):
            assert client.get(reverse(f"documents:{name}", args=[pk])).status_code == 404


def test_without_signing_in_one_is_sent_to_sign_in(client: Client, document: Document, file: MaterialFile):
    for name, pk in (("document", document.pk), ("file", file.pk)):
        response = client.get(reverse(f"documents:{name}", args=[pk]))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_a_paper_that_is_being_made_says_so_and_looks_again(office: Office, affair: Affair):
    waiting = affair.documents.get(kind=Document.Kind.RECEIPT)
    response = signed_in(office.applicant.user).get(reverse("documents:document", args=[waiting.pk]))
    assert response.status_code == 202
    assert response["Refresh"] == "3"
    assert "文书正在制作，请稍候" in response.content.decode()


def test_a_material_comes_under_its_own_name_with_the_extension_of_its_content(office: Office, file: MaterialFile):
    MaterialFile.objects.filter(pk=file.pk).update(name="章程\r\nX-Evil: 1.exe")
    response = signed_in(office.applicant.user).get(reverse("documents:file", args=[file.pk]))
    assert response.status_code == 200
    assert "X-Evil" not in response.headers
    assert response["Content-Disposition"].startswith("inline")
    assert unquote(response["Content-Disposition"]).endswith(".pdf")


def test_a_file_may_not_load_or_run_anything(office: Office, file: MaterialFile):
    url = reverse("documents:file", args=[file.pk])
    client = signed_in(office.applicant.user)
    assert "default-src 'none'" in client.get(url)["Content-Security-Policy"]
    assert "sandbox" not in client.get(url)["Content-Security-Policy"]
    MaterialFile.objects.filter(pk=file.pk).update(content_type="image/png")
    assert client.get(url)["Content-Security-Policy"].endswith("sandbox")


def test_a_file_taken_out_of_the_draft_is_gone_for_everybody(office: Office, file: MaterialFile):
    MaterialFile.objects.filter(pk=file.pk).update(removed_at=timezone.now())
    for user in (office.applicant.user, office.clerk.user):
        assert signed_in(user).get(reverse("documents:file", args=[file.pk])).status_code == 404


def test_staff_open_a_material_on_the_record_once_a_day_each(office: Office, affair: Affair, file: MaterialFile):
    url = reverse("documents:file", args=[file.pk])
    supervisor = UserFactory(supervisor=True)
    for user in (office.clerk.user, supervisor, office.clerk.user):
        for _reload in range(2):
            assert signed_in(user).get(url, headers={"Range": "bytes=0-99"}).status_code in (200, 206)
    entries = Entry.objects.of(affair.chain).filter(action=services.VIEWED)
    assert [entry.actor_id for entry in entries] == [office.clerk.user.pk, supervisor.pk]
    material = affair.edition.catalogue.materials[file.material_code]
    assert {entry.say for entry in entries} == {f"查看材料：{material.name}"}
    assert {entry.after["file"] for entry in entries} == {file.pk}
    file.pk, file._state.adding = None, True
    file.save()
    signed_in(supervisor).get(reverse("documents:file", args=[file.pk]))
    assert entries.all().count() == 3
    assert verify_chain(affair.chain) is None


def test_the_next_day_in_beijing_is_another_look(office: Office, affair: Affair, file: MaterialFile):
    before_midnight = datetime(2026, 11, 23, 23, 59, tzinfo=ZONE)
    for moment in (before_midnight, before_midnight + timedelta(minutes=2), before_midnight + timedelta(minutes=3)):
        with time_machine.travel(moment, tick=False):
            services.record_view(file, actor=office.clerk, at=moment)
    assert Entry.objects.of(affair.chain).filter(action=services.VIEWED).count() == 2


def test_applicants_look_at_their_own_files_unrecorded(office: Office, affair: Affair, file: MaterialFile):
    assert signed_in(office.applicant.user).get(reverse("documents:file", args=[file.pk])).status_code == 200
    assert not Entry.objects.filter(action=services.VIEWED).exists()


def test_a_second_look_costs_one_query_however_long_the_trail(office: Office, affair: Affair, file: MaterialFile):
    now = timezone.now()
    services.record_view(file, actor=office.clerk, at=now)
    for matter in ("qysl", "hyxk"):
        office.review_and("grant", affair, matter)
    with CaptureQueriesContext(connection) as captured:
        services.record_view(file, actor=office.clerk, at=now)
    assert len(captured) == 1


def test_files_are_only_read(office: Office, document: Document):
    response = signed_in(office.applicant.user).post(reverse("documents:document", args=[document.pk]))
    assert response.status_code == 405


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_chromium_shows_a_paper_inside_a_page_of_the_portal(open_page, live_server, settings):
    office = Office()
    paper = services.render(office.accepted().documents.get(kind=Document.Kind.ACCEPTANCE))
    page, name = open_page(), settings.SESSION_COOKIE_NAME
    cookie = signed_in(office.applicant.user).cookies[name].value
    page.context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
    page.goto("/status/")
    page.evaluate(
        "url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }",
        reverse("documents:document", args=[paper.pk]),
    )
    # The reader of PDFs is an extension with a frame of its own; a policy that is too strict leaves it out.
    deadline = 50
    while deadline and not any(frame.url.startswith("chrome-extension://") for frame in page.frames):
        page.wait_for_timeout(100)
        deadline -= 1
    assert deadline


def test_an_officer_opens_only_the_materials_of_their_own_matters(client, office) -> None:
    affair = office.accepted()
    tax = office.approval(affair, "swxx")
    client.force_login(office.officer(tax).user)
    charter = affair.files.filter(material_code="zc").first()
    assert client.get(reverse("documents:file", args=[charter.pk])).status_code == 404
    client.force_login(office.officer(office.approval(affair, "qysl")).user)
    assert client.get(reverse("documents:file", args=[charter.pk])).status_code == 200


def test_an_officer_reads_no_other_departments_decision(client, office) -> None:
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    paper = affair.documents.get(approval__matter_code="qysl")
    client.force_login(office.officer(office.approval(affair, "swxx")).user)
    assert client.get(reverse("documents:document", args=[paper.pk])).status_code == 404
