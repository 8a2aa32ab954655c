"""Departments with a system of their own: the packet, and the second entry that everybody can see."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.errors import DomainError, NotYours
from portal.accounts.models import User
from portal.affairs.models import Approval, ExternalEntry
from portal.audit.models import Entry
from portal.supervision.figures import outside_entries
from tests.factories import UserFactory
from tests.office import Office
from workflows.department_commands import export, record_external_entry


@pytest.fixture
def licence(office: Office) -> Approval:
    return office.approval(office.accepted(), "hyxk")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, approval: Approval) -> str:
    return reverse(f"department:{name}", args=[approval.pk])


def test_the_packet_holds_this_matters_data_and_materials_and_nothing_else(office: Office, licence: Approval) -> None:
    answer = signed_in(office.officer(licence).user).post(url("export", licence))
    assert answer["Content-Disposition"] == f'attachment; filename="{licence.number}.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    data = json.loads(archive.read("data.json"))
    form = licence.affair.form
    values = {field["id"]: field["value"] for field in data["form"]}
    assert (data["affair"]["number"], data["approval"]["number"]) == (licence.affair.number, licence.number)
    assert values["legal_rep_id"] == form["legal_rep_id"]
    assert values["vehicles"] == form["vehicles"]
    files = [file for material in data["materials"] for file in material["files"]]
    assert files
    assert {file["path"] for file in files} == set(archive.namelist()) - {"data.json"}
    for file in files:
        assert hashlib.sha256(archive.read(file["path"])).hexdigest() == file["sha256"]
    assert "zc" not in {material["id"] for material in data["materials"]}  # 公司章程：企业登记的材料


def test_an_export_is_on_the_record_without_what_it_held(office: Office, licence: Approval) -> None:
    export(licence, actor=office.officer(licence))
    entry = Entry.objects.get(action="approval.export")
    assert len(entry.after["files"]) > 3
    assert licence.affair.form["legal_rep_id"] not in str(entry.after)
    signed_in(office.officer(licence).user).get(url("export", licence))
    assert Entry.objects.filter(action="approval.export").count() == 1


def test_nobody_else_exports_or_records(office: Office, licence: Approval) -> None:
    other = office.officer(office.approval(licence.affair, "qysl"))
    for name in ("export", "entry"):
        assert signed_in(other.user).post(url(name, licence)).status_code == 404
        assert Client().post(url(name, licence)).status_code == 302
        for trait in ("clerk", "supervisor", "administrator"):
            assert signed_in(UserFactory(**{trait: True})).post(url(name, licence)).status_code == 403
    with pytest.raises(NotYours):
        export(licence, actor=other)
    assert not ExternalEntry.objects.exists()


def test_the_second_entry_is_seen_in_queue_affair_and_supervision(office: Office, licence: Approval) -> None:
    now = timezone.now()
    Approval.objects.filter(pk=licence.pk).update(opened_at=now - timedelta(hours=5))
    client = signed_in(office.officer(licence).user)
    moment = timezone.localtime(now - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(url("entry", licence), {"number": "", "entered_at": moment}).status_code == 422
    assert client.post(url("entry", licence), {"number": "YZ-2026-1", "entered_at": moment}).status_code == 302
    assert "YZ-2026-1" in client.get(url("approval", licence)).content.decode()
    assert "已录入本部门系统" in client.get("/department/waiting/").content.decode()
    supervisor = signed_in(UserFactory(supervisor=True))
    assert "YZ-2026-1" in supervisor.get(f"/supervision/affairs/{licence.affair_id}/").content.decode()
    found = outside_entries(today=timezone.localdate())
    assert (found.count, found.median_hours) == (1, pytest.approx(3, abs=0.1))
    assert "本月二次录入" in supervisor.get("/supervision/").content.decode()
    assert licence.affair.number in supervisor.get("/supervision/affairs/?outside=month").content.decode()


def test_without_second_entries_there_is_no_median(db: None) -> None:
    found = outside_entries(today=timezone.localdate())
    assert (found.count, found.median_hours) == (0, None)


def test_an_entry_lies_between_receipt_and_now(office: Office, licence: Approval) -> None:
    officer = office.officer(licence)
    for wrong in (timezone.now() + timedelta(hours=1), licence.opened_at - timedelta(hours=1)):
        with pytest.raises(DomainError, match="录入时间"):
            record_external_entry(licence, actor=officer, number="1", entered_at=wrong)


def test_a_correction_replaces_the_number_and_the_trail_keeps_both(office: Office, licence: Approval) -> None:
    officer = office.officer(licence)
    for number in ("错号", "对号"):
        record_external_entry(licence, actor=officer, number=number, entered_at=timezone.now())
    assert ExternalEntry.objects.get().number == "对号"
    said = list(Entry.objects.filter(action="approval.external_entry").order_by("sequence"))
    assert [entry.after["external_number"] for entry in said] == ["错号", "对号"]
    assert "原编号 错号" in said[1].say
