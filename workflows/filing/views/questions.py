"""From “I want to do this” to the plan: one question a page, gates where they arise."""

from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.access import actor_of, open_to
from portal.accounts.errors import StaleDraft
from portal.accounts.models import User
from portal.affairs.intake import gate_key, unacknowledged
from portal.affairs.models import Affair
from portal.catalogue.models import Edition
from portal.catalogue.plan import asked, next_question
from portal.catalogue.schema import Question
from portal.public.personal import answers_in, told
from workflows import commands
from workflows.filing.forms import AcknowledgeForm, QuestionForm
from workflows.filing.overview import answer_rows, gate_row, gates_of_question, overview
from workflows.filing.steps import gates_url, question_url, resume_url
from workflows.filing.storage import version_of
from workflows.filing.views import kin, own, own_draft


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, one_thing: str) -> HttpResponse:
    """POST begins a draft; a link from elsewhere is asked once more, and is shown the draft that is there already.

    Answers given without an account come along in the address and become the draft's.
    """
    thing = Edition.objects.current().catalogue.one_things.get(one_thing)
    if thing is None:
        raise Http404(one_thing)
    answers = answers_in(thing, request.GET)
    if request.method == "POST":
        affair = commands.start_draft(applicant=request.user, one_thing_code=thing.id, actor=actor_of(request))
        if answers:
            affair = commands.save_draft(affair, actor=actor_of(request), answers=answers)
        return redirect(resume_url(affair))
    drafts = Affair.objects.of(request.user).filter(state=Affair.State.DRAFT, one_thing_code=thing.id)
    context = {"thing": thing, "drafts": drafts.order_by(F("saved_at").desc())[:3], "told": told(thing, answers)}
    return render(request, "filing/new.html", context)


@open_to(User.Role.APPLICANT)
@require_safe
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """To the first question without an answer, or to the plan."""
    affair = own(request, pk)
    if affair.state != Affair.State.DRAFT:
        return redirect("filing:affair", pk)
    return redirect(_next_url(affair))


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, question_id: str) -> HttpResponse:
    affair = own_draft(request, pk) if request.method == "POST" else own(request, pk)
    if affair.state != Affair.State.DRAFT:
        return redirect("filing:affair", pk)
    here = next((each for each in asked(affair.one_thing, affair.answers) if each.id == question_id), None)
    if here is None:
        return _not_asked(affair, question_id)
    if request.method != "POST":
        form = QuestionForm(question=here, initial={"answer": affair.answers.get(here.id)})
        return _question_page(request, affair, here, form)
    form = QuestionForm(request.POST, question=here)
    if not form.is_valid():
        return _question_page(request, affair, here, form)
    try:
        saved = commands.save_draft(
            affair, actor=actor_of(request), answers={here.id: form.cleaned_data["answer"]}, version=version_of(request)
        )
    except StaleDraft as stale:
        return _question_page(request, own(request, pk), here, form, stale=stale.say, status=409)
    if "leave" in request.POST:
        return redirect("filing:mine")
    before = {gate_key(gate) for gate in affair.plan.gates}
    raised = gates_of_question(saved.plan, here.id)
    if any(gate_key(gate) not in before for gate in raised) or unacknowledged(saved, raised):
        return redirect("filing:gates", pk, here.id)
    return redirect(_next_url(saved))


def _not_asked(affair: Affair, question_id: str) -> HttpResponse:
    """A question that an earlier answer has made pointless leads on; one that does not exist is no page."""
    if question_id not in {each.id for each in affair.one_thing.questions}:
        raise Http404(question_id)
    return redirect(_next_url(affair))


def _next_url(affair: Affair) -> str:
    following = next_question(affair.one_thing, affair.answers)
    return question_url(affair, following.id) if following else reverse("filing:plan", args=[affair.pk])


def _question_page(
    request: HttpRequest, affair: Affair, here: Question, form: QuestionForm, *, stale: str = "", status: int = 200
) -> HttpResponse:
    order = [each.id for each in asked(affair.one_thing, affair.answers)]
    place = order.index(here.id) if here.id in order else 0
    back = question_url(affair, order[place - 1]) if place else reverse("filing:mine")
    return render(
        request,
        "filing/question.html",
        {
            **_common(affair),
            "question": here,
            "form": form,
            "number": place + 1,
            "total": len(order),
            "back": back,
            "stale": stale,
        },
        status=status,
    )


def _common(affair: Affair) -> dict[str, Any]:
    return {"affair": affair, "thing": affair.one_thing, "overview": overview(affair, affair.plan)}


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def gates(request: HttpRequest, pk: int, question_id: str) -> HttpResponse:
    """What an answer means for the application: not required (R1), another authority's (R2), or a warning."""
    affair = own_draft(request, pk) if request.method == "POST" else own(request, pk)
    if affair.state != Affair.State.DRAFT:
        return redirect("filing:affair", pk)
    raised = gates_of_question(affair.plan, question_id)
    if not raised:
        return redirect(_next_url(affair))
    warnings = unacknowledged(affair, raised)
    form = AcknowledgeForm(request.POST if request.method == "POST" else None) if warnings else None
    if request.method == "POST" and (form is None or form.is_valid()):
        if warnings:
            known = affair.form.get("acknowledged") or []
            keys = [*known, *(gate_key(gate) for gate in warnings)]
            commands.save_draft(affair, actor=actor_of(request), form={"acknowledged": keys})
        return redirect(_next_url(affair))
    return render(
        request,
        "filing/gates.html",
        {
            **_common(affair),
            "rows": [gate_row(affair, gate) for gate in raised],
            "form": form,
            "back": question_url(affair, question_id),
        },
    )


@open_to(User.Role.APPLICANT)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What the answers lead to: matters, order, limits, materials, and what follows afterwards."""
    affair = own(request, pk)
    if affair.state != Affair.State.DRAFT:
        return redirect("filing:affair", pk)
    if next_question(affair.one_thing, affair.answers) is not None:
        return redirect(_next_url(affair))
    pending = unacknowledged(affair, affair.plan.gates)
    return render(
        request,
        "filing/plan.html",
        {
            **_common(affair),
            "answers": answer_rows(affair, editable=True),
            "acknowledge_url": gates_url(affair, pending[0]) if pending else "",
            **kin(request, affair),
        },
    )
