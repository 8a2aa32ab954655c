"""A department's lists: to review, to decide, waiting for another department, done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from portal.accounts.models import User
from portal.affairs.due import Next, approval_due, card_of
from portal.affairs.models import Approval
from portal.deadlines.clock import Card
from workflows.engine.queue import approvals_in_queue

TABS = {"review": "待审查", "decide": "待决定", "waiting": "预审中（等待前置）", "done": "已办"}

_STATES = Approval.State
_KEYS = {
    "due": "promised_due_on",
    "accepted": "affair__accepted_at",
    "decided": "decided_at",
    "number": "affair__number",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. waits_for: the matters that have to be granted first, in words."""

    approval: Approval
    one_thing: str
    due: Next | None
    card: Card
    waits_for: str


def tab(name: str, user: User) -> QuerySet[Approval]:
    """The approvals of one tab, all of the reader's own department. KeyError for a tab that is none of TABS."""
    own = Approval.objects.filter(department=user.department_id)
    open_to_work = own.filter(pk__in=approvals_in_queue(user.work_permissions))
    return {
        "review": lambda: open_to_work.filter(state=_STATES.REVIEWING, clock_started_on__isnull=False),
        "decide": lambda: open_to_work.filter(state=_STATES.DECIDING, clock_started_on__isnull=False),
        "waiting": lambda: own.current().open().filter(clock_started_on__isnull=True),
        "done": lambda: own.filter(state__in=Approval.FINAL),
    }[name]()


def counts(user: User) -> Mapping[str, int]:
    """How many approvals each tab holds, whatever is being searched for."""
    return {name: tab(name, user).count() for name in TABS}


def matching(approvals: QuerySet[Approval], *, text: str, one_thing: str) -> QuerySet[Approval]:
    """Narrowed by number or name or their parts."""
    if text:
        approvals = approvals.filter(
            Q(affair__number__contains=text) | Q(affair__subject_name__icontains=text) | Q(matter_name__icontains=text)
        )
    return approvals.filter(affair__one_thing_code=one_thing) if one_thing else approvals


def ordered(approvals: QuerySet[Approval], *, tab_name: str, sort: str) -> QuerySet[Approval]:
    """Due first, what is done latest first, unless the reader sorts otherwise; what has no date comes last."""
    first = {"done": "-decided", "waiting": "accepted"}.get(tab_name, "due")
    sort = sort if sort.removeprefix("-") in _KEYS else first
    key = F(_KEYS[sort.removeprefix("-")])
    return approvals.order_by(key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True), "pk")


def listed(approvals: QuerySet[Approval]) -> QuerySet[Approval]:
    """With everything that a row shows, in a constant number of queries."""
    return approvals.select_related("affair__edition", "decided_by").prefetch_related("affair__approvals")


def row(approval: Approval, *, today: date) -> Row:
    """Expects the approval as ``listed`` brings it."""
    return Row(
        approval=approval,
        one_thing=approval.affair.one_thing.name,
        due=approval_due(approval, today=today),
        card=card_of(approval, today=today),
        waits_for="、".join(other.matter_name for other in pending(approval)),
    )


def pending(approval: Approval) -> list[Approval]:
    """The prerequisites, of either kind, that are not granted yet. Reads ``affair.approvals.all()``."""
    needed = {need["matter"] for need in approval.needs}
    return [
        other
        for other in approval.affair.approvals.all()
        if other.matter_code in needed and not other.superseded and other.state != _STATES.GRANTED
    ]
