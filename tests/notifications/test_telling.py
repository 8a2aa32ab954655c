"""Who is told what, when a step is taken, and by which channels."""

import pytest
from django.db import transaction

from portal.accounts.errors import AlreadyHandled, NotAcceptable
from portal.accounts.models import Actor, User
from portal.affairs.models import Affair
from portal.notifications import kinds, services
from portal.notifications.kinds import KINDS, SMS_CHARACTERS, Group, OfApproval
from portal.notifications.models import Dispatch, Notice
from tests.factories import UserFactory
from tests.office import Office
from tests.threads import answered, asked
from workflows import commands, notices
from workflows.engine import outbox
from workflows.engine.models import Job


def kinds_of(affair: Affair, user: User) -> list[str]:
    return list(Notice.objects.of(user).filter(affair=affair).order_by("pk").values_list("kind", flat=True))


def by(office: Office, method: str) -> Affair:
    draft = office.draft()
    form = {"delivery": method, "post_address": "建设路 1 号", "electronic_consent": True}
    commands.save_draft(draft, actor=office.applicant, form=form)
    affair = commands.accept(commands.submit(draft, actor=office.applicant), actor=office.clerk)
    office.grant_everything(affair)
    outbox.run_due()
    affair.refresh_from_db()
    return affair


def test_every_step_of_an_affair_is_told_in_its_order(office: Office):
    affair = by(office, "窗口领取")
    commands.deliver(affair, actor=office.clerk, method="window", recipient="演示甲")
    matters = len(affair.plan.matters)
    assert kinds_of(affair, office.applicant.user) == [
        "submitted", "accepted", *["granted"] * matters, "ready_to_collect", "handed_over",
    ]  # fmt: skip


@pytest.mark.parametrize(("method", "told"), [("邮寄", ["ready_to_post"]), ("电子送达（须同意）", ["served"])])
def test_results_are_told_by_the_way_of_delivery(office: Office, method: str, told: list[str]):
    affair = by(office, method)
    assert [kind for kind in kinds_of(affair, office.applicant.user) if kind.startswith(("ready", "served"))] == told


def test_a_posted_result_comes_with_its_number(office: Office):
    affair = by(office, "邮寄")
    commands.deliver(affair, actor=office.clerk, method="post", recipient="演示甲", tracking_number="EMS123")
    assert "EMS123" in Notice.objects.get(kind="posted").body


def test_a_rating_is_asked_for_a_day_later_once_and_not_of_who_has_rated(office: Office):
    first, second = by(office, "窗口领取"), office.ready_to_deliver(seed=2)
    for affair in (first, second):
        if affair.state == Affair.State.DELIVERING:
            commands.deliver(affair, actor=office.clerk, method="window", recipient="演示甲")
    commands.rate(second, actor=office.applicant, level=5)
    assert Job.objects.filter(kind="remind_rating").count() == 2
    for affair in (first, first, second):
        commands.remind_rating(affair.pk)
    assert [notice.affair_id for notice in Notice.objects.filter(kind="to_be_rated")] == [first.pk]


def test_refusals_of_the_window_and_of_a_department_are_told(office: Office):
    affair = commands.refuse_acceptance(
        office.submitted(), actor=office.clerk, reason="不属于职权范围", competent_authority="市交通运输局"
    )
    notice = Notice.objects.get(affair=affair, kind="not_accepted")
    assert "请向市交通运输局申请" in notice.body
    other = office.accepted(seed=2)
    office.review_and("grant", other, "qysl")
    approval = office.review_and("refuse", other, "hyxk")
    assert "不予“道路货物运输经营许可”" in Notice.objects.get(affair=other, kind="refused").body
    commands.reopen(approval, actor=office.clerk, reason="复议决定")
    assert Notice.objects.filter(affair=other, kind="reopened").count() == 1


def test_both_the_applicant_and_who_filed_are_told_and_one_person_once(office: Office):
    agent = UserFactory(name="代办人")
    affair = office.submitted()
    assert Notice.objects.filter(affair=affair).count() == 1
    Affair.objects.filter(pk=affair.pk).update(filed_by=agent)
    commands.accept(affair, actor=office.clerk)
    assert set(Notice.objects.filter(kind="accepted").values_list("recipient", flat=True)) == {
        office.applicant.user.pk,
        agent.pk,
    }


def test_a_clerk_who_filed_at_the_counter_gets_no_notice(office: Office):
    affair = office.submitted()
    Affair.objects.filter(pk=affair.pk).update(filed_by=office.clerk.user)
    commands.accept(affair, actor=office.clerk)
    assert Notice.objects.get(kind="accepted").recipient == office.applicant.user


