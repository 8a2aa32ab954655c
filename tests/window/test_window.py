"""The window's screens."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.unmasking import ACTION
from portal.affairs.models import Affair, Approval
from portal.audit.models import Entry
from portal.audit.services import verify_chain
from portal.documents.models import Document
from tests.copies import copies_of
from tests.factories import UserFactory
from tests.office import Office
from workflows import commands
from workflows.engine import outbox

MOBILE = "13912345678"


@pytest.fixture
def clerk(office: Office) -> Client:
    client = Client()
    client.force_login(office.clerk.user)
    return client


def submitted(office: Office, **form: str) -> Affair:
    draft = office.draft()
    commands.save_draft(draft, actor=office.applicant, form={**draft.form, "delivery": "窗口领取", **form})
    return commands.submit(draft, actor=office.applicant)


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", ["/window/", "/window/all/"])
def test_a_list_asks_the_same_number_of_queries_for_10_and_for_1000_affairs(
    office: Office, clerk: Client, path: str
) -> None:
    affair = submitted(office)
    copies_of(affair, 9)
    clerk.get(path)
    few = queries(clerk, path)
    copies_of(affair, 990)
    assert queries(clerk, path) == few
    assert "共 1000 件" in clerk.get(path).content.decode()


def test_the_oldest_receipt_comes_first_and_says_that_it_is_overdue(office: Office, clerk: Client) -> None:
    late, fresh = submitted(office), submitted(office)
    Affair.objects.filter(pk=late.pk).update(submitted_at=timezone.now() - timedelta(days=30))
    page = clerk.get("/window/").content.decode()
    assert page.index(late.number) < page.index(fresh.number)
    assert "已超期" in page
    turned = clerk.get("/window/?sort=-due").content.decode()
    assert turned.index(fresh.number) < turned.index(late.number)


@pytest.mark.parametrize("search", ["number", "name", "mobile", "query_code"])
def test_an_affair_is_found_by_number_name_telephone_and_query_code(office: Office, clerk: Client, search: str) -> None:
    wanted, other = submitted(office, mobile=MOBILE, entity_name="平安货运"), submitted(office, entity_name="别家")
    text = {
        "number": wanted.number, "name": "平安", "mobile": MOBILE, "query_code": wanted.query_code.lower(),
    }[search]  # fmt: skip
    page = clerk.get("/window/", {"q": text}).content.decode()
    assert wanted.number in page
    assert other.number not in page


def test_a_part_of_a_telephone_number_finds_nobody(office: Office, clerk: Client) -> None:
    affair = submitted(office, mobile=MOBILE)
    assert affair.number not in clerk.get("/window/", {"q": MOBILE[:8]}).content.decode()


def test_the_identity_number_is_masked_until_it_is_shown_on_the_record(office: Office, clerk: Client) -> None:
    affair = submitted(office)
    number = affair.form["legal_rep_id"]
    page = clerk.get(f"/window/{affair.pk}/show/legal_rep_id/", follow=True).content.decode()
    assert number not in page
    assert f"{number[:4]}**********{number[-4:]}" in page
    assert not Entry.objects.filter(action=ACTION).exists()

    shown = clerk.post(f"/window/{affair.pk}/show/legal_rep_id/")
    assert number in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    entry = Entry.objects.get(action=ACTION)
    assert (entry.chain, entry.actor_id, entry.after) == (
        affair.chain, office.clerk.user.pk, {"field": "legal_rep_id"},
    )  # fmt: skip
    assert number not in str(vars(entry))
    assert verify_chain(affair.chain) is None


def test_the_number_of_a_driver_is_masked_too(office: Office, clerk: Client) -> None:
    affair = submitted(office)
    number = affair.form["drivers"][0]["id_number"]
    assert number not in clerk.get(f"/window/{affair.pk}/").content.decode()
    assert number in clerk.post(f"/window/{affair.pk}/show/drivers-0-id_number/").content.decode()
    assert clerk.post(f"/window/{affair.pk}/show/drivers-99-id_number/").status_code == 404


def test_acceptance_sends_every_matter_to_its_department(office: Office, clerk: Client) -> None:
    affair = submitted(office)
    asked = clerk.get(f"/window/{affair.pk}/accept/").content.decode()
    assert "企业设立登记" in asked
    assert clerk.post(f"/window/{affair.pk}/accept/", follow=True).status_code == 200
    affair.refresh_from_db()
    assert affair.state == Affair.State.APPROVING
    assert affair.approvals.count() == len(affair.plan.matters)


def test_acceptance_pressed_twice_happens_once_and_the_second_press_is_told(office: Office, clerk: Client) -> None:
    affair = submitted(office)
    first, second = (clerk.post(f"/window/{affair.pk}/accept/") for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    assert Entry.objects.filter(action="affair.accept").count() == 1
    assert affair.documents.filter(kind=Document.Kind.ACCEPTANCE).count() == 1


def test_a_refusal_without_a_reason_or_competent_authority_keeps_what_was_typed(office: Office, clerk: Client) -> None:
    affair = submitted(office)
    path = f"/window/{affair.pk}/refuse/"
    nothing = clerk.post(path, {"competent_authority": "市交通运输局"})
    assert nothing.status_code == 422
    assert "市交通运输局" in nothing.content.decode()
    not_ours = {"prepared": ["申请事项依法不属于本行政机关职权范围。"], "text": "从事危险货物运输"}
    unnamed = clerk.post(path, not_ours)
    assert unnamed.status_code == 422
    assert "从事危险货物运输" in unnamed.content.decode()
    affair.refresh_from_db()
    assert affair.state == Affair.State.SUBMITTED

    assert clerk.post(path, {**not_ours, "competent_authority": "市交通运输局"}).status_code == 302
    affair.refresh_from_db()
    assert affair.state == Affair.State.NOT_ACCEPTED
    assert affair.refusal_reason == "申请事项依法不属于本行政机关职权范围。\n从事危险货物运输"
    assert affair.competent_authority == "市交通运输局"


def test_incomplete_materials_are_no_ground_to_refuse_acceptance(office: Office, clerk: Client) -> None:
    affair = submitted(office)
    page = clerk.post(f"/window/{affair.pk}/refuse/", {"text": "材料不齐，缺原件"})
    assert page.status_code == 422
    assert "应当一次告知补正" in page.content.decode()
    affair.refresh_from_db()
    assert affair.state == Affair.State.SUBMITTED


def test_a_step_that_a_colleague_took_gives_back_the_typed_text(office: Office, clerk: Client) -> None:
    affair = submitted(office)
    commands.accept(affair, actor=office.clerk)
    ground = "申请人隐瞒有关情况或者提供虚假材料。"
    late = clerk.post(f"/window/{affair.pk}/refuse/", {"prepared": [ground], "text": "我写了很久的理由"})
    assert late.status_code == 409
    assert "我写了很久的理由" in late.content.decode()
    affair.refresh_from_db()
    assert affair.state == Affair.State.APPROVING


def delivering(office: Office) -> Affair:
    affair = office.grant_everything(commands.accept(submitted(office), actor=office.clerk))
    outbox.run_due()
    affair.refresh_from_db()
    assert affair.state == Affair.State.DELIVERING
    return affair


def test_delivery_waits_for_the_papers(office: Office, clerk: Client) -> None:
    affair = delivering(office)
    Document.objects.filter(affair=affair, kind=Document.Kind.CONCLUSION).update(rendered_at=None, file="", sha256="")
    path = f"/window/{affair.pk}/deliver/"
    assert "还不能送达" in clerk.get(path).content.decode()
    early = clerk.post(path, {"method": "window", "recipient": "张三", "relation": "本人"})
    assert early.status_code == 422
    assert "张三" in early.content.decode()


def test_posted_results_need_their_tracking_number(office: Office, clerk: Client) -> None:
    affair = delivering(office)
    path = f"/window/{affair.pk}/deliver/"
    posted = {"method": "post", "recipient": "张三", "relation": "本人"}
    assert clerk.post(path, posted).status_code == 422
    assert clerk.post(path, {**posted, "tracking_number": "EX1"}).status_code == 302
    affair.refresh_from_db()
    assert affair.delivery.tracking_number == "EX1"
    assert clerk.post(path, {**posted, "tracking_number": "EX2"}).status_code == 409


def test_electronic_delivery_is_offered_only_with_consent(office: Office, clerk: Client) -> None:
    affair = delivering(office)
    Affair.objects.filter(pk=affair.pk).update(electronic_consent=False)
    path = f"/window/{affair.pk}/deliver/"
    assert "电子送达" not in clerk.get(path).content.decode()
    assert clerk.post(path, {"method": "electronic", "recipient": "张三", "relation": "本人"}).status_code == 422


def test_a_refused_matter_is_reopened_while_others_are_being_decided(office: Office, clerk: Client) -> None:
    affair = commands.accept(submitted(office), actor=office.clerk)
    office.review_and("grant", affair, "qysl")
    office.review_and("refuse", affair, "hyxk")
    refused = office.approval(affair, "hyxk")
    assert reverse("window:reopen", args=[affair.pk, refused.pk]) in clerk.get(f"/window/{affair.pk}/").content.decode()
    path = f"/window/{affair.pk}/reopen/{refused.pk}/"
    assert clerk.post(path, {}).status_code == 422
    assert clerk.post(path, {"text": "已更换车辆"}).status_code == 302
    again = office.approval(affair, "hyxk")
    assert (again.attempt, again.state) == (2, Approval.State.REVIEWING)
    refused.refresh_from_db()
    assert refused.superseded


def test_only_clerks_see_the_window(office: Office) -> None:
    affair = submitted(office)
    stranger = Client()
    path = f"/window/{affair.pk}/accept/"
    assert stranger.post(path)["Location"].startswith(reverse("account_login"))
    for trait in ("officer", "supervisor", "administrator"):
        client = Client()
        client.force_login(UserFactory(**{trait: True}))
        assert {client.get("/window/").status_code, client.post(path).status_code} == {403}
    client.force_login(get_user_model().objects.get(pk=office.applicant.user.pk))
    assert client.get(f"/window/{affair.pk}/").status_code == 403
    affair.refresh_from_db()
    assert affair.state == Affair.State.SUBMITTED


def test_a_draft_is_not_the_windows_business(office: Office, clerk: Client) -> None:
    draft = office.draft()
    assert clerk.get(f"/window/{draft.pk}/").status_code == 404
