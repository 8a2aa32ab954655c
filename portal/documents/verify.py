"""Checking a paper: whether it was issued here, and whether the stored PDF is still the one that was issued."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.accounts.masking import mask_name
from portal.documents.models import Document


class Integrity(StrEnum):
    INTACT = "intact"
    CHANGED = "changed"
    BEING_MADE = "being_made"

    @property
    def label(self) -> str:
        return {
            "intact": "与签发时一致",
            "changed": "存档文件与签发时不一致，请联系签发机关",
            "being_made": "文书已签发，PDF 正在制作",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Verification:
    """What the public may know of a paper. applicant: masked (R45); matter: of a decision, else the one-thing.

    sha256: of the PDF as issued, for whoever wants to compare a copy of their own; "" while it is being made.
    """

    title: str
    number: str
    authority: str
    issued_at: datetime
    applicant: str
    matter: str
    integrity: Integrity
    sha256: str
    demonstration: bool


def verify(code: str) -> Verification | None:
    """The paper with this code, however it was typed; None when no such paper was issued."""
    compact = re.sub(r"[\s-]", "", code).upper()
    document = Document.objects.filter(verify_code=compact).select_related("approval").first()
    if document is None:
        return None
    contents = document.contents
    return Verification(
        title=document.title,
        number=document.number,
        authority=contents["authority"],
        issued_at=document.issued_at,
        applicant=masked_applicant(contents["applicant"]["name"]),
        matter=document.approval.matter_name if document.approval else contents["affair"]["name"],
        integrity=integrity_of(document),
        sha256=document.sha256,
        demonstration=contents["demonstration"],
    )


def masked_applicant(name: str) -> str:
    """张三 → 张*, 平顶山演示货运有限公司 → 平顶*******公司: enough for the holder of the paper to recognise."""
    if len(name) <= 4:
        return mask_name(name)
    return name[:2] + "*" * (len(name) - 4) + name[-2:]


def integrity_of(document: Document) -> Integrity:
    """Whether the stored file still has the fingerprint that the row kept. A file that is gone counts as changed."""
    if not document.is_ready:
        return Integrity.BEING_MADE
    digest = hashlib.sha256()
    try:
        with document.file.open("rb") as stored:
            for chunk in stored.chunks():
                digest.update(chunk)
    except OSError:
        return Integrity.CHANGED
    return Integrity.INTACT if digest.hexdigest() == document.sha256 else Integrity.CHANGED
