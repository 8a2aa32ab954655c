"""The window's lists: what waits for acceptance, for delivery, what the departments have, and everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Min, Q, QuerySet

from portal.accounts.models import User
from portal.affairs.due import Next, next_due
from portal.affairs.models import Affair, Approval
from workflows.engine.queue import affairs_in_queue
from workflows.one_thing import OneThingFlow

TABS = {"acceptance": "待受理", "delivery": "待送达", "running": "办理中", "all": "全部"}

# Acceptance is due a fixed time after receipt (R4), delivery a fixed time after the first grant (R25).
_DUE = {
    "acceptance": F("submitted_at"),
    "delivery": F("first_granted_at"),
    "running": F("promised_due_on"),
    "all": F("promised_due_on"),
}
_FIRST_ORDER = {"acceptance": "due", "delivery": "due", "running": "due", "all": "-submitted"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    affair: Affair
    one_thing: str
    due: Next | None
    progress: str


def tab(name: str, user: User) -> QuerySet[Affair]:
    """The affairs of one tab. KeyError for a tab that is none of TABS."""
    filed = Affair.objects.filed()
    return {
        "acceptance": lambda: filed.filter(pk__in=affairs_in_queue(user.work_permissions, OneThingFlow.acceptance)),
        "delivery": lambda: filed.filter(pk__in=affairs_in_queue(user.work_permissions, OneThingFlow.delivery)),
        "running": lambda: filed.filter(state__in=(Affair.State.APPROVING, Affair.State.ISSUING)),
        "all": lambda: filed,
    }[name]()


def counts(user: User) -> Mapping[str, int]:
    """How many affairs each tab holds, whatever is being searched for."""
    return {name: tab(name, user).count() for name in TABS}


def matching(affairs: QuerySet[Affair], *, text: str, one_thing: str) -> QuerySet[Affair]:
    """Narrowed by number or its part, name or its part, whole telephone number or whole query code."""
    if text:
        affairs = affairs.filter(
            Q(number__contains=text)
            | Q(subject_name__icontains=text)
            | Q(applicant__name__icontains=text)
            | Q(query_code=text.upper())
            | Q(form__mobile=text)
            | Q(applicant__mobile=text)
        )
    return affairs.filter(one_thing_code=one_thing) if one_thing else affairs


def ordered(affairs: QuerySet[Affair], *, tab_name: str, sort: str) -> QuerySet[Affair]:
    """Due first unless the reader sorts otherwise; what has no date comes last."""
    keys = {"due": _DUE[tab_name], "submitted": F("submitted_at"), "number": F("number")}
    sort = sort if sort.removeprefix("-") in keys else _FIRST_ORDER[tab_name]
    if tab_name == "delivery":
        granted = Q(approvals__state=Approval.State.GRANTED, approvals__superseded=False)
        affairs = affairs.annotate(first_granted_at=Min("approvals__decided_at", filter=granted))
    key = keys[sort.removeprefix("-")]
    order = key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True)
    return affairs.order_by(order, "pk")


def row(affair: Affair, *, today: date) -> Row:
    """Expects the affair as ``listed()`` brings it."""
    return Row(affair, affair.one_thing.name, next_due(affair, today=today), _progress(affair))


def _progress(affair: Affair) -> str:
    current = [approval for approval in affair.approvals.all() if not approval.superseded]
    if affair.state != Affair.State.APPROVING or not current:
        return ""
    decided = sum(not approval.is_open for approval in current)
    busy = dict.fromkeys(
        approval.department.name
        for approval in current
        if approval.state in (Approval.State.REVIEWING, Approval.State.DECIDING)
    )
    return f"已决定 {decided} / {len(current)}" + (f"，在办：{'、'.join(busy)}" if busy else "")
