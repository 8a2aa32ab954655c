"""Whole affairs through the real commands: invented applicants, clerks and officers who decide at random."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from portal.accounts.errors import DomainError, PrerequisitePending
from portal.accounts.models import Actor, Department, User
from portal.affairs.decisions import Decision, expected_certificates
from portal.affairs.models import Affair, Approval, DecisionProposal
from portal.audit.services import verify_chain
from portal.catalogue.models import Edition
from portal.catalogue.plan import plan
from workflows import commands, sampling
from workflows.department_commands import propose, send_back, sign
from workflows.engine import outbox
from workflows.engine.models import Job

SOURCE = "simulate"
# How long a job may take that a worker beside us has taken.
_PATIENCE_SECONDS = 60
Verdict = DecisionProposal.Verdict
# How often a person does something else than saying yes.
_NOT_ACCEPTED, _WITHDRAWN_EARLY, _WITHDRAWN_LATE, _REFUSED, _REOPENED, _UNRATED = 0.04, 0.04, 0.03, 0.08, 0.5, 0.4
_SENT_BACK = 0.15


@dataclass(slots=True)
class Cost:
    """SQL statements and seconds spent in one kind of work."""

    statements: int = 0
    seconds: float = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            self.statements += 1
            return execute(sql, params, many, context)

        begun = time.perf_counter()
        try:
            with connection.execute_wrapper(count):
                yield
        finally:
            self.seconds += time.perf_counter() - begun


@dataclass(slots=True)
class Report:
    """What ``simulate`` prints."""

    one_thing: str
    seed: int
    affairs: int = 0
    failures: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    approvals: Counter[str] = field(default_factory=Counter)
    filing: Cost = field(default_factory=Cost)
    steps: Cost = field(default_factory=Cost)
    papers: Cost = field(default_factory=Cost)
    paper_count: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Filing is the applicant's typing and uploading, papers the rendering; neither belongs to the procedure."""
        each = max(self.affairs, 1)
        return {
            "one_thing": self.one_thing,
            "seed": self.seed,
            "database": connection.vendor,
            "affairs": self.affairs,
            "failures": len(self.failures),
            "failure_details": self.failures,
            "final_states": dict(self.states),
            "outcomes": dict(self.outcomes),
            "approvals": dict(self.approvals),
            "sql_per_affair": round(self.steps.statements / each, 1),
            "milliseconds_per_affair": round(self.steps.seconds / each * 1000, 1),
            "filing": {
                "sql_per_affair": round(self.filing.statements / each, 1),
                "milliseconds_per_affair": round(self.filing.seconds / each * 1000, 1),
            },
            "papers": {
                "count": self.paper_count,
                "milliseconds_each": round(self.papers.seconds / max(self.paper_count, 1) * 1000, 1),
            },
        }


def simulate(one_thing_code: str, *, affairs: int, seed: int = 1) -> Report:
    """Drive ``affairs`` whole affairs of a published one-thing; the report counts what did not go as the rules say."""
    report = Report(one_thing=one_thing_code, seed=seed)
    people = People()
    for index in range(affairs):
        rng = random.Random(f"{seed}/{index}")  # noqa: S311 (it has to repeat itself)
        report.affairs += 1
        try:
            Course(one_thing_code, rng, people, report).run()
        except Exception as error:  # a failed affair is a finding; the others go on
            report.failures.append(f"affair {index} (seed {seed}): {type(error).__name__}: {error}")
    return report


class People:
    """Invented staff and one applicant, made when they are not there."""

    def __init__(self) -> None:
        self.applicant = self._actor("simulate-applicant", name="模拟申请人", role=User.Role.APPLICANT)
        self.clerk = self._actor("simulate-clerk", name="模拟窗口", role=User.Role.CLERK)
        self.officers = {
            department.pk: self._actor(
                f"simulate-{department.code}",
                name=f"模拟经办（{department.name}）",
                role=User.Role.OFFICER,
                department=department,
            )
            for department in Department.objects.all()
        }
        self.heads = {
            department.pk: self._actor(
                f"simulate-{department.code}-head",
                name=f"模拟负责人（{department.name}）",
                role=User.Role.OFFICER,
                department=department,
                is_head=True,
            )
            for department in Department.objects.all()
        }

    @staticmethod
    def _actor(username: str, **fields: Any) -> Actor:
        # Without a usable password nobody can sign in as an invented person.
        user, created = User.objects.get_or_create(username=username, defaults=fields)
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return Actor(user=user, source=SOURCE)


