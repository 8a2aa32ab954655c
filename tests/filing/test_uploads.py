"""Uploads are hostile until shown otherwise, and a refused one loses nothing."""

import io
import struct
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from portal.accounts.errors import RejectedUpload
from portal.affairs.models import Affair
from portal.affairs.uploads import MAX_FILES_PER_MATERIAL, inspect
from tests.filing.conftest import Person, text_of
from tests.office import FOUNDING, Office
from workflows import commands

SCRIPT = b"<script>alert(1)</script>"


def upload(content: bytes, name: str = "file.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def image(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **options)
    return out.getvalue()


def pdf(change=lambda document: None, **options: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    change(document)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def tiny_png_of(width: int, height: int) -> bytes:
    """A few kilobytes that unpack to width × height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 4096, 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


HOSTILE = {
    "a script named jpg": (SCRIPT, "不是 PDF 或图片"),
    "a picture that runs": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是 PDF 或图片"),
    "GIF and script at once": (b"GIF89a/*" + b"\0" * 32 + b"*/=1;" + SCRIPT, "不是 PDF 或图片"),
    "an archive": (b"PK\x03\x04" + b"\0" * 60, "不是 PDF 或图片"),
    "nothing": (b"", "是空文件"),
    "half a JPEG": (image()[:200], "打不开，可能已损坏"),
    "half a PNG": (image("PNG")[:60], "打不开，可能已损坏"),
    "a PDF in name only": (b"%PDF-1.7\n" + b"x" * 200, "打不开，可能已损坏"),
    "144 million pixels": (tiny_png_of(12_000, 12_000), "像素过大"),
    "3.6 billion pixels": (tiny_png_of(60_000, 60_000), "打不开"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("content", "say"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_sound_pdf_or_picture_is_refused_in_words(content: bytes, say: str):
    with pytest.raises(RejectedUpload, match=say):
        inspect(upload(content, "营业执照.jpg"))


def test_half_a_picture_is_refused_even_where_another_library_would_let_it_pass(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(RejectedUpload, match="打不开，可能已损坏"):
        inspect(upload(image()[:200]))


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    with (
        override_settings(UPLOAD_MAX_BYTES=1024 * 1024),
        pytest.raises(RejectedUpload, match="超过 1 MB，请压缩后重新上传"),
    ):
        inspect(upload(b"x" * (1024 * 1024 + 1)))


def test_a_pdf_with_a_password_is_refused_with_what_to_do():
    locked = pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(RejectedUpload, match="设有密码，窗口打不开，请去掉密码后上传"):
        inspect(upload(locked))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_hides_behind_the_pixels_does_not_survive(kind: str):
    kept = inspect(upload(image(kind) + SCRIPT, "照片.jpg"))
    assert SCRIPT not in kept.content
    assert Image.open(io.BytesIO(kept.content)).size == (60, 40)


def test_notes_and_places_inside_a_picture_do_not_survive():
    noted = PngInfo()
    noted.add_text("Comment", SCRIPT.decode())
    assert SCRIPT not in inspect(upload(image("PNG", pnginfo=noted))).content
    place = Image.Exif()
    place[0x010E] = "secret place"
    assert b"secret place" not in inspect(upload(image(exif=place))).content


def test_a_photo_of_a_telephone_stays_legible_and_gets_no_larger_than_needed():
    kept = inspect(upload(image(size=(6000, 4000))))
    assert max(Image.open(io.BytesIO(kept.content)).size) <= 5000


def test_what_a_pdf_would_run_is_taken_out():
    def arm(document: pikepdf.Pdf) -> None:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        start = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
        document.Root.OpenAction = document.make_indirect(script)
        document.Root.AA = pikepdf.Dictionary(WC=script)
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script]))
        page = document.pages[0]
        page.AA = pikepdf.Dictionary(O=script)
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=start)
        page.Annots = document.make_indirect(pikepdf.Array([document.make_indirect(link)]))
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA="<xdp/>")
        document.attachments["böse.exe"] = b"MZ"

    kept = pikepdf.open(io.BytesIO(inspect(upload(pdf(arm))).content))
    text = b"".join(item.unparse(resolved=True) for item in kept.objects if isinstance(item, pikepdf.Dictionary))
    for trace in (b"app.alert", b"calc.exe", b"/OpenAction", b"/AA", b"/XFA", b"EmbeddedFiles"):
        assert trace not in text, trace


def test_a_pdf_whose_parts_are_of_the_wrong_kind_is_broken_not_an_error_of_ours():
    def confuse(document: pikepdf.Pdf) -> None:
        document.Root.Names = pikepdf.String("no dictionary")

    with pytest.raises(RejectedUpload, match="打不开"):
        inspect(upload(pdf(confuse)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("营业执照.jpg", "营业执照.jpg"),
        ("..\\..\\etc\\passwd.jpg", "passwd.jpg"),
        ("../../x.jpg", "x.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("a\r\nb.jpg", "ab.jpg"),
        ("执照.php", "执照.jpg"),
        ("执照", "执照.jpg"),
        ("照片.JPEG", "照片.JPEG"),
    ],
)
def test_a_name_says_what_the_file_is_and_nothing_else(given: str, kept: str):
    file = upload(image())
    file._name = given
    assert inspect(file).name == kept


# ------------------------------------------------------------------ the page


@pytest.fixture
def bare(office: Office, draft: Affair) -> Affair:
    """The draft without its files."""
    for file in draft.files.kept():
        commands.remove_file(file, actor=office.applicant)
    return draft


def send(person: Person, affair: Affair, *files: SimpleUploadedFile, material: str = "zc", item: str = "", **kwargs):
    data = {"material": material, "item": item, "files": list(files)}
    return person.post(reverse("filing:files", args=[affair.pk]), data, **kwargs)


def page(person: Person, affair: Affair) -> str:
    return text_of(person.get(reverse("filing:form_step", args=[affair.pk, "materials"])))


def test_several_files_are_kept_at_once_and_listed(me: Person, bare: Affair):
    response = send(me, bare, upload(pdf(), "章程一.pdf"), upload(image(), "章程二.jpg"))
    assert response.status_code == 302
    assert "#material-zc-" in response.url
    assert sorted(file.name for file in bare.files.kept()) == ["章程一.pdf", "章程二.jpg"]
    assert "章程一.pdf" in page(me, bare)


def test_a_refused_file_is_explained_at_its_material_and_the_good_one_stays(me: Person, bare: Affair):
    send(me, bare, upload(SCRIPT, "坏的.jpg"), upload(pdf(), "好的.pdf"))
    text = page(me, bare)
    assert text.count("“坏的.jpg”不是 PDF 或图片") == 2  # in the summary and at the field
    assert "好的.pdf" in text
    assert "坏的.jpg" not in page(me, bare)  # told once


def test_a_script_is_told_in_json(me: Person, bare: Affair):
    bad = send(me, bare, upload(SCRIPT, "坏的.jpg"), headers={"X-Requested-With": "upload"})
    assert bad.status_code == 400
    assert "不是 PDF 或图片" in bad.json()["error"]
    good = send(me, bare, upload(pdf()), headers={"X-Requested-With": "upload"})
    assert good.status_code == 200


def test_pressing_upload_without_a_file_says_so(me: Person, bare: Affair):
    send(me, bare)
    assert "请先选择要上传的文件。" in page(me, bare)


@pytest.mark.parametrize(("material", "item"), [("nichts", ""), ("zc", "豫D99999"), ("cl_jc", "豫Z00000")])
def test_nothing_is_kept_for_what_the_plan_does_not_ask(material: str, item: str, me: Person, bare: Affair):
    send(me, bare, upload(pdf()), material=material, item=item)
    assert not bare.files.kept().exists()


def test_the_same_file_twice_is_kept_once(me: Person, bare: Affair):
    send(me, bare, upload(image(), "a.jpg"))
    send(me, bare, upload(image(), "b.jpg"))
    assert bare.files.kept().count() == 1


def test_there_is_an_end_to_the_files_of_one_material(me: Person, bare: Affair):
    pictures = [upload(image(size=(10 + number, 10)), f"{number}.jpg") for number in range(MAX_FILES_PER_MATERIAL + 1)]
    send(me, bare, *pictures)
    assert bare.files.kept().count() == MAX_FILES_PER_MATERIAL
    assert "每种材料最多" in page(me, bare)


def test_a_removed_file_leaves_the_list_but_not_the_record(me: Person, bare: Affair):
    send(me, bare, upload(pdf(), "章程.pdf"))
    file = bare.files.kept().get()
    path = reverse("filing:remove_file", args=[bare.pk, file.pk])
    assert me.post(path).status_code == 302
    assert "章程.pdf" not in page(me, bare)
    assert bare.files.filter(pk=file.pk).exists()
    assert me.post(path).status_code == 409


def test_a_file_whose_vehicle_was_renamed_is_not_lost_from_sight(office: Office, me: Person, draft: Affair):
    vehicles = [{**row, "plate": f"豫D7777{index}"} for index, row in enumerate(draft.form["vehicles"])]
    commands.save_draft(draft, actor=office.applicant, form={"vehicles": vehicles})
    text = page(me, draft)
    assert "对不上的文件" in text
    assert "机动车行驶证（豫D77770）" in text


def test_after_filing_no_file_comes_or_goes(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    assert send(me, filed, upload(pdf())).status_code == 409
    assert send(me, filed, upload(pdf()), headers={"X-Requested-With": "upload"}).status_code == 409
    file = filed.files.kept().first()
    assert me.post(reverse("filing:remove_file", args=[filed.pk, file.pk])).status_code == 409


def test_what_is_made_from_the_form_or_comes_from_an_earlier_result_is_not_asked_for(me: Person, bare: Affair):
    """R41, R58."""
    text = page(me, bare)
    assert "由系统根据表单生成，免提交" in text
    assert "由本件前序事项的结果提供，免提交" in text
