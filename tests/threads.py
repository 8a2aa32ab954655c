"""Messages between applicant and window for the tests, by the real commands."""

import io
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.affairs.messages import Message
from portal.affairs.models import Affair
from tests.office import Office
from workflows import message_commands


def photo(name: str = "门头照片.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def asked(office: Office, affair: Affair, text: str = "营业场所证明要原件吗？") -> Message:
    """A question of the applicant with one photo."""
    return message_commands.ask(affair, actor=office.applicant, text=text, key=uuid4().hex, files=[photo()])


def answered(office: Office, affair: Affair, text: str = "带复印件即可。") -> Message:
    return message_commands.answer(affair, actor=office.clerk, text=text, key=uuid4().hex)
