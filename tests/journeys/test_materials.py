"""Materials on a phone and with a mouse: a photo, a failure beside a success, turning, dropping, an earlier file."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from portal.affairs.models import Affair
from tests.filing.pictures import photo
from tests.journeys.people import Applicant
from tests.office import FOUNDING, Office
from workflows import commands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(office: Office) -> Affair:
    """A draft of the demonstration's applicant without a file, after an affair that was withdrawn."""
    filed = commands.submit(_with_photo(office), actor=office.applicant)
    commands.withdraw(filed, actor=office.applicant)
    draft = office.draft(answers=FOUNDING)
    commands.save_draft(draft, actor=office.applicant, form={"entity_name": filed.subject_name})
    for file in draft.files.kept():
        commands.remove_file(file, actor=office.applicant)
    return draft


def _with_photo(office: Office) -> Affair:
    draft = office.draft(answers=FOUNDING, seed=3)
    commands.attach_file(draft, actor=office.applicant, material_code="zc", item="", upload=photo(size=(900, 600)))
    return draft


def phone_of(browser, live_server) -> Page:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    return context.new_page()


def at_materials(page: Page, draft: Affair, office: Office) -> Applicant:
    applicant = Applicant(page, "materials")
    applicant.is_signed_in(office.applicant.user)
    applicant.go(f"/my/{draft.pk}/form/materials/")
    return applicant


def test_a_photo_by_phone_is_turned_and_replaced(browser, live_server, office: Office, draft: Affair, tmp_path: Path):
    page = phone_of(browser, live_server)
    applicant = at_materials(page, draft, office)
    applicant.look("phone-empty")
    charter = page.locator("section.material").filter(has=page.get_by_role("heading", name="公司章程"))
    expect(charter.get_by_label("拍照上传")).to_be_visible()
    taken = tmp_path / "拍的.jpg"
    taken.write_bytes(photo(size=(1200, 900)).read())
    charter.get_by_label("拍照上传").set_input_files(taken)
    expect(charter.locator(".file-card__name")).to_have_text("拍的.jpg")
    expect(charter.locator("img").first).to_have_js_property("complete", True)
    applicant.look("phone-photo")
    before = charter.locator(".file-card__picture img").get_attribute("src")
    charter.get_by_role("button", name="向右转 90°").click()
    expect(charter.locator(".file-card__picture img")).not_to_have_attribute("src", before or "")
    file = draft.files.kept().get(material_code="zc")
    with file.file.open("rb") as stored:
        assert Image.open(io.BytesIO(stored.read())).size == (900, 1200)
    charter.get_by_text("换一个文件").click()
    other = tmp_path / "另一张.png"
    other.write_bytes(photo("PNG").read())
    charter.get_by_label("选择替换").set_input_files(other)
    expect(charter.locator(".file-card__name")).to_have_text("另一张.png")
    assert draft.files.kept().get(material_code="zc").replaces_id == file.pk
    page.context.close()


def test_what_fails_keeps_its_reason_and_what_was_sent_is_shown(
    open_page: Callable[..., Page], office: Office, draft: Affair, tmp_path: Path
):
    page = open_page()
    applicant = at_materials(page, draft, office)
    applicant.look("desk")
    charter = page.locator("section.material").filter(has=page.get_by_role("heading", name="公司章程"))
    expect(charter.get_by_label("拍照上传")).to_be_hidden()
    good, bad = tmp_path / "好的.jpg", tmp_path / "坏的.pdf"
    good.write_bytes(photo().read())
    bad.write_bytes(b"<script>")
    charter.locator("input[type=file]").first.set_input_files([bad, good])
    expect(charter.locator(".field__error")).to_contain_text("坏的.pdf")
    expect(charter.locator(".file-card__name")).to_have_text(["好的.jpg"])
    expect(charter).to_contain_text("已上传")
    applicant.reads("已上传 1 份")
    applicant.look("desk-failed")
    # Dropped anywhere on the material.
    page.evaluate(
        """([section, bytes]) => {
            const file = new File([new Uint8Array(bytes)], "拖来的.png", { type: "image/png" });
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(file);
            const place = document.getElementById(section).querySelector("h2");
            for (const name of ["dragover", "drop"]) {
                place.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
            }
        }""",
        [charter.get_attribute("id"), list(photo("PNG").read())],
    )
    expect(charter.locator(".file-card__name")).to_have_text(["好的.jpg", "拖来的.png"])


def test_what_was_given_before_is_used_with_one_press(open_page: Callable[..., Page], office: Office, draft: Affair):
    page = open_page(width=360)
    applicant = at_materials(page, draft, office)
    charter = page.locator("section.material").filter(has=page.get_by_role("heading", name="公司章程"))
    charter.get_by_role("button", name="照片.jpg").click()
    expect(charter).to_contain_text("取自以前的办件")
    expect(charter.locator(".earlier")).to_have_count(1)
    applicant.look("earlier-used")
    assert draft.files.kept().get(material_code="zc").taken_from is not None
