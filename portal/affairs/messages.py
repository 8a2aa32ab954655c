"""What applicant and window write to each other about an affair. Registered through portal.affairs.models."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class Message(models.Model):
    """One message of the thread of an affair. A message of the applicant waits until the window has answered."""

    affair = models.ForeignKey("affairs.Affair", verbose_name="办件", on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="留言人", on_delete=models.PROTECT, related_name="+"
    )
    is_from_window = models.BooleanField("窗口所写")
    text = models.TextField("内容")
    key = models.CharField("发送凭证", max_length=32, unique=True, help_text="同一页面重复提交只留一条")
    created_at = models.DateTimeField("留言时间")
    read_at = models.DateTimeField("对方阅读时间", null=True, blank=True)
    answered_at = models.DateTimeField("窗口答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "留言"
        ordering = ["affair", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="affairs_a_message_says_something",
                violation_error_message="留言不能为空。",
            ),
            models.CheckConstraint(
                condition=Q(is_from_window=False) | Q(answered_at__isnull=True),
                name="affairs_the_window_waits_for_no_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(is_from_window=False, answered_at__isnull=True),
                name="affairs_messages_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{'窗口' if self.is_from_window else '申请人'}留言 {self.pk}"


def message_file_path(instance: "MessageFile", filename: str) -> str:
    """A name that says nothing about its owner and cannot be guessed."""
    return f"messages/{instance.message.affair_id}/{secrets.token_urlsafe(16)}{instance.extension}"


class MessageFile(models.Model):
    """A file that came with a message, looked into like every upload."""

    message = models.ForeignKey(Message, verbose_name="留言", on_delete=models.PROTECT, related_name="files")
    file = models.FileField("文件", upload_to=message_file_path, max_length=200)
    name = models.CharField("原文件名", max_length=200)
    content_type = models.CharField("类型", max_length=60)
    size_bytes = models.PositiveIntegerField("大小")
    sha256 = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "留言附件"
        ordering = ["message", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]
