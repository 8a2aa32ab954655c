"""Files for the materials of a draft. Without script a page answers; upload.js sends one at a time and reads JSON."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from portal.accounts.access import actor_of, open_to
from portal.accounts.errors import AlreadyHandled, DomainError
from portal.accounts.models import User
from portal.affairs.materials import slots
from portal.affairs.models import Affair
from workflows import commands
from workflows.filing.forms import UploadForm
from workflows.filing.steps import MATERIALS, slot_anchor, step_url
from workflows.filing.views import own, own_draft

# What went wrong with the last files, until the page that shows it beside their material.
UPLOAD_ERRORS = "upload_errors"


@open_to(User.Role.APPLICANT)
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    affair = own(request, pk)
    form = UploadForm(request.POST, request.FILES)
    by_script = request.headers.get("X-Requested-With") == "upload"
    if affair.state != Affair.State.DRAFT and by_script:
        return JsonResponse({"error": "这件申请已经提交，不能再上传材料。"}, status=409)
    affair = own_draft(request, pk)
    errors = _keep_all(request, affair, form) if form.is_valid() else [*form.errors.get("files", ["请重新选择文件。"])]
    if by_script:
        return JsonResponse({"error": "".join(errors)} if errors else {}, status=400 if errors else 200)
    key = f"{form.data.get('material', '')}:{form.data.get('item', '')}"
    if errors:
        request.session[UPLOAD_ERRORS] = {key: errors}
    return redirect(step_url(affair, MATERIALS, anchor=_anchor(affair, key)))


def _keep_all(request: HttpRequest, affair: Affair, form: UploadForm) -> list[str]:
    """Keep every file that is fit; the others are named with the reason."""
    errors = []
    for file in form.cleaned_data["files"]:
        try:
            commands.attach_file(
                affair,
                actor=actor_of(request),
                material_code=form.cleaned_data["material"],
                item=form.cleaned_data["item"],
                upload=file,
            )
        except AlreadyHandled:
            raise
        except DomainError as error:
            errors.append(error.say)
    return errors


def _anchor(affair: Affair, key: str) -> str:
    anchors = {f"{slot.material.id}:{slot.item}": slot_anchor(slot, index) for index, slot in enumerate(slots(affair))}
    return anchors.get(key, "")


@open_to(User.Role.APPLICANT)
@require_POST
def remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    affair = own_draft(request, pk)
    file = get_object_or_404(affair.files, pk=file_pk)
    commands.remove_file(file, actor=actor_of(request))
    return redirect(step_url(affair, MATERIALS, anchor=_anchor(affair, f"{file.material_code}:{file.item}")))
