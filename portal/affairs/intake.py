"""What still keeps a draft from being handed in. One list of all gaps at once, never one at a time (R4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.affairs.fields import clean_value
from portal.affairs.materials import slots
from portal.affairs.models import Affair
from portal.catalogue.schema import Gate


class Place(StrEnum):
    """Where a gap is to be mended; the gap's key says which one of them."""

    QUESTIONS = "questions"
    WARNING = "warning"
    FIELD = "field"
    DELIVERY = "delivery"
    MATERIAL = "material"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or wrong. key: the gate, field or slot (``Slot.key``) that it is about."""

    place: Place
    key: str
    say: str


def delivery_method(affair: Affair) -> str:
    """The way of delivery that the applicant chose in the form, as the office's own term."""
    chosen = str(affair.form.get("delivery", ""))
    if "电子" in chosen:
        return Affair.DeliveryMethod.ELECTRONIC
    return Affair.DeliveryMethod.POST if "邮寄" in chosen else Affair.DeliveryMethod.WINDOW


def gate_key(gate: Gate) -> str:
    """What the draft remembers (form key ``acknowledged``) when a warning was taken note of."""
    return f"{gate.outcome}:{gate.matter or ''}"


def unacknowledged(affair: Affair, gates: Iterable[Gate]) -> list[Gate]:
    """Those of the raised gates that are warnings and that the applicant has not taken note of."""
    known = affair.form.get("acknowledged") or []
    return [gate for gate in gates if gate.is_warning and gate_key(gate) not in known]


def gaps(affair: Affair) -> list[Gap]:
    """Everything that is missing or wrong; empty when the draft can be handed in."""
    plan = affair.plan
    if not plan.complete:
        return [Gap(Place.QUESTIONS, "", "还有情形问题没有回答")]
    if not plan.can_file:
        return [Gap(Place.QUESTIONS, "", "按照您的情形，没有需要在本窗口办理的事项")]
    found = [Gap(Place.WARNING, gate_key(gate), f"请先了解：{gate.say}") for gate in unacknowledged(affair, plan.gates)]
    for field in plan.fields:
        try:
            clean_value(field, affair.form.get(field.id))
        except ValueError as error:
            say = str(error) if field.label in str(error) else f"{field.label}：{error}"
            found.append(Gap(Place.FIELD, field.id, say))
    method = delivery_method(affair)
    if method == Affair.DeliveryMethod.ELECTRONIC and not affair.form.get("electronic_consent"):
        found.append(Gap(Place.DELIVERY, "electronic_consent", "选择电子送达须勾选“同意电子送达”"))
    if method == Affair.DeliveryMethod.POST and not affair.form.get("post_address"):
        found.append(Gap(Place.DELIVERY, "post_address", "选择邮寄须填写收件地址"))
    found += [
        Gap(Place.MATERIAL, slot.key, f"缺少材料“{slot.label}”")
        for slot in slots(affair, plan)
        if not slot.is_satisfied
    ]
    return found
