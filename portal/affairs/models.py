"""What an applicant files and what each department makes of it."""

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from portal.accounts.models import Department, User
from portal.catalogue.models import Edition
from portal.catalogue.plan import Plan, plan
from portal.catalogue.schema import Matter, OneThing

# Letters and digits that cannot be taken for one another when read out over the telephone.
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_query_code() -> str:
    """Eight characters that, with the number, open the public status page (R97)."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(8))


class AffairQuerySet(models.QuerySet["Affair"]):
    def of(self, user: User) -> "AffairQuerySet":
        """The affairs that this person filed or that were filed for them."""
        return self.filter(Q(applicant=user) | Q(filed_by=user)).distinct()

    def filed(self) -> "AffairQuerySet":
        return self.exclude(state=Affair.State.DRAFT)

    def visible_to(self, user: User) -> "AffairQuerySet":
        """What this person may read: their own; a department's officers see affairs with a part of theirs."""
        if user.role == User.Role.APPLICANT:
            return self.of(user)
        if user.role == User.Role.OFFICER:
            parts = Approval.objects.filter(affair=OuterRef("pk"), department=user.department)
            return self.filter(Exists(parts))
        # Administrators run the portal; what people file is none of their business (R45).
        return self.none() if user.role == User.Role.ADMINISTRATOR else self.filed()

    def asking(self, user: User) -> "AffairQuerySet":
        """Affairs about which this officer's department is being asked for an opinion now."""
        asked = OpinionRequest.objects.filter(
            approval__affair=OuterRef("pk"),
            approval__state__in=Approval.OPEN,
            department=user.department_id,
            answered_at__isnull=True,
        )
        return self.filter(Exists(asked)) if user.department_id else self.none()

    def with_people(self) -> "AffairQuerySet":
        """With its people and its edition, whose large content stays in the database."""
        return self.select_related("edition", "applicant", "filed_by").defer("edition__content")

    def listed(self) -> "AffairQuerySet":
        """With everything that a row of a list shows, in a constant number of queries."""
        return self.with_people().prefetch_related("approvals__department")


