"""Files for the materials of a draft. Without script a page answers; upload.js sends one at a time and reads JSON."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from portal.accounts.access import actor_of, open_to
from portal.accounts.errors import AlreadyHandled, DomainError
from portal.accounts.models import User
from portal.affairs.materials import slots
from portal.affairs.models import Affair, MaterialFile
from workflows import commands, materials_commands
from workflows.filing.forms import ReplaceForm, UploadForm
from workflows.filing.steps import MATERIALS, slot_anchor, step_url
from workflows.filing.views import own, own_draft

# What went wrong with the last files, until the page that shows it beside their material.
UPLOAD_ERRORS = "upload_errors"


@open_to(User.Role.APPLICANT)
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    if (gone := _too_late(request, pk)) is not None:
        return gone
    affair = own_draft(request, pk)
    form = UploadForm(request.POST, request.FILES)
    errors = _keep_all(request, affair, form) if form.is_valid() else [*form.errors.get("files", ["请重新选择文件。"])]
    return _answer(request, affair, _key(form.data.get("material", ""), form.data.get("item", "")), errors)


@open_to(User.Role.APPLICANT)
@require_POST
def replace(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    if (gone := _too_late(request, pk)) is not None:
        return gone
    affair = own_draft(request, pk)
    file = get_object_or_404(affair.files, pk=file_pk)
    form = ReplaceForm(request.POST, request.FILES)
    errors = [*form.errors.get("file", ())]
    if form.is_valid():
        try:
            materials_commands.replace_file(file, actor=actor_of(request), upload=form.cleaned_data["file"])
        except AlreadyHandled as error:
            if not _by_script(request):
                raise
            return JsonResponse({"error": error.say}, status=409)
        except DomainError as error:
            errors.append(error.say)
    return _answer(request, affair, _key_of(file), errors)


@open_to(User.Role.APPLICANT)
@require_POST
def rotate(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    affair = own_draft(request, pk)
    file = get_object_or_404(affair.files, pk=file_pk)
    materials_commands.rotate_file(file, actor=actor_of(request))
    return _answer(request, affair, _key_of(file), [])


@open_to(User.Role.APPLICANT)
@require_POST
def take(request: HttpRequest, pk: int, earlier_pk: int) -> HttpResponse:
    """Use a file of an earlier affair; the item comes with the press, as one paper may serve several places."""
    affair = own_draft(request, pk)
    item, errors = request.POST.get("item", ""), []
    try:
        materials_commands.take_earlier_file(affair, actor=actor_of(request), file_id=earlier_pk, item=item)
    except AlreadyHandled:
        raise
    except DomainError as error:
        errors.append(error.say)
    return _answer(request, affair, _key(request.POST.get("material", ""), item), errors)


@open_to(User.Role.APPLICANT)
@require_POST
def own_document(request: HttpRequest, pk: int, material: str) -> HttpResponse:
    """“信息有变，改为上传”, or back again (``own=0``)."""
    affair = own_draft(request, pk)
    affair = materials_commands.choose_own_document(
        affair, actor=actor_of(request), material_code=material, own=request.POST.get("own") != "0"
    )
    return redirect(step_url(affair, MATERIALS, anchor=_anchor(affair, _key(material, ""))))


@open_to(User.Role.APPLICANT)
@require_POST
def remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    affair = own_draft(request, pk)
    file = get_object_or_404(affair.files, pk=file_pk)
    commands.remove_file(file, actor=actor_of(request))
    return redirect(step_url(affair, MATERIALS, anchor=_anchor(affair, _key_of(file))))


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "upload"


def _too_late(request: HttpRequest, pk: int) -> HttpResponse | None:
    """What a script is told about an affair that was handed in meanwhile; None where there is nothing to tell."""
    if _by_script(request) and own(request, pk).state != Affair.State.DRAFT:
        return JsonResponse({"error": "这件申请已经提交，不能再上传材料。"}, status=409)
    return None


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


def _answer(request: HttpRequest, affair: Affair, key: str, errors: list[str]) -> HttpResponse:
    """JSON for a script; else back to the material, where the errors are told."""
    if _by_script(request):
        return JsonResponse({"error": "".join(errors)} if errors else {}, status=400 if errors else 200)
    if errors:
        request.session[UPLOAD_ERRORS] = {key: errors}
    return redirect(step_url(affair, MATERIALS, anchor=_anchor(affair, key)))


def _key(material: str, item: str) -> str:
    return f"{material}:{item}"


def _key_of(file: MaterialFile) -> str:
    return _key(file.material_code, file.item)


def _anchor(affair: Affair, key: str) -> str:
    anchors = {_key(slot.material.id, slot.item): slot_anchor(slot, index) for index, slot in enumerate(slots(affair))}
    return anchors.get(key, "")
