"""What an administrator changes about departments."""

from django.db import transaction

from portal.accounts.errors import NotYours
from portal.accounts.models import Actor, Department, User
from portal.audit.services import record

CONTACTS = ("phone", "complaint_phone", "remedy_authority")


@transaction.atomic
def change_contacts(
    department: Department, *, actor: Actor, phone: str, complaint_phone: str, remedy_authority: str
) -> bool:
    """Set a department's telephones and its 行政复议机关 (R34); False when nothing is different.

    Papers that are issued already keep what they say. Raises NotYours for anyone but an administrator.
    """
    if actor.user is None or actor.user.role != User.Role.ADMINISTRATOR:
        raise NotYours("只有管理员可以修改部门的联系方式。")
    department = Department.objects.select_for_update().get(pk=department.pk)
    before = {name: getattr(department, name) for name in CONTACTS}
    after = {
        "phone": phone.strip(),
        "complaint_phone": complaint_phone.strip(),
        "remedy_authority": remedy_authority.strip(),
    }
    if after == before:
        return False
    for name, value in after.items():
        setattr(department, name, value)
    department.save(update_fields=list(CONTACTS))
    record(
        chain=f"department:{department.code}", author=actor.author, action="department.contacts",
        say=f"修改{department}的联系方式和复议机关", subject=department.code, before=before, after=after,
    )  # fmt: skip
    return True
