"""The affair's own page from the receipt to the rating."""

import pytest
from django.urls import reverse

from portal.affairs.models import Affair
from portal.feedback.models import Rating
from tests.filing.conftest import Person, text_of
from tests.office import Office
from workflows import commands
from workflows.engine import outbox


def url(name: str, affair: Affair) -> str:
    return reverse(f"filing:{name}", args=[affair.pk])


def page(person: Person, affair: Affair) -> str:
    return text_of(person.get(url("affair", affair)))


@pytest.fixture
def filed(office: Office, draft: Affair) -> Affair:
    return commands.submit(draft, actor=office.applicant)


@pytest.fixture
def accepted(office: Office, filed: Affair) -> Affair:
    return commands.accept(filed, actor=office.clerk)


@pytest.fixture
def delivered(office: Office, accepted: Affair) -> Affair:
    office.grant_everything(accepted)
    outbox.run_due()
    return commands.deliver(accepted, actor=office.clerk, method="window", recipient="演示甲")


def test_the_receipt_says_what_comes_next_and_by_when(me: Person, filed: Affair):
    for text in (page(me, filed), text_of(me.get(url("receipt", filed)))):
        assert filed.number in text
        assert filed.query_code in text
        assert "综合窗口审查材料，最迟" in text
        assert "监督投诉电话" in text


def test_the_code_on_the_receipt_does_not_give_the_query_code_away(me: Person, filed: Affair):
    """Number and query code together open the status page; the picture carries the number alone (R97)."""
    from portal.affairs.models import Affair as Model
    from workflows.filing.views.affair import _receipt

    assert filed.query_code not in str(_receipt(Model.objects.get(pk=filed.pk), filed.submitted_at.date())["qr_src"])


def test_while_departments_work_the_page_says_who_and_by_when(me: Person, accepted: Affair):
    text = page(me, accepted)
    assert "市场监督管理局正在审查“企业设立登记”，最迟" in text
    assert "“道路货物运输经营许可”" in text
    assert "正在提前审查" in text
    assert "等待前置事项" in text


def test_what_is_granted_early_is_shown_early(office: Office, me: Person, accepted: Affair):
    """R53: partial results."""
    approval = office.review_and("grant", accepted, "qysl")
    certificate = approval.certificates.get()
    text = page(me, accepted)
    assert certificate.number in text
    assert certificate.name in text


def test_a_refusal_comes_with_reasons_and_remedies(office: Office, me: Person, accepted: Affair):
    """R34–R36."""
    office.review_and("grant", accepted, "qysl")
    approval = office.review_and("refuse", accepted, "hyxk")
    text = page(me, accepted)
    for words in (approval.facts, approval.reason, approval.legal_basis, "60 日内", "6 个月内", "掌上复议"):
        assert words in text, words
    assert f"向{approval.department.remedy_authority}申请行政复议" in text


def test_an_unconfirmed_remedy_is_marked_and_not_guessed(office: Office, me: Person, accepted: Affair):
    approval = office.review_and("refuse", accepted, "qysl")
    approval.department.remedy_authority = ""
    approval.department.save()
    text = page(me, accepted)
    assert "复议机关 待部门确认" in text or "复议机关待部门确认" in text


def test_an_affair_that_was_not_accepted_says_why_and_where_to_go(office: Office, me: Person, filed: Affair):
    commands.refuse_acceptance(filed, actor=office.clerk, reason="不属于本窗口职权", competent_authority="市交通运输局")
    text = page(me, filed)
    assert "不属于本窗口职权" in text
    assert "请向市交通运输局申请" in text


def test_internal_opinions_are_not_on_the_applicants_page(office: Office, me: Person, accepted: Affair):
    approval = office.approval(accepted, "qysl")
    commands.review(approval, actor=office.officer(approval), opinion="内部意见：拟同意")
    assert "内部意见" not in page(me, accepted)


def test_a_paper_can_be_had_when_it_is_made(me: Person, filed: Affair):
    paper = filed.documents.get()
    link = reverse("documents:document", args=[paper.pk])
    before = me.get(url("affair", filed)).content.decode()
    assert link not in before
    assert "正在制作" in before
    assert "hx-trigger" in before
    outbox.run_due()
    after = me.get(url("affair", filed)).content.decode()
    assert link in after
    assert "hx-trigger" not in after


def test_a_draft_is_opened_where_it_was_left(me: Person, blank: Affair, draft: Affair):
    assert me.get(url("affair", blank)).url == reverse("filing:question", args=[blank.pk, "lic"])
    assert me.get(url("affair", draft)).url == reverse("filing:form_step", args=[draft.pk, "confirm"])


def test_withdrawing_is_asked_once_more_and_ends_the_affair(me: Person, filed: Affair):
    assert "整件申请结束" in text_of(me.get(url("withdraw", filed)))
    filed.refresh_from_db()
    assert filed.state == Affair.State.SUBMITTED
    me.post(url("withdraw", filed), {"reason": "暂不办理"})
    filed.refresh_from_db()
    assert filed.state == Affair.State.WITHDRAWN
    assert "您已经撤回这件申请" in page(me, filed)
    assert me.post(url("withdraw", filed)).status_code == 409


def test_withdrawing_says_what_stays_decided(office: Office, me: Person, accepted: Affair):
    office.review_and("grant", accepted, "qysl")
    text = text_of(me.get(url("withdraw", accepted)))
    assert "已经作出的决定仍然有效：企业设立登记（准予）" in text
    assert "道路货物运输经营许可" in text


def test_what_is_concluded_cannot_be_withdrawn(me: Person, delivered: Affair):
    assert me.get(url("withdraw", delivered)).url == url("affair", delivered)
    assert "撤回申请" not in page(me, delivered)
    assert me.post(url("withdraw", delivered)).status_code == 409


def test_all_five_levels_can_be_chosen_and_none_is_chosen_beforehand(me: Person, delivered: Affair):
    """R79, R85, R86."""
    form = me.get(url("rate", delivered)).content.decode()
    assert form.count('name="level"') == 5
    assert "checked" not in form


@pytest.mark.parametrize("level", [5, 4, 3])
def test_three_levels_need_no_words(level: int, me: Person, delivered: Affair):
    assert me.post(url("rate", delivered), {"level": level}).url == url("affair", delivered)
    assert Rating.objects.get().level == level


@pytest.mark.parametrize("level", [2, 1])
def test_the_worst_two_can_be_given_and_say_why(level: int, me: Person, delivered: Affair):
    refused = me.post(url("rate", delivered), {"level": level, "comment": "  "})
    assert text_of(refused).count("请写明原因") >= 2
    assert not Rating.objects.exists()
    me.post(url("rate", delivered), {"level": level, "comment": "等了很久"})
    assert Rating.objects.get().level == level
    text = page(me, delivered)
    assert "您的评价" in text
    assert "等了很久" in text


@pytest.mark.parametrize("level", ["", "0", "6", "gut"])
def test_no_level_is_no_rating(level: str, me: Person, delivered: Affair):
    assert me.post(url("rate", delivered), {"level": level}).status_code == 200
    assert not Rating.objects.exists()


def test_one_rates_once_and_only_after_delivery(me: Person, filed: Affair, office: Office):
    assert me.get(url("rate", filed)).url == url("affair", filed)
    assert me.post(url("rate", filed), {"level": 5}).status_code == 409


def test_a_second_rating_is_refused(me: Person, delivered: Affair):
    me.post(url("rate", delivered), {"level": 5})
    assert me.post(url("rate", delivered), {"level": 1, "comment": "改主意了"}).status_code == 409
    assert Rating.objects.get().level == 5
