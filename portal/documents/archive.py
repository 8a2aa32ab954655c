"""Everything of an affair as one ZIP for its applicant: papers, materials, a summary, and the fingerprints of all.

It is made while it is sent: a piece of one file is in memory at a time, however large the whole is.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone

from portal.affairs.materials import Slot, slots
from portal.affairs.models import Affair, MaterialFile
from portal.affairs.reading import answers_in_words, groups
from portal.documents.models import Document

_PIECE_BYTES = 64 * 1024
_NAME_LENGTH = 80
# Neither Windows nor a ZIP tool may take part of a name for a path or refuse it.
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
SUMMARY = "办件摘要.html"
FINGERPRINTS = "清单（SHA-256）.txt"


@dataclass(frozen=True, slots=True)
class Item:
    """One stored file and its place in the archive. recorded: the fingerprint that the office has of it."""

    path: str
    file: FieldFile
    recorded: str
    at: datetime


def archive_of(affair: Affair) -> Iterator[bytes]:
    """The ZIP in pieces. All records are read before the first piece; what then is read are stored files only."""
    found = slots(affair)
    papers = list(affair.documents.select_related("approval"))
    items = [*_papers(papers), *_materials(affair, found)]
    summary = render_to_string(
        "documents/summary.html",
        {
            "affair": affair,
            "thing": affair.one_thing,
            "at": timezone.now(),
            "answers": answers_in_words(affair),
            "groups": groups(affair, masked=False),
            "slots": found,
            "approvals": list(affair.approvals.current().select_related("department").prefetch_related("certificates")),
            "waiting": [paper for paper in papers if not paper.is_ready],
            "items": items,
        },
    )
    return _zip(summary, items)


def _papers(papers: list[Document]) -> Iterator[Item]:
    used: set[str] = set()
    for paper in papers:
        if paper.is_ready:
            path = _unique(f"文书/{_fit(f'{paper.title}（{paper.number}）')}", ".pdf", used)
            yield Item(path, paper.file, paper.sha256, paper.issued_at)


def _materials(affair: Affair, found: tuple[Slot, ...]) -> Iterator[Item]:
    """“材料/03 机动车行驶证/豫D12345/正面.jpg”; what the plan no longer asks for lies apart."""
    order = {code: place for place, code in enumerate(dict.fromkeys(slot.material.id for slot in found), start=1)}
    names = {material.id: material.name for material in affair.edition.catalogue.materials.values()}
    used: set[str] = set()
    for file in affair.files.kept():
        place = order.get(file.material_code)
        folder = f"{place:02d} {names[file.material_code]}" if place else "其他"
        parts = ["材料", _fit(folder), *([_fit(file.item)] if file.item else [])]
        path = _unique(f"{'/'.join(parts)}/{_fit(_stem(file))}", file.extension, used)
        yield Item(path, file.file, file.sha256, file.uploaded_at)


def _stem(file: MaterialFile) -> str:
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file.name)


def _fit(name: str) -> str:
    """One part of a path that every system takes."""
    return _UNFIT.sub("_", name).strip(" .")[:_NAME_LENGTH].strip(" .") or "未命名"


def _unique(path: str, extension: str, used: set[str]) -> str:
    number, name = 1, path + extension
    while name.lower() in used:
        number += 1
        name = f"{path} ({number}){extension}"
    used.add(name.lower())
    return name


class _Outlet:
    """Where the ZIP is written to: keeps what was not fetched yet, cannot be sought in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._pieces.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def fetch(self) -> bytes:
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content


def _zip(summary: str, items: list[Item]) -> Iterator[bytes]:
    outlet = _Outlet()
    lines = []
    with zipfile.ZipFile(outlet, "w") as archive:  # type: ignore[arg-type]
        text = summary.encode()
        archive.writestr(_entry(SUMMARY, timezone.now(), zipfile.ZIP_DEFLATED), text)
        lines.append(f"{hashlib.sha256(text).hexdigest()}  {SUMMARY}")
        yield outlet.fetch()
        for item in items:
            try:
                stored = item.file.open("rb")
            except OSError:
                lines.append(f"# 存储中读不到这个文件，请联系窗口：{item.path}（登记的指纹 {item.recorded}）")
                continue
            fingerprint = hashlib.sha256()
            # What is compressed already is stored as it is.
            with stored, archive.open(_entry(item.path, item.at, zipfile.ZIP_STORED), "w") as target:
                while content := stored.read(_PIECE_BYTES):
                    fingerprint.update(content)
                    target.write(content)
                    yield outlet.fetch()
            lines.append(f"{fingerprint.hexdigest()}  {item.path}")
            if fingerprint.hexdigest() != item.recorded:
                lines.append(f"# 与登记的指纹不一致，请联系窗口：{item.path}（登记的指纹 {item.recorded}）")
        archive.writestr(_entry(FINGERPRINTS, timezone.now(), zipfile.ZIP_DEFLATED), "\n".join([*lines, ""]).encode())
    yield outlet.fetch()


def _entry(path: str, at: datetime, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, timezone.localtime(at).timetuple()[:6])
    entry.compress_type = compression
    # rw-r--r-- of a regular file; without it some tools unpack files that nobody may read.
    entry.external_attr = 0o100644 << 16
    return entry
