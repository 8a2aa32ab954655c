"""The administrator's page: what failed, what was published, who may sign in, and how departments can be reached."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import Department, User
from portal.accounts.services import CONTACTS, change_contacts
from portal.audit.models import Anchor
from portal.catalogue.models import Edition
from portal.supervision.forms import DepartmentForm
from portal.supervision.machine import failed_jobs, machine

_SHOWN = 200


@open_to(User.Role.SUPERVISOR, User.Role.ADMINISTRATOR)
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs that gave up and wait for a person."""
    context = {"jobs": failed_jobs()[:_SHOWN], "machine": machine()}
    return render(request, "supervision/jobs.html", context)


@open_to(User.Role.ADMINISTRATOR)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The state of the system on one page."""
    people = User.objects.exclude(role=User.Role.APPLICANT).select_related("department")
    context = {
        "machine": machine(),
        "anchor": Anchor.objects.order_by("-pk").first(),
        "editions": Edition.objects.all(),
        "departments": Department.objects.all(),
        "people": people.order_by("role", "department", "pk"),
        "applicants": User.objects.filter(role=User.Role.APPLICANT).count(),
    }
    return render(request, "supervision/system.html", context)


@open_to(User.Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, code: str) -> HttpResponse:
    """Telephones and 行政复议机关 of one department; every change is on the record."""
    found = get_object_or_404(Department, code=code)
    initial = {name: getattr(found, name) for name in CONTACTS}
    form = DepartmentForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        changed = change_contacts(found, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, f"已保存{found}的联系方式。" if changed else f"{found}的联系方式没有变化。")
        return redirect("supervision:system")
    context = {"department": found, "form": form}
    return render(request, "supervision/department.html", context, status=422 if form.errors else 200)
