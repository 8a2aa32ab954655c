"""Statutory papers: their contents are frozen when they are issued, their PDF is a rendition of that."""

import secrets

from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.affairs.models import Affair, Approval
from portal.documents.wording import LICENCE


def new_verify_code() -> str:
    """Sixteen characters that open the public verification page of one paper."""
    return secrets.token_hex(8).upper()


def document_path(instance: "Document", filename: str) -> str:
    """Named by content: the same paper made twice, by a killed worker and its successor, is the same file."""
    return f"documents/{instance.affair_id}/{instance.kind}-{instance.pk}-{instance.sha256[:16]}.pdf"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Papers of the affairs that this person may read; officers see no other department's decision."""
        papers = self.filter(affair__in=Affair.objects.visible_to(user))
        if user.role == User.Role.OFFICER:
            papers = papers.filter(Q(approval__isnull=True) | Q(approval__department=user.department))
        return papers

    def licences_granted(self) -> "DocumentQuerySet":
        """Grants of 行政许可, which only bear this title; anybody may inspect them (R24, 《行政许可法》第四十条)."""
        return self.filter(kind=Document.Kind.GRANT, title=LICENCE.grant_title)


class Document(models.Model):
    """One paper of one affair. Contents are validated before the row exists (R101, R103, R109, R110, R117)."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "收件回执"
        ACCEPTANCE = "acceptance", "受理通知书"
        NON_ACCEPTANCE = "non_acceptance", "不予受理决定书"
        GRANT = "grant", "准予行政许可决定书"
        REFUSAL = "refusal", "不予行政许可决定书"
        CONCLUSION = "conclusion", "办件回执"

    affair = models.ForeignKey(Affair, verbose_name="办件", on_delete=models.PROTECT, related_name="documents")
    approval = models.ForeignKey(
        Approval, verbose_name="部门审批", null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField("文书种类", max_length=20, choices=Kind)
    title = models.CharField("标题", max_length=100)
    number = models.CharField("文号", max_length=60, unique=True)
    verify_code = models.CharField("核验码", max_length=16, unique=True, default=new_verify_code)
    contents = models.JSONField("内容")
    issued_at = models.DateTimeField("签发时间")
    file = models.FileField("PDF", upload_to=document_path, max_length=200, blank=True)
    sha256 = models.CharField("PDF 指纹", max_length=64, blank=True)
    rendered_at = models.DateTimeField("制作时间", null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "文书"
        ordering = ["affair", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["affair", "kind"], condition=Q(approval__isnull=True), name="documents_one_of_a_kind_per_affair"
            ),
            models.UniqueConstraint(
                fields=["approval", "kind"],
                condition=Q(approval__isnull=False),
                name="documents_one_of_a_kind_per_approval",
            ),
            models.CheckConstraint(
                condition=Q(rendered_at__isnull=True, file="")
                | (Q(rendered_at__isnull=False) & ~Q(file="") & ~Q(sha256="")),
                name="documents_a_rendered_paper_has_its_file",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "title", "-issued_at"], name="documents_published"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def is_ready(self) -> bool:
        return self.rendered_at is not None
