"""The window: queue, review, acceptance, delivery."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.accounts.unmasking import show_in_full
from portal.affairs import correspondence, reading, wording
from portal.affairs.due import next_due
from portal.affairs.materials import slots
from portal.affairs.models import Affair, Approval
from workflows import commands
from workflows.desk import carry_out, page_of
from workflows.window import lists
from workflows.window.forms import AcceptanceForm, DeliveryForm, QueueFilter, RefusalForm, ReopeningForm

FAILED = (Approval.State.REFUSED, Approval.State.PREREQUISITE_FAILED, Approval.State.WITHDRAWN)


@open_to(User.Role.CLERK)
@require_GET
def queue(request: HttpRequest, tab: str) -> HttpResponse:
    """What waits at the window, due first."""
    if tab not in lists.TABS:
        raise Http404
    form = QueueFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "one_thing": ""}
    affairs = lists.matching(lists.tab(tab, request.user), text=wanted["q"].strip(), one_thing=wanted["one_thing"])
    page = page_of(request, lists.ordered(affairs, tab_name=tab, sort=request.GET.get("sort", "")).listed())
    today = timezone.localdate()
    context = {
        "form": form,
        "page": page,
        "rows": [lists.row(affair, today=today) for affair in page],
        "tab": tab,
        "title": lists.TABS[tab],
        "tabs": tabs(request.user, tab),
    }
    return render(request, "window/queue.html", context)


def tabs(user: User, current: str) -> list[dict[str, Any]]:
    """The window's lists with how much each holds; “messages” is a page of its own."""
    counted = lists.counts(user)
    return [
        *(
            {
                "label": label,
                "count": counted[name],
                "href": reverse("window:queue") if name == "acceptance" else reverse("window:tab", args=[name]),
                "current": name == current,
            }
            for name, label in lists.TABS.items()
        ),
        {
            "label": "留言",
            "count": correspondence.waiting().count(),
            "href": reverse("window:messages"),
            "current": current == "messages",
        },
    ]


@open_to(User.Role.CLERK)
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One affair as the window sees it, from receipt to archive."""
    affair = _affair(pk)
    plan, today = affair.plan, timezone.localdate()
    materials = slots(affair, plan)
    approvals = list(affair.approvals.select_related("department"))
    context = {
        "affair": affair,
        "plan": plan,
        "plan_rows": reading.plan_in_words(plan),
        "answers": reading.answers_in_words(affair),
        "groups": reading.groups(affair, plan),
        "slots": materials,
        "beside": reading.file_beside(materials, request.GET.get("file", "")),
        "due": next_due(affair, today=today),
        "lanes": wording.lanes(approvals, today=today),
        "failed": [each for each in approvals if each.state in FAILED and not each.superseded],
        "approvals": approvals,
        "documents": affair.documents.select_related("approval__department"),
        "thread": correspondence.thread(affair),
        "show_url": "window:show",
        "show_pk": affair.pk,
        **_may(affair),
    }
    return render(request, "window/review.html", context)


@open_to(User.Role.CLERK)
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """受理, after a look at what it sets going."""
    affair = _affair(pk)
    form = AcceptanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = form.is_valid() and carry_out(
            request,
            lambda: commands.accept(affair, actor=actor_of(request)),
            form=form,
            done=f"已受理 {affair.number}，同时转给各部门；受理通知书正在制作。",
            back_url=_review_url(affair),
        )
        if done:
            return done
    elif affair.state != Affair.State.SUBMITTED:
        return redirect(_review_url(affair))
    return _act(request, "window/accept.html", affair, form, plan_rows=reading.plan_in_words(affair.plan))


@open_to(User.Role.CLERK)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """不予受理, in writing."""
    affair = _affair(pk)
    form = RefusalForm(request.POST if request.method == "POST" else None, affair=affair)
    if request.method == "POST":
        done = form.is_valid() and carry_out(
            request,
            lambda: commands.refuse_acceptance(
                affair,
                actor=actor_of(request),
                reason=form.full_text,
                competent_authority=form.cleaned_data["competent_authority"],
            ),
            form=form,
            done=f"{affair.number} 已不予受理；不予受理决定书正在制作。",
            back_url=_review_url(affair),
        )
        if done:
            return done
    elif affair.state != Affair.State.SUBMITTED:
        return redirect(_review_url(affair))
    return _act(request, "window/refuse.html", affair, form)


@open_to(User.Role.CLERK)
@require_http_methods(["GET", "POST"])
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """送达: the papers and certificates leave by the one exit."""
    affair = _affair(pk)
    form = DeliveryForm(request.POST if request.method == "POST" else None, affair=affair)
    if request.method == "POST":
        done = form.is_valid() and carry_out(
            request,
            lambda: commands.deliver(affair, actor=actor_of(request), **form.cleaned_data),
            form=form,
            done=f"{affair.number} 的结果已送达，申请人现在可以评价。",
            back_url=_review_url(affair),
        )
        if done:
            return done
    elif affair.state != Affair.State.DELIVERING:
        return redirect(_review_url(affair))
    documents = list(affair.documents.select_related("approval__department"))
    waiting = sum(not document.is_ready for document in documents)
    return _act(request, "window/deliver.html", affair, form, documents=documents, waiting=waiting)


@open_to(User.Role.CLERK)
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int, approval_pk: int) -> HttpResponse:
    """重新办理 of a matter that failed, while others are still being decided."""
    affair = _affair(pk)
    approval = get_object_or_404(affair.approvals.current().select_related("department"), pk=approval_pk)
    form = ReopeningForm(request.POST if request.method == "POST" else None, approval=approval)
    if request.method == "POST":
        done = form.is_valid() and carry_out(
            request,
            lambda: commands.reopen(approval, actor=actor_of(request), reason=form.full_text),
            form=form,
            done=f"“{approval.matter_name}”已重新转给{approval.department}。",
            back_url=_review_url(affair),
        )
        if done:
            return done
    elif affair.state != Affair.State.APPROVING or approval.state not in FAILED:
        return redirect(_review_url(affair))
    return _act(request, "window/reopen.html", affair, form, approval=approval)


@open_to(User.Role.CLERK)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One masked value in full, on the record (R45); only when asked for by POST."""
    affair = _affair(pk)
    if request.method == "GET":
        return redirect(_review_url(affair))
    try:
        what, value = reading.in_full(affair, key)
    except LookupError:
        raise Http404 from None
    return show_in_full(
        request, chain=affair.chain, subject=str(affair), key=key, what=what, value=value, back_url=_review_url(affair)
    )


def _affair(pk: int) -> Affair:
    return get_object_or_404(Affair.objects.filed().select_related("edition", "applicant", "delivery"), pk=pk)


def _review_url(affair: Affair) -> str:
    return reverse("window:review", args=[affair.pk])


def _may(affair: Affair) -> dict[str, bool]:
    """Which buttons the decision bar has."""
    return {
        "may_accept": affair.state == Affair.State.SUBMITTED,
        "may_deliver": affair.state == Affair.State.DELIVERING,
        "may_reopen": affair.state == Affair.State.APPROVING,
    }


def _act(request: HttpRequest, template: str, affair: Affair, form: Any, **more: Any) -> HttpResponse:
    """The page of one step; 422 when what was sent has errors."""
    context = {"affair": affair, "form": form, "back_url": _review_url(affair), **more}
    return render(request, template, context, status=422 if form.errors else 200)
