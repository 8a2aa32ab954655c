"""The materials of a draft: small views, turning, replacing, photos of phones, and what was given before (R41)."""

import io
import random
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours, RejectedUpload
from portal.accounts.models import Actor
from portal.affairs import pictures, reuse
from portal.affairs.materials import slots
from portal.affairs.models import Affair, Certificate, MaterialFile
from portal.affairs.uploads import inspect
from portal.audit.models import Entry
from portal.audit.services import verify_chain
from tests.factories import UserFactory
from tests.filing.conftest import Person
from tests.filing.pictures import is_red, photo
from tests.office import FOUNDING, Office
from workflows import commands, materials_commands, sampling


@pytest.fixture
def bare(office: Office, draft: Affair) -> Affair:
    """The draft without its files."""
    for file in draft.files.kept():
        commands.remove_file(file, actor=office.applicant)
    return draft


@pytest.fixture
def picture(office: Office, bare: Affair) -> MaterialFile:
    return commands.attach_file(bare, actor=office.applicant, material_code="zc", item="", upload=photo())


def page_of(person: Person, affair: Affair) -> str:
    return person.get(reverse("filing:form_step", args=[affair.pk, "materials"])).content.decode()


def content_of(file: MaterialFile) -> bytes:
    with file.file.open("rb") as stored:
        return stored.read()


# ------------------------------------------------------------------ small views


def test_a_picture_is_shown_small_and_made_once(me: Person, bare: Affair, picture: MaterialFile):
    url = reverse("documents:preview", args=[picture.pk])
    assert url in page_of(me, bare)
    first = me.get(url)
    assert (first.status_code, first["Content-Type"]) == (200, "image/jpeg")
    assert max(Image.open(io.BytesIO(first.content)).size) <= 320
    made = default_storage.get_modified_time(pictures.preview_name(picture))
    assert me.get(url).content == first.content
    assert default_storage.get_modified_time(pictures.preview_name(picture)) == made
    assert me.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_pdf_has_no_small_view_but_a_link(office: Office, me: Person, draft: Affair):
    file = draft.files.kept().first()
    assert me.get(reverse("documents:preview", args=[file.pk])).status_code == 404
    assert reverse("documents:preview", args=[file.pk]) not in page_of(me, draft)
    assert reverse("documents:file", args=[file.pk]) in page_of(me, draft)


def test_a_stranger_cannot_tell_a_small_view_from_nothing(stranger: Person, office: Office, picture: MaterialFile):
    for person in (stranger, Person(office.clerk.user)):  # a draft is nobody's business but the applicant's
        assert person.get(reverse("documents:preview", args=[picture.pk])).status_code == 404


def test_staff_who_look_at_a_small_view_are_on_record(office: Office, draft: Affair):
    commands.attach_file(draft, actor=office.applicant, material_code="zc", item="", upload=photo())
    filed = commands.submit(draft, actor=office.applicant)
    file = filed.files.kept().get(content_type="image/jpeg")
    assert Person(office.clerk.user).get(reverse("documents:preview", args=[file.pk])).status_code == 200
    assert Entry.objects.of(filed.chain).filter(action="file.view", actor_id=office.clerk.user.pk).count() == 1


# ------------------------------------------------------------------ turning and replacing


def test_turning_a_picture_keeps_the_one_before_on_record(me: Person, bare: Affair, picture: MaterialFile):
    path = reverse("filing:rotate_file", args=[bare.pk, picture.pk])
    assert path in page_of(me, bare)
    assert me.post(path).status_code == 302
    turned = bare.files.kept().get()
    assert turned.replaces_id == picture.pk
    assert Image.open(io.BytesIO(content_of(turned))).size == (40, 80)
    assert is_red(content_of(turned), (20, 10))  # left became top: to the right
    picture.refresh_from_db()
    assert picture.removed_at is not None
    assert default_storage.exists(picture.file.name)
    assert me.post(path).status_code == 409  # the second press finds it done
    assert bare.files.kept().count() == 1


