"""One's own affair from its receipt to the rating."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.access import actor_of, open_to
from portal.accounts.errors import AlreadyHandled, DomainError
from portal.accounts.models import User
from portal.affairs.models import Affair, Approval
from portal.affairs.wording import acceptance_due, lanes, situation, timeline
from portal.deadlines.clock import LITIGATION_MONTHS, RECONSIDERATION_CALENDAR_DAYS, day_in_words
from workflows import commands
from workflows.filing.forms import RatingForm, WithdrawForm
from workflows.filing.overview import SummaryRow
from workflows.filing.steps import resume_url
from workflows.filing.views import kin, own
from workflows.filing.views.messages import conversation

# Of a long thread the affair's page shows the end; all of it has a page of its own.
SHOWN_MESSAGES = 3


@open_to(User.Role.APPLICANT)
@require_safe
def affair(request: HttpRequest, pk: int) -> HttpResponse:
    """What is happening now, what happened, papers and results; a draft is opened where it was left."""
    affair = own(request, pk)
    if affair.state == Affair.State.DRAFT:
        return redirect(resume_url(affair))
    approvals = list(affair.approvals.select_related("department").prefetch_related("certificates"))
    current = [approval for approval in approvals if not approval.superseded]
    today = timezone.localdate()
    papers = list(affair.documents.select_related("approval"))
    return render(
        request,
        "filing/affair.html",
        {
            "affair": affair,
            "thing": affair.one_thing,
            "now": situation(affair, approvals, today=today),
            "today": today,
            "approvals": current,
            "lanes": lanes(approvals, today=today),
            "events": timeline(affair, approvals),
            "papers": papers,
            "certificates": [each for approval in current for each in approval.certificates.all()],
            "refused": [each for each in current if each.state == Approval.State.REFUSED],
            "can_withdraw": _can_withdraw(affair, current),
            "rating": getattr(affair, "rating", None),
            "is_moving": affair.state == Affair.State.ISSUING or any(not paper.is_ready for paper in papers),
            "reconsideration_days": RECONSIDERATION_CALENDAR_DAYS,
            "litigation_months": LITIGATION_MONTHS,
            "reconsideration_channel": settings.RECONSIDERATION_URL,
            **_receipt(affair, today),
            **conversation(request, affair, shown=SHOWN_MESSAGES),
            **kin(request, affair),
        },
    )


@open_to(User.Role.APPLICANT)
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt by itself, for printing."""
    affair = own(request, pk)
    if affair.state == Affair.State.DRAFT:
        return redirect(resume_url(affair))
    context = {"affair": affair, "thing": affair.one_thing, **_receipt(affair, timezone.localdate())}
    return render(request, "filing/receipt.html", context)


def _receipt(affair: Affair, today: date) -> dict[str, Any]:
    """What the receipt says (R10): who, what, when, where to ask, what happens next and by when."""
    due_on = acceptance_due(affair)
    by = f"最迟 {day_in_words(due_on, today.year)}" if due_on else "收到之日起 5 个工作日内"
    rows = [
        SummaryRow("办理的一件事", affair.one_thing.name),
        SummaryRow("申请人", affair.subject_name),
        SummaryRow("提交时间", f"{timezone.localtime(affair.submitted_at):%Y 年 %-m 月 %-d 日 %H:%M}"),
        SummaryRow("接下来", f"综合窗口审查材料，{by}决定是否受理，或者一次告知需要补正的全部内容"),
        SummaryRow("结果送达方式", affair.get_delivery_method_display()),
        SummaryRow("咨询电话", settings.HALL_PHONE),
        SummaryRow("监督投诉电话", settings.COMPLAINT_PHONE),
    ]
    address = f"{settings.SITE_URL}/status/?{urlencode({'number': affair.number or ''})}"
    code = segno.make(address, error="m").svg_data_uri(scale=3, border=1)
    return {"receipt_rows": rows, "qr_src": code, "office": settings.HALL_NAME}


def _can_withdraw(affair: Affair, approvals: list[Approval]) -> bool:
    if affair.state == Affair.State.SUBMITTED:
        return True
    return affair.state == Affair.State.APPROVING and any(approval.is_open for approval in approvals)


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once more, with what it means: decided matters stay decided, the others end."""
    affair = own(request, pk)
    approvals = list(affair.approvals.current().select_related("department"))
    if not _can_withdraw(affair, approvals):
        if request.method == "POST":
            raise AlreadyHandled(f"现在不能撤回：{affair.get_state_display()}。")
        return redirect("filing:affair", pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            commands.withdraw(affair, actor=actor_of(request), reason=form.cleaned_data["reason"])
        except AlreadyHandled:
            raise
        except DomainError as error:
            form.add_error(None, error.say)
        else:
            return redirect("filing:affair", pk)
    return render(
        request,
        "filing/withdraw.html",
        {
            "affair": affair,
            "thing": affair.one_thing,
            "form": form,
            "ending": [approval for approval in approvals if approval.is_open],
            "staying": [
                approval for approval in approvals if approval.state in (Approval.State.GRANTED, Approval.State.REFUSED)
            ],
        },
    )


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """好差评 after delivery, once, and only if the person wants to (R79, R80, R85)."""
    affair = own(request, pk)
    if affair.state != Affair.State.DELIVERED:
        if request.method == "POST":
            raise AlreadyHandled("这件事已经评价过，或者结果还没有送达。")
        return redirect("filing:affair", pk)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            commands.rate(affair, actor=actor_of(request), channel="my", **form.cleaned_data)
        except AlreadyHandled:
            raise
        except DomainError as error:
            form.add_error(None, error.say)
        else:
            return redirect("filing:affair", pk)
    return render(request, "filing/rate.html", {"affair": affair, "thing": affair.one_thing, "form": form})
