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
from portal.affairs.decisions import Decision
from portal.affairs.due import approval_due, card_of
from portal.affairs.materials import slots
from portal.affairs.models import Approval, DecisionProposal
from portal.affairs.proposals import decision_of, must_propose
from portal.catalogue.schema import confidence
from portal.deadlines.explain import DayLine, explain
from portal.documents.remedies import remedies_of
from portal.documents.wording import words_for
from workflows import commands, department_commands
from workflows.department import lists
from workflows.department.forms import (
    GrantForm,
    OpinionForm,
    QueueFilter,
    RefusalForm,
    SendBackForm,
    SignForm,
    certificates,
)
from workflows.desk import carry_out, page_of

Verdict = DecisionProposal.Verdict
_PROPOSED = "拟办意见已报负责人签发。签发之前可以修改，修改后的取代原来的。"


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
    context = {
        "form": form,
        "page": page,
        "rows": [lists.row(approval, today=today) for approval in page],
        "tab": tab,
        "title": lists.TABS[tab],
        "tabs": tabs(request, tab),
        "together": tab in lists.TOGETHER,
    }
    return render(request, "department/queue.html", context)


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The department's lists with their counts; questions of other departments stand behind the sign-off."""
    counted = lists.counts(request.user)
    shown = [
        {
            "label": label,
            "count": counted[name],
            "href": reverse("department:queue") if name == "review" else reverse("department:tab", args=[name]),
            "current": name == current,
        }
        for name, label in lists.TABS.items()
    ]
    asked = {
        "label": "征求我部门意见",
        "count": lists.asked(request.user).count(),
        "href": reverse("department:opinions"),
        "current": current == "opinions",
    }
    return [*shown[:3], asked, *shown[3:]]


@open_to(User.Role.OFFICER)
@require_GET
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One approval: what was filed for it, where the others stand, what is to be done."""
    found = own_approval(request, pk)
    return approval_page(request, found)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """审查意见; the decision is a step of its own. Who comes back here from signing in is led to the form."""
    found = own_approval(request, pk)
    if request.method == "GET":
        return redirect(approval_url(found))
    form = OpinionForm(request.POST, department=found.department_id)
    done = form.is_valid() and carry_out(
        request,
        lambda: commands.review(found, actor=actor_of(request), opinion=form.full_text),
        form=form,
        done="审查意见已记录，接下来作出决定。",
        back_url=approval_url(found),
    )
    return done or approval_page(request, found, form=form)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """准予 with its certificates."""
    found = own_approval(request, pk)
    data = request.POST if request.method == "POST" else None
    before, proposing = last_proposal(found), must_propose(found, request.user)
    form, results = GrantForm(data), certificates(data, found, proposal=before)
    if request.method == "POST":
        done = (form.is_valid() and results.is_valid()) and carry_out(
            request,
            lambda: _decide(request, found, Verdict.GRANT, results.decision(), proposing=proposing),
            form=form,
            done=_PROPOSED if proposing else f"已准予“{found.matter_name}”，决定书正在制作。",
            back_url=approval_url(found),
        )
        if done:
            return done
    elif found.state != Approval.State.DECIDING:
        return redirect(approval_url(found))
    more = {"formset": results, "pending": lists.pending(found), "proposing": proposing, "before": before}
    return _act(request, "department/grant.html", found, form, **more)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """不予, with the remedies that the paper will name."""
    found = own_approval(request, pk)
    before, proposing = last_proposal(found), must_propose(found, request.user)
    form = RefusalForm(request.POST if request.method == "POST" else None, approval=found, proposal=before)
    if request.method == "POST":
        done = form.is_valid() and carry_out(
            request,
            lambda: _decide(request, found, Verdict.REFUSE, form.decision(), proposing=proposing),
            form=form,
            done=_PROPOSED if proposing else f"“{found.matter_name}”已作出不予决定，决定书正在制作。",
            back_url=approval_url(found),
        )
        if done:
            return done
    elif found.state != Approval.State.DECIDING:
        return redirect(approval_url(found))
    remedies = remedies_of(found.department, words_for(found.matter).paper)
    more = {"remedies": remedies, "proposing": proposing, "before": before}
    return _act(request, "department/refuse.html", found, form, **more)


def _decide(
    request: HttpRequest, approval: Approval, verdict: Verdict, decision: Decision, *, proposing: bool
) -> object:
    """Decide, or put the decision before the head where the matter asks for it."""
    if proposing:
        return department_commands.propose(approval, actor=actor_of(request), verdict=verdict, decision=decision)
    command = commands.grant if verdict == Verdict.GRANT else commands.refuse
    return command(approval, actor=actor_of(request), decision=decision)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """签发 by a head of the department. Who comes back here from signing in is led to the proposal."""
    found = own_approval(request, pk)
    form = SignForm(request.POST, auto_id="sign-%s")
    if request.method == "GET" or not form.is_valid():
        return redirect(approval_url(found))
    proposal = get_object_or_404(found.proposals, pk=form.cleaned_data["proposal"])
    done = carry_out(
        request,
        lambda: department_commands.sign(proposal, actor=actor_of(request)),
        form=form,
        done=f"已签发：{proposal.get_verdict_display().removeprefix('拟')}“{found.matter_name}”，决定书正在制作。",
        back_url=approval_url(found),
    )
    return done or approval_page(request, found, sign_form=form)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回 to the officer with a reason."""
    found = own_approval(request, pk)
    if request.method == "GET":
        return redirect(approval_url(found))
    form = SendBackForm(request.POST)
    if form.is_valid():
        proposal = get_object_or_404(found.proposals, pk=form.cleaned_data["proposal"])
        done = carry_out(
            request,
            lambda: department_commands.send_back(
                proposal, actor=actor_of(request), reason=form.cleaned_data["reason"]
            ),
            form=form,
            done="已退回经办人，填写的内容都保留着。",
            back_url=approval_url(found),
        )
        if done:
            return done
    return approval_page(request, found, send_back_form=form)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One masked value in full, on the record (R45); only when asked for by POST."""
    found = own_approval(request, pk)
    if request.method == "GET":
        return redirect(approval_url(found))
    try:
        what, value = reading.in_full(found.affair, key)
    except LookupError:
        raise Http404 from None
    return show_in_full(
        request,
        chain=found.affair.chain,
        subject=found.number,
        key=key,
        what=what,
        value=value,
        back_url=approval_url(found),
    )


def own_approval(request: HttpRequest, pk: int) -> Approval:
    """Only of the reader's own department; to others it does not exist."""
    own = Approval.objects.filter(department=request.user.department_id)
    people = "affair__applicant", "reviewed_by", "decided_by", "external_entry__recorded_by"
    related = own.select_related("affair__edition", "department", *people)
    return get_object_or_404(related, pk=pk)


