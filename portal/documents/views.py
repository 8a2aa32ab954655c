"""Papers and materials as files, only to those who may read the affair; to anybody else they do not exist."""

from pathlib import PurePosixPath

from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.accounts.access import actor_of, open_to
from portal.accounts.models import User
from portal.affairs.materials import may_read
from portal.affairs.messages import MessageFile
from portal.affairs.models import Affair, MaterialFile
from portal.documents.models import Document
from portal.documents.services import record_message_file_view, record_view

# A file may neither load anything nor run anything, whatever it contains. A reader of PDFs styles its own frame; the
# sandbox, which would keep Chromium from showing a PDF at all, is for everything else.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
_POLICIES = {"application/pdf": f"{_FILE_POLICY}; object-src 'self'"}
_SANDBOXED = f"{_FILE_POLICY}; sandbox"


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
    return _file(paper.file, name=f"{paper.title} {paper.affair.number}.pdf", content_type="application/pdf")


@open_to(*User.Role)
@require_safe
@cache_control(private=True, no_store=True)
def material_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file of the application, under the name that its owner gave it. Removed files are gone for everybody.

    Staff look at it on the record (R45).
    """
    affairs = Q(affair__in=Affair.objects.visible_to(request.user)) | Q(affair__in=Affair.objects.asking(request.user))
    readable = MaterialFile.objects.kept().filter(affairs)
    file = get_object_or_404(readable.select_related("affair__edition").defer("affair__edition__content"), pk=pk)
    if not may_read(request.user, file):
        raise Http404
    record_view(file, actor=actor_of(request), at=timezone.now())
    # The extension follows the content, not what the sender called it.
    name = PurePosixPath(file.name).with_suffix(file.extension).name
    return _file(file.file, name=name, content_type=file.content_type)


@open_to(User.Role.APPLICANT, User.Role.CLERK, User.Role.SUPERVISOR)
@require_safe
@cache_control(private=True, no_store=True)
def message_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file of the thread between applicant and window: theirs and the supervisor's, no department's."""
    readable = MessageFile.objects.filter(message__affair__in=Affair.objects.visible_to(request.user))
    related = readable.select_related("message__affair").defer("message__affair__form", "message__affair__answers")
    file = get_object_or_404(related, pk=pk)
    record_message_file_view(file, actor=actor_of(request), at=timezone.now())
    return _file(file.file, name=file.name, content_type=file.content_type)


def _file(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    response = FileResponse(file.open("rb"), filename=name, content_type=content_type)
    response["Content-Security-Policy"] = _POLICIES.get(content_type, _SANDBOXED)
    response["X-Content-Type-Options"] = "nosniff"
    return response
