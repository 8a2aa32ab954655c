"""What a department keeps beside its decision: proposals to its head, opinions asked for, outside entries, phrases."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Department


def _by(label: str, **kwargs: object) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=label, on_delete=models.PROTECT, related_name="+", **kwargs
    )


class DecisionProposal(models.Model):
    """拟办意见: the whole decision as an officer proposes it; a head signs it as it stands or sends it back.

    A changed proposal is a new row that replaces the one before, so that a head never signs what they did not read.
    """

    class Verdict(models.TextChoices):
        GRANT = "grant", "拟准予"
        REFUSE = "refuse", "拟不予"

    class State(models.TextChoices):
        OPEN = "open", "待签发"
        SIGNED = "signed", "已签发"
        RETURNED = "returned", "已退回"
        REPLACED = "replaced", "已被修改取代"

    approval = models.ForeignKey(
        "affairs.Approval", verbose_name="部门审批", on_delete=models.PROTECT, related_name="proposals"
    )
    verdict = models.CharField("拟办结果", max_length=10, choices=Verdict)
    content = models.JSONField("内容", help_text="facts、reason、legal_basis、standard 和 certificates")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    proposed_by = _by("拟办人")
    proposed_at = models.DateTimeField("拟办时间")
    answered_by = _by("签发人", null=True, blank=True)
    answered_at = models.DateTimeField("签发时间", null=True, blank=True)
    return_reason = models.TextField("退回理由", blank=True)

    class Meta:
        verbose_name = "拟办意见"
        ordering = ["approval", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["approval"], condition=Q(state="open"), name="affairs_one_open_proposal_per_approval"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "returned"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="affairs_an_answered_proposal_has_its_head",
                violation_error_message="签发或者退回必须有负责人和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | ~Q(answered_by=F("proposed_by")),
                name="affairs_nobody_signs_their_own_proposal",
                violation_error_message="不能签发自己提出的拟办意见。",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="affairs_a_returned_proposal_has_a_reason",
                violation_error_message="退回必须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}（{self.get_state_display()}）"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_returned(self) -> bool:
        return self.state == self.State.RETURNED


class OpinionRequest(models.Model):
    """征求意见: a question to another department or to a named expert. The clock of the approval goes on (R18)."""

    approval = models.ForeignKey(
        "affairs.Approval", verbose_name="部门审批", on_delete=models.PROTECT, related_name="opinion_requests"
    )
    department = models.ForeignKey(
        Department,
        verbose_name="被征求部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="opinion_requests",
    )
    expert = models.CharField("专家", max_length=100, blank=True)
    expert_contact = models.CharField("专家联系方式", max_length=100, blank=True)
    question = models.TextField("征求什么意见")
    due_on = models.DateField("答复期限")
    asked_by = _by("征求人")
    asked_at = models.DateTimeField("征求时间")
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_by = _by("答复人或者记录人", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "征求意见"
        ordering = ["approval", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, expert="") | (Q(department__isnull=True) & ~Q(expert="")),
                name="affairs_an_opinion_is_asked_of_one",
                violation_error_message="请选择一个部门，或者写明一位专家。",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="affairs_an_answer_has_its_author",
                violation_error_message="答复必须有内容、答复人和时间。",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "due_on"], condition=Q(answered_at=None), name="affairs_opinions_open")
        ]

    def __str__(self) -> str:
        return f"征求{self.asked}意见"

    @property
    def asked(self) -> str:
        """Who is asked, in words."""
        return str(self.department) if self.department_id else f"专家{self.expert}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def is_open(self) -> bool:
        """Not answered, and the approval is not decided: afterwards nobody may look or answer any more."""
        return not self.is_answered and self.approval.is_open


class ExternalEntry(models.Model):
    """二次录入: the same matter entered once more in the department's own system, made visible (rules, §G 2)."""

    approval = models.OneToOneField(
        "affairs.Approval", verbose_name="部门审批", on_delete=models.PROTECT, related_name="external_entry"
    )
    number = models.CharField("本部门系统编号", max_length=80)
    entered_at = models.DateTimeField("录入时间")
    recorded_by = _by("登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "本部门系统录入"
        ordering = ["approval"]

    def __str__(self) -> str:
        return self.number


class Phrase(models.Model):
    """A sentence that the officers of one department keep for their opinions or refusals."""

    class Use(models.TextChoices):
        OPINION = "opinion", "审查意见"
        REFUSAL = "refusal", "不予的理由"

    department = models.ForeignKey(Department, verbose_name="部门", on_delete=models.PROTECT, related_name="phrases")
    use = models.CharField("用于", max_length=10, choices=Use)
    text = models.CharField("常用语", max_length=500)
    changed_by = _by("最后修改人")

    class Meta:
        verbose_name = "常用语"
        ordering = ["department", "use", "pk"]
        constraints = [models.UniqueConstraint(fields=["department", "use", "text"], name="affairs_a_phrase_once")]

    def __str__(self) -> str:
        return self.text