def approval_url(approval: Approval) -> str:
    return reverse("department:approval", args=[approval.pk])


def last_proposal(approval: Approval) -> DecisionProposal | None:
    """What was proposed last, whatever became of it; nothing where no head signs."""
    if not approval.matter.is_signed_by_head:
        return None
    return approval.proposals.select_related("proposed_by", "answered_by").order_by("pk").last()


def approval_page(
    request: HttpRequest,
    approval: Approval,
    *,
    form: OpinionForm | None = None,
    sign_form: SignForm | None = None,
    send_back_form: SendBackForm | None = None,
) -> HttpResponse:
    """The page of one approval with the forms of its steps; 422 when what was sent in one of them has errors."""
    sent = form or sign_form or send_back_form
    form = form or OpinionForm(department=approval.department_id)
    proposal = last_proposal(approval)
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
        "proposing": must_propose(approval, request.user),
        "proposal": proposal,
        "proposed": decision_of(proposal) if proposal else None,
        "requests": [
            (asked, lists.opinion_flag(asked, today=today))
            for asked in approval.opinion_requests.select_related("department", "asked_by", "answered_by")
        ],
    }
    if proposal and proposal.is_open and request.user.is_head and proposal.proposed_by_id != request.user.pk:
        context["may_sign"] = approval.state == Approval.State.DECIDING
        context["sign_form"] = sign_form or SignForm(initial={"proposal": proposal.pk}, auto_id="sign-%s")
        context["send_back_form"] = send_back_form or SendBackForm(initial={"proposal": proposal.pk})
    context["sent"] = sent or form
    return render(request, "department/approval.html", context, status=422 if sent and sent.errors else 200)


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
        "back_url": approval_url(approval),
        **more,
    }
    return render(request, template, context, status=422 if wrong else 200)
