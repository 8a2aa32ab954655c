"""The trail of one affair in words: what each step changed. Personal data that an entry carries stays out of sight (R45)."""

import json
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
    "channel": "渠道", "field": "查看的项", "phone": "联系电话", "complaint_phone": "监督电话",
    "remedy_authority": "行政复议机关",
}  # fmt: skip
_STATES = {state.value: state.label for states in (Affair.State, Approval.State, Affair.Outcome) for state in states}
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


def steps(chain: str) -> tuple[Step, ...]:
    """Every entry of a chain, oldest first; one query."""
    return tuple(
        Step(entry, _ROLES.get(entry.actor_role, entry.actor_role), _changes(entry.before, entry.after))
        for entry in Entry.objects.of(chain)
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(_LABELS.get(key, key), _in_words(key, before.get(key)), _in_words(key, after.get(key)))
        for key in {**before, **after}
    )


def _in_words(key: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if key in ("form", "files", "answers"):
        # The whole form stands in the entry as evidence; its values are shown, masked, with the affair.
        return f"{len(value)} 项"
    if key == "certificates":
        return "、".join(" ".join(str(part) for part in each if part) for each in value)
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return _STATES.get(value, str(value)) if key in ("state", "outcome") else str(value)
