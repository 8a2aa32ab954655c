"""Issuing a paper (contents checked and frozen, within the step), rendering it (PDF, by a worker, once), and putting
on record who looked at an applicant's file."""

import hashlib
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from portal.accounts.errors import DomainError
from portal.accounts.models import Actor, User
from portal.affairs.messages import MessageFile
from portal.affairs.models import Affair, Approval, MaterialFile
from portal.affairs.services import note
from portal.audit.models import ChainHead, Entry
from portal.deadlines.clock import ZONE, local_date
from portal.documents.contents import contents_of, missing_contents, title_of
from portal.documents.models import Document, document_path


class ContentsMissing(DomainError):
    """A mandatory content of a paper is not there; ``missing`` names each one, with its rule."""

    def __init__(self, title: str, missing: list[str]) -> None:
        super().__init__(f"《{title}》缺少必备内容，不能签发：{'；'.join(missing)}。")
        self.missing = tuple(missing)


def issue(kind: Document.Kind, *, affair: Affair, approval: Approval | None = None, at: datetime) -> Document:
    """Freeze the contents of a paper; the one that is there already is returned as it is.

    Raises ContentsMissing when a mandatory content is lacking (R101, R103, R109, R110, R117).
    """
    existing = Document.objects.filter(affair=affair, approval=approval, kind=kind).first()
    if existing:
        return existing
    title = title_of(kind, approval)
    document = Document(affair=affair, approval=approval, kind=kind, title=title, issued_at=at)
    # The serial is the affair's own number and a letter: no counter that all affairs would have to wait for.
    document.number = _number(document, at)
    document.contents = contents_of(document)
    if missing := missing_contents(kind, document.contents):
        raise ContentsMissing(title, missing)
    document.save()
    return document


_WORDS = {
    Document.Kind.RECEIPT: "收",
    Document.Kind.ACCEPTANCE: "受",
    Document.Kind.NON_ACCEPTANCE: "不受",
    Document.Kind.GRANT: "准",
    Document.Kind.REFUSAL: "不准",
    Document.Kind.CONCLUSION: "结",
}


def _number(document: Document, at: datetime) -> str:
    """机关代字〔年〕号, unique without a global counter: the affair's serial, the matter's place, the attempt."""
    serial = f"{document.affair_id}"
    if document.approval:
        serial += f"-{document.approval.order + 1}"
        if document.approval.attempt > 1:
            serial += f"-{document.approval.attempt}"
    return f"{settings.DOCUMENT_WORD}{_WORDS[Document.Kind(document.kind)]}〔{local_date(at).year}〕{serial}号"


def render(document: Document) -> Document:
    """Make the PDF of a paper unless it is there. Safe to repeat and to run twice at once; a kill leaves one file.

    The same contents give the same bytes, and the file is named by them: whoever comes second finds it made.
    """
    if document.is_ready:
        return document
    from portal.documents.render import render_pdf

    pdf = render_pdf(document)
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    stored = _store(document, pdf)
    taken = Document.objects.filter(pk=document.pk, rendered_at__isnull=True).update(
        file=stored, sha256=document.sha256, rendered_at=timezone.now()
    )
    document.refresh_from_db()
    if not taken and stored != document.file.name:
        document.file.storage.delete(stored)
    return document


def _store(document: Document, pdf: bytes) -> str:
    """The name under which the paper is stored; a file that a killed worker left half written is replaced."""
    storage = document.file.storage
    name = document_path(document, "")
    if storage.exists(name):
        with storage.open(name) as there:
            if there.read() == pdf:
                return name
        storage.delete(name)
    return storage.save(name, ContentFile(pdf))


VIEWED = "file.view"


def record_view(file: MaterialFile, *, actor: Actor, at: datetime) -> None:
    """Put on record that staff opened a file, once for each person, file and day (R45); applicants are not recorded.

    Reloads and ranges of the same day cost one query. The file's own name may name people and stays out of the trail.
    """
    if actor.user is None or actor.user.role == User.Role.APPLICANT:
        return
    affair = file.affair
    material = affair.edition.catalogue.materials[file.material_code]
    _record_once_a_day(affair, f"查看材料：{material.name}"[:200], actor=actor, at=at, file=file.pk)


def record_message_file_view(file: MessageFile, *, actor: Actor, at: datetime) -> None:
    """The same for a file that came with a message."""
    if actor.user is not None and actor.user.role != User.Role.APPLICANT:
        affair = file.message.affair
        _record_once_a_day(affair, "查看留言附件", actor=actor, at=at, message_file=file.pk)


def _record_once_a_day(affair: Affair, say: str, *, actor: Actor, at: datetime, **which: Any) -> None:
    today = datetime.combine(local_date(at), time.min, tzinfo=ZONE)
    seen = Entry.objects.of(affair.chain).filter(
        action=VIEWED, actor_id=actor.author.id, at__gte=today, **{f"after__{name}": pk for name, pk in which.items()}
    )
    if seen.exists():
        return
    with transaction.atomic():
        # A viewer may ask for the same file twice at once: whoever comes second waits here and finds the entry.
        ChainHead.objects.select_for_update().get(pk=affair.chain)
        if not seen.exists():
            note(affair, actor, VIEWED, say, **which)