def test_four_turns_bring_a_picture_back(office: Office, bare: Affair, picture: MaterialFile):
    file = picture
    for _turn in range(4):
        file = materials_commands.rotate_file(file, actor=office.applicant)
    assert Image.open(io.BytesIO(content_of(file))).size == (80, 40)
    assert is_red(content_of(file), (10, 20))
    assert not is_red(content_of(file), (70, 20))


def test_a_pdf_is_not_turned_and_nothing_is_lost(office: Office, draft: Affair):
    file = draft.files.kept().first()
    with pytest.raises(DomainError, match="不是图片，不能旋转"):
        materials_commands.rotate_file(file, actor=office.applicant)
    assert draft.files.kept().filter(pk=file.pk).exists()


def test_a_replacement_takes_the_place_of_the_old_file(office: Office, me: Person, bare: Affair):
    files = [
        commands.attach_file(
            bare, actor=office.applicant, material_code="zc", item="", upload=sampling.page(f"第{n}页")
        )
        for n in range(3)
    ]
    path = reverse("filing:replace_file", args=[bare.pk, files[1].pk])
    assert me.post(path, {"file": photo(name="新的.jpg")}).status_code == 302
    (slot,) = (slot for slot in slots(bare) if slot.material.id == "zc")
    assert [file.name for file in slot.files] == ["第0页.pdf", "新的.jpg", "第2页.pdf"]
    entry = Entry.objects.of(bare.chain).get(action="material.replace")
    assert entry.after["old"][0] == files[1].pk
    assert "新的" not in str(entry.after)  # names of files may name people
    assert verify_chain(bare.chain) is None


def test_a_refused_replacement_leaves_the_old_file(me: Person, bare: Affair, picture: MaterialFile):
    path = reverse("filing:replace_file", args=[bare.pk, picture.pk])
    bad = photo(name="坏的.jpg")
    bad.file = io.BytesIO(b"<script>")
    told = me.post(path, {"file": bad}, headers={"X-Requested-With": "upload"})
    assert (told.status_code, "坏的.jpg" in told.json()["error"]) == (400, True)
    assert me.post(path).status_code == 302
    assert "请先选择用来替换的文件。" in page_of(me, bare)
    assert list(bare.files.kept()) == [picture]


def test_the_same_content_is_no_replacement(office: Office, bare: Affair, picture: MaterialFile):
    with pytest.raises(RejectedUpload, match="内容一样，没有替换"):
        materials_commands.replace_file(picture, actor=office.applicant, upload=photo())
    assert list(bare.files.kept()) == [picture]


def test_a_photo_of_an_iphone_becomes_a_jpeg():
    kept = inspect(photo("HEIF", name="IMG_0001.HEIC"))
    assert (kept.name, kept.content_type) == ("IMG_0001.jpg", "image/jpeg")
    assert Image.open(io.BytesIO(kept.content)).size == (80, 40)
    assert is_red(kept.content, (10, 20))


