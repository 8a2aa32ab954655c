"""征求意见: asking, and answering what others ask. Who is asked sees the one matter, and only while it is open."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs import reading
from portal.affairs.materials import slots
from portal.affairs.models import OpinionRequest
from portal.affairs.opinions import answering_department
from workflows import department_commands
from workflows.department import lists
from workflows.department.forms import AnswerForm, AskForm
from workflows.department.views import approval_url, own_approval, tabs
from workflows.desk import carry_out, page_of


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask another department or an expert about one approval."""
    found = own_approval(request, pk)
    back_url = approval_url(found)
    form = AskForm(request.POST if request.method == "POST" else None, approval=found)
    if form.is_valid():
        done = carry_out(
            request,
            lambda: department_commands.ask_opinion(found, actor=actor_of(request), **form.cleaned_data),
            form=form,
            done="已发出征求意见，对方部门马上能看到；期限照常计算。",
            back_url=back_url,
        )
        if done:
            return done
    elif request.method == "GET" and not found.is_open:
        return redirect(back_url)
    context = {"approval": found, "affair": found.affair, "form": form, "back_url": back_url}
    return render(request, "department/ask.html", context, status=422 if form.errors else 200)


@open_to(User.Role.OFFICER)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Open questions of other departments to the reader's own."""
    today = timezone.localdate()
    page = page_of(request, lists.asked(request.user))
    context = {
        "page": page,
        "rows": [(asked, lists.opinion_flag(asked, today=today)) for asked in page],
        "tabs": tabs(request, "opinions"),
    }
    return render(request, "department/opinions.html", context)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with the form and the materials of its matter, and the place for the answer."""
    found = _request(request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = carry_out(
            request,
            lambda: department_commands.answer_opinion(found, actor=actor_of(request), text=form.cleaned_data["text"]),
            form=form,
            done="答复已经送达征求意见的部门。" if found.department_id else "专家意见已记录。",
            back_url=request.path,
        )
        if done:
            return done
    approval, affair = found.approval, found.approval.affair
    context = {
        "asked": found,
        "approval": approval,
        "affair": affair,
        "form": form,
        "flag": lists.opinion_flag(found, today=timezone.localdate()),
    }
    if found.is_open:
        plan = affair.plan
        materials = [slot for slot in slots(affair, plan) if approval.matter_code in slot.matters]
        context |= {
            "answers": reading.answers_in_words(affair),
            "groups": reading.groups(affair, plan),
            "slots": materials,
            "beside": reading.file_beside(materials, request.GET.get("file", "")),
        }
    return render(request, "department/opinion.html", context, status=422 if form.errors else 200)


def _request(request: HttpRequest, pk: int) -> OpinionRequest:
    """Only for the department that answers; to others the question does not exist."""
    related = "approval__affair__edition", "approval__department", "department", "asked_by", "answered_by"
    found = get_object_or_404(OpinionRequest.objects.select_related(*related), pk=pk)
    if answering_department(found).pk != request.user.department_id:
        raise Http404
    return found
