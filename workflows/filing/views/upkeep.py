"""What one does with one's own affairs beside filing them: copy an ended one, delete a draft, take everything home."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs.models import Affair
from portal.documents.archive import archive_of
from workflows import materials_commands
from workflows.filing.steps import resume_url
from workflows.filing.views import own, own_draft


@open_to(User.Role.APPLICANT)
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Into a new draft, at its plan: the catalogue may have changed since, so everything is looked through once."""
    draft = materials_commands.copy_affair(own(request, pk), actor=actor_of(request))
    messages.success(request, _("已带出上次的回答和表单，请逐页核对；材料可以选用上次交的，或者重新上传。"))
    return redirect("filing:plan", draft.pk) if draft.plan.complete else redirect(resume_url(draft))


@open_to(User.Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once more, with what goes."""
    if request.method == "POST":
        materials_commands.delete_draft(own_draft(request, pk), actor=actor_of(request))
        messages.success(request, _("草稿和上传的文件已经删除。"))
        return redirect("filing:mine")
    affair = own(request, pk)
    if affair.state != Affair.State.DRAFT:
        return redirect("filing:affair", pk)
    context = {
        "affair": affair,
        "thing": affair.one_thing,
        "files": affair.files.kept().count(),
        "back": resume_url(affair),
    }
    return render(request, "filing/delete.html", context)


@open_to(User.Role.APPLICANT)
@require_safe
@cache_control(private=True, no_store=True)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of the affair as one ZIP, made while it is sent; each download goes on record."""
    affair = own(request, pk)
    if affair.state == Affair.State.DRAFT:
        return redirect(resume_url(affair))
    pieces = archive_of(affair)
    if request.method == "GET":
        materials_commands.record_download(affair, actor=actor_of(request))
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{affair.number} {affair.one_thing.name}.zip")
    return response
