"""People and departments beyond those of ``tests.office``. Affairs come from the office, by the real commands."""

import factory

from portal.accounts.models import Department, User

PASSWORD = "demo-password-1"


class DepartmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Department
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"department-{number}")
    name = factory.Sequence(lambda number: f"第{number}局")
    remedy_authority = "卫东区人民政府"
    phone = "0375-0000001"
    complaint_phone = "0375-0000002"


class UserFactory(factory.django.DjangoModelFactory):
    """An applicant, or what a trait says: ``UserFactory(clerk=True)``, ``UserFactory(officer=True, department=…)``."""

    class Meta:
        model = User

    class Params:
        clerk = factory.Trait(role=User.Role.CLERK, name="窗口甲")
        officer = factory.Trait(role=User.Role.OFFICER, name="经办甲", department=factory.SubFactory(DepartmentFactory))
        supervisor = factory.Trait(role=User.Role.SUPERVISOR, name="监督甲")
        administrator = factory.Trait(role=User.Role.ADMINISTRATOR, name="管理员甲")

    username = factory.Sequence(lambda number: f"person-{number}")
    name = "申请人甲"
    role = User.Role.APPLICANT
    mobile = "13800000000"
    password = factory.django.Password(PASSWORD)
