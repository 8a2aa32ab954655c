"""Supervision reads everything and changes nothing: numbers that open their lists, and each affair with its trail."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import open_to
from portal.accounts.models import User
from portal.accounts.unmasking import show_in_full
from portal.affairs import correspondence, reading, wording
from portal.affairs.due import next_due, worst_card
from portal.affairs.materials import slots
from portal.affairs.models import Affair
from portal.audit.services import verify_chain
from portal.drawing.bars import Bar, Part, bars
from portal.supervision import lists, trail
from portal.supervision.figures import by_department, figures, month_start, outside_entries
from portal.supervision.forms import AffairFilter
from portal.supervision.machine import machine

PER_PAGE = 25
_PARTS = (
    Part("正常", "info"),
    Part("黄牌", "warning", striped=True),
    Part("红牌（超过承诺期限）", "danger", striped=True),
    Part("严重红牌（超过法定期限）", "danger"),
)


@open_to(User.Role.SUPERVISOR, User.Role.ADMINISTRATOR)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Where the office stands today; administrators have a page of their own."""
    if request.user.role == User.Role.ADMINISTRATOR:
        return redirect("supervision:system")
    today = timezone.localdate()
    lines = by_department(today=today)
    drawn = [Bar(line.department.name, (line.green, line.yellow, line.red, line.serious)) for line in lines]
    title = "各部门在办事项和红黄牌"
    context = {
        "figures": figures(today=today),
        "outside": outside_entries(today=today),
        "lines": lines,
        "picture_title": title,
        "picture": mark_safe(bars(drawn, _PARTS, title=title, unit="件")),  # noqa: S308  the drawing escapes its texts
        "machine": machine(),
        "today": today,
    }
    return render(request, "supervision/overview.html", context)


@open_to(User.Role.SUPERVISOR)
@require_GET
def affairs(request: HttpRequest) -> HttpResponse:
    """Every affair that was ever handed in."""
    form = AffairFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    found = lists.matching(
        Affair.objects.filed(),
        text=wanted.get("q", "").strip(),
        one_thing=wanted.get("one_thing", ""),
        department=wanted.get("department", ""),
        state=wanted.get("state", ""),
    )
    if wanted.get("due"):
        found = {"today": lists.due_today, "overdue": lists.overdue}[wanted["due"]](found, today)
    if wanted.get("outside"):
        found = lists.entered_outside_since(found, month_start(today))
    if wanted.get("concluded"):
        found = lists.concluded_since(found, month_start(today))
    ordered = lists.ordered(found, request.GET.get("sort", "")).listed()
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": [lists.row(each, today=today) for each in page]}
    return render(request, "supervision/affairs.html", context)


@open_to(User.Role.SUPERVISOR)
@require_GET
def affair(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one affair, and its trail with proof that nobody changed it."""
    found = _affair(pk)
    plan, today = found.plan, timezone.localdate()
    materials = slots(found, plan)
    approvals = list(
        found.approvals.select_related("department", "reviewed_by", "decided_by", "external_entry").prefetch_related(
            "certificates"
        )
    )
    context = {
        "affair": found,
        "due": next_due(found, today=today),
        "card": worst_card(found, today=today),
        "lanes": wording.lanes(approvals, today=today),
        "approvals": approvals,
        "answers": reading.answers_in_words(found),
        "groups": reading.groups(found, plan),
        "slots": materials,
        "beside": reading.file_beside(materials, request.GET.get("file", "")),
        "documents": found.documents.select_related("approval"),
        "thread": correspondence.thread(found),
        "steps": trail.steps(found),
        "breach": verify_chain(found.chain),
        "show_url": "supervision:show",
        "show_pk": found.pk,
    }
    return render(request, "supervision/affair.html", context)


@open_to(User.Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One masked value in full, on the record (R45); only when asked for by POST."""
    found = _affair(pk)
    if request.method == "GET":
        return redirect("supervision:affair", pk)
    try:
        what, value = reading.in_full(found, key)
    except LookupError:
        raise Http404 from None
    back_url = reverse("supervision:affair", args=[pk])
    return show_in_full(
        request, chain=found.chain, subject=str(found), key=key, what=what, value=value, back_url=back_url
    )


def _affair(pk: int) -> Affair:
    related = Affair.objects.filed().select_related("edition", "applicant", "delivery", "rating")
    return get_object_or_404(related, pk=pk)
