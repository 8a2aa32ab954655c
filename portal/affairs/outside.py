"""Departments with a system of their own: what they take with them, and what they entered there (rules, §G 2)."""

import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from portal.accounts.errors import AlreadyHandled, DomainError
from portal.accounts.models import Actor
from portal.affairs import reading
from portal.affairs.department_models import ExternalEntry
from portal.affairs.materials import Slot, slots
from portal.affairs.models import Approval, MaterialFile
from portal.affairs.services import note

SCHEMA = "one-thing-packet/1"
# What stands in the way of a name on one of the usual file systems.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
# A clock that runs ahead a little is no entry in the future.
_TOLERANCE = timedelta(minutes=5)


def packet(approval: Approval, *, actor: Actor) -> bytes:
    """ZIP of data.json and the files of this matter's materials: what the department may see, values in full.

    On the record with the fingerprints of what was taken; values and file names stay out of the trail (R45).
    """
    own = [slot for slot in slots(approval.affair) if approval.matter_code in slot.matters]
    files = {f"materials/{_name(slot, file)}": file for slot in own for file in slot.files}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        data = _data(approval, own, {file.pk: path for path, file in files.items()})
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        for path, file in files.items():
            with file.file.open("rb") as content:
                archive.writestr(path, content.read(), compress_type=zipfile.ZIP_STORED)
    note(
        approval.affair, actor, "approval.export", f"{approval.matter_name}：导出到本部门系统",
        subject=approval.number, files=[[file.material_code, file.pk, file.sha256] for file in files.values()],
    )  # fmt: skip
    return buffer.getvalue()


def record_entry(approval: Approval, *, actor: Actor, number: str, entered_at: datetime, at: datetime) -> ExternalEntry:
    """本部门系统已录入, with number and time there; a mistake is corrected by recording again, both on the trail."""
    if approval.opened_at is None:
        raise AlreadyHandled("本部门还没有收到这个事项。")
    if not number.strip():
        raise DomainError("请填写本部门系统的编号。")
    if entered_at > at + _TOLERANCE:
        raise DomainError("录入时间不能晚于现在。")
    if entered_at < approval.opened_at.replace(second=0, microsecond=0):
        raise DomainError("录入时间不能早于本部门收到这个事项的时间。")
    before = ExternalEntry.objects.filter(approval=approval).first()
    entry, _created = ExternalEntry.objects.update_or_create(
        approval=approval,
        defaults={"number": number.strip(), "entered_at": entered_at, "recorded_by": actor.user, "recorded_at": at},
    )
    changed = f"更正（原编号 {before.number}）" if before else "登记"
    note(
        approval.affair, actor, "approval.external_entry", f"{approval.matter_name}：{changed}本部门系统录入",
        subject=approval.number, external_number=entry.number, entered_at=entry.entered_at,
    )  # fmt: skip
    return entry


def _name(slot: Slot, file: MaterialFile) -> str:
    """Sorted by material, readable, and unique by the file's number."""
    stem = _UNSAFE.sub("_", f"{slot.label}-{PurePosixPath(file.name).stem}")[:80]
    return f"{file.material_code}-{file.pk}-{stem}{file.extension}"


def _data(approval: Approval, own: list[Slot], paths: dict[int, str]) -> dict[str, Any]:
    affair = approval.affair
    return {
        "schema": SCHEMA,
        "affair": {
            "number": affair.number,
            "one_thing": {"id": affair.one_thing.id, "name": affair.one_thing.name},
            "edition": affair.edition.code,
            "subject": affair.subject_name,
            "submitted_at": _moment(affair.submitted_at),
            "accepted_at": _moment(affair.accepted_at),
            "answers": dict(affair.answers),
            "answers_in_words": [
                {"question": asked, "answer": given} for asked, given in reading.answers_in_words(affair)
            ],
        },
        "approval": {
            "number": approval.number,
            "matter": {"id": approval.matter_code, "name": approval.matter_name, "code": approval.matter.code},
            "department": {"code": approval.department.code, "name": approval.department.name},
            "state": approval.state,
            "state_in_words": approval.get_state_display(),
            "received_at": _moment(approval.opened_at),
            "legal_due_on": approval.legal_due_on and approval.legal_due_on.isoformat(),
            "promised_due_on": approval.promised_due_on and approval.promised_due_on.isoformat(),
            "opinion": approval.opinion,
        },
        "form": [
            {
                "id": field.id,
                "label": field.label,
                "value": affair.form.get(field.id),
                **({"columns": {column.id: column.label for column in field.columns}} if field.repeat else {}),
            }
            for field in affair.plan.fields
        ],
        "materials": [
            {
                "id": slot.material.id,
                "name": slot.material.name,
                "item": slot.item,
                "provided_by": slot.provided_in_words,
                "files": [
                    {"path": paths[file.pk], "content_type": file.content_type, "sha256": file.sha256}
                    for file in slot.files
                ],
            }
            for slot in own
        ],
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
