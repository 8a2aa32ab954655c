import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from weasyprint import HTML

from portal import fonts
from portal.accounts import demo
from tests.office import Office


@pytest.fixture
def office(transactional_db: None) -> Office:
    """The office, with the demonstration's accounts to sign in with."""
    office = Office()
    demo.create_accounts()
    return office


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Real files as people have them: a typed PDF and a photo of a document, in turn."""
    fonts.configure()
    folder = tmp_path_factory.mktemp("applicant")
    text = folder / "公司章程.pdf"
    HTML(
        string="<html lang=zh><title>公司章程</title><h1>公司章程</h1><p>第一条 为规范公司的组织和行为，制定本章程。"
    ).write_pdf(text)
    photo = folder / "照片.jpg"
    image = Image.new("RGB", (1200, 1600), "#f4f1ea")
    ImageDraw.Draw(image).rectangle((120, 160, 1080, 1440), outline="#555", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    photo.write_bytes(out.getvalue())
    return lambda index: (text, photo)[index % 2]
