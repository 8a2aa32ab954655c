"""The demonstration's letter box: what would go out as SMS or mail is kept and shown instead."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal.accounts.models import User
from portal.notifications.channels import SmsGateway
from portal.notifications.models import Dispatch, MailboxItem, new_key


def items_of(user: User) -> "list[MailboxItem]":
    """The last fifty sendings to this person."""
    keys = Dispatch.objects.filter(notice__recipient=user).values("key")
    return list(MailboxItem.objects.filter(key__in=keys)[:50])


def _require_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise ImproperlyConfigured("the demonstration's letter box sends nothing: set SMS_GATEWAY and EMAIL_URL")


class DemonstrationGateway(SmsGateway):
    def send(self, *, mobile: str, text: str, key: str) -> None:
        _require_demonstration()
        MailboxItem.objects.get_or_create(key=key, defaults={"channel": "sms", "address": mobile, "text": text})


class MailboxBackend(BaseEmailBackend):
    """A Django mail backend; the key is in the Message-ID that our own mails carry."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        _require_demonstration()
        for message in email_messages:
            key = message.extra_headers.get("Message-ID", "").strip("<>").split("@")[0] or new_key()
            MailboxItem.objects.get_or_create(
                key=key,
                defaults={
                    "channel": "mail",
                    "address": "、".join(message.to),
                    "subject": message.subject,
                    "text": message.body,
                },
            )
        return len(email_messages)
