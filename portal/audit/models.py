"""The append-only trail: one hash chain per affair, anchored over all of them (R95, 《优化营商环境条例》第三十六条)."""

from typing import Any

from django.db import models


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, chain: str) -> "EntryQuerySet":
        """The entries of one chain in the order in which they were written."""
        return self.filter(chain=chain).order_by("sequence")


class AppendOnly(models.Model):
    """A row that is written once; the database refuses the rest by trigger as well."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} {self.pk} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} {self.pk} is append-only")


class Entry(AppendOnly):
    """One step of one person (or of the system) on one subject, with what it changed and from where."""

    chain = models.CharField("链", max_length=80)
    sequence = models.PositiveIntegerField("序号")
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("操作人编号", null=True)
    actor_name = models.CharField("操作人", max_length=100)
    actor_role = models.CharField("角色", max_length=20)
    actor_department = models.CharField("部门", max_length=100, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    action = models.CharField("动作", max_length=60)
    say = models.CharField("事由", max_length=200)
    subject = models.CharField("对象", max_length=80)
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)
    reason = models.TextField("理由", blank=True)
    previous_hash = models.CharField("前一哈希", max_length=64, blank=True)
    hash = models.CharField("哈希", max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "留痕"
        ordering = ["chain", "sequence"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_entry_once_per_place")]
        indexes = [models.Index(fields=["at"], name="audit_entry_at")]

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence} {self.say}"


class ChainHead(models.Model):
    """Where a chain ends now: what the next entry continues, and what shows that a last entry was cut off."""

    chain = models.CharField("链", max_length=80, primary_key=True)
    sequence = models.PositiveIntegerField("序号")
    hash = models.CharField("哈希", max_length=64)

    class Meta:
        verbose_name = "链头"

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence}"


class Anchor(AppendOnly):
    """A periodic fingerprint over every chain that grew since the anchor before it."""

    at = models.DateTimeField("时间")
    heads = models.JSONField("链头", help_text="[[chain, sequence, hash], …] in chain order")
    previous_hash = models.CharField("前一哈希", max_length=64, blank=True)
    hash = models.CharField("哈希", max_length=64)

    class Meta:
        verbose_name = "锚点"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.hash[:12]}"
