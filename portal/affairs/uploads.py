"""Uploads are hostile until shown otherwise: kind by content, images re-encoded, PDFs stripped of what would run."""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import magic
import pikepdf
import pillow_heif
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db.models import Count, Max
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from portal.accounts.errors import AlreadyHandled, DomainError, RejectedUpload
from portal.accounts.models import Actor
from portal.affairs.materials import slots
from portal.affairs.models import Affair, MaterialFile
from portal.affairs.services import note, require

# Still pictures only: neither the thumbnails nor the depth maps in the same file are of use to an office.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

MAX_FILES_PER_MATERIAL = 20
# A picture larger than this once unpacked is an attack on memory, not a photo of a document.
_MAX_PIXELS = 60_000_000
# Enough to read small print on an A3 sheet; a photo of more pixels is made smaller.
_LONGEST_EDGE = 5000
_EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
# The photos of iPhones are HEIC; libmagic names them after the brand in their head.
_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/bmp", "image/heic", "image/heif"})
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "HEIF")
_HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named"})


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was looked into and is safe to keep. content: what is stored, not what was sent."""

    name: str
    content_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def inspect(upload: File) -> Inspected:
    """Look into an upload. Raises RejectedUpload saying what is wrong and what to do."""
    name = _plain_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise RejectedUpload(f"“{name}”是空文件，请重新选择。")
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise RejectedUpload(f"“{name}”超过 {limit} MB，请压缩后重新上传。")
    content = upload.read()
    kind = magic.from_buffer(content[:4096], mime=True)
    if kind == "application/pdf":
        return _inspected(name, kind, _clean_pdf(name, content))
    if kind in _IMAGES:
        return _inspected(name, *_clean_image(name, content))
    raise RejectedUpload(f"“{name}”不是 PDF 或图片（按内容识别，不看扩展名），请转换为 PDF、JPG 或 PNG 后上传。")


def _plain_name(name: str) -> str:
    """The last part of a path, without characters that are not seen or that turn the writing round (“exe.gpj”)."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    return seen.strip()[-200:] or "未命名"


def _inspected(name: str, content_type: str, content: bytes) -> Inspected:
    """The name says what the content is, whatever it said before."""
    extension = _EXTENSIONS[content_type]
    if not name.lower().endswith((extension, ".jpeg") if extension == ".jpg" else extension):
        name = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)[-190:] + extension
    return Inspected(name, content_type, content)


def _clean_image(name: str, content: bytes) -> tuple[str, bytes]:
    """Re-encode: whatever hid beside the pixels (scripts, location, a second format) does not survive."""
    # WeasyPrint, where it was loaded, lets half a picture pass for the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise RejectedUpload(f"“{name}”的像素过大，请缩小后重新上传。")
            is_png = image.format == "PNG"
            # A JPEG is unpacked at the smaller size at once, which spares the memory as well.
            image.draft(None, (_LONGEST_EDGE, _LONGEST_EDGE))
            image.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
            upright = ImageOps.exif_transpose(image)
            upright.info.clear()
            out = io.BytesIO()
            if is_png:
                upright.save(out, "PNG", optimize=True)
                return "image/png", out.getvalue()
            upright.convert("RGB").save(out, "JPEG", quality=88)
            return "image/jpeg", out.getvalue()
    # Pillow reports broken files in all of these ways.
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError, SyntaxError, EOFError):
        raise RejectedUpload(f"“{name}”打不开，可能已损坏，请重新拍照或扫描。") from None


