"""A whole office for a test: the published edition, its people, and affairs at any point of their course."""

import random
from typing import Any

import pytest

from portal.accounts.models import Actor, Department
from portal.affairs.decisions import Decision, expected_certificates
from portal.affairs.models import Affair, Approval, DecisionProposal
from portal.catalogue.schema import load
from portal.catalogue.services import publish
from workflows import commands, department_commands, sampling
from workflows.engine import outbox
from workflows.management.commands.demo import EDITIONS
from workflows.simulation import People

Verdict = DecisionProposal.Verdict

# 从零开办：登记、公章、税务、社保、货运许可和车辆营运证都要办，两种前置关系都出现。
FOUNDING = {
    "lic": "no",
    "kind": "general",
    "mass": "any_gt_4500",
    "own": "owned",
    "heavy": "no",
    "agent": "self",
    "staff": "yes",
    "seal": "yes",
    "tax": "yes",
}
REFUSAL = Decision(
    facts="现场核查的车辆与申报不一致", reason="车辆不符合条件", legal_basis="《道路运输条例》第二十一条"
)


class Office:
    """People of every role, and the steps that they take, by the real commands."""

    def __init__(self) -> None:
        self.edition = publish(load(EDITIONS / "2026.1"), by="test")
        Department.objects.filter(remedy_authority="").update(remedy_authority="卫东区人民政府")
        self.people = People()
        self.applicant, self.clerk = self.people.applicant, self.people.clerk

    def officer(self, approval: Approval) -> Actor:
        return self.people.officers[approval.department_id]

    def head(self, approval: Approval) -> Actor:
        return self.people.heads[approval.department_id]

    def draft(self, one_thing: str = "ysqy", answers: dict[str, Any] | None = None, seed: int = 1) -> Affair:
        """A complete draft that only waits to be handed in."""
        draft = commands.start_draft(applicant=self.applicant.user, one_thing_code=one_thing, actor=self.applicant)
        return sampling.fill(draft, actor=self.applicant, rng=random.Random(seed), given=answers or FOUNDING)

    def submitted(self, **kwargs: Any) -> Affair:
        return commands.submit(self.draft(**kwargs), actor=self.applicant)

    def accepted(self, **kwargs: Any) -> Affair:
        return commands.accept(self.submitted(**kwargs), actor=self.clerk)

    def approval(self, affair: Affair, matter: str) -> Approval:
        return affair.approvals.current().select_related("department").get(matter_code=matter)

    def review(self, approval: Approval) -> Approval:
        return commands.review(approval, actor=self.officer(approval), opinion="符合条件")

    def grant(self, approval: Approval) -> Approval:
        decision = Decision(certificates=tuple(expected_certificates(approval)))
        return self._decide(approval, Verdict.GRANT, decision)

    def refuse(self, approval: Approval) -> Approval:
        return self._decide(approval, Verdict.REFUSE, REFUSAL)

    def _decide(self, approval: Approval, verdict: Verdict, decision: Decision) -> Approval:
        """By the officer, or proposed by the officer and signed by the head where the matter asks for it."""
        if approval.matter.is_signed_by_head:
            return department_commands.sign(self.propose(approval, verdict, decision), actor=self.head(approval))
        command = commands.grant if verdict == Verdict.GRANT else commands.refuse
        return command(approval, actor=self.officer(approval), decision=decision)

    def propose(
        self, approval: Approval, verdict: Verdict = Verdict.GRANT, decision: Decision | None = None
    ) -> DecisionProposal:
        """The officer's proposal to grant, unless told otherwise."""
        decision = decision or Decision(certificates=tuple(expected_certificates(approval)))
        return department_commands.propose(approval, actor=self.officer(approval), verdict=verdict, decision=decision)

    def review_and(self, verb: str, affair: Affair, matter: str) -> Approval:
        """Review a matter and "grant" or "refuse" it."""
        approval = self.approval(affair, matter)
        if approval.state == Approval.State.REVIEWING:
            self.review(approval)
        return getattr(self, verb)(self.approval(affair, matter))

    def grant_everything(self, affair: Affair) -> Affair:
        """Every department grants, prerequisites first."""
        for planned in affair.plan.matters:
            self.review_and("grant", affair, planned.matter.id)
        affair.refresh_from_db()
        return affair

    def ready_to_deliver(self, **kwargs: Any) -> Affair:
        """All granted, papers made, results waiting at the one exit (or delivered already, where electronic)."""
        affair = self.grant_everything(self.accepted(**kwargs))
        outbox.run_due()
        affair.refresh_from_db()
        return affair


@pytest.fixture
def office(db: None) -> Office:
    return Office()
