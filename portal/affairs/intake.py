"""What still keeps a draft from being handed in. One list of all gaps at once, never one at a time (R4)."""

from portal.affairs.fields import clean_value
from portal.affairs.materials import slots
from portal.affairs.models import Affair


def delivery_method(affair: Affair) -> str:
    """The way of delivery that the applicant chose in the form, as the office's own term."""
    chosen = str(affair.form.get("delivery", ""))
    if "电子" in chosen:
        return Affair.DeliveryMethod.ELECTRONIC
    return Affair.DeliveryMethod.POST if "邮寄" in chosen else Affair.DeliveryMethod.WINDOW


def gaps(affair: Affair) -> list[str]:
    """Everything that is missing or wrong, in words; empty when the draft can be handed in."""
    plan = affair.plan
    if not plan.complete:
        return ["还有情形问题没有回答"]
    if not plan.can_file:
        return ["按照您的情形，没有需要在本窗口办理的事项"]
    found: list[str] = []
    for field in plan.fields:
        try:
            clean_value(field, affair.form.get(field.id))
        except ValueError as error:
            found.append(str(error) if field.label in str(error) else f"{field.label}：{error}")
    if delivery_method(affair) == Affair.DeliveryMethod.ELECTRONIC and not affair.form.get("electronic_consent"):
        found.append("选择电子送达须勾选“同意电子送达”")
    if delivery_method(affair) == Affair.DeliveryMethod.POST and not affair.form.get("post_address"):
        found.append("选择邮寄须填写收件地址")
    found += [f"缺少材料“{slot.label}”" for slot in slots(affair, plan) if not slot.is_satisfied]
    return found
