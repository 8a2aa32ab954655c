"""One class for each thing that an applicant is told: its words in the portal, by mail and by SMS.

A text names no other person, no identity number and no query code; an SMS shows no more of the affair's number than its
end, and fits into one message (SMS_CHARACTERS).
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.affairs.models import Affair, Approval
from portal.affairs.wording import acceptance_due
from portal.deadlines.clock import day_in_words

SMS_CHARACTERS = 70
_SIGNATURE_CHARACTERS = 12
_TAIL = 6


class Group(models.TextChoices):
    """What a person chooses channels for."""

    PROGRESS = "progress", "办理进度"
    NEEDED = "needed", "领取、期限和不予决定"
    MESSAGES = "messages", "窗口留言"


class Kind:
    """One kind of notice about an affair, or about one department's part of it.

    subject, body: for the portal and for mail. short: for SMS, with places for the name and the number's end.
    """

    code: ClassVar[str]
    group: ClassVar[Group]
    subject: str
    body: str
    short: str

    def __init__(self, affair: Affair, approval: Approval | None = None) -> None:
        self.affair, self._approval = affair, approval

    @property
    def approval(self) -> Approval:
        if self._approval is None:
            raise ValueError(f"a notice of kind {self.code!r} needs its approval")
        return self._approval

    @property
    def name(self) -> str:
        """What the notice is about: the one-thing."""
        return self.affair.one_thing.name

    @property
    def sms(self) -> str:
        """The whole SMS with its signature; a long name is cut, so that one message holds everything."""
        signature = settings.SMS_SIGNATURE[:_SIGNATURE_CHARACTERS]
        text = f"【{signature}】{self.short}".replace("{tail}", (self.affair.number or "")[-_TAIL:])
        room = SMS_CHARACTERS - len(text.replace("{name}", ""))
        name = self.name if len(self.name) <= room else self.name[: max(room - 1, 0)] + "…"
        return text.replace("{name}", name)[:SMS_CHARACTERS]


class OfApproval(Kind):
    """About one matter of the affair."""

    @property
    def name(self) -> str:
        return self.approval.matter_name


def _day(day: date) -> str:
    return day_in_words(day, timezone.localdate().year)


def _short_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


class Submitted(Kind):
    code, group = "submitted", Group.PROGRESS

    @property
    def subject(self) -> str:
        return f"“{self.name}”已经提交"

    @property
    def body(self) -> str:
        due = acceptance_due(self.affair)
        by = f"最迟 {_day(due)}" if due else "收到之日起 5 个工作日内"
        return f"综合窗口审查材料，{by}决定是否受理，或者一次告知需要补正的全部内容。受理之前可以撤回申请。"

    @property
    def short(self) -> str:
        due = acceptance_due(self.affair)
        by = f"最迟{_short_day(due)}" if due else "5个工作日内"
        return f"“{{name}}”（尾号{{tail}}）已提交，窗口{by}答复是否受理。"


class Accepted(Kind):
    code, group = "accepted", Group.PROGRESS

    @property
    def subject(self) -> str:
        return f"“{self.name}”已经受理"

    @property
    def body(self) -> str:
        due = self.affair.promised_due_on
        by = f"承诺最迟 {_day(due)}全部作出决定" if due else "办理期限见受理通知书"
        return f"您的申请已同时转给各有关部门，{by}。受理通知书做好后，可以在办件页面下载。"

    @property
    def short(self) -> str:
        due = self.affair.promised_due_on
        by = f"，承诺最迟{_short_day(due)}办结" if due else ""
        return f"“{{name}}”（尾号{{tail}}）已受理{by}。"


class NotAccepted(Kind):
    code, group = "not_accepted", Group.NEEDED
    short = "“{name}”（尾号{tail}）不予受理，理由和救济途径请登录“我的办件”查看。"

    @property
    def subject(self) -> str:
        return f"“{self.name}”不予受理"

    @property
    def body(self) -> str:
        where = f"请向{self.affair.competent_authority}申请。" if self.affair.competent_authority else ""
        return f"综合窗口决定不予受理。{where}理由和救济途径写在不予受理决定书里，请打开办件查看。"


class Granted(OfApproval):
    code, group = "granted", Group.PROGRESS
    short = "“{name}”已准予（尾号{tail}），全部事项办完后统一送达。"

    @property
    def subject(self) -> str:
        return f"准予：{self.name}"

    @property
    def body(self) -> str:
        return (
            f"{self.approval.department}准予“{self.name}”。结果现在就可以在办件页面查看；"
            "全部事项办完后，由综合窗口统一送达。"
        )


class Refused(OfApproval):
    code, group = "refused", Group.NEEDED
    short = "“{name}”未获准予（尾号{tail}），理由、依据和救济途径请登录“我的办件”查看。"

    @property
    def subject(self) -> str:
        return f"不予：{self.name}"

    @property
    def body(self) -> str:
        return (
            f"{self.approval.department}决定不予“{self.name}”。认定的事实、理由、依据，以及申请行政复议、提起行政诉讼的"
            "途径和期限写在决定书里，请打开办件查看。以它为前置的事项不再办理。"
        )


class Reopened(OfApproval):
    code, group = "reopened", Group.PROGRESS
    short = "“{name}”重新办理（尾号{tail}），进度请登录“我的办件”查看。"

    @property
    def subject(self) -> str:
        return f"重新办理：{self.name}"

    @property
    def body(self) -> str:
        return f"综合窗口已将“{self.name}”重新转给{self.approval.department}办理，以前的决定留存备查。"


class Withdrawn(Kind):
    code, group = "withdrawn", Group.PROGRESS
    short = "“{name}”（尾号{tail}）已撤回。不是您或您委托的人撤回的，请尽快联系窗口。"

    @property
    def subject(self) -> str:
        return f"“{self.name}”已经撤回"

    @property
    def body(self) -> str:
        return (
            "还没有作出决定的事项不再办理，已经作出的决定不变。"
            f"不是您或您委托的人撤回的，请尽快联系窗口：{settings.HALL_PHONE}。"
        )


class ReadyToCollect(Kind):
    code, group = "ready_to_collect", Group.NEEDED
    short = "“{name}”（尾号{tail}）已办结，请带有效证件到综合窗口领取结果。"

    @property
    def subject(self) -> str:
        return f"“{self.name}”的结果可以领取了"

    @property
    def body(self) -> str:
        return (
            f"请带有效证件到{settings.HALL_NAME}（{settings.HALL_ADDRESS}）领取；委托他人领取的，请带委托书和双方证件。"
            f"咨询电话：{settings.HALL_PHONE}。"
        )


class ReadyToPost(Kind):
    code, group = "ready_to_post", Group.PROGRESS
    short = "“{name}”（尾号{tail}）已办结，结果即将按您填写的地址寄出。"

    @property
    def subject(self) -> str:
        return f"“{self.name}”已经办结"

    @property
    def body(self) -> str:
        return "全部决定已经作出，窗口将按您填写的地址邮寄结果，寄出后再告诉您邮件号码。"


class Posted(Kind):
    code, group = "posted", Group.NEEDED
    short = "“{name}”（尾号{tail}）的结果已寄出，邮件号码请登录“我的办件”查看。"

    @property
    def subject(self) -> str:
        return f"“{self.name}”的结果已经寄出"

    @property
    def body(self) -> str:
        return (
            f"邮件号码 {self.affair.delivery.tracking_number}，凭此可以查询邮件。"
            f"长时间没有收到的，请联系窗口：{settings.HALL_PHONE}。"
        )


class Served(Kind):
    code, group = "served", Group.NEEDED
    short = "“{name}”（尾号{tail}）的结果已电子送达，请登录“我的办件”下载。"

    @property
    def subject(self) -> str:
        return f"“{self.name}”的结果已经电子送达"

    @property
    def body(self) -> str:
        return "决定书和证照已按您同意的方式电子送达，请打开办件下载。申请行政复议和提起诉讼的期限自送达之日起算。"


class HandedOver(Kind):
    code, group = "handed_over", Group.PROGRESS
    short = "“{name}”（尾号{tail}）的结果已在窗口领取。不是您或您委托的人领取的，请联系窗口。"

    @property
    def subject(self) -> str:
        return f"“{self.name}”的结果已经领取"

    @property
    def body(self) -> str:
        return f"结果已在综合窗口领取。不是您或您委托的人领取的，请立即联系窗口：{settings.HALL_PHONE}。"


class ToBeRated(Kind):
    code, group = "to_be_rated", Group.PROGRESS
    short = "“{name}”（尾号{tail}）已送达，欢迎登录“我的办件”评价这次服务。"

    @property
    def subject(self) -> str:
        return f"请评价“{self.name}”的办理"

    @property
    def body(self) -> str:
        return "结果已经送达。您可以自愿评价这次服务，不评价的不会计为满意。"


class MessageFromWindow(Kind):
    code, group = "message_from_window", Group.MESSAGES
    short = "窗口就“{name}”（尾号{tail}）给您留了言，请登录“我的办件”查看。"

    @property
    def subject(self) -> str:
        return f"窗口就“{self.name}”给您留了言"

    @property
    def body(self) -> str:
        return "留言和附件在办件页面的“问窗口”里，可以在那里直接回复。"


KINDS: tuple[type[Kind], ...] = (
    Submitted, Accepted, NotAccepted, Granted, Refused, Reopened, Withdrawn, ReadyToCollect, ReadyToPost, Posted,
    Served, HandedOver, ToBeRated, MessageFromWindow,
)  # fmt: skip
