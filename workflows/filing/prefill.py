"""What the office knows is not asked again (R41): first values of the form, to be confirmed by the applicant."""

from dataclasses import dataclass, field
from typing import Any

from portal.accounts.models import User
from portal.affairs.fields import clean_value
from portal.affairs.models import Affair
from portal.catalogue.plan import Plan

_FROM_ACCOUNT = "已按您的账户资料填好，请核对。"
# How the result is delivered is a choice made anew each time; consent is never carried over.
_NEVER = frozenset({"delivery"})


@dataclass(frozen=True, slots=True)
class Prefill:
    """values: by field. notes: for each of them, where it came from."""

    values: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def prefill(affair: Affair, plan: Plan) -> Prefill:
    """First values for the fields that the draft does not have: from the account, else from the last affair filed."""
    found = Prefill()
    account = _of_account(affair.applicant, {field.id for field in plan.fields})
    earlier = (
        Affair.objects.of(affair.applicant).filed().filter(submitted_at__isnull=False).order_by("-submitted_at")
        .only("number", "form").first()
    )  # fmt: skip
    for each in plan.fields:
        if each.id in affair.form or each.id in _NEVER:
            continue
        sources = [(account.get(each.id), _FROM_ACCOUNT)]
        if earlier:
            sources.append((earlier.form.get(each.id), f"已按您上次的办件（{earlier.number}）填好，请核对。"))
        for value, note in sources:
            if value and _is_right(each, value):
                found.values[each.id], found.notes[each.id] = value, note
                break
    address = affair.form.get("address") or found.values.get("address")
    if "post_address" not in affair.form and address:
        found.values["post_address"] = address
        found.notes["post_address"] = "已按住所填好，请核对。"
    return found


def _of_account(user: User, asked: set[str]) -> dict[str, str]:
    """The person of the account acts for themselves, or is the agent where an agent is asked for."""
    who = ("agent_name", "agent_id") if "agent_name" in asked else ("legal_rep_name", "legal_rep_id")
    known = {"mobile": user.mobile}
    if user.id_number:
        known |= {who[0]: user.name, who[1]: user.id_number}
    return known


def _is_right(each: Any, value: Any) -> bool:
    try:
        clean_value(each, value)
    except ValueError:
        return False
    return True
