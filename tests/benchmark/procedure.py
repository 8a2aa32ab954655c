"""The portal's own procedure: one affair that every department grants, through the real commands."""

import random

from django.utils import timezone

from portal.accounts.models import Department
from portal.affairs.decisions import Decision, expected_certificates
from portal.affairs.models import Affair, Approval, DecisionProposal
from portal.audit.services import verify_chain
from portal.catalogue.schema import load
from portal.catalogue.services import publish
from portal.documents.models import Document
from tests.benchmark.answers import ANSWERS
from tests.benchmark.steps import Steps
from workflows import commands, sampling
from workflows.department_commands import propose, sign
from workflows.engine import outbox
from workflows.engine.models import Job
from workflows.management.commands.demo import EDITIONS
from workflows.simulation import People


class Portal:
    """Submission to archive. Filing and the making of PDFs are left out, what they leave behind is there."""

    def __init__(self, one_thing: str, seed: int) -> None:
        self.one_thing, self.seed = one_thing, seed
        publish(load(EDITIONS / "2026.1"), by="benchmark")
        Department.objects.filter(remedy_authority="").update(remedy_authority="卫东区人民政府")
        self.people = People()

    def run(self, index: int, steps: Steps) -> None:
        affair = self._filed(random.Random(f"{self.seed}/{index}"))
        with steps.person("submit"):
            affair = commands.submit(affair, actor=self.people.applicant)
        with steps.person("accept"):
            affair = commands.accept(affair, actor=self.people.clerk)
        for planned in affair.plan.matters:
            self._approve(affair, planned.matter.id, steps)
        self._papers_are_made(affair)
        issue = Job.objects.get(kind="node", state=Job.State.WAITING)
        with steps.machine("issue"):
            outbox.run(issue.pk)
        self._papers_are_made(affair)
        with steps.person("deliver"):
            commands.deliver(
                affair, actor=self.people.clerk, method=Affair.DeliveryMethod.WINDOW, recipient=affair.subject_name
            )
        with steps.person("rate"):
            affair = commands.rate(affair, actor=self.people.applicant, level=5)
        self._check(affair)

    def _filed(self, rng: random.Random) -> Affair:
        applicant = self.people.applicant
        draft = commands.start_draft(applicant=applicant.user, one_thing_code=self.one_thing, actor=applicant)
        draft = sampling.fill(draft, actor=applicant, rng=rng, given=ANSWERS[self.one_thing])
        return commands.save_draft(draft, actor=applicant, form={"delivery": "窗口领取"})

    def _approve(self, affair: Affair, matter: str, steps: Steps) -> None:
        approval = self._approval(affair, matter)
        officer = self.people.officers[approval.department_id]
        with steps.person("review"):
            commands.review(approval, actor=officer, opinion="材料齐全，符合法定条件，拟同意。")
        approval = self._approval(affair, matter)
        decision = Decision(certificates=tuple(expected_certificates(approval)))
        if not approval.matter.is_signed_by_head:
            with steps.person("grant"):
                commands.grant(approval, actor=officer, decision=decision)
            return
        with steps.person("propose"):
            proposal = propose(approval, actor=officer, verdict=DecisionProposal.Verdict.GRANT, decision=decision)
        with steps.person("sign"):
            sign(proposal, actor=self.people.heads[approval.department_id])

    @staticmethod
    def _approval(affair: Affair, matter: str) -> Approval:
        return affair.approvals.current().select_related("department").get(matter_code=matter)

    @staticmethod
    def _papers_are_made(affair: Affair) -> None:
        Document.objects.filter(affair=affair, rendered_at__isnull=True).update(
            file="benchmark.pdf", sha256="0" * 64, rendered_at=timezone.now()
        )
        Job.objects.filter(kind="paper").delete()

    @staticmethod
    def _check(affair: Affair) -> None:
        if (affair.state, affair.outcome) != (Affair.State.CLOSED, Affair.Outcome.GRANTED):
            raise AssertionError(f"affair {affair} ended as {affair.state} {affair.outcome}")
        if breach := verify_chain(affair.chain):
            raise AssertionError(str(breach))
