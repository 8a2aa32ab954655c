"""Copying an ended affair, deleting a draft, taking everything home."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from portal.accounts.errors import AlreadyHandled, DomainError, NotYours
from portal.accounts.models import Actor
from portal.affairs import pictures
from portal.affairs.models import Affair, MaterialFile
from portal.audit.models import Entry
from portal.audit.services import verify, verify_chain
from portal.documents import archive
from tests.factories import UserFactory
from tests.filing.conftest import Person, text_of
from tests.filing.pictures import photo
from tests.office import FOUNDING, Office
from workflows import commands, materials_commands
from workflows.engine import outbox


@pytest.fixture
def withdrawn(office: Office) -> Affair:
    return commands.withdraw(office.submitted(answers=FOUNDING), actor=office.applicant)


# ------------------------------------------------------------------ copying


def test_an_ended_affair_becomes_a_new_draft_with_its_answers_and_form(withdrawn: Affair, me: Person, office: Office):
    path = reverse("filing:copy", args=[withdrawn.pk])
    assert path in me.get(reverse("filing:affair", args=[withdrawn.pk])).content.decode()
    response = me.post(path)
    draft = Affair.objects.get(copied_from=withdrawn)
    assert (response.status_code, response.url) == (302, reverse("filing:plan", args=[draft.pk]))
    assert (draft.state, draft.number, draft.applicant) == (Affair.State.DRAFT, None, office.applicant.user)
    assert draft.answers == withdrawn.answers
    assert draft.form["vehicles"] == withdrawn.form["vehicles"]
    assert draft.subject_name == withdrawn.subject_name
    assert draft.query_code != withdrawn.query_code


def test_neither_files_nor_consents_are_copied(withdrawn: Affair, office: Office):
    draft = materials_commands.copy_affair(withdrawn, actor=office.applicant)
    assert not draft.files.exists()
    assert draft.form.keys().isdisjoint({"delivery", "electronic_consent", "acknowledged"})


def test_both_say_where_the_copy_came_from_and_went(withdrawn: Affair, me: Person, office: Office):
    draft = materials_commands.copy_affair(withdrawn, actor=office.applicant)
    assert f"复制自 {withdrawn.number}" in text_of(me.get(reverse("filing:plan", args=[draft.pk])))
    page = me.get(reverse("filing:affair", args=[withdrawn.pk]))
    assert "已复制为" in text_of(page)
    assert reverse("filing:affair", args=[draft.pk]) in page.content.decode()
    assert Entry.objects.of(withdrawn.chain).get(action="affair.copy").after == {"draft": draft.pk}
    assert Entry.objects.of(draft.chain).get(action="affair.draft").after["copied_from"] == withdrawn.number
    assert verify() is None


def test_pressing_twice_makes_one_copy_and_later_there_may_be_another(withdrawn: Affair, office: Office):
    first = materials_commands.copy_affair(withdrawn, actor=office.applicant)
    assert materials_commands.copy_affair(withdrawn, actor=office.applicant) == first
    materials_commands.delete_draft(first, actor=office.applicant)
    assert materials_commands.copy_affair(withdrawn, actor=office.applicant) != first


def test_what_is_still_being_handled_is_not_copied(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    path = reverse("filing:copy", args=[filed.pk])
    assert path not in me.get(reverse("filing:affair", args=[filed.pk])).content.decode()
    assert me.post(path).status_code == 422
    with pytest.raises(DomainError, match="还在办理"):
        materials_commands.copy_affair(filed, actor=office.applicant)


def test_a_refused_affair_can_be_copied(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    commands.refuse_acceptance(filed, actor=office.clerk, reason="不属于本机关职权")
    assert reverse("filing:copy", args=[filed.pk]) in me.get(reverse("filing:affair", args=[filed.pk])).content.decode()
    assert materials_commands.copy_affair(filed, actor=office.applicant).copied_from == filed


# ------------------------------------------------------------------ deleting a draft


def test_a_deleted_draft_leaves_a_trail_without_its_contents(office: Office, me: Person, draft: Affair, media: Path):
    picture = commands.attach_file(draft, actor=office.applicant, material_code="zc", item="", upload=photo())
    me.get(reverse("documents:preview", args=[picture.pk]))
    materials_commands.rotate_file(picture, actor=office.applicant)
    assert default_storage.exists(pictures.preview_name(picture))
    names = [file.file.name for file in draft.files.all()]
    path = reverse("filing:delete", args=[draft.pk])
    assert "个文件都会删除，不能恢复" in text_of(me.get(path))
    assert path in me.get(reverse("filing:mine")).content.decode()
    response = me.post(path)
    assert (response.status_code, response.url) == (302, reverse("filing:mine"))
    assert not Affair.objects.filter(pk=draft.pk).exists()
    assert not MaterialFile.objects.filter(affair_id=draft.pk).exists()
    assert all(default_storage.exists(name) for name in names)  # until the job has run: a crash loses nothing
    outbox.run_due()
    assert not [each for each in media.rglob("*") if each.is_file()]
    entry = Entry.objects.of(draft.chain).last()
    assert entry.action == "affair.delete_draft"
    assert entry.after == {"one_thing": "ysqy", "files": len(names)}
    assert verify_chain(draft.chain) is None
    assert me.post(path).status_code == 404


def test_the_job_that_deletes_files_may_run_twice(office: Office, draft: Affair):
    from workflows.handlers import delete_files

    names = [file.file.name for file in draft.files.all()]
    delete_files(names=names)
    delete_files(names=names)


def test_a_step_of_another_tab_finds_the_draft_deleted(office: Office, draft: Affair):
    materials_commands.delete_draft(Affair.objects.get(pk=draft.pk), actor=office.applicant)
    with pytest.raises(AlreadyHandled, match="已经删除"):
        commands.save_draft(draft, actor=office.applicant, form={"entity_name": "新名称"})


def test_what_was_handed_in_is_not_deleted(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    path = reverse("filing:delete", args=[filed.pk])
    assert me.get(path).status_code == 302
    assert me.post(path).status_code == 409
    with pytest.raises(AlreadyHandled):
        materials_commands.delete_draft(filed, actor=office.applicant)
    assert filed.files.kept().exists()


# ------------------------------------------------------------------ everything at once


def download(person: Person, affair: Affair) -> zipfile.ZipFile:
    response = person.get(reverse("filing:archive", args=[affair.pk]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    assert "no-store" in response["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_everything_of_an_affair_comes_as_one_archive(office: Office, me: Person, draft: Affair):
    commands.attach_file(
        draft, actor=office.applicant, material_code="zc", item="", upload=photo(name="章程:/封面.jpg")
    )
    filed = commands.submit(draft, actor=office.applicant)
    outbox.run_due()
    found = download(me, filed)
    assert found.testzip() is None
    names = found.namelist()
    assert names[0] == archive.SUMMARY
    assert names[-1] == archive.FINGERPRINTS
    assert any(name.startswith("文书/收件回执（") and name.endswith("）.pdf") for name in names)
    plate = filed.form["vehicles"][0]["plate"]
    assert any(name.startswith("材料/") and f"/{plate}/" in name for name in names)
    assert any(name.endswith("封面.jpg") for name in names)
    assert not [name for name in names if ":" in name or "\\" in name or ".." in name]
    assert len(names) == 2 + filed.files.kept().count() + filed.documents.count()


def test_the_list_of_the_archive_holds_the_fingerprint_of_every_file(office: Office, me: Person):
    found = download(me, office.submitted(answers=FOUNDING))
    listed = dict(reversed(line.split("  ", 1)) for line in found.read(archive.FINGERPRINTS).decode().splitlines())
    counted = {
        name: hashlib.sha256(found.read(name)).hexdigest() for name in found.namelist() if name != archive.FINGERPRINTS
    }
    assert listed == counted


def test_the_summary_is_the_applicants_own_copy_in_full(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    summary = download(me, filed).read(archive.SUMMARY).decode()
    assert filed.form["legal_rep_id"] in summary
    assert filed.number in summary
    assert "正在制作" not in summary
    assert "还在制作" in summary  # the receipt's PDF is not there yet


def test_a_file_that_was_tampered_with_or_lost_is_named_and_the_rest_still_comes(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    lost, changed, *others = filed.files.kept()
    default_storage.delete(lost.file.name)
    with default_storage.open(changed.file.name, "ab") as stored:
        stored.write(b"x")
    found = download(me, filed)
    fingerprints = found.read(archive.FINGERPRINTS).decode()
    assert "读不到这个文件" in fingerprints
    assert "与登记的指纹不一致" in fingerprints
    assert len([name for name in found.namelist() if name.startswith("材料/")]) == len(others) + 1


def test_the_archive_is_made_piece_by_piece(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "_PIECE_BYTES", 256)
    filed = office.submitted(answers=FOUNDING)
    summary, *pieces = archive.archive_of(filed)
    assert max(map(len, pieces[:-1])) < 1024
    zipfile.ZipFile(io.BytesIO(b"".join([summary, *pieces])))


def test_each_download_is_on_record_and_looking_at_the_head_is_none(office: Office, me: Person):
    filed = office.submitted(answers=FOUNDING)
    me.client.head(reverse("filing:archive", args=[filed.pk]))
    assert not Entry.objects.filter(action="affair.download").exists()
    download(me, filed)
    assert Entry.objects.of(filed.chain).filter(action="affair.download").count() == 1
    assert verify_chain(filed.chain) is None


def test_the_same_name_twice_in_a_folder_is_told_apart():
    used: set[str] = set()
    assert [archive._unique("材料/章程", ".pdf", used) for _ in range(3)] == [
        "材料/章程.pdf", "材料/章程 (2).pdf", "材料/章程 (3).pdf",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "path"),
    [("../../etc/passwd", "_.._etc_passwd"), (" . ", "未命名"), ("a" * 200, "a" * 80), ("甲/乙", "甲_乙")],
)
def test_a_name_is_never_a_path(name: str, path: str):
    assert archive._fit(name) == path


# ------------------------------------------------------------------ who may


def test_a_stranger_cannot_copy_delete_or_download(withdrawn: Affair, draft: Affair, stranger: Person, office: Office):
    for affair in (withdrawn, draft):
        for name in ("copy", "delete", "archive"):
            path = reverse(f"filing:{name}", args=[affair.pk])
            assert stranger.post(path).status_code in (404, 405), path
            assert stranger.get(path).status_code in (404, 405), path
            assert Client().get(path).status_code == 302, path
    for user in (office.clerk.user, UserFactory(supervisor=True)):
        assert Person(user).get(reverse("filing:archive", args=[withdrawn.pk])).status_code == 403
    actor = Actor(stranger.user, "测试")
    for command, affair in (
        (materials_commands.copy_affair, withdrawn),
        (materials_commands.delete_draft, draft),
        (materials_commands.record_download, withdrawn),
    ):
        with pytest.raises(NotYours):
            command(affair, actor=actor)
    assert Affair.objects.filter(pk=draft.pk).exists()
