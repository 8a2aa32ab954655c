"""Published editions of the catalogue; the database refuses to change them."""

from functools import lru_cache

from django.db import models

from portal.catalogue.schema import Catalogue, from_raw


@lru_cache(maxsize=64)
def _catalogue(edition_pk: int, digest: str) -> Catalogue:
    """digest is part of the key so that a reused key in another database never meets a stale catalogue."""
    return from_raw(Edition.objects.values_list("content", flat=True).get(pk=edition_pk, digest=digest))


class EditionQuerySet(models.QuerySet["Edition"]):
    def current(self) -> "Edition":
        """The edition published last. Raises Edition.DoesNotExist when none is."""
        edition = self.order_by("-published_at", "-pk").first()
        if edition is None:
            raise Edition.DoesNotExist("还没有发布过目录版本，请先运行 manage.py publish_edition 目录路径。")
        return edition


class EditionManager(models.Manager.from_queryset(EditionQuerySet)):  # type: ignore[misc]
    """Leaves the large content in the database: `Edition.catalogue` keeps the parsed form in memory."""

    def get_queryset(self) -> EditionQuerySet:
        return super().get_queryset().defer("content")


class Edition(models.Model):
    """One immutable edition (目录版本). An affair is judged by the edition under which it was filed."""

    code = models.CharField("版本号", max_length=60, unique=True)
    jurisdiction_code = models.CharField("行政区划代码", max_length=12)
    jurisdiction_name = models.CharField("行政区划名称", max_length=100)
    content = models.JSONField("目录内容")
    digest = models.CharField("内容摘要", max_length=64, unique=True, help_text="规范化 JSON 的 SHA-256")
    published_at = models.DateTimeField("发布时间")
    published_by = models.CharField("发布人", max_length=100, blank=True)

    objects = EditionManager()

    class Meta:
        verbose_name = "目录版本"
        base_manager_name = "objects"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.jurisdiction_name} {self.code}"

    @property
    def catalogue(self) -> Catalogue:
        """The parsed edition, shared by all who ask for it in this process."""
        return _catalogue(self.pk, self.digest)