def _clean_pdf(name: str, content: bytes) -> bytes:
    """Open and rewrite without scripts, launch actions, forms that run code and embedded files."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if not len(pdf.pages):
                raise RejectedUpload(f"“{name}”没有页面，请重新生成。")
            _strip(pdf)
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()
    except pikepdf.PasswordError:
        raise RejectedUpload(f"“{name}”设有密码，窗口打不开，请去掉密码后上传。") from None
    # A document whose parts are not of the kind they should be is as good as broken.
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise RejectedUpload(f"“{name}”打不开，可能已损坏，请重新导出 PDF。") from None


def _strip(pdf: pikepdf.Pdf) -> None:
    """Take out of every dictionary what a viewer would run: at opening, at a page, at a click."""
    for key in ("/OpenAction", "/AA"):
        if key in pdf.Root:
            del pdf.Root[key]
    if "/Names" in pdf.Root:
        for key in ("/JavaScript", "/EmbeddedFiles"):
            if key in pdf.Root.Names:
                del pdf.Root.Names[key]
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
        del pdf.Root.AcroForm["/XFA"]
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            _disarm(item)


def _disarm(item: Any) -> None:
    if "/AA" in item:
        del item["/AA"]
    action = item.get("/A")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) not in _HARMLESS_ACTIONS:
        del item["/A"]
    if str(item.get("/S", "")) in ("/JavaScript", "/Launch"):
        for key in ("/JS", "/F", "/Win", "/Unix", "/Mac", "/Next"):
            if key in item:
                del item[key]


def attach(
    affair: Affair,
    *,
    actor: Actor,
    material_code: str,
    item: str,
    inspected: Inspected,
    replaces: MaterialFile | None = None,
    taken_from: MaterialFile | None = None,
) -> MaterialFile:
    """Keep an inspected file for a material, of one vehicle or driver where it is asked for each, that the plan needs.

    The same content twice is kept once. replaces: the file whose place it takes. taken_from: the file of an earlier
    affair whose content it is (R41). Raises RejectedUpload when there are too many.
    """
    require(affair, Affair.State.DRAFT, "办件已经提交，不能再上传材料。")
    if (material_code, item) not in {(slot.material.id, slot.item) for slot in slots(affair)}:
        raise DomainError("这件办件不需要这种材料，请刷新页面后再选。")
    same = affair.files.kept().filter(material_code=material_code, item=item)
    if (existing := same.filter(sha256=inspected.sha256).first()) is not None:
        return existing
    there = same.aggregate(count=Count("pk"), last=Max("place"))
    if there["count"] >= MAX_FILES_PER_MATERIAL:
        raise RejectedUpload(f"每种材料最多 {MAX_FILES_PER_MATERIAL} 个文件，请合并后上传。")
    file = MaterialFile(
        affair=affair,
        material_code=material_code,
        item=item,
        place=replaces.place if replaces else (there["last"] or 0) + 1,
        replaces=replaces,
        taken_from=taken_from,
        name=inspected.name,
        content_type=inspected.content_type,
        size_bytes=len(inspected.content),
        sha256=inspected.sha256,
        uploaded_by=actor.user,
    )
    file.file.save(inspected.name, ContentFile(inspected.content), save=False)
    file.save()
    return file


def replace(affair: Affair, *, actor: Actor, old: MaterialFile, inspected: Inspected, at: datetime) -> MaterialFile:
    """Put another file in the place of one; the old one stays on record as removed. The same content is refused."""
    if inspected.sha256 == old.sha256:
        raise RejectedUpload(f"“{inspected.name}”和原来的文件内容一样，没有替换，请选择另一个文件。")
    remove(affair, file_id=old.pk, at=at)
    new = attach(
        affair, actor=actor, material_code=old.material_code, item=old.item, inspected=inspected, replaces=old
    )  # fmt: skip
    note(
        affair, actor, "material.replace", "替换材料文件", subject=affair, material=old.material_code,
        old=[old.pk, old.sha256], new=[new.pk, new.sha256],
    )  # fmt: skip
    return new


def remove(affair: Affair, *, file_id: int, at: datetime) -> None:
    """Take a file out of a draft; it stays on record as removed."""
    require(affair, Affair.State.DRAFT, "办件已经提交，不能再删除材料。")
    if not affair.files.kept().filter(pk=file_id).update(removed_at=at):
        raise AlreadyHandled("这个文件已经移除。")