class Affair(models.Model):
    """One bundle: several matters of several departments, filed once (R47, R52)."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待受理"
        APPROVING = "approving", "部门审批中"
        ISSUING = "issuing", "统一出证中"
        DELIVERING = "delivering", "待送达"
        DELIVERED = "delivered", "已送达，待评价"
        CLOSED = "closed", "已办结归档"
        NOT_ACCEPTED = "not_accepted", "不予受理"
        WITHDRAWN = "withdrawn", "已撤回"

    class Outcome(models.TextChoices):
        GRANTED = "granted", "全部准予"
        PARTLY = "partly", "部分准予"
        REFUSED = "refused", "未获准予"

    class DeliveryMethod(models.TextChoices):
        WINDOW = "window", "窗口领取"
        POST = "post", "邮寄"
        ELECTRONIC = "electronic", "电子送达"

    number = models.CharField("办件编号", max_length=40, unique=True, null=True, blank=True)
    query_code = models.CharField("查询码", max_length=8, default=new_query_code)
    edition = models.ForeignKey(Edition, verbose_name="目录版本", on_delete=models.PROTECT, related_name="affairs")
    one_thing_code = models.CharField("一件事", max_length=60)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申请人", on_delete=models.PROTECT, related_name="affairs"
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填报人", on_delete=models.PROTECT, related_name="filed_affairs"
    )
    copied_from = models.ForeignKey(
        "self", verbose_name="复制自", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    subject_name = models.CharField("申请主体", max_length=200, blank=True)
    answers = models.JSONField("情形", default=dict, blank=True)
    form = models.JSONField("共享表单", default=dict, blank=True)
    version = models.PositiveIntegerField("草稿版次", default=0)
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT)
    outcome = models.CharField("结果", max_length=20, choices=Outcome, blank=True)
    delivery_method = models.CharField("送达方式", max_length=20, choices=DeliveryMethod, blank=True)
    electronic_consent = models.BooleanField("同意电子送达", default=False)
    refusal_reason = models.TextField("不予受理理由", blank=True)
    competent_authority = models.CharField("有权机关", max_length=100, blank=True)
    legal_due_on = models.DateField("法定到期日", null=True, blank=True)
    promised_due_on = models.DateField("承诺到期日", null=True, blank=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    concluded_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_at = models.DateTimeField("归档时间", null=True, blank=True)

    objects = AffairQuerySet.as_manager()

    class Meta:
        verbose_name = "办件"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True) | (~Q(state="draft") & Q(number__isnull=False)),
                name="affairs_number_from_submission_on",
                violation_error_message="提交后的办件必须有编号，草稿没有编号。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "not_accepted", "withdrawn"])
                | Q(accepted_at__isnull=False),
                name="affairs_no_approval_before_acceptance",
                violation_error_message="受理之前不能审批。",
            ),
            models.CheckConstraint(
                condition=~Q(delivery_method="electronic") | Q(electronic_consent=True),
                name="affairs_electronic_delivery_needs_consent",
                violation_error_message="未经同意不得电子送达。",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_accepted") | ~Q(refusal_reason=""),
                name="affairs_refusal_has_a_reason",
                violation_error_message="不予受理必须写明理由。",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "promised_due_on"], name="affairs_by_state_due"),
            models.Index(fields=["applicant", "-id"], name="affairs_by_applicant"),
        ]

    def __str__(self) -> str:
        return self.number or f"草稿 {self.pk}"

    @property
    def chain(self) -> str:
        """The chain of the audit trail that holds every step of this affair."""
        return f"affair:{self.pk}"

    @property
    def one_thing(self) -> OneThing:
        return self.edition.catalogue.one_things[self.one_thing_code]

    @property
    def plan(self) -> Plan:
        """What the answers call for, by the edition under which the affair was filed."""
        return plan(self.edition.catalogue, self.one_thing_code, self.answers)

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.CLOSED, self.State.NOT_ACCEPTED, self.State.WITHDRAWN)

    @property
    def can_be_copied(self) -> bool:
        """Ended, or nothing of it was granted: what follows is a new application."""
        return not self.is_open or (self.outcome == self.Outcome.REFUSED and self.state != self.State.ISSUING)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def current(self) -> "ApprovalQuerySet":
        """The last attempt at each matter."""
        return self.filter(superseded=False)

    def open(self) -> "ApprovalQuerySet":
        return self.filter(state__in=Approval.OPEN)

    def overdue(self, *, on: date) -> "ApprovalQuerySet":
        return self.open().filter(promised_due_on__lt=on)

    def due_first(self) -> "ApprovalQuerySet":
        return self.order_by(F("promised_due_on").asc(nulls_last=True), "pk")


class Approval(models.Model):
    """One department's part of an affair; a new attempt supersedes the one before it and keeps it."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待前置事项"
        REVIEWING = "reviewing", "审查中"
        DECIDING = "deciding", "待决定"
        GRANTED = "granted", "准予"
        REFUSED = "refused", "不予"
        PREREQUISITE_FAILED = "prerequisite_failed", "前置未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    OPEN = (State.WAITING, State.REVIEWING, State.DECIDING)
    FINAL = (State.GRANTED, State.REFUSED, State.PREREQUISITE_FAILED, State.WITHDRAWN)

    affair = models.ForeignKey(Affair, verbose_name="办件", on_delete=models.PROTECT, related_name="approvals")
    matter_code = models.CharField("事项", max_length=60)
    matter_name = models.CharField("事项名称", max_length=200)
    department = models.ForeignKey(Department, verbose_name="部门", on_delete=models.PROTECT, related_name="approvals")
    attempt = models.PositiveSmallIntegerField("第几次办理", default=1)
    superseded = models.BooleanField("已被重新办理取代", default=False)
    order = models.PositiveSmallIntegerField("次序", default=0)
    needs = models.JSONField("前置", default=list, help_text='[{"matter": "qysl", "kind": "start" | "decide"}, …]')
    state = models.CharField("状态", max_length=24, choices=State, default=State.WAITING)
    opened_at = models.DateTimeField("开始审查", null=True, blank=True)
    clock_started_on = models.DateField("计时起算日", null=True, blank=True)
    legal_due_on = models.DateField("法定到期日", null=True, blank=True)
    promised_due_on = models.DateField("承诺到期日", null=True, blank=True)
    due_is_provisional = models.BooleanField("期限暂定", default=False)
    opinion = models.TextField("审查意见", blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审查人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField("审查时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="决定人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    facts = models.TextField("认定的事实", blank=True)
    reason = models.TextField("理由", blank=True)
    legal_basis = models.CharField("法律依据", max_length=300, blank=True)
    standard = models.CharField("技术标准", max_length=300, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = "部门审批"
        ordering = ["affair", "order", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["affair", "matter_code", "attempt"], name="affairs_one_approval_per_attempt"
            ),
            models.UniqueConstraint(
                fields=["affair", "matter_code"],
                condition=Q(superseded=False),
                name="affairs_one_current_approval_per_matter",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="affairs_a_decision_has_its_decider",
                violation_error_message="决定必须有决定人和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(reason="") & ~Q(facts="") & ~Q(legal_basis="")),
                name="affairs_a_refusal_has_its_reasons",
                violation_error_message="不予许可必须写明事实、理由和依据（《行政许可法》第三十八条）。",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "promised_due_on"], name="affairs_approval_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_name}（{self.department}）"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def matter(self) -> Matter:
        """The matter as the affair's edition defines it."""
        return next(matter for matter in self.affair.one_thing.matters if matter.id == self.matter_code)

    @property
    def number(self) -> str:
        """The department's own number within the affair."""
        suffix = f"-{self.attempt}" if self.attempt > 1 else ""
        return f"{self.affair.number}-{self.order + 1:02d}{suffix}"

    @property
    def is_prereview(self) -> bool:
        """Under review although a matter that has to be granted first is not yet (R49)."""
        return self.state in (self.State.REVIEWING, self.State.DECIDING) and self.clock_started_on is None


class Certificate(models.Model):
    """A result that a department issues with a grant: a licence, a certificate per vehicle, a registration."""

    approval = models.ForeignKey(
        Approval, verbose_name="部门审批", on_delete=models.PROTECT, related_name="certificates"
    )
    licence_code = models.CharField("证照类型", max_length=60, blank=True)
    name = models.CharField("证照名称", max_length=200)
    number = models.CharField("证照编号", max_length=80)
    holder = models.CharField("持有人", max_length=200)
    item = models.CharField("所属对象", max_length=100, blank=True, help_text="号牌等，每车一证时填写")
    valid_from = models.DateField("有效期自")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    issued_at = models.DateTimeField("签发时间")

    class Meta:
        verbose_name = "结果证照"
        ordering = ["approval", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="affairs_certificate_number_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="affairs_certificate_ends_after_it_begins",
                violation_error_message="有效期的终止日必须晚于起始日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


def material_path(instance: "MaterialFile", filename: str) -> str:
    """A name that says nothing about its owner and cannot be guessed."""
    return f"materials/{instance.affair_id}/{secrets.token_urlsafe(16)}{instance.extension}"


class MaterialFileQuerySet(models.QuerySet["MaterialFile"]):
    def kept(self) -> "MaterialFileQuerySet":
        return self.filter(removed_at__isnull=True)


class MaterialFile(models.Model):
    """A file that the applicant gave for one material (of one vehicle or driver where it is asked for each)."""

    affair = models.ForeignKey(Affair, verbose_name="办件", on_delete=models.PROTECT, related_name="files")
    material_code = models.CharField("材料", max_length=60)
    item = models.CharField("所属对象", max_length=100, blank=True)
    place = models.PositiveSmallIntegerField("次序", default=0, help_text="同一份材料里的第几个文件")
    replaces = models.ForeignKey(
        "self", verbose_name="替换了", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    taken_from = models.ForeignKey(
        "self", verbose_name="取自以前的办件", null=True, blank=True, on_delete=models.PROTECT, related_name="taken_as"
    )
    file = models.FileField("文件", upload_to=material_path, max_length=200)
    name = models.CharField("原文件名", max_length=200)
    content_type = models.CharField("类型", max_length=60)
    size_bytes = models.PositiveIntegerField("大小")
    sha256 = models.CharField("指纹", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    objects = MaterialFileQuerySet.as_manager()

    class Meta:
        verbose_name = "材料文件"
        ordering = ["material_code", "item", "place", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def extension(self) -> str:
        return {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[self.content_type]


class Delivery(models.Model):
    """How and to whom the results were handed over (送达回证, R116)."""

    affair = models.OneToOneField(Affair, verbose_name="办件", on_delete=models.PROTECT, related_name="delivery")
    method = models.CharField("送达方式", max_length=20, choices=Affair.DeliveryMethod)
    recipient = models.CharField("收件人", max_length=100)
    relation = models.CharField("与申请人关系", max_length=50, default="本人")
    tracking_number = models.CharField("邮件号码", max_length=60, blank=True)
    delivered_at = models.DateTimeField("送达时间")
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="送达人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "送达"
        constraints = [
            models.CheckConstraint(
                condition=~Q(method="post") | ~Q(tracking_number=""),
                name="affairs_posted_results_have_a_number",
                violation_error_message="邮寄送达必须填写邮件号码。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.recipient}"


# The thread of an affair has a module of its own; its models belong to this app.
# Kept apart for length; Django looks for an app's models here.
from portal.affairs.department_models import (  # noqa: E402, F401
    DecisionProposal,
    ExternalEntry,
    OpinionRequest,
    Phrase,
)
from portal.affairs.messages import Message, MessageFile  # noqa: E402, F401
