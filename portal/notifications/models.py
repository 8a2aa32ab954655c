"""What applicants were told, by which channels they want it, and what became of each sending."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.affairs.models import Affair
from portal.notifications.kinds import SMS_CHARACTERS, Group


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> "NoticeQuerySet":
        return self.filter(recipient=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing told to one person; their inbox in the portal is these rows. The texts are kept as they were told."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="收件人", on_delete=models.PROTECT, related_name="notices"
    )
    affair = models.ForeignKey(Affair, verbose_name="办件", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField("种类", max_length=40)
    key = models.CharField("事由", max_length=120, help_text="同一事由只通知一次")
    subject = models.CharField("标题", max_length=300)
    body = models.TextField("正文")
    sms = models.CharField("短信", max_length=SMS_CHARACTERS)
    created_at = models.DateTimeField("通知时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notifications_each_person_is_told_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notifications_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notifications_unread"),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """A choice that a person made; what they did not choose follows the channel's default."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="notice_preferences"
    )
    group = models.CharField("通知类别", max_length=20, choices=Group)
    channel = models.CharField("渠道", max_length=20)
    is_on = models.BooleanField("接收")

    class Meta:
        verbose_name = "接收方式"
        constraints = [
            models.UniqueConstraint(fields=["user", "group", "channel"], name="notifications_one_choice_each"),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()} {self.channel}"


def new_key() -> str:
    return secrets.token_hex(16)


class Dispatch(models.Model):
    """One notice on its way out by one channel. The address is looked up when it is sent and not kept here."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"
        NO_ADDRESS = "no_address", "没有地址"
        UNCERTAIN = "uncertain", "是否送出不明"

    OPEN = (State.WAITING, State.SENDING)

    notice = models.ForeignKey(Notice, verbose_name="通知", on_delete=models.PROTECT, related_name="dispatches")
    channel = models.CharField("渠道", max_length=20)
    key = models.CharField("发送凭证", max_length=32, unique=True, default=new_key)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    # The kind of error only: messages of servers repeat addresses.
    last_error = models.CharField("最近错误", max_length=200, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    class Meta:
        verbose_name = "发送"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notifications_one_dispatch_per_channel"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notifications_sent_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.get_state_display()}"


class MailboxItem(models.Model):
    """What a demonstration would have sent: seen on a page instead of on a telephone."""

    key = models.CharField("发送凭证", max_length=32, unique=True)
    channel = models.CharField("渠道", max_length=20)
    address = models.CharField("地址", max_length=254)
    subject = models.CharField("标题", max_length=300, blank=True)
    text = models.TextField("内容")
    created_at = models.DateTimeField("发送时间", auto_now_add=True)

    class Meta:
        verbose_name = "演示信箱"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject or self.text[:20]