def test_a_step_that_was_refused_tells_nobody(office: Office):
    affair = office.accepted()
    blank = commands.start_draft(applicant=office.applicant.user, one_thing_code="ysqy", actor=office.applicant)
    before = Notice.objects.count(), Dispatch.objects.count(), Job.objects.count()
    with pytest.raises(AlreadyHandled):
        commands.accept(affair, actor=office.clerk)
    with pytest.raises(NotAcceptable):
        commands.submit(blank, actor=office.applicant)
    with transaction.atomic():
        notices.tell(kinds.Withdrawn, affair)
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Dispatch.objects.count(), Job.objects.count()) == before


def test_the_same_thing_is_told_once_however_often_it_is_asked_for(office: Office):
    affair = office.submitted()
    first = services.tell(kinds.NotAccepted, affair)
    again = services.tell(kinds.NotAccepted, affair)
    assert [each.pk for each in again] == [each.pk for each in first]
    assert Notice.objects.filter(kind="not_accepted").count() == 1


def test_no_text_names_a_person_an_identity_number_or_the_query_code(office: Office):
    affair = by(office, "窗口领取")
    asked(office, affair)
    answered(office, affair, text="请找张三，电话 13700000000")
    people = [str(user) for user in User.objects.all()]
    secret = [affair.query_code, str(affair.form["legal_rep_id"]), str(affair.form["mobile"]), "13700000000", *people]
    for notice in Notice.objects.filter(affair=affair):
        for text in (notice.subject, notice.body, notice.sms):
            assert [word for word in secret if word in text] == []
        assert affair.number not in notice.sms


def test_an_sms_fits_into_seventy_characters_whatever_the_names(office: Office, settings):
    settings.SMS_SIGNATURE = "一个名字特别长的市的名字也特别长的区政务服务中心"
    affair = office.accepted()
    approval = office.approval(affair, "qysl")
    approval.matter_name = "道路普通货物运输和道路货物专用运输以及大型物件运输经营许可（含分公司备案）" * 2
    for code in office.edition.catalogue.one_things:
        affair.one_thing_code = code
        for kind in KINDS:
            text = kind(affair, approval if issubclass(kind, OfApproval) else None).sms
            assert len(text) <= SMS_CHARACTERS, text
            assert text.startswith("【")
            assert text.endswith("。")
            assert "{" not in text


def test_kinds_have_names_of_their_own():
    assert len({kind.code for kind in KINDS}) == len(KINDS)


# ------------------------------------------------------------------ what each person chose


def channels_of(affair: Affair, kind: str) -> list[str]:
    return sorted(Dispatch.objects.filter(notice__affair=affair, notice__kind=kind).values_list("channel", flat=True))


def reach(user: User, **fields: str) -> Actor:
    for name, value in fields.items():
        setattr(user, name, value)
    user.save()
    return Actor(user)


def test_sms_is_on_for_what_has_a_deadline_where_a_mobile_is_known(office: Office):
    reach(office.applicant.user, mobile="13800000001", email="")
    affair = by(office, "窗口领取")
    assert channels_of(affair, "accepted") == []
    assert channels_of(affair, "ready_to_collect") == ["sms"]


def test_without_mobile_and_address_only_the_inbox_is_told(office: Office):
    reach(office.applicant.user, mobile="", email="")
    affair = office.accepted()
    assert kinds_of(affair, office.applicant.user) == ["submitted", "accepted"]
    assert not Dispatch.objects.exists()


def test_what_a_person_switched_off_or_on_is_kept_to(office: Office):
    actor = reach(office.applicant.user, mobile="13800000001", email="a@example.cn")
    wanted = {(Group.PROGRESS.value, "sms"): True, (Group.PROGRESS.value, "mail"): False}
    services.choose(actor.user, actor=actor, wanted=wanted, email="a@example.cn")
    affair = office.accepted()
    assert channels_of(affair, "accepted") == ["sms"]
    assert channels_of(affair, "submitted") == ["sms"]
    asked(office, affair)
    answered(office, affair)
    assert channels_of(affair, "message_from_window") == ["mail"]


def test_without_a_gateway_no_sms_is_asked_for(office: Office, settings):
    settings.SMS_GATEWAY = ""
    reach(office.applicant.user, mobile="13800000001", email="")
    by(office, "窗口领取")
    assert not Dispatch.objects.exists()
