"""The trail of one affair in words: what each step changed. Personal data in an entry stays out of sight (R45)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.accounts.models import User
from portal.affairs.models import Affair, Approval
from portal.audit.models import Entry

_LABELS = {
    "state": "状态", "opinion": "审查意见", "outcome": "结果", "promised_due_on": "承诺到期日", "matters": "事项",
    "answers": "情形", "form": "共享表单", "files": "材料文件", "certificates": "证照", "attempt": "第几次办理",
    "recipient": "收件人", "relation": "与申请人关系", "one_thing": "一件事", "edition": "目录版本", "level": "满意度",
    "channel": "渠道", "phone": "联系电话", "complaint_phone": "监督电话",
    "remedy_authority": "行政复议机关", "external_number": "本部门系统编号", "due_on": "答复期限",
}  # fmt: skip
_STATES = {state.value: state.label for states in (Affair.State, Approval.State) for state in states}
_OUTCOMES = {outcome.value: outcome.label for outcome in Affair.Outcome}
_ROLES = {role.value: role.label for role in User.Role} | {"system": "系统"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a step set; before is "" where nothing was there."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the trail, ready to be read."""

    entry: Entry
    role: str
    changes: tuple[Change, ...]


def steps(affair: Affair) -> tuple[Step, ...]:
    """Every entry of an affair, oldest first; one query."""
    one_thing = affair.one_thing
    names = {one_thing.id: one_thing.name} | {matter.id: matter.name for matter in one_thing.matters}
    return tuple(
        Step(entry, _ROLES.get(entry.actor_role, entry.actor_role), _changes(entry.before, entry.after, names))
        for entry in Entry.objects.of(affair.chain)
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Change, ...]:
    """Only what is told apart by a label of its own: a key without one is already said in the entry's sentence."""
    changes = (
        Change(label, _in_words(key, before.get(key), names), _in_words(key, after.get(key), names))
        for key, label in _LABELS.items()
        if key in before or key in after
    )
    return tuple(change for change in changes if change.before or change.after)


def _in_words(key: str, value: Any, names: Mapping[str, str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if key in ("form", "files", "answers"):
        # The whole form stands in the entry as evidence; its values are shown, masked, with the affair.
        return f"{len(value)} 项"
    if key == "certificates":
        return "；".join(" ".join(str(part) for part in each if part) for each in value)
    if isinstance(value, list):
        return "、".join(names.get(each, str(each)) for each in value)
    if key in ("state", "outcome"):
        return (_OUTCOMES if key == "outcome" else _STATES).get(value, str(value))
    return names.get(value, str(value)) if key == "one_thing" else str(value)
