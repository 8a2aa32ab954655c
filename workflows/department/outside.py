"""Departments with a system of their own: the packet that they take there, and what they entered (rules, §G 2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from workflows import department_commands
from workflows.department.forms import EntryForm
from workflows.department.views import approval_url, own_approval
from workflows.desk import carry_out


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet as a ZIP; only when asked for by POST, because it goes on the record."""
    found = own_approval(request, pk)
    if request.method == "GET":
        return redirect(approval_url(found))
    packet = department_commands.export(found, actor=actor_of(request))
    response = HttpResponse(packet, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{found.number}.zip")
    response["Cache-Control"] = "private, no-store"
    return response


@open_to(User.Role.OFFICER)
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """已在本部门系统录入, or its correction."""
    found = own_approval(request, pk)
    there = getattr(found, "external_entry", None)
    initial = {"entered_at": timezone.localtime()}
    if there is not None:
        initial = {"number": there.number, "entered_at": timezone.localtime(there.entered_at)}
    form = EntryForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        done = carry_out(
            request,
            lambda: department_commands.record_external_entry(found, actor=actor_of(request), **form.cleaned_data),
            form=form,
            done="已登记本部门系统的编号和录入时间。",
            back_url=approval_url(found),
        )
        if done:
            return done
    context = {
        "approval": found,
        "affair": found.affair,
        "there": there,
        "form": form,
        "back_url": approval_url(found),
    }
    return render(request, "department/entry.html", context, status=422 if form.errors else 200)
