"""What an applicant does with their own materials and affairs, beside ``workflows.commands`` and by its rules."""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from portal.accounts.errors import DomainError, NotYours
from portal.accounts.models import Actor
from portal.affairs import pictures, reuse, services, uploads
from portal.affairs.materials import OWN_DOCUMENTS, slots
from portal.affairs.models import Affair, MaterialFile
from workflows.commands import locked, may_file
from workflows.engine import outbox


def replace_file(file: MaterialFile, *, actor: Actor, upload: "File[Any]") -> MaterialFile:
    """Put an upload in the place of a file of a draft, after it was looked into (RejectedUpload)."""
    return _replace(file, actor=actor, inspected=uploads.inspect(upload))


def rotate_file(file: MaterialFile, *, actor: Actor) -> MaterialFile:
    """Turn a picture of a draft by 90° to the right; the one before stays on record as removed."""
    return _replace(file, actor=actor, inspected=pictures.turned(file))


def _replace(file: MaterialFile, *, actor: Actor, inspected: uploads.Inspected) -> MaterialFile:
    with locked(file.affair_id) as affair:
        may_file(actor, affair)
        return uploads.replace(affair, actor=actor, old=file, inspected=inspected, at=timezone.now())


def take_earlier_file(affair: Affair, *, actor: Actor, file_id: int, item: str = "") -> MaterialFile:
    """Use a file of an earlier affair of the same applicant for the same material, without an upload (R41)."""
    if actor.user is None:
        raise NotYours("只有申请人或其填报人可以操作这件办件。")
    may_file(actor, affair)
    earlier, content = reuse.earlier_file(affair, file_id, user=actor.user)
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        return reuse.take(affair, actor=actor, item=item, earlier=earlier, content=content)


def choose_own_document(affair: Affair, *, actor: Actor, material_code: str, own: bool) -> Affair:
    """Hand in a document although a licence issued here stands for it: what it says prevails; or take that back (R41).

    Raises DomainError for a material that no licence stands for.
    """
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        if material_code not in {slot.material.id for slot in slots(affair) if slot.licence}:
            raise DomainError("这份材料没有可以代替它的证照，请直接上传。")
        chosen = [code for code in affair.form.get(OWN_DOCUMENTS, ()) if code != material_code]
        services.save_draft(affair, form={OWN_DOCUMENTS: [*chosen, material_code] if own else chosen})
        return affair


def copy_affair(affair: Affair, *, actor: Actor) -> Affair:
    """The answers and the form of an affair that has ended as a new draft of its applicant's."""
    with locked(affair.pk) as affair:
        if actor.user is None or actor.user.pk != affair.applicant_id:
            raise NotYours("只有申请人可以复制这件办件。")
        return reuse.copy(affair, actor=actor)


def delete_draft(affair: Affair, *, actor: Actor) -> None:
    """Take a draft away with its files. What is stored goes after the commit, by a job that survives any crash."""
    with locked(affair.pk) as affair:
        may_file(actor, affair)
        key = f"delete_files:{affair.pk}"
        try:
            names = reuse.delete(affair, actor=actor)
        except ProtectedError:
            raise DomainError("这份草稿还关联着窗口的其他记录，不能删除。不再办理的，留着不提交即可。") from None
        if names:
            outbox.enqueue("delete_files", key=key, names=names)


@transaction.atomic
def record_download(affair: Affair, *, actor: Actor) -> None:
    """Put on record that everything of the affair was downloaded at once."""
    may_file(actor, affair)
    services.note(affair, actor, "affair.download", "下载全部材料和文书")
