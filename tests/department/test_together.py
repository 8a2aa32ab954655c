"""Several like approvals at once: each a decision of its own."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.affairs.models import Approval
from portal.documents.models import Document
from tests.conventions.markup import breaches
from tests.copies import copies_of
from tests.office import Office
from workflows import commands

REVIEW, GRANT = (reverse(f"department:together_{step}") for step in ("review", "grant"))


def registrations(office: Office, count: int = 3) -> list[Approval]:
    return [office.approval(office.accepted(seed=seed), "qysl") for seed in range(1, count + 1)]


def signed_in(office: Office, approval: Approval, *, head: bool = False) -> Client:
    client = Client()
    client.force_login((office.head if head else office.officer)(approval).user)
    return client


def sent(approvals: list[Approval], **numbers: str) -> dict[str, object]:
    """A joint grant as its page sends it; ``n12="x"`` changes the number of approval 12."""
    fields: dict[str, object] = {"approval": [one.pk for one in approvals]}
    for one in approvals:
        prefix = f"certificate-{one.pk}"
        fields |= {
            f"{prefix}-TOTAL_FORMS": "1",
            f"{prefix}-INITIAL_FORMS": "1",
            f"{prefix}-0-number": numbers.get(f"n{one.pk}", one.number),
            f"{prefix}-0-valid_from": "2026-11-23",
        }
    return fields


def test_one_opinion_is_recorded_with_each(office: Office) -> None:
    chosen = registrations(office)
    client = signed_in(office, chosen[0])
    page = client.get(REVIEW, {"approval": [one.pk for one in chosen]}).content.decode()
    assert all(one.number in page for one in chosen)
    assert breaches(page) == []
    assert client.post(REVIEW, {"approval": [one.pk for one in chosen]}).status_code == 422
    answer = client.post(REVIEW, {"approval": [one.pk for one in chosen], "text": "逐件核对，符合条件。"}, follow=True)
    assert "办成 3 件" in answer.content.decode()
    assert set(Approval.objects.filter(matter_code="qysl").values_list("state", "opinion")) == {
        ("deciding", "逐件核对，符合条件。")
    }


def test_each_gets_its_own_certificate_and_paper(office: Office) -> None:
    chosen = [office.review(one) for one in registrations(office)]
    client = signed_in(office, chosen[0])
    page = client.get(GRANT, {"approval": [one.pk for one in chosen]}).content.decode()
    assert all(one.number in page for one in chosen)
    assert breaches(page) == []
    result = client.post(GRANT, {**sent(chosen), "reason": "经批量核查，均符合条件。"}, follow=True).content.decode()
    assert "办成 3 件" in result
    for one in chosen:
        one.refresh_from_db()
        assert (one.state, one.reason) == (Approval.State.GRANTED, "经批量核查，均符合条件。")
        assert one.certificates.get().number == one.number
    assert Document.objects.filter(kind=Document.Kind.GRANT).count() == 3


def test_one_that_cannot_be_granted_stops_no_other(office: Office) -> None:
    chosen = [office.review(one) for one in registrations(office)]
    client = signed_in(office, chosen[0])
    office.grant(chosen[1])  # a colleague was faster
    result = client.post(GRANT, sent(chosen, **{f"n{chosen[1].pk}": "另一个编号"}), follow=True).content.decode()
    assert "办成 2 件，没有办成 1 件" in result
    assert "已由他人处理" in result
    assert [office.approval(one.affair, "qysl").state for one in chosen] == ["granted"] * 3


def test_pressed_twice_nothing_is_granted_twice(office: Office) -> None:
    chosen = [office.review(one) for one in registrations(office, 2)]
    client = signed_in(office, chosen[0])
    assert client.post(GRANT, sent(chosen)).status_code == 302
    again = sent(chosen, **{f"n{one.pk}": f"再来{one.pk}" for one in chosen})
    assert "办成 0 件，没有办成 2 件" in client.post(GRANT, again, follow=True).content.decode()
    assert Document.objects.filter(kind=Document.Kind.GRANT).count() == 2
    assert client.get(reverse("department:together_result")).status_code == 200


def test_a_number_that_stands_twice_on_the_page_is_told_before_anything_is_granted(office: Office) -> None:
    chosen = [office.review(one) for one in registrations(office, 2)]
    numbers = {f"n{one.pk}": "同一个编号" for one in chosen}
    answer = signed_in(office, chosen[0]).post(GRANT, sent(chosen, **numbers))
    assert answer.status_code == 422
    assert "与本页另一个编号重复" in answer.content.decode()
    assert not Approval.objects.filter(state=Approval.State.GRANTED).exists()


def test_only_like_affairs_go_together(office: Office) -> None:
    affair = office.accepted()
    for matter in ("qysl", "hyxk"):
        office.review_and("grant", affair, matter)
    vehicles, licence = office.approval(affair, "clyyz"), office.approval(office.accepted(seed=2), "hyxk")
    client = signed_in(office, licence)
    answer = client.get(REVIEW, {"approval": [vehicles.pk, licence.pk]}, follow=True)
    assert "只能一并办理同一个事项" in answer.content.decode()
    assert "请先在列表里勾选" in client.get(REVIEW, follow=True).content.decode()


def test_approvals_of_another_department_are_not_taken_along(office: Office) -> None:
    own, foreign = registrations(office, 1)[0], office.approval(office.accepted(seed=7), "hyxk")
    page = signed_in(office, own).get(REVIEW, {"approval": [own.pk, foreign.pk]}).content.decode()
    assert own.number in page
    assert foreign.number not in page
    signed_in(office, own).post(REVIEW, {"approval": [foreign.pk], "text": "x"})
    foreign.refresh_from_db()
    assert foreign.state == Approval.State.REVIEWING


def test_what_a_head_signs_only_a_head_grants_together(office: Office) -> None:
    licences = []
    for seed in (1, 2):
        affair = office.accepted(seed=seed)
        office.review_and("grant", affair, "qysl")
        licences.append(office.review(office.approval(affair, "hyxk")))
    fields = sent(licences) | {f"certificate-{one.pk}-0-valid_until": "2030-11-22" for one in licences}
    refused = signed_in(office, licences[0]).post(GRANT, fields, follow=True).content.decode()
    assert "由部门负责人签发" in refused
    assert not Approval.objects.filter(matter_code="hyxk", state=Approval.State.GRANTED).exists()
    done = signed_in(office, licences[0], head=True).post(GRANT, fields, follow=True).content.decode()
    assert "办成 2 件" in done
    assert {office.approval(one.affair, "hyxk").decided_by for one in licences} == {office.head(licences[0]).user}


def test_other_roles_have_no_joint_steps(office: Office) -> None:
    client = Client()
    assert client.get(GRANT).status_code == 302
    client.force_login(office.clerk.user)
    assert {client.get(path).status_code for path in (GRANT, REVIEW)} == {403}


@pytest.mark.parametrize("tab", ["review", "decide", "sign"])
def test_a_list_asks_the_same_number_of_queries_for_few_and_for_many(office: Office, tab: str) -> None:
    approval = registrations(office, 1)[0]
    if tab != "review":
        commands.review(approval, actor=office.officer(approval), opinion="同意")
    client = signed_in(office, approval)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("department:tab", args=[tab])).status_code == 200
        return len(captured)

    copies_of(approval.affair, 3, approval=approval)
    client.get(reverse("department:tab", args=[tab]))
    few = queries()
    copies_of(approval.affair, 30, approval=approval)
    assert queries() == few