def test_half_a_photo_of_an_iphone_is_refused():
    whole = photo("HEIF").read()
    half = photo(name="IMG_0002.HEIC")
    half.file = io.BytesIO(whole[: len(whole) * 2 // 3])
    half.size = len(whole) * 2 // 3
    with pytest.raises(RejectedUpload, match="打不开"):
        inspect(half)


def test_a_phone_is_offered_the_camera_and_its_album(me: Person, bare: Affair):
    text = page_of(me, bare)
    assert 'accept="application/pdf,image/jpeg,image/png"' in text
    assert 'capture="environment"' in text
    data = {"material": "zc", "item": "", "photo": [photo(name="拍的.jpg")]}
    me.post(reverse("filing:files", args=[bare.pk]), data)
    assert bare.files.kept().get().name == "拍的.jpg"


# ------------------------------------------------------------------ given before


@pytest.fixture
def earlier(office: Office) -> Affair:
    """An affair of the same applicant that was handed in, and withdrawn."""
    filed = office.submitted(answers=FOUNDING, seed=5)
    return commands.withdraw(filed, actor=office.applicant)


def charter_of(affair: Affair) -> MaterialFile:
    return affair.files.kept().get(material_code="zc")


def test_what_was_given_before_is_offered_and_taken_without_an_upload(
    earlier: Affair, office: Office, me: Person, bare: Affair
):
    given = charter_of(earlier)
    text = page_of(me, bare)
    assert "用上次交的" in text
    assert given.name in text
    assert reverse("documents:file", args=[given.pk]) in text
    path = reverse("filing:take_file", args=[bare.pk, given.pk])
    assert me.post(path, {"material": "zc", "item": ""}).status_code == 302
    taken = charter_of(bare)
    assert (taken.taken_from_id, taken.sha256, taken.name) == (given.pk, given.sha256, given.name)
    assert taken.file.name != given.file.name  # its own copy: either may go without the other
    assert content_of(taken) == content_of(given)
    entry = Entry.objects.of(bare.chain).get(action="material.take")
    assert entry.after["taken_from"] == [earlier.number, given.pk]
    text = page_of(me, bare)
    assert f"取自以前的办件 {earlier.number}" in text
    assert path not in text  # not offered once more


def test_of_a_vehicle_only_its_own_papers_are_offered(earlier: Affair, office: Office, bare: Affair):
    offered = reuse.offers(bare, [slot for slot in slots(bare) if slot.item], user=office.applicant.user)
    assert offered == {}  # other plates
    commands.save_draft(bare, actor=office.applicant, form={"vehicles": earlier.form["vehicles"]})
    bare.refresh_from_db()
    wanted = [slot for slot in slots(bare) if slot.item and not slot.provided_by]
    offered = reuse.offers(bare, wanted, user=office.applicant.user)
    items = {slot.key: slot.item for slot in wanted}
    assert offered
    assert all(offer.file.item == items[key] for key, found in offered.items() for offer in found)


def test_what_was_for_another_company_says_so(earlier: Affair, me: Person, bare: Affair):
    assert earlier.subject_name != bare.subject_name
    assert f"当时为“{earlier.subject_name}”办理" in page_of(me, bare)


def test_drafts_and_removed_files_are_not_offered(earlier: Affair, office: Office, bare: Affair):
    other = office.draft(seed=9)
    offered = reuse.offers(bare, slots(bare), user=office.applicant.user)
    assert {offer.file.affair_id for found in offered.values() for offer in found} == {earlier.pk}
    with pytest.raises(DomainError, match="没有找到"):
        materials_commands.take_earlier_file(bare, actor=office.applicant, file_id=charter_of(other).pk)


def test_anothers_file_cannot_be_taken(earlier: Affair, stranger: Person, office: Office, bare: Affair):
    actor = Actor(stranger.user, "测试")
    theirs = commands.start_draft(applicant=stranger.user, one_thing_code="ysqy", actor=actor)
    commands.save_draft(theirs, actor=actor, answers=bare.answers)
    with pytest.raises(DomainError, match="没有找到"):
        materials_commands.take_earlier_file(theirs, actor=actor, file_id=charter_of(earlier).pk)
    with pytest.raises(NotYours):
        materials_commands.take_earlier_file(bare, actor=actor, file_id=charter_of(earlier).pk)
    assert not theirs.files.exists()


def test_a_file_that_is_no_longer_what_was_filed_is_not_taken(earlier: Affair, office: Office, bare: Affair):
    given = charter_of(earlier)
    with default_storage.open(given.file.name, "wb") as stored:
        stored.write(b"%PDF-1.7 changed")
    with pytest.raises(DomainError, match="指纹不一致"):
        materials_commands.take_earlier_file(bare, actor=office.applicant, file_id=given.pk)


def test_the_materials_page_costs_the_same_however_much_was_given_before(
    earlier: Affair, office: Office, me: Person, bare: Affair
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(me, bare)
        return len(captured)

    queries()
    before = queries()
    office.submitted(answers=FOUNDING, seed=6)
    materials_commands.take_earlier_file(bare, actor=office.applicant, file_id=charter_of(earlier).pk)
    assert queries() == before


# ------------------------------------------------------------------ licences issued here


@pytest.fixture
def with_licence(office: Office) -> tuple[Affair, str]:
    """A draft to which a licence that this office issued stands for a material; the material's code."""
    former = office.accepted(answers=FOUNDING, seed=5)
    office.review_and("grant", former, "qysl")
    licence = Certificate.objects.exclude(licence_code="").get(approval__affair=former)
    material = next(
        each for each in office.edition.catalogue.materials.values() if each.exempt_by == licence.licence_code
    )
    for thing in office.edition.catalogue.one_things:
        draft = _draft_asking_for(office, thing, material.id, holder=former.subject_name)
        if draft is not None:
            return draft, material.id
    raise AssertionError(f"nothing asks for {material.id}")


def _draft_asking_for(office: Office, thing: str, material: str, *, holder: str) -> Affair | None:
    for seed in range(30):
        answers = sampling.answers(office.edition.catalogue.one_things[thing], random.Random(seed))
        draft = commands.start_draft(applicant=office.applicant.user, one_thing_code=thing, actor=office.applicant)
        draft = commands.save_draft(draft, actor=office.applicant, answers=answers, form={"entity_name": holder})
        if any(slot.material.id == material and slot.licence for slot in slots(draft)):
            return draft
    return None


def slot_of(affair: Affair, material: str):
    return next(slot for slot in slots(affair) if slot.material.id == material)


def test_a_licence_issued_here_is_shown_to_be_confirmed(with_licence: tuple[Affair, str], me: Person):
    draft, material = with_licence
    licence = slot_of(draft, material).licence
    text = page_of(me, draft)
    assert licence.number in text
    assert licence.holder in text
    assert "信息有变，改为上传" in text


def test_the_applicants_document_prevails_over_the_licence(
    with_licence: tuple[Affair, str], office: Office, me: Person
):
    """R41, ZJ7."""
    draft, material = with_licence
    path = reverse("filing:own_document", args=[draft.pk, material])
    assert me.post(path).status_code == 302
    draft.refresh_from_db()
    assert not slot_of(draft, material).is_satisfied
    assert "以您交的材料为准" in page_of(me, draft)
    commands.attach_file(draft, actor=office.applicant, material_code=material, item="", upload=photo())
    assert slot_of(draft, material).is_satisfied
    assert slot_of(draft, material).prevails_over_licence
    me.post(path, {"own": "0"})
    draft.refresh_from_db()
    assert slot_of(draft, material).provided_by.startswith("licence:")


def test_only_what_a_licence_stands_for_can_be_chosen(office: Office, bare: Affair):
    with pytest.raises(DomainError, match="没有可以代替它的证照"):
        materials_commands.choose_own_document(bare, actor=office.applicant, material_code="zc", own=True)


def test_a_licence_that_has_run_out_stands_for_nothing(with_licence: tuple[Affair, str]):
    draft, material = with_licence
    licence = slot_of(draft, material).licence
    Certificate.objects.filter(pk=licence.pk).update(valid_from=date(2020, 1, 1), valid_until=date(2021, 1, 1))
    assert slot_of(draft, material).licence is None
    assert not slot_of(draft, material).provided_by


# ------------------------------------------------------------------ who may


def test_a_stranger_cannot_change_anothers_materials(stranger: Person, bare: Affair, picture: MaterialFile):
    for path in (
        reverse("filing:rotate_file", args=[bare.pk, picture.pk]),
        reverse("filing:replace_file", args=[bare.pk, picture.pk]),
        reverse("filing:take_file", args=[bare.pk, picture.pk]),
        reverse("filing:own_document", args=[bare.pk, "zc"]),
    ):
        assert stranger.post(path).status_code == 404, path
        assert Client().post(path).status_code == 302, path
    actor = Actor(UserFactory(), "测试")
    with pytest.raises(NotYours):
        materials_commands.rotate_file(picture, actor=actor)
    with pytest.raises(NotYours):
        materials_commands.choose_own_document(bare, actor=actor, material_code="zc", own=True)


def test_after_filing_nothing_is_turned_replaced_or_taken(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    file = filed.files.kept().first()
    for path in (
        reverse("filing:rotate_file", args=[filed.pk, file.pk]),
        reverse("filing:replace_file", args=[filed.pk, file.pk]),
        reverse("filing:take_file", args=[filed.pk, file.pk]),
        reverse("filing:own_document", args=[filed.pk, "zc"]),
    ):
        assert me.post(path).status_code == 409, path
    with pytest.raises(AlreadyHandled):
        materials_commands.replace_file(file, actor=office.applicant, upload=photo())
