"""Papers and materials as files, only to those who may read the affair; to anybody else they do not exist."""

from pathlib import PurePosixPath

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs import pictures
from portal.affairs.materials import may_read
from portal.affairs.messages import MessageFile
from portal.affairs.models import Affair, MaterialFile
from portal.documents.models import Document
from portal.documents.services import record_message_file_view, record_view
from portal.documents.serving import guarded, serve


@open_to(*User.Role)
@require_safe
@cache_control(private=True, no_store=True)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of a paper; while a worker still makes it, 202 and a page that looks again by itself."""
    paper = get_object_or_404(Document.objects.visible_to(request.user).select_related("affair"), pk=pk)
    if not paper.is_ready:
        response = render(request, "documents/being_made.html", {"document": paper}, status=202)
        response["Refresh"] = "3"
        return response
    return serve(
        request,
        paper.file,
        name=f"{paper.title} {paper.affair.number}.pdf",
        content_type="application/pdf",
        size_bytes=paper.file.size,
        sha256=paper.sha256,
    )


@open_to(*User.Role)
@require_safe
@cache_control(private=True, no_store=True)
def material_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file of the application, under the name that its owner gave it. Removed files are gone for everybody.

    Staff look at it on the record (R45).
    """
    file = _readable(request, pk)
    # The extension follows the content, not what the sender called it.
    name = PurePosixPath(file.name).with_suffix(file.extension).name
    return serve(
        request,
        file.file,
        name=name,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )


@open_to(User.Role.APPLICANT, User.Role.CLERK, User.Role.SUPERVISOR)
@require_safe
@cache_control(private=True, no_store=True)
def message_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file of the thread between applicant and window: theirs and the supervisor's, no department's."""
    readable = MessageFile.objects.filter(message__affair__in=Affair.objects.visible_to(request.user))
    related = readable.select_related("message__affair").defer("message__affair__form", "message__affair__answers")
    file = get_object_or_404(related, pk=pk)
    record_message_file_view(file, actor=actor_of(request), at=timezone.now())
    return serve(
        request,
        file.file,
        name=file.name,
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )


@open_to(*User.Role)
@require_safe
@cache_control(private=True, no_cache=True)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A small view of a picture, for the same people on the same record; a PDF has none (404)."""
    file = _readable(request, pk, is_image=True)
    etag = f'"{file.sha256}-preview"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(pictures.preview(file), content_type="image/jpeg")
        except OSError:
            raise Http404 from None
    response["ETag"] = etag
    return guarded(response, "image/jpeg")


def _readable(request: HttpRequest, pk: int, *, is_image: bool = False) -> MaterialFile:
    """The file, if it is there for this person; that staff looked at it goes on record."""
    affairs = Q(affair__in=Affair.objects.visible_to(request.user)) | Q(affair__in=Affair.objects.asking(request.user))
    readable = MaterialFile.objects.kept().filter(affairs)
    file = get_object_or_404(readable.select_related("affair__edition").defer("affair__edition__content"), pk=pk)
    if (is_image and not file.is_image) or not may_read(request.user, file):
        raise Http404
    record_view(file, actor=actor_of(request), at=timezone.now())
    return file
