"""Two queries without an account: how an affair stands, and whether a paper is genuine."""

from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.access import address_of, open_to_everyone
from portal.affairs.models import Affair
from portal.affairs.wording import lanes, situation, timeline
from portal.deadlines.clock import local_date
from portal.documents.verify import masked_applicant
from portal.documents.verify import verify as verify_paper
from portal.public.forms import StatusForm, VerifyForm
from portal.public.throttle import Throttle, network_of

STATUS_TRIES = Throttle("status")
VERIFY_TRIES = Throttle("verify")
# Compared with when there is no affair, so that the comparison takes place in either case.
_NO_CODE = "--------"


@open_to_everyone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """By number and query code (R97). ``?number=`` fills the form, ``?number=&code=`` of the receipt's QR answers."""
    data = request.POST if request.method == "POST" else request.GET
    asks = request.method == "POST" or "code" in data
    form = StatusForm(data) if asks else StatusForm(initial={"number": data.get("number", "")})
    if asks and form.is_valid():
        number, code = form.cleaned_data["number"], form.cleaned_data["code"]
        keys = (f"address:{network_of(address_of(request))}", f"number:{number}")
        if until := STATUS_TRIES.blocked_until(*keys):
            return _too_many(request, until)
        affair = _affair(number=number, code=code)
        if affair is not None:
            return _private(render(request, "public/situation.html", _situation(affair)))
        STATUS_TRIES.count_wrong(*keys)
        form.add_error(None, _("没有查到这件申请。编号和查询码有一个不对，请对照收件回执再填一次。"))
    return _private(render(request, "public/status.html", {"form": form}))


def _affair(*, number: str, code: str) -> Affair | None:
    """The affair with this number if the code is its own; an unknown number and a wrong code are one answer."""
    affair = Affair.objects.filed().select_related("edition", "applicant", "delivery").filter(number=number).first()
    matches = constant_time_compare(affair.query_code if affair else _NO_CODE, code)
    return affair if matches else None


def _situation(affair: Affair) -> dict[str, Any]:
    """Plain words and pictures without names; what staff wrote freely (reasons) stays in the papers (R45)."""
    today = local_date(timezone.now())
    approvals = list(affair.approvals.select_related("department").order_by("order", "attempt"))
    now = situation(affair, approvals, today=today)
    if affair.state == Affair.State.NOT_ACCEPTED:
        elsewhere = _("请向{authority}申请。").format(authority=affair.competent_authority)
        now = replace(now, detail=_("理由写在不予受理决定书里。") + (elsewhere if affair.competent_authority else ""))
    return {
        "affair": affair,
        "one_thing": affair.one_thing,
        "subject": masked_applicant(affair.subject_name or str(affair.applicant)),
        "situation": now,
        "tone": _tone(affair),
        "events": [
            replace(event, detail="") if event.tone == "danger" else event for event in timeline(affair, approvals)
        ],
        "lanes": lanes(approvals, today=today),
    }


def _tone(affair: Affair) -> str:
    if affair.state == Affair.State.NOT_ACCEPTED or affair.outcome == Affair.Outcome.REFUSED:
        return "warning"
    return "success" if affair.outcome == Affair.Outcome.GRANTED else "info"


def _too_many(request: HttpRequest, until: datetime) -> HttpResponse:
    seconds = max(ceil((until - timezone.now()).total_seconds()), 1)
    response = render(
        request, "public/too_many.html", {"until": until, "minutes": max(ceil(seconds / 60), 1)}, status=429
    )
    response["Retry-After"] = str(seconds)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """No search engine may list the page; never_cache keeps it out of every store."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@open_to_everyone
@never_cache
@require_safe
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a paper is genuine, by the code printed on it; its QR code holds the address with the code."""
    form = VerifyForm({"code": code} if code else request.GET) if code or "code" in request.GET else VerifyForm()
    if form.is_bound and form.is_valid():
        key = f"address:{network_of(address_of(request))}"
        if until := VERIFY_TRIES.blocked_until(key):
            return _too_many(request, until)
        typed = form.cleaned_data["code"]
        paper = verify_paper(typed)
        if paper is not None:
            return _private(render(request, "public/verified.html", {"paper": paper, "code": typed}))
        VERIFY_TRIES.count_wrong(key)
        form.add_error("code", _("没有查到这份文书。请对照核验码再填一次；仍然查不到的，不是本门户签发的文书。"))
    return _private(render(request, "public/verify.html", {"form": form}))
