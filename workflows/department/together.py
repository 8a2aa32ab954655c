"""Several like approvals at once: one opinion, one page of results, each recorded by itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs.decisions import Decision
from portal.affairs.models import Approval
from portal.affairs.proposals import must_propose
from portal.documents.wording import words_for
from workflows import commands
from workflows.department.forms import OpinionForm, TogetherGrantForm, certificates
from workflows.department_commands import Outcome, each

# A page that a person can still read through.
MOST = 50
_RESULT = "department_together"


class _NotTogether(Exception):
    """Why these approvals cannot be taken together, for the officer."""


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """One opinion for several approvals of the same matter."""
    try:
        chosen = _chosen(request, Approval.State.REVIEWING)
    except _NotTogether as why:
        return _back(request, str(why), reverse("department:queue"))
    form = OpinionForm(request.POST if request.method == "POST" else None, department=request.user.department_id)
    if form.is_valid():
        actor = actor_of(request)
        outcomes = each(chosen, lambda one: commands.review(one, actor=actor, opinion=form.full_text))
        return _told(request, outcomes, what="提交审查意见")
    context = {"approvals": chosen, "form": form, "back_url": reverse("department:queue")}
    return render(request, "department/together_review.html", context, status=422 if form.errors else 200)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest) -> HttpResponse:
    """Several grants of the same matter, each with its own certificates and its own decision."""
    back_url = reverse("department:tab", args=["decide"])
    try:
        chosen = _chosen(request, Approval.State.DECIDING)
        _require_own_decision(chosen, request.user)
    except _NotTogether as why:
        return _back(request, str(why), back_url)
    data = request.POST if request.method == "POST" else None
    form = TogetherGrantForm(data)
    parts = [(one, certificates(data, one, prefix=f"certificate-{one.pk}")) for one in chosen]
    if data is not None and _are_valid(form, [results for _one, results in parts]):
        actor, entered = actor_of(request), {one.pk: results.decision().certificates for one, results in parts}
        reason = form.cleaned_data["reason"].strip()

        def step(one: Approval) -> object:
            return commands.grant(one, actor=actor, decision=Decision(reason=reason, certificates=entered[one.pk]))

        return _told(request, each(chosen, step), what="准予")
    wrong = form.errors or any(any(results.errors) for _one, results in parts)
    context = {
        "parts": parts,
        "forms": [form, *(results for _one, results in parts)],
        "form": form,
        "matter_name": chosen[0].matter_name,
        "words": words_for(chosen[0].matter),
        "back_url": back_url,
    }
    return render(request, "department/together_grant.html", context, status=422 if wrong else 200)


@open_to(User.Role.OFFICER)
@require_GET
def result(request: HttpRequest) -> HttpResponse:
    """Which were done and which were not, and why."""
    told = request.session.get(_RESULT)
    if not told:
        return redirect("department:queue")
    own = Approval.objects.filter(department=request.user.department_id).select_related("affair__edition")
    by_pk = own.in_bulk([pk for pk, _say in told["outcomes"]])
    outcomes = [Outcome(by_pk[pk], say) for pk, say in told["outcomes"] if pk in by_pk]
    context = {
        "what": told["what"],
        "done": [one.approval for one in outcomes if one.is_done],
        "failed": [one for one in outcomes if not one.is_done],
    }
    return render(request, "department/together_result.html", context)


def _chosen(request: HttpRequest, state: Approval.State) -> list[Approval]:
    """The ticked approvals of the reader's own department, all of one matter. What is not open any more stays out."""
    asked = (request.POST if request.method == "POST" else request.GET).getlist("approval")
    numbers = [int(one) for one in dict.fromkeys(asked) if one.isascii() and one.isdigit()]
    if not numbers:
        raise _NotTogether("请先在列表里勾选要一并办理的办件。")
    if len(numbers) > MOST:
        raise _NotTogether(f"一次最多一并办理 {MOST} 件，请分几次办理。")
    own = Approval.objects.filter(department=request.user.department_id, pk__in=numbers)
    found = list(
        own.select_related("affair__edition", "affair__applicant", "department", "reviewed_by").order_by(
            "promised_due_on", "pk"
        )
    )
    if len({(one.affair.one_thing_code, one.matter_code) for one in found}) > 1:
        raise _NotTogether("只能一并办理同一个事项的办件，请重新勾选。")
    # While it is being sent, what somebody else has taken meanwhile is told on the page of results.
    if request.method == "GET":
        found = [one for one in found if one.state == state]
    if not found:
        raise _NotTogether("勾选的办件已经由他人办理，请看现在的列表。")
    return found


def _require_own_decision(approvals: list[Approval], user: User) -> None:
    if any(must_propose(one, user) for one in approvals):
        raise _NotTogether("这个事项由部门负责人签发，经办人请逐件提出拟办意见；负责人可以一并准予他人审查的办件。")


def _are_valid(form: TogetherGrantForm, results: list[Any]) -> bool:
    """Every part is looked at, so that all errors are told at once; a number is used once over all of them."""
    if not all([form.is_valid(), *(formset.is_valid() for formset in results)]):
        return False
    taken: set[tuple[str, str]] = set()
    for one in [form for formset in results for form in formset.forms]:
        key = (one.expected.name, one.cleaned_data["number"])
        if key in taken:
            one.add_error("number", "与本页另一个编号重复，请核对。")
        taken.add(key)
    return not any(any(formset.errors) for formset in results)


def _told(request: HttpRequest, outcomes: list[Outcome], *, what: str) -> HttpResponse:
    """Keep the results for the page that tells them: loading that page again repeats nothing."""
    request.session[_RESULT] = {"what": what, "outcomes": [[one.approval.pk, one.say] for one in outcomes]}
    return redirect("department:together_result")


def _back(request: HttpRequest, say: str, url: str) -> HttpResponse:
    messages.error(request, say)
    return redirect(url)
