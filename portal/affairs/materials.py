"""Which materials an affair needs, which of them the office has already, and which files stand for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from portal.accounts.models import User
from portal.affairs.fields import row_keys
from portal.affairs.models import Affair, Approval, Certificate, MaterialFile
from portal.catalogue.plan import Plan, PlannedMaterial
from portal.catalogue.schema import Material

# The repeating field whose rows multiply a material or a result.
ROWS_OF = {"vehicle": "vehicles", "driver": "drivers"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the file of an affair: a material, for one vehicle or driver where it is asked for each.

    provided_by: "" to be uploaded · "form" · "matter:<id>" · "licence:<number>" issued here earlier (R41) ·
    "counter" shown in the original at the window.
    """

    material: Material
    item: str
    matters: tuple[str, ...]
    provided_by: str
    files: tuple[MaterialFile, ...]

    @property
    def key(self) -> str:
        return f"{self.material.id}:{self.item}" if self.item else self.material.id

    @property
    def label(self) -> str:
        return f"{self.material.name}（{self.item}）" if self.item else self.material.name

    @property
    def is_satisfied(self) -> bool:
        return bool(self.provided_by or self.files)

    @property
    def provided_in_words(self) -> str:
        """Why nothing has to be uploaded, in words for the applicant and on the receipt."""
        kind, _colon, what = self.provided_by.partition(":")
        return {
            "form": "由系统根据表单生成，免提交",
            "matter": "由本件前序事项的结果提供，免提交",
            "licence": f"本窗口已签发（{what}），免提交",
            "counter": "到窗口交验原件，不需上传",
        }.get(kind, "")


def items_of(affair: Affair, plan: Plan, per: str) -> tuple[str, ...]:
    """The vehicles or drivers named in the form; one nameless item where a thing is not asked for each."""
    field = next((field for field in plan.fields if field.id == ROWS_OF.get(per)), None)
    if field is None:
        return ("",)
    return row_keys(field, affair.form.get(field.id) or [])


def slots(affair: Affair, plan: Plan | None = None) -> tuple[Slot, ...]:
    """Every material that the plan asks for, in catalogue order, with its files; two queries."""
    plan = plan or affair.plan
    files: dict[tuple[str, str], list[MaterialFile]] = {}
    for file in affair.files.kept():
        files.setdefault((file.material_code, file.item), []).append(file)
    licences = _licences_on_record(affair)
    return tuple(
        Slot(
            material=planned.material,
            item=item,
            matters=planned.matters,
            provided_by=_provided_by(planned, licences),
            files=tuple(files.get((planned.material.id, item), ())),
        )
        for planned in plan.materials
        for item in items_of(affair, plan, planned.material.per)
    )


def may_read(user: User, file: MaterialFile) -> bool:
    """Whether this reader of the affair may open the file (R45).

    Officers see the materials of their own matters, and of a matter about which they are being asked for an opinion.
    """
    if user.role != User.Role.OFFICER:
        return True
    asked = Q(
        state__in=Approval.OPEN,
        opinion_requests__department=user.department_id,
        opinion_requests__answered_at__isnull=True,
    )
    own = file.affair.approvals.filter(Q(department=user.department_id) | asked)
    theirs = set(own.values_list("matter_code", flat=True))
    asked_for = next((p.matters for p in file.affair.plan.materials if p.material.id == file.material_code), ())
    return bool(theirs & set(asked_for))


def _licences_on_record(affair: Affair) -> Mapping[str, str]:
    """Licences that this office issued to the same holder in earlier affairs: never asked for again (R41)."""
    if not affair.subject_name:
        return {}
    earlier = Certificate.objects.filter(
        holder=affair.subject_name, approval__affair__applicant=affair.applicant_id
    ).exclude(approval__affair=affair.pk)
    return dict(earlier.exclude(licence_code="").values_list("licence_code", "number"))


def _provided_by(planned: PlannedMaterial, licences: Mapping[str, str]) -> str:
    material = planned.material
    if planned.provided_by:
        return planned.provided_by
    if not material.per and material.exempt_by in licences:
        return f"licence:{licences[material.exempt_by]}"
    if set(material.form) == {"original"}:
        return "counter"
    return ""
