"""People, departments and roles."""

from dataclasses import dataclass
from typing import Any, NoReturn

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import ProtectedError, Q

from portal.audit.services import SYSTEM, Author

WINDOW = "window"


def department_permission(code: str) -> str:
    """The queue that the officers of one department share."""
    return f"department.{code}"


class Department(models.Model):
    """An authority or public service that decides matters; comes from the catalogue, contacts are kept here."""

    code = models.SlugField("部门代码", unique=True)
    name = models.CharField("部门名称", max_length=100)
    remedy_authority = models.CharField(
        "行政复议机关",
        max_length=100,
        blank=True,
        help_text="《行政复议法》第二十四条、第二十七条；空白表示尚待部门确认",
    )
    is_vertical = models.BooleanField("垂直管理", default=False)
    is_public_service = models.BooleanField("公共服务单位", default=False)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    complaint_phone = models.CharField("监督电话", max_length=40, blank=True)

    class Meta:
        verbose_name = "部门"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def permission(self) -> str:
        return department_permission(self.code)


class UserQuerySet(models.QuerySet["User"]):
    def delete(self) -> NoReturn:
        """Viewflow's tasks would go with their owner; people are deactivated (``is_active``) instead."""
        raise ProtectedError("人员只能停用，不能删除：其办理记录必须保留。", set(self[:1]))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users; its methods are not part of the schema."""

    use_in_migrations = False


class User(AbstractUser):
    """A person with one role. Users are deactivated, never deleted: their work stays theirs."""

    class Role(models.TextChoices):
        APPLICANT = "applicant", "申请人"
        CLERK = "clerk", "综合窗口"
        OFFICER = "officer", "部门经办"
        SUPERVISOR = "supervisor", "监督人员"
        ADMINISTRATOR = "administrator", "管理员"

    name = models.CharField("姓名或名称", max_length=100, blank=True)
    role = models.CharField("角色", max_length=20, choices=Role, default=Role.APPLICANT)
    department = models.ForeignKey(
        Department, verbose_name="部门", null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    is_head = models.BooleanField("部门负责人", default=False, help_text="签发经办人的拟办意见；只有部门人员可以")
    mobile = models.CharField("手机", max_length=20, blank=True)
    id_number = models.CharField("身份号码", max_length=18, blank=True)

    objects = UserManager()

    class Meta:
        verbose_name = "人员"
        constraints = [
            models.CheckConstraint(
                condition=Q(role="officer", department__isnull=False)
                | (~Q(role="officer") & Q(department__isnull=True)),
                name="accounts_only_officers_have_a_department",
                violation_error_message="部门经办必须属于一个部门，其他角色不属于任何部门。",
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(role="officer"),
                name="accounts_only_officers_are_heads",
                violation_error_message="只有部门人员可以是部门负责人。",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ProtectedError("人员只能停用，不能删除：其办理记录必须保留。", {self})

    @property
    def work_permissions(self) -> frozenset[str]:
        """The queues from which this person may take work."""
        if self.role == self.Role.CLERK:
            return frozenset({WINDOW})
        if self.role == self.Role.OFFICER and self.department:
            return frozenset({self.department.permission})
        return frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who takes a step, and from where (channel, address, device); None stands for the system."""

    user: User | None
    source: str = ""

    @property
    def author(self) -> Author:
        if self.user is None:
            return SYSTEM if not self.source else Author(None, SYSTEM.name, SYSTEM.role, source=self.source)
        department = self.user.department.name if self.user.department_id else ""
        return Author(self.user.pk, str(self.user), self.user.role, department, self.source)


SYSTEM_ACTOR = Actor(user=None)
