"""The numbers of supervision, in a constant number of queries; each opens as a list (portal.supervision.lists)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count
from django.db.models.functions import TruncDate

from portal.accounts.models import Department
from portal.affairs.models import Affair, Approval, ExternalEntry
from portal.catalogue.models import Edition
from portal.deadlines.calendar import CalendarMissing, working_days_between
from portal.deadlines.clock import ZONE, Card, card
from portal.supervision import lists


@dataclass(frozen=True, slots=True)
class Figures:
    """average_working_days: from acceptance to conclusion, of the affairs concluded this month; None without any."""

    open: int
    due_today: int
    overdue: int
    concluded: int
    average_working_days: float | None


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """One department now and this month. average_working_days: from the clock's start to the decision."""

    department: Department
    green: int
    yellow: int
    red: int
    serious: int
    decided: int
    average_working_days: float | None

    @property
    def open(self) -> int:
        return self.green + self.yellow + self.red + self.serious


@dataclass(frozen=True, slots=True)
class OutsideEntries:
    """二次录入 this month. median_hours: from a department's receipt to its entry elsewhere; None without any."""

    count: int
    median_hours: float | None


def outside_entries(*, today: date) -> OutsideEntries:
    """How often departments entered a matter once more in systems of their own, and how long that took them."""
    spans = ExternalEntry.objects.filter(entered_at__gte=month_start(today), approval__opened_at__isnull=False)
    hours = [
        (entered - received) / timedelta(hours=1)
        for received, entered in spans.values_list("approval__opened_at", "entered_at")
    ]
    return OutsideEntries(len(hours), round(median(hours), 1) if hours else None)


def figures(*, today: date) -> Figures:
    """All affairs of the portal on a day."""
    filed = Affair.objects.filed()
    concluded = lists.concluded_since(filed, month_start(today))
    spans = concluded.annotate(
        first=TruncDate("accepted_at", tzinfo=ZONE), last=TruncDate("concluded_at", tzinfo=ZONE)
    ).order_by()
    groups = list(spans.values_list("first", "last").annotate(count=Count("pk")))
    return Figures(
        open=lists.running(filed).count(),
        due_today=lists.due_today(filed, today).count(),
        overdue=lists.overdue(filed, today).count(),
        concluded=sum(count for _first, _last, count in groups),
        average_working_days=_average(groups),
    )


def by_department(*, today: date) -> list[DepartmentLine]:
    """Every department that has or had anything to do this month, the gravest first."""
    cards = _cards(today)
    decided = _decided(month_start(today))
    lines = []
    for department in Department.objects.all():
        count, spans = cards[department.pk], decided[department.pk]
        if not count and not spans:
            continue
        lines.append(
            DepartmentLine(
                department=department,
                green=count[Card.GREEN],
                yellow=count[Card.YELLOW],
                red=count[Card.RED],
                serious=count[Card.SERIOUS],
                decided=sum(each for _first, _last, each in spans),
                average_working_days=_average(spans),
            )
        )
    return sorted(lines, key=lambda line: (-line.serious, -line.red, -line.yellow, -line.open, line.department.pk))


def month_start(today: date) -> datetime:
    """The first moment of the month in Asia/Shanghai."""
    return datetime.combine(today.replace(day=1), time.min, tzinfo=ZONE)


def _cards(today: date) -> dict[int, Counter[Card]]:
    """Cards of the open approvals by department (R93), from groups of equal dates and matter, not from each row."""
    groups = (
        Approval.objects.current()
        .open()
        .order_by()
        .values_list(
            "department", "affair__edition", "affair__one_thing_code", "matter_code", "promised_due_on", "legal_due_on"
        )
        .annotate(count=Count("pk"))
    )
    limits = _limits()
    found: dict[int, Counter[Card]] = defaultdict(Counter)
    for department, edition, one_thing, matter, promised, legal, count in groups:
        limit = limits.get((edition, one_thing, matter), 0)
        found[department][card(today, promised, limit, legal)] += count
    return found


def _limits() -> dict[tuple[int, str, str], int]:
    """Promised limits in working days by edition, one-thing and matter."""
    return {
        (edition.pk, one_thing.id, matter.id): matter.promised_wd or 0
        for edition in Edition.objects.all()
        for one_thing in edition.catalogue.one_things.values()
        for matter in one_thing.matters
    }


def _decided(since: datetime) -> dict[int, list[tuple[date | None, date, int]]]:
    groups = (
        Approval.objects.filter(state__in=(Approval.State.GRANTED, Approval.State.REFUSED), decided_at__gte=since)
        .annotate(last=TruncDate("decided_at", tzinfo=ZONE))
        .order_by()
        .values_list("department", "clock_started_on", "last")
        .annotate(count=Count("pk"))
    )
    found: dict[int, list[tuple[date | None, date, int]]] = defaultdict(list)
    for department, first, last, count in groups:
        found[department].append((first, last, count))
    return found


def _average(spans: Iterable[tuple[date | None, date, int]]) -> float | None:
    """Mean working days over (first day, last day, how many); spans without a start or a calendar stay out."""
    days = total = 0
    for first, last, count in spans:
        if first is None:
            continue
        try:
            days += working_days_between(first, last) * count
        except CalendarMissing:
            continue
        total += count
    return round(days / total, 1) if total else None
