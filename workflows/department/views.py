"""The departments: queue, review, decision. Each officer sees their own department's part of an affair (R45)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.accounts.unmasking import show_in_full
from portal.affairs import reading, wording
from portal.affairs.due import approval_due, card_of
from portal.affairs.materials import slots
from portal.affairs.models import Approval
from portal.catalogue.schema import confidence
from portal.deadlines.explain import DayLine, explain
from portal.documents.remedies import remedies_of
from portal.documents.wording import words_for
from workflows import commands
from workflows.department import lists
from workflows.department.forms import GrantForm, OpinionForm, QueueFilter, RefusalForm, certificates
from workflows.desk import carry_out, page_of


@open_to(User.Role.OFFICER)
@require_GET
def queue(request: HttpRequest, tab: str) -> HttpResponse:
    """What waits for the department, due first."""
    if tab not in lists.TABS:
        raise Http404
    form = QueueFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "one_thing": ""}
    approvals = lists.matching(lists.tab(tab, request.user), text=wanted["q"].strip(), one_thing=wanted["one_thing"])
    page = page_of(request, lists.listed(lists.ordered(approvals, tab_name=tab, sort=request.GET.get("sort", ""))))
    today = timezone.localdate()
    counted = lists.counts(request.user)
    context = {
        "form": form,
        "page": page,
        "rows": [lists.row(approval, today=today) for approval in page],
        "tab": tab,
        "title": lists.TABS[tab],
        "tabs": [
            {
                "label": label,
                "count": counted[name],
                "href": reverse("department:queue") if name == "review" else reverse("department:tab", args=[name]),
                "current": name == tab,
            }
            for name, label in lists.TABS.items()
        ],
    }
    return render(request, "department/queue.html", context)


@open_to(User.Role.OFFICER)
@require_GET
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One approval: what was filed for it, where the others stand, what is to be done."""
    found = _approval(request, pk)
    return _page(request, found, form=OpinionForm())


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """审查意见; the decision is a step of its own. Who comes back here from signing in is led to the form."""
    found = _approval(request, pk)
    if request.method == "GET":
        return redirect(_url(found))
    form = OpinionForm(request.POST)
    done = form.is_valid() and carry_out(
        request,
        lambda: commands.review(found, actor=actor_of(request), opinion=form.full_text),
        form=form,
        done="审查意见已记录，接下来作出决定。",
        back_url=_url(found),
    )
    return done or _page(request, found, form=form)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """准予 with its certificates."""
    found = _approval(request, pk)
    data = request.POST if request.method == "POST" else None
    form, results = GrantForm(data), certificates(data, found)
    if request.method == "POST":
        done = (form.is_valid() and results.is_valid()) and carry_out(
            request,
            lambda: commands.grant(found, actor=actor_of(request), decision=results.decision()),
            form=form,
            done=f"已准予“{found.matter_name}”，决定书正在制作。",
            back_url=_url(found),
        )
        if done:
            return done
    elif found.state != Approval.State.DECIDING:
        return redirect(_url(found))
    return _act(request, "department/grant.html", found, form, formset=results, pending=lists.pending(found))


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """不予, with the remedies that the paper will name."""
    found = _approval(request, pk)
    form = RefusalForm(request.POST if request.method == "POST" else None, approval=found)
    if request.method == "POST":
        done = form.is_valid() and carry_out(
            request,
            lambda: commands.refuse(found, actor=actor_of(request), decision=form.decision()),
            form=form,
            done=f"“{found.matter_name}”已作出不予决定，决定书正在制作。",
            back_url=_url(found),
        )
        if done:
            return done
    elif found.state != Approval.State.DECIDING:
        return redirect(_url(found))
    remedies = remedies_of(found.department, words_for(found.matter).paper)
    return _act(request, "department/refuse.html", found, form, remedies=remedies)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One masked value in full, on the record (R45); only when asked for by POST."""
    found = _approval(request, pk)
    if request.method == "GET":
        return redirect(_url(found))
    try:
        what, value = reading.in_full(found.affair, key)
    except LookupError:
        raise Http404 from None
    return show_in_full(
        request, chain=found.affair.chain, subject=found.number, key=key, what=what, value=value, back_url=_url(found)
    )


def _approval(request: HttpRequest, pk: int) -> Approval:
    """Only of the reader's own department; to others it does not exist."""
    own = Approval.objects.filter(department=request.user.department_id)
    related = own.select_related("affair__edition", "affair__applicant", "department", "reviewed_by", "decided_by")
    return get_object_or_404(related, pk=pk)


def _url(approval: Approval) -> str:
    return reverse("department:approval", args=[approval.pk])


def _page(request: HttpRequest, approval: Approval, *, form: OpinionForm) -> HttpResponse:
    affair, matter, today = approval.affair, approval.matter, timezone.localdate()
    plan = affair.plan
    materials = [slot for slot in slots(affair, plan) if approval.matter_code in slot.matters]
    everyone = list(affair.approvals.select_related("department"))
    context = {
        "approval": approval,
        "affair": affair,
        "matter": matter,
        "legal_mark": confidence(matter.legal_status),
        "promised_mark": confidence(matter.promised_status),
        "due": approval_due(approval, today=today),
        "card": card_of(approval, today=today),
        "strip": _days(approval),
        "needs": [other for other in everyone if not other.superseded and other.matter_code in _needed(approval)],
        "pending": lists.pending(approval),
        "lanes": wording.lanes(everyone, today=today),
        "answers": reading.answers_in_words(affair),
        "groups": reading.groups(affair, plan),
        "slots": materials,
        "beside": reading.file_beside(materials, request.GET.get("file", "")),
        "documents": affair.documents.filter(approval=approval).select_related("approval"),
        "certificates": approval.certificates.all(),
        "words": words_for(matter),
        "show_url": "department:show",
        "show_pk": approval.pk,
        "form": form,
        "may_review": approval.state == Approval.State.REVIEWING,
        "may_decide": approval.state == Approval.State.DECIDING,
    }
    return render(request, "department/approval.html", context, status=422 if form.errors else 200)


def _needed(approval: Approval) -> set[str]:
    return {need["matter"] for need in approval.needs}


def _days(approval: Approval) -> tuple[DayLine, ...]:
    """The promised limit day by day, for an open approval whose clock runs."""
    limit = approval.matter.promised_wd or approval.matter.legal_wd
    if not approval.is_open or approval.clock_started_on is None or not limit:
        return ()
    return explain(approval.clock_started_on, limit)


def _act(request: HttpRequest, template: str, approval: Approval, form: Any, **more: Any) -> HttpResponse:
    """The page of one step; 422 when what was sent has errors."""
    wrong = form.errors or (more.get("formset") and any(more["formset"].errors))
    context = {
        "approval": approval,
        "affair": approval.affair,
        "words": words_for(approval.matter),
        "form": form,
        "back_url": _url(approval),
        **more,
    }
    return render(request, template, context, status=422 if wrong else 200)
