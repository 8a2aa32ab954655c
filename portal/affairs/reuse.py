"""What was given before is not asked for again (R41): files of earlier affairs, and a whole affair as a new draft."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.accounts.errors import DomainError
from portal.accounts.models import Actor, User
from portal.affairs.materials import Slot
from portal.affairs.models import Affair, MaterialFile, MaterialFileQuerySet
from portal.affairs.pictures import preview_name
from portal.affairs.services import create_draft, note, require, save_draft
from portal.affairs.uploads import Inspected, attach

OFFERS_PER_MATERIAL = 3
# Chosen anew each time: how the result is delivered, and whether electronically, is a consent (R116).
_NOT_COPIED = frozenset({"delivery"})
_COPIED_BESIDE_FIELDS = ("post_address",)


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that was given for the same material before. for_other: another company's name, "" if it is the same."""

    file: MaterialFile
    for_other: str


def offers(affair: Affair, wanted: Iterable[Slot], *, user: User) -> dict[str, tuple[Offer, ...]]:
    """By slot (``Slot.key``) the latest files of the applicant's earlier affairs that this person may read; one query.

    Of one vehicle or driver only that one's own; each content once, and none that the slot has already.
    """
    slots = {(slot.material.id, slot.item): slot for slot in wanted}
    earlier = (
        _earlier(affair, user)
        .filter(material_code__in={material for material, _item in slots})
        .select_related("affair")
        .defer("affair__form", "affair__answers")
        .order_by("-affair__submitted_at", "place", "pk")
    )
    found: dict[str, list[Offer]] = {}
    known = {(slot.key, file.sha256) for slot in slots.values() for file in slot.files}
    for file in earlier:
        slot = slots.get((file.material_code, file.item))
        if slot is None or (slot.key, file.sha256) in known:
            continue
        known.add((slot.key, file.sha256))
        there = found.setdefault(slot.key, [])
        if len(there) < OFFERS_PER_MATERIAL:
            other = file.affair.subject_name
            there.append(Offer(file, for_other="" if other == affair.subject_name else other))
    return {key: tuple(there) for key, there in found.items()}


def _earlier(affair: Affair, user: User) -> MaterialFileQuerySet:
    """Files of affairs that the same applicant handed in; only those that this person may read themselves."""
    handed_in = Affair.objects.of(user).filed().filter(applicant=affair.applicant_id).exclude(pk=affair.pk)
    return MaterialFile.objects.kept().filter(affair__in=handed_in)


def earlier_file(affair: Affair, file_id: int, *, user: User) -> tuple[MaterialFile, Inspected]:
    """A file that may be taken into the draft, with its content. Raises DomainError when there is none."""
    file = _earlier(affair, user).filter(pk=file_id).first()
    if file is None:
        raise DomainError("没有找到以前交的这个文件，请直接上传。")
    try:
        with file.file.open("rb") as stored:
            content = Inspected(file.name, file.content_type, stored.read())
    except OSError:
        raise DomainError(f"以前交的“{file.name}”现在读不出来，请直接上传。") from None
    if content.sha256 != file.sha256:
        raise DomainError(f"以前交的“{file.name}”与登记的指纹不一致，不能再用，请直接上传。")
    return file, content


def take(affair: Affair, *, actor: Actor, item: str, earlier: MaterialFile, content: Inspected) -> MaterialFile:
    """Keep the same content once more, in this draft, with a note of where it came from."""
    file = attach(
        affair,
        actor=actor,
        material_code=earlier.material_code,
        item=item,
        inspected=content,
        taken_from=earlier,
    )
    note(
        affair, actor, "material.take", "使用以前提交的材料", material=file.material_code, file=file.pk,
        taken_from=[earlier.affair.number, earlier.pk], sha256=file.sha256,
    )  # fmt: skip
    return file


def copy(affair: Affair, *, actor: Actor) -> Affair:
    """A new draft under the current edition with the answers and the form of an affair that has ended.

    No files, consents or notes taken of warnings. A copy that still waits to be handed in is returned as it is.
    """
    if not affair.can_be_copied:
        raise DomainError(f"办件还在办理（{affair.get_state_display()}），办结、撤回或者未获准予之后才能复制。")
    waiting = affair.copies.filter(state=Affair.State.DRAFT).first()
    if waiting is not None:
        return waiting
    draft = create_draft(
        applicant=affair.applicant, one_thing_code=affair.one_thing_code, actor=actor, copied_from=affair
    )
    fields = draft.edition.catalogue.fields.keys() - _NOT_COPIED
    form = {key: value for key, value in affair.form.items() if key in fields or key in _COPIED_BESIDE_FIELDS}
    save_draft(draft, answers=affair.answers, form=form)
    note(affair, actor, "affair.copy", "复制为新的草稿", draft=draft.pk)
    return draft


def delete(affair: Affair, *, actor: Actor) -> list[str]:
    """Take a draft off the record with its files, removed ones included; the trail keeps that there was one (R45).

    Returns the names of the stored files, for the caller to have them deleted.
    """
    require(affair, Affair.State.DRAFT, "办件已经提交，不能删除；还没有决定的，可以撤回。")
    files = list(affair.files.all())
    note(
        affair, actor, "affair.delete_draft", "删除草稿", before=affair.state, one_thing=affair.one_thing_code,
        files=len(files),
    )  # fmt: skip
    affair.files.update(replaces=None)
    affair.files.all().delete()
    affair.delete()
    return [name for file in files for name in (file.file.name, preview_name(file))]
