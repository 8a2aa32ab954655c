"""Which materials an affair needs, which of them the office has already, and which files stand for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.affairs.fields import row_keys
from portal.affairs.models import Affair, Approval, Certificate, MaterialFile
from portal.catalogue.plan import Plan, PlannedMaterial
from portal.catalogue.schema import Material
from portal.deadlines.clock import local_date

# The repeating field whose rows multiply a material or a result.
ROWS_OF = {"vehicle": "vehicles", "driver": "drivers"}
# Where the form keeps the materials that the applicant hands in although a licence issued here would stand for them.
OWN_DOCUMENTS = "own_documents"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the file of an affair: a material, for one vehicle or driver where it is asked for each.

    provided_by: "" to be uploaded · "form" · "matter:<id>" · "licence:<number>" issued here earlier (R41) ·
    "counter" shown in the original at the window. licence: the one issued here that stands for the material, also where
    the applicant gives a document of their own instead.
    """

    material: Material
    item: str
    matters: tuple[str, ...]
    provided_by: str
    files: tuple[MaterialFile, ...]
    licence: Certificate | None = None

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
    def prevails_over_licence(self) -> bool:
        """The applicant says that the licence on record is no longer right: their document counts (R41)."""
        return self.licence is not None and not self.provided_by

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
            provided_by=_provided_by(affair, planned, licences),
            files=tuple(files.get((planned.material.id, item), ())),
            licence=_licence_for(planned, licences),
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


def _licences_on_record(affair: Affair) -> Mapping[str, Certificate]:
    """Licences that this office issued to the same holder in earlier affairs: never asked for again (R41).

    By their code; of several the last one. A licence that had run out when the affair was handed in stands for nothing.
    """
    if not affair.subject_name:
        return {}
    on = local_date(affair.submitted_at or timezone.now())
    earlier = Certificate.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        holder=affair.subject_name,
        approval__affair__applicant=affair.applicant_id,
    ).exclude(approval__affair=affair.pk)
    return {each.licence_code: each for each in earlier.exclude(licence_code="").order_by("issued_at", "pk")}


def _licence_for(planned: PlannedMaterial, licences: Mapping[str, Certificate]) -> Certificate | None:
    """The licence that makes the material unnecessary; one person's or company's, not one for each vehicle."""
    material = planned.material
    return None if planned.provided_by or material.per else licences.get(material.exempt_by or "")


def _provided_by(affair: Affair, planned: PlannedMaterial, licences: Mapping[str, Certificate]) -> str:
    material = planned.material
    if planned.provided_by:
        return planned.provided_by
    licence = _licence_for(planned, licences)
    if licence is not None:
        return "" if material.id in affair.form.get(OWN_DOCUMENTS, ()) else f"licence:{licence.number}"
    if set(material.form) == {"original"}:
        return "counter"
    return ""
