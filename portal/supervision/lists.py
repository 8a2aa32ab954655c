"""Every affair as supervision lists it. What is open, due today and overdue is said once, for number and list alike."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal.affairs.due import Next, next_due, worst_card
from portal.affairs.models import Affair, Approval, ExternalEntry
from portal.deadlines.clock import ACCEPTANCE_WORKING_DAYS, DAY, ZONE, Card, due_or_provisional

DUE = {"today": "今天到期", "overdue": "已超期"}
_RUNNING = (Affair.State.SUBMITTED, Affair.State.APPROVING, Affair.State.ISSUING)
_KEYS = {"due": "promised_due_on", "submitted": "submitted_at", "number": "number"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. busy: the departments that have the affair now."""

    affair: Affair
    one_thing: str
    due: Next | None
    card: Card
    busy: str


def running(affairs: QuerySet[Affair]) -> QuerySet[Affair]:
    """在办: handed in and not yet concluded."""
    return affairs.filter(state__in=_RUNNING)


def due_today(affairs: QuerySet[Affair], today: date) -> QuerySet[Affair]:
    """Acceptance, an open approval or the whole is due today."""
    first, after = _received_when_due(today)
    received = Q(state=Affair.State.SUBMITTED, submitted_at__gte=first, submitted_at__lt=after)
    return affairs.filter(
        received | (Q(state__in=_RUNNING) & (Q(promised_due_on=today) | _has_approval(promised_due_on=today)))
    )


def overdue(affairs: QuerySet[Affair], today: date) -> QuerySet[Affair]:
    """Acceptance (R4), an open approval (R90) or the whole is past its promised day."""
    first, _after = _received_when_due(today)
    received = Q(state=Affair.State.SUBMITTED, submitted_at__lt=first)
    return affairs.filter(
        received | (Q(state__in=_RUNNING) & (Q(promised_due_on__lt=today) | _has_approval(promised_due_on__lt=today)))
    )


def concluded_since(affairs: QuerySet[Affair], moment: datetime) -> QuerySet[Affair]:
    return affairs.filter(concluded_at__gte=moment)


def entered_outside_since(affairs: QuerySet[Affair], moment: datetime) -> QuerySet[Affair]:
    """With a matter that a department entered once more in a system of its own (二次录入) since then."""
    entered = ExternalEntry.objects.filter(approval__affair=OuterRef("pk"), entered_at__gte=moment)
    return affairs.filter(Exists(entered))


def matching(
    affairs: QuerySet[Affair], *, text: str = "", one_thing: str = "", department: str = "", state: str = ""
) -> QuerySet[Affair]:
    """Narrowed by number or name or their parts, one-thing, department that takes part, and state."""
    if text:
        affairs = affairs.filter(
            Q(number__contains=text) | Q(subject_name__icontains=text) | Q(applicant__name__icontains=text)
        )
    if one_thing:
        affairs = affairs.filter(one_thing_code=one_thing)
    if department:
        affairs = affairs.filter(
            Exists(Approval.objects.filter(affair=OuterRef("pk"), department__code=department, superseded=False))
        )
    if state == "running":
        return running(affairs)
    return affairs.filter(state=state) if state else affairs


def ordered(affairs: QuerySet[Affair], sort: str) -> QuerySet[Affair]:
    """Latest first unless the reader sorts otherwise; what has no date comes last."""
    sort = sort if sort.removeprefix("-") in _KEYS else "-submitted"
    key = F(_KEYS[sort.removeprefix("-")])
    return affairs.order_by(key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True), "pk")


def row(affair: Affair, *, today: date) -> Row:
    """Expects the affair as ``listed()`` brings it."""
    busy = dict.fromkeys(
        approval.department.name
        for approval in affair.approvals.all()
        if not approval.superseded and approval.state in (Approval.State.REVIEWING, Approval.State.DECIDING)
    )
    who = "综合窗口" if affair.state in (Affair.State.SUBMITTED, Affair.State.DELIVERING) else "、".join(busy)
    return Row(affair, affair.one_thing.name, next_due(affair, today=today), worst_card(affair, today=today), who)


def _has_approval(**dates: date) -> Exists:
    return Exists(Approval.objects.current().open().filter(affair=OuterRef("pk"), **dates))


def _received_when_due(today: date) -> tuple[datetime, datetime]:
    """The stretch in which an affair was received if its acceptance is due on ``today``; before it, it is overdue.

    Found by counting forward from the days before, so that rest days and make-up days fall as the calendar says. Forty
    days are more than five working days ever take. What falls into a year without a calendar is not overdue (R98).
    """
    days = [today - DAY * back for back in range(40)]
    dues = {day: due_or_provisional(day, ACCEPTANCE_WORKING_DAYS).day for day in days}
    first = min(day for day in days if (dues[day] or today) >= today)
    after = min(day for day in days if dues[day] is None or dues[day] > today)
    return datetime.combine(first, time.min, tzinfo=ZONE), datetime.combine(after, time.min, tzinfo=ZONE)
