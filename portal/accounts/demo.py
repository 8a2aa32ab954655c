"""Accounts for a demonstration: visibly fictional people, one for each role and department."""

from dataclasses import dataclass

from portal.accounts.models import Department, User

PASSWORD = "yijianshi-2026"


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the list that the sign-in page and ``make run`` show."""

    username: str
    password: str
    role_label: str
    note: str


_PEOPLE = (
    ("shenqing", "示例运输有限公司", User.Role.APPLICANT, "13800000001"),
    ("shenqing2", "示例餐饮店", User.Role.APPLICANT, "13800000002"),
    ("chuangkou", "窗口演示员甲", User.Role.CLERK, ""),
    ("chuangkou2", "窗口演示员乙", User.Role.CLERK, ""),
    ("jiandu", "监督演示员", User.Role.SUPERVISOR, ""),
    ("guanli", "管理演示员", User.Role.ADMINISTRATOR, ""),
)


def create_accounts() -> None:
    """Make the accounts that are missing; existing ones keep whatever was changed in them."""
    for username, name, role, mobile in _PEOPLE:
        _create(username, name=name, role=role, mobile=mobile)
    for department in Department.objects.all():
        _create(
            f"bumen-{department.code}",
            name=f"{department.name}演示经办",
            role=User.Role.OFFICER,
            department=department,
        )
        _create(
            f"bumen-{department.code}-head",
            name=f"{department.name}演示负责人",
            role=User.Role.OFFICER,
            department=department,
            is_head=True,
        )


def _create(username: str, **fields: object) -> None:
    user, created = User.objects.get_or_create(username=username, defaults=fields)
    if created:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])


def accounts() -> list[Account]:
    """What a visitor of the demonstration may sign in with."""
    known = User.objects.filter(username__in=[person[0] for person in _PEOPLE]) | User.objects.filter(
        username__startswith="bumen-"
    )
    return [
        Account(user.username, PASSWORD, "部门负责人" if user.is_head else user.get_role_display(), user.name)
        for user in known.select_related("department").order_by("pk")
    ]
