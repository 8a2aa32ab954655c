"""What is made from a picture that is kept already: a small view of it, and the same picture turned upright."""

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import get_sampling

from portal.accounts.errors import DomainError
from portal.affairs.models import MaterialFile
from portal.affairs.uploads import Inspected

_FORMATS = ("JPEG", "PNG")
# Twice the size at which it is shown, for sharp screens.
_PREVIEW_EDGE = 320


def preview_name(file: MaterialFile) -> str:
    """Where the small view of a picture is stored: beside the picture, under a name that is as hard to guess."""
    return f"{file.file.name}.preview.jpg"


def preview(file: MaterialFile) -> bytes:
    """A small JPEG of a picture, made when it is first asked for. Raises OSError when it cannot be made."""
    storage, name = file.file.storage, preview_name(file)
    if storage.exists(name):
        with storage.open(name) as kept:
            return kept.read()
    content = _small(file)
    stored = storage.save(name, ContentFile(content))
    if stored != name:
        # Two asked at once; the other one's is kept.
        storage.delete(stored)
    return content


def _small(file: MaterialFile) -> bytes:
    with file.file.open("rb") as stored, Image.open(stored, formats=_FORMATS) as image:
        image.draft("RGB", (_PREVIEW_EDGE, _PREVIEW_EDGE))
        image.thumbnail((_PREVIEW_EDGE, _PREVIEW_EDGE))
        flat = image
        if image.has_transparency_data:
            clear = image.convert("RGBA")
            flat = Image.new("RGBA", clear.size, "white")
            flat.alpha_composite(clear)
        out = io.BytesIO()
        flat.convert("RGB").save(out, "JPEG", quality=80)
        return out.getvalue()


def turned(file: MaterialFile) -> Inspected:
    """The picture turned by 90° to the right. Raises DomainError for what is no picture or cannot be read."""
    if not file.is_image:
        raise DomainError(f"“{file.name}”不是图片，不能旋转；请在电脑上转正后替换。")
    try:
        with file.file.open("rb") as stored, Image.open(stored, formats=_FORMATS) as image:
            upright = ImageOps.exif_transpose(image).transpose(Image.Transpose.ROTATE_270)
            out = io.BytesIO()
            if image.format == "PNG":
                upright.save(out, "PNG", optimize=True)
            else:
                # The same tables: as little as possible is lost, however often it is turned.
                upright.save(out, "JPEG", qtables=image.quantization, subsampling=get_sampling(image))
    except OSError:
        raise DomainError(f"“{file.name}”打不开，没有旋转，请重新上传。") from None
    return Inspected(file.name, file.content_type, out.getvalue())
