"""常用语 of a department: its officers keep the list that they tick from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs import phrases
from portal.affairs.models import Phrase
from workflows.department.forms import NewPhraseForm, PhraseForm
from workflows.desk import carry_out


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """The list, and the form for one more."""
    form = NewPhraseForm(request.POST if request.method == "POST" else None, initial={"use": Phrase.Use.OPINION})
    if form.is_valid():
        typed = form.cleaned_data
        done = carry_out(
            request,
            lambda: phrases.add(
                request.user.department, actor=actor_of(request), use=Phrase.Use(typed["use"]), text=typed["text"]
            ),
            form=form,
            done="已新增常用语。",
            back_url=request.path,
        )
        if done:
            return done
    kept = list(Phrase.objects.filter(department=request.user.department_id).select_related("changed_by"))
    context = {
        "form": form,
        "uses": [(use.label, [one for one in kept if one.use == use]) for use in Phrase.Use],
    }
    return render(request, "department/phrases.html", context, status=422 if form.errors else 200)


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or remove one sentence."""
    own = Phrase.objects.filter(department=request.user.department_id).select_related("department")
    found, back_url = get_object_or_404(own, pk=pk), reverse("department:phrases")
    if "remove" in request.POST:
        phrases.remove(found, actor=actor_of(request))
        return redirect(back_url)
    form = PhraseForm(request.POST if request.method == "POST" else None, initial={"text": found.text})
    if form.is_valid():
        done = carry_out(
            request,
            lambda: phrases.change(found, actor=actor_of(request), text=form.cleaned_data["text"]),
            form=form,
            done="已修改常用语。",
            back_url=back_url,
        )
        if done:
            return done
    context = {"phrase": found, "form": form, "back_url": back_url}
    return render(request, "department/phrase.html", context, status=422 if form.errors else 200)
