"""常用语: each department's own list."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.errors import NotYours
from portal.affairs import phrases
from portal.affairs.models import Approval, Phrase
from portal.audit.models import Entry
from tests.office import Office

LIST = reverse("department:phrases")


@pytest.fixture
def registration(office: Office) -> Approval:
    return office.approval(office.accepted(), "qysl")


def signed_in(office: Office, approval: Approval) -> Client:
    client = Client()
    client.force_login(office.officer(approval).user)
    return client


def test_a_sentence_of_ones_own_is_ticked_like_the_prepared_ones(office: Office, registration: Approval) -> None:
    client = signed_in(office, registration)
    assert client.post(LIST, {"use": "opinion", "text": "住所  已实地核对。"}).status_code == 302
    assert client.post(LIST, {"use": "opinion", "text": "住所 已实地核对。"}).status_code == 422
    assert client.post(LIST, {"use": "opinion", "text": " "}).status_code == 422
    page = client.get(reverse("department:approval", args=[registration.pk])).content.decode()
    assert "住所 已实地核对。" in page
    client.post(reverse("department:review", args=[registration.pk]), {"prepared": ["住所 已实地核对。"]})
    registration.refresh_from_db()
    assert registration.opinion == "住所 已实地核对。"


def test_a_reason_for_refusals_stands_before_ones_own_words(office: Office, registration: Approval) -> None:
    client, refuse = signed_in(office, registration), reverse("department:refuse", args=[registration.pk])
    office.review(registration)
    assert "常用理由" not in client.get(refuse).content.decode()
    client.post(LIST, {"use": "refusal", "text": "住所不能作为经营场所。"})
    assert "住所不能作为经营场所。" in client.get(refuse).content.decode()
    sent = {"facts": "房屋已被列入拆迁", "legal_basis": "《市场主体登记管理条例》第八条"}
    assert client.post(refuse, {**sent, "reason": ""}).status_code == 422
    assert (
        client.post(refuse, {**sent, "prepared": ["住所不能作为经营场所。"], "reason": "见附件。"}).status_code == 302
    )
    registration.refresh_from_db()
    assert registration.reason == "住所不能作为经营场所。\n见附件。"


def test_a_sentence_is_changed_and_removed_on_the_record(office: Office, registration: Approval) -> None:
    client = signed_in(office, registration)
    client.post(LIST, {"use": "opinion", "text": "旧的一句。"})
    page = reverse("department:phrase", args=[Phrase.objects.get().pk])
    assert client.post(page, {"text": ""}).status_code == 422
    assert client.post(page, {"text": "新的一句。"}).status_code == 302
    assert Phrase.objects.get().text == "新的一句。"
    assert client.post(page, {"remove": "1"}).status_code == 302
    assert not Phrase.objects.exists()
    chain = f"department:{registration.department.code}"
    assert list(Entry.objects.filter(chain=chain).order_by("sequence").values_list("action", flat=True)) == [
        "phrase.add", "phrase.change", "phrase.remove",
    ]  # fmt: skip


def test_another_departments_list_is_not_there(office: Office, registration: Approval) -> None:
    signed_in(office, registration).post(LIST, {"use": "opinion", "text": "只给市场监管。"})
    phrase, other = Phrase.objects.get(), office.approval(registration.affair, "hyxk")
    client = signed_in(office, other)
    assert "只给市场监管。" not in client.get(LIST).content.decode()
    page = reverse("department:phrase", args=[phrase.pk])
    assert {client.get(page).status_code, client.post(page, {"remove": "1"}).status_code} == {404}
    with pytest.raises(NotYours):
        phrases.remove(phrase, actor=office.officer(other))
    for role in (office.clerk, office.applicant):
        client.force_login(role.user)
        assert client.get(LIST).status_code == 403
