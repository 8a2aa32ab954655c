"""Photos for the tests of materials."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(kind: str = "JPEG", *, name: str = "照片.jpg", size: tuple[int, int] = (80, 40)) -> SimpleUploadedFile:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, BLUE)
    picture.paste(RED, (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    picture.save(out, kind, quality=95)
    return SimpleUploadedFile(name, out.getvalue())


def is_red(content: bytes, place: tuple[int, int]) -> bool:
    red, _green, blue = Image.open(io.BytesIO(content)).convert("RGB").getpixel(place)
    return red > blue
