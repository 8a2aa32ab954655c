"""两级签发: an officer proposes, a head signs; nobody signs what is their own."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours, PrerequisitePending
from portal.accounts.models import Actor, User
from portal.affairs.models import Affair, Approval, DecisionProposal
from portal.affairs.proposals import decision_of
from portal.audit.models import Entry
from portal.catalogue.schema import from_raw
from portal.documents.models import Document
from tests.conventions.markup import breaches
from tests.factories import UserFactory
from tests.office import REFUSAL, Office, Verdict
from workflows import commands
from workflows.department_commands import propose, send_back, sign

State = DecisionProposal.State


@pytest.fixture
def licence(office: Office) -> Approval:
    """道路货物运输经营许可, reviewed by the officer and ready to be decided."""
    affair = office.accepted()
    office.review_and("grant", affair, "qysl")
    return office.review(office.approval(affair, "hyxk"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, approval: Approval) -> str:
    return reverse(f"department:{name}", args=[approval.pk])


def results(number: str) -> dict[str, str]:
    return {
        "certificate-TOTAL_FORMS": "1", "certificate-INITIAL_FORMS": "1", "certificate-0-number": number,
        "certificate-0-valid_from": "2026-11-23", "certificate-0-valid_until": "2030-11-22",
    }  # fmt: skip


def other_head(approval: Approval) -> Actor:
    return Actor(UserFactory(officer=True, department=approval.department, is_head=True))


def test_a_catalogue_without_the_key_asks_for_no_sign_off(office: Office) -> None:
    raw = office.edition.catalogue.raw
    for bundle in raw["bundle"]:
        for matter in bundle["matter"]:
            matter.pop("sign_off", None)
    matters = [matter for one in from_raw(raw).one_things.values() for matter in one.matters]
    assert not any(matter.is_signed_by_head for matter in matters)


def test_the_edition_asks_for_sign_off_where_a_licence_is_granted(office: Office) -> None:
    matters = [matter for one in office.edition.catalogue.one_things.values() for matter in one.matters]
    assert {matter.id for matter in matters if matter.is_signed_by_head} == {"hyxk", "spxk", "hwgg"}


def test_only_officers_are_heads(office: Office) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(clerk=True, is_head=True)


def test_an_officer_alone_neither_grants_nor_refuses_what_a_head_signs(office: Office, licence: Approval) -> None:
    for command in (commands.grant, commands.refuse):
        with pytest.raises(NotYours, match="负责人签发"):
            command(licence, actor=office.officer(licence), decision=REFUSAL)
    licence.refresh_from_db()
    assert licence.state == Approval.State.DECIDING


def test_what_the_officer_proposed_is_what_the_head_decides(office: Office, licence: Approval) -> None:
    officer, head = office.officer(licence).user, office.head(licence).user
    assert signed_in(officer).post(url("grant", licence), results("货运字001号")).status_code == 302
    proposal = licence.proposals.get()
    assert (proposal.state, proposal.proposed_by) == (State.OPEN, officer)
    assert not licence.certificates.exists()
    assert not licence.documents.exists()
    page = signed_in(head).get(url("approval", licence)).content.decode()
    assert "货运字001号" in page
    assert "签发：" in page
    assert breaches(page) == []
    assert signed_in(head).post(url("sign", licence), {"proposal": proposal.pk}).status_code == 302
    licence.refresh_from_db()
    assert (licence.state, licence.decided_by, licence.reviewed_by) == (Approval.State.GRANTED, head, officer)
    assert licence.certificates.get().number == "货运字001号"
    assert str(licence.certificates.get().valid_until) == "2030-11-22"
    trail = Entry.objects.of(licence.affair.chain).filter(subject=licence.number)
    by = {entry.action: entry.actor_id for entry in trail}
    assert (by["approval.propose"], by["approval.sign"], by["approval.granted"]) == (officer.pk, head.pk, head.pk)
    paper = licence.documents.get(kind=Document.Kind.GRANT)
    assert str(licence.department) in str(paper.contents)
    assert officer.name not in str(paper.contents)


def test_a_refusal_is_signed_like_a_grant(office: Office, licence: Approval) -> None:
    approval = sign(office.propose(licence, Verdict.REFUSE, REFUSAL), actor=office.head(licence))
    assert (approval.state, approval.facts) == (Approval.State.REFUSED, REFUSAL.facts)
    assert approval.documents.filter(kind=Document.Kind.REFUSAL).count() == 1


def test_nobody_signs_their_own_proposal(office: Office, licence: Approval) -> None:
    head = other_head(licence)
    proposal = propose(licence, actor=head, verdict=Verdict.REFUSE, decision=REFUSAL)
    for step in (lambda: sign(proposal, actor=head), lambda: send_back(proposal, actor=head, reason="x")):
        with pytest.raises(NotYours, match="自己提出"):
            step()
    assert "签发：" not in signed_in(head.user).get(url("approval", licence)).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        licence.proposals.update(state=State.SIGNED, answered_by=head.user, answered_at=licence.reviewed_at)
    assert sign(proposal, actor=office.head(licence)).state == Approval.State.REFUSED


def test_an_officer_who_is_no_head_cannot_sign(office: Office, licence: Approval) -> None:
    proposal = office.propose(licence)
    colleague = UserFactory(officer=True, department=licence.department)
    assert signed_in(colleague).post(url("sign", licence), {"proposal": proposal.pk}).status_code == 403
    sent = {"proposal": proposal.pk, "reason": "x"}
    assert signed_in(colleague).post(url("send_back", licence), sent).status_code == 403
    proposal.refresh_from_db()
    assert proposal.state == State.OPEN


def test_a_head_of_another_department_finds_nothing(office: Office, licence: Approval) -> None:
    proposal = office.propose(licence)
    stranger = office.people.heads[office.approval(licence.affair, "qysl").department_id]
    for name in ("sign", "send_back"):
        sent = {"proposal": proposal.pk, "reason": "x"}
        assert signed_in(stranger.user).post(url(name, licence), sent).status_code == 404
    with pytest.raises(NotYours):
        sign(proposal, actor=stranger)


def test_a_head_decides_alone_only_what_somebody_else_reviewed(office: Office, licence: Approval) -> None:
    head = other_head(licence)
    Approval.objects.filter(pk=licence.pk).update(reviewed_by=head.user)
    with pytest.raises(NotYours):
        commands.refuse(licence, actor=head, decision=REFUSAL)
    assert commands.refuse(licence, actor=office.head(licence), decision=REFUSAL).state == Approval.State.REFUSED


def test_a_head_does_not_decide_past_a_proposal_that_waits(office: Office, licence: Approval) -> None:
    office.propose(licence)
    with pytest.raises(AlreadyHandled, match="签发或者退回"):
        commands.refuse(licence, actor=office.head(licence), decision=REFUSAL)


def test_what_could_not_be_decided_is_not_put_before_the_head(office: Office) -> None:
    affair = office.accepted()
    early = office.review(office.approval(affair, "hyxk"))
    with pytest.raises(PrerequisitePending):
        office.propose(early)
    with pytest.raises(DomainError, match="认定的事实"):
        office.propose(early, Verdict.REFUSE, type(REFUSAL)())
    assert not DecisionProposal.objects.exists()
    assert not early.documents.exists()


def test_sent_back_it_keeps_everything_that_was_typed(office: Office, licence: Approval) -> None:
    officer, head = signed_in(office.officer(licence).user), signed_in(office.head(licence).user)
    officer.post(url("grant", licence), results("货运字007号"))
    first = licence.proposals.get()
    missing = head.post(url("send_back", licence), {"proposal": first.pk, "reason": " "})
    assert missing.status_code == 422
    assert "请填写退回的理由" in missing.content.decode()
    assert head.post(url("send_back", licence), {"proposal": first.pk, "reason": "编号应为八位"}).status_code == 302
    assert "负责人已退回" in officer.get(reverse("department:tab", args=["decide"])).content.decode()
    again = officer.get(url("grant", licence)).content.decode()
    assert "货运字007号" in again
    assert "编号应为八位" in again
    officer.post(url("grant", licence), results("货运字00000008号"))
    second = licence.proposals.get(state=State.OPEN)
    assert decision_of(second).certificates[0].number == "货运字00000008号"
    assert head.post(url("sign", licence), {"proposal": second.pk}).status_code == 302
    licence.refresh_from_db()
    assert licence.state == Approval.State.GRANTED


def test_a_refusal_that_was_sent_back_begins_with_its_own_words(office: Office, licence: Approval) -> None:
    send_back(office.propose(licence, Verdict.REFUSE, REFUSAL), actor=office.head(licence), reason="写明条款")
    page = signed_in(office.officer(licence).user).get(url("refuse", licence)).content.decode()
    assert REFUSAL.facts in page
    assert REFUSAL.reason in page


def test_a_head_never_signs_a_proposal_that_was_changed_after_they_read_it(office: Office, licence: Approval) -> None:
    read = office.propose(licence)
    changed = office.propose(licence, Verdict.REFUSE, REFUSAL)
    answer = signed_in(office.head(licence).user).post(url("sign", licence), {"proposal": read.pk})
    assert answer.status_code == 409
    read.refresh_from_db()
    assert (read.state, changed.state) == (State.REPLACED, State.OPEN)
    licence.refresh_from_db()
    assert licence.state == Approval.State.DECIDING


def test_signed_twice_is_one_decision(office: Office, licence: Approval) -> None:
    proposal, head = office.propose(licence), signed_in(office.head(licence).user)
    assert head.post(url("sign", licence), {"proposal": proposal.pk}).status_code == 302
    assert head.post(url("sign", licence), {"proposal": proposal.pk}).status_code == 409
    assert head.post(url("send_back", licence), {"proposal": proposal.pk, "reason": "x"}).status_code == 409
    assert licence.documents.count() == 1


def test_a_proposal_of_another_approval_is_not_signed_here(office: Office, licence: Approval) -> None:
    other: Affair = office.accepted(seed=9)
    office.review_and("grant", other, "qysl")
    proposal = office.propose(office.review(office.approval(other, "hyxk")))
    head = signed_in(office.head(licence).user)
    assert head.post(url("sign", licence), {"proposal": proposal.pk}).status_code == 404


def test_what_waits_for_the_head_stands_in_a_list_of_its_own(office: Office, licence: Approval) -> None:
    head = signed_in(office.head(licence).user)
    sign_list, decide_list = (reverse("department:tab", args=[name]) for name in ("sign", "decide"))
    assert licence.number in head.get(decide_list).content.decode()
    office.propose(licence)
    assert licence.number not in head.get(decide_list).content.decode()
    page = head.get(sign_list).content.decode()
    assert licence.number in page
    assert "拟准予" in page
    assert re.search(r"待负责人签发.*?1", page, re.DOTALL)


def test_a_withdrawn_affair_has_nothing_left_to_sign(office: Office, licence: Approval) -> None:
    proposal = office.propose(licence)
    commands.withdraw(licence.affair, actor=office.applicant, reason="不办了")
    with pytest.raises(AlreadyHandled):
        sign(proposal, actor=office.head(licence))
    page = signed_in(office.head(licence).user).get(reverse("department:tab", args=["sign"])).content.decode()
    assert licence.number not in page


def test_the_personal_data_of_a_proposal_stays_out_of_the_trail(office: Office, licence: Approval) -> None:
    personal = type(REFUSAL)(facts="王某身份号码 410401199001011234", reason="不符", legal_basis="第二十一条")
    propose(licence, actor=office.officer(licence), verdict=Verdict.REFUSE, decision=personal)
    entry = Entry.objects.get(action="approval.propose")
    assert "410401199001011234" not in str((entry.say, entry.before, entry.after, entry.reason))