class Course:
    """One affair from the first question to the archive."""

    def __init__(self, one_thing_code: str, rng: random.Random, people: People, report: Report) -> None:
        self.code, self.rng, self.people, self.report = one_thing_code, rng, people, report
        # Other affairs' work is none of ours, done or failed.
        self.jobs = Job.objects.filter(pk__gt=Job.objects.aggregate(last=Max("pk"))["last"] or 0)

    def run(self) -> None:
        affair = self._file()
        with self.report.steps.counted():
            affair = commands.submit(affair, actor=self.people.applicant)
            if self._happens(_WITHDRAWN_EARLY):
                affair = commands.withdraw(affair, actor=self.people.applicant, reason="材料需要重新准备")
            elif self._happens(_NOT_ACCEPTED):
                affair = commands.refuse_acceptance(affair, actor=self.people.clerk, reason="申请材料与所选情形不符")
            else:
                affair = commands.accept(affair, actor=self.people.clerk)
                affair = self._decide_all(affair)
        if affair.state == Affair.State.ISSUING:
            self._work_off()
            affair.refresh_from_db()
        with self.report.steps.counted():
            affair = self._hand_over(affair)
        self._work_off()
        self._check(affair)

    def _happens(self, probability: float) -> bool:
        return self.rng.random() < probability

    def _file(self) -> Affair:
        one_thing = Edition.objects.current().catalogue.one_things[self.code]
        given = sampling.answers(one_thing, self.rng)
        while not plan(Edition.objects.current().catalogue, self.code, given).can_file:
            given = sampling.answers(one_thing, self.rng)
        with self.report.filing.counted():
            draft = commands.start_draft(
                applicant=self.people.applicant.user, one_thing_code=self.code, actor=self.people.applicant
            )
            return sampling.fill(draft, actor=self.people.applicant, rng=self.rng, given=given)

    def _decide_all(self, affair: Affair) -> Affair:
        """Departments press in any order; what may not be decided yet is tried again later."""
        while affair.state == Affair.State.APPROVING:
            workable = list(
                affair.approvals.current()
                .filter(state__in=(Approval.State.REVIEWING, Approval.State.DECIDING))
                .select_related("department")
            )
            if not workable:
                raise AssertionError("no department can go on")
            self.rng.shuffle(workable)
            moved = sum(self._press(approval) for approval in workable)
            if not moved:
                raise AssertionError("every department waits for another one")
            affair.refresh_from_db()
            if affair.state == Affair.State.APPROVING and self._happens(_WITHDRAWN_LATE):
                affair = commands.withdraw(affair, actor=self.people.applicant, reason="不再办理")
        return affair

    def _press(self, approval: Approval) -> bool:
        approval.refresh_from_db()
        if not approval.is_open:  # another press of this round ended it
            return True
        officer = self.people.officers[approval.department_id]
        if approval.state == Approval.State.REVIEWING:
            commands.review(approval, actor=officer, opinion="材料齐全，符合法定条件，拟同意。")
            return True
        # A refusal cannot be issued where the department has not named who hears the appeal (R34).
        if approval.department.remedy_authority and self._happens(_REFUSED):
            decision = Decision(
                reason="不符合法定条件",
                facts="经审查，所报情况与申请不一致",
                legal_basis=approval.matter.basis or "本事项办事指南",
            )
            approval = self._decide(approval, Verdict.REFUSE, decision)
            if approval.affair.state == Affair.State.APPROVING and self._happens(_REOPENED):
                commands.reopen(approval, actor=self.people.clerk, reason="申请人补充了材料")
            return True
        try:
            decision = Decision(certificates=tuple(expected_certificates(approval)))
            self._decide(approval, Verdict.GRANT, decision)
        except PrerequisitePending:
            return False
        return True

    def _decide(self, approval: Approval, verdict: Verdict, decision: Decision) -> Approval:
        """The officer alone, or officer and head where the matter asks for it; now and then a head sends it back."""
        officer, head = self.people.officers[approval.department_id], self.people.heads[approval.department_id]
        if not approval.matter.is_signed_by_head:
            command = commands.grant if verdict == Verdict.GRANT else commands.refuse
            return command(approval, actor=officer, decision=decision)
        proposal = propose(approval, actor=officer, verdict=verdict, decision=decision)
        if self._happens(_SENT_BACK):
            send_back(proposal, actor=head, reason="请核对证照编号和有效期")
            proposal = propose(approval, actor=officer, verdict=verdict, decision=decision)
        return sign(proposal, actor=head)

    def _work_off(self) -> None:
        """Do what the workers would do now, the rendering counted apart; a worker that runs beside us may do some."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while waiting := self.jobs.unfinished().first():
            if sum(self._work(job) for job in self.jobs.due()[:50]):
                continue
            if time.monotonic() > until:
                raise AssertionError(f"job {waiting.key} was not done in time")
            time.sleep(0.05)
        if failed := self.jobs.exclude(last_error="").first():
            raise AssertionError(f"job {failed.key} failed: {failed.last_error}")

    def _work(self, job: Job) -> bool:
        is_paper = job.kind == "paper"
        with (self.report.papers if is_paper else self.report.steps).counted():
            done = outbox.run(job.pk)
        self.report.paper_count += is_paper and done
        return done

    def _hand_over(self, affair: Affair) -> Affair:
        if affair.state == Affair.State.DELIVERING:
            affair = commands.deliver(
                affair,
                actor=self.people.clerk,
                method=affair.delivery_method,
                recipient=affair.subject_name,
                tracking_number="演示邮件号" if affair.delivery_method == Affair.DeliveryMethod.POST else "",
            )
        if affair.state != Affair.State.DELIVERED:
            return affair
        if self._happens(_UNRATED):
            job = Job.objects.get(key=f"close_unrated:{affair.pk}")
            Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
            outbox.run(job.pk)
            affair.refresh_from_db()
            return affair
        level = self.rng.randint(1, 5)
        return commands.rate(
            affair, actor=self.people.applicant, level=level, comment="等候时间太长" if level < 3 else ""
        )

    def _check(self, affair: Affair) -> None:
        """An affair that ended in the wrong place, or whose trail does not hold, is a failure."""
        ended = (Affair.State.CLOSED, Affair.State.NOT_ACCEPTED, Affair.State.WITHDRAWN)
        if affair.state not in ended:
            raise AssertionError(f"affair {affair} ended as {affair.state}")
        if affair.approvals.current().open().exists():
            raise AssertionError(f"affair {affair} ended with an open approval")
        if breach := verify_chain(affair.chain):
            raise DomainError(str(breach))
        self.report.states[affair.state] += 1
        self.report.outcomes[affair.outcome or "none"] += 1
        self.report.approvals.update(affair.approvals.values_list("state", flat=True))
