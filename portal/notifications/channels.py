"""Ways out of the portal. Another one is a class like these, named in settings.NOTICE_CHANNELS."""

import re
import smtplib
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string

from portal.accounts.models import User
from portal.notifications.kinds import Group
from portal.notifications.models import Notice

_MOBILE = re.compile(r"1[3-9]\d{9}")


class NotSent(Exception):
    """Certainly not sent; to be tried again."""


class Rejected(Exception):
    """Not sent, and never will be to this address."""


class Channel(ABC):
    """One way out. knows_keys: the other end drops what it has had under the same key, so repeating is harmless.

    default_on: the groups sent by this channel to somebody who has chosen nothing.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    knows_keys: ClassVar[bool]
    default_on: ClassVar[frozenset[Group]]

    @property
    def is_available(self) -> bool:
        """Whether this installation can send by it at all."""
        return True

    @abstractmethod
    def address_of(self, user: User) -> str:
        """Where this person is reached, "" where they are not."""

    @abstractmethod
    def send(self, notice: Notice, *, address: str, key: str) -> None:
        """Send, or raise NotSent or Rejected. After any other error nobody knows whether it was sent."""


class Mail(Channel):
    """By Django's mail backend. A mail server takes the same mail twice, so an uncertain one is not repeated."""

    code, label, knows_keys = "mail", "电子邮件", False
    default_on = frozenset(Group)

    def address_of(self, user: User) -> str:
        return user.email

    def send(self, notice: Notice, *, address: str, key: str) -> None:
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent from error
        headers = {
            "Message-ID": f"<{key}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        }
        message = EmailMessage(notice.subject, mail_text(notice), to=[address], headers=headers, connection=connection)
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            permanent = all(code >= 500 for code, _say in refused.recipients.values())
            raise (Rejected if permanent else NotSent) from refused
        except smtplib.SMTPResponseException as refused:
            raise NotSent from refused
        finally:
            connection.close()


def mail_text(notice: Notice) -> str:
    """The body, the affair by the two ends of its number, and the way to it, which asks for sign-in."""
    number = notice.affair.number or ""
    return "\n".join(
        (
            notice.body,
            "",
            f"办件编号：{number[:6]}****{number[-6:]}",
            f"查看办件：{settings.SITE_URL}/my/{notice.affair_id}/",
            "",
            f"{settings.HALL_NAME}　{settings.HALL_PHONE}",
            "这封邮件由系统发出，请不要直接回复。不想再收到的，请在“我的办件—消息—接收方式”里关闭。",
        )
    )


class SmsGateway(ABC):
    """An operator's gateway, chosen by settings.SMS_GATEWAY."""

    @abstractmethod
    def send(self, *, mobile: str, text: str, key: str) -> None:
        """Hand over one SMS of at most 70 characters, signature included.

        The same key again must not send again: pass it on as the operator's own message number. Raises NotSent or
        Rejected.
        """


class Sms(Channel):
    """By the installation's gateway."""

    code, label, knows_keys = "sms", "短信", True
    default_on = frozenset({Group.NEEDED})

    @property
    def is_available(self) -> bool:
        return bool(settings.SMS_GATEWAY)

    def address_of(self, user: User) -> str:
        return user.mobile if _MOBILE.fullmatch(user.mobile) else ""

    def send(self, notice: Notice, *, address: str, key: str) -> None:
        gateway: SmsGateway = import_string(settings.SMS_GATEWAY)()
        gateway.send(mobile=address, text=notice.sms, key=key)


@lru_cache
def _load(paths: tuple[str, ...]) -> dict[str, Channel]:
    return {channel.code: channel for channel in (import_string(path)() for path in paths)}


def available() -> dict[str, Channel]:
    """The channels of this installation by their code."""
    channels = _load(tuple(settings.NOTICE_CHANNELS))
    return {code: channel for code, channel in channels.items() if channel.is_available}
