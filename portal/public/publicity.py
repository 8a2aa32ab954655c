"""The licences that were granted, open to everybody's inspection (R24, 《行政许可法》第四十条)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.paginator import Paginator
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.access import open_to_everyone
from portal.accounts.masking import mask_name
from portal.accounts.models import Department
from portal.affairs.models import Certificate
from portal.catalogue.models import Edition
from portal.deadlines.clock import ZONE, local_date
from portal.documents.models import Document
from portal.documents.wording import validity
from portal.drawing.bars import Bar, Part, bars
from portal.public.forms import GrantFilter

PER_PAGE = 25
_ENTERPRISE = "enterprise"
_MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Month:
    """How many licences were granted in a month. first: its first day."""

    first: date
    count: int

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        return _("{year} 年 {month} 月").format(year=self.first.year, month=self.first.month)


@dataclass(frozen=True, slots=True)
class Licence:
    """One certificate of a grant."""

    name: str
    number: str
    validity: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the public may know of one decision. holder: a person's name is masked (R45)."""

    number: str
    matter: str
    department: str
    holder: str
    decided_on: date
    licences: tuple[Licence, ...]


@open_to_everyone
@require_safe
def granted(request: HttpRequest) -> HttpResponse:
    """Granted licences only: registrations and filings are published where their own laws say."""
    published = Document.objects.licences_granted()
    since, months = _by_month(published)
    departments = Department.objects.filter(is_public_service=False).values_list("code", "name")
    form = GrantFilter(request.GET, departments=departments, months=[(month.key, month.label) for month in months])
    wanted = form.cleaned_data if form.is_valid() else {}
    enterprises = _filed_by_enterprises()
    found = _matching(published, enterprises, **wanted).select_related("affair", "approval__department")
    found = found.prefetch_related("approval__certificates").defer("contents").order_by("-issued_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = _shown(months)
    title = _("近几个月准予的行政许可")
    drawn = bars(
        [Bar(month.label, (month.count,)) for month in shown], [Part(_("准予"), "info")], title=title, unit="件"
    )
    context = {
        "form": form,
        "page": page,
        "grants": [_grant(decision, enterprises) for decision in page],
        "since": since,
        "months": shown,
        "picture_title": title,
        "picture": mark_safe(drawn),  # noqa: S308  the drawing escapes its texts
    }
    return render(request, "public/publicity.html", context)


def _by_month(published: QuerySet[Document]) -> tuple[date | None, list[Month]]:
    """The day of the first decision (None before there is one), and the months with decisions, latest first."""
    counted = (
        published.order_by()
        .annotate(month=TruncMonth("issued_at", tzinfo=ZONE))
        .values("month")
        .annotate(count=Count("pk"), first=Min("issued_at"))
        .order_by("-month")
    )
    lines = list(counted)
    since = local_date(lines[-1]["first"]) if lines else None
    return since, [Month(local_date(line["month"]), line["count"]) for line in lines]


def _shown(months: list[Month]) -> list[Month]:
    """The last months up to this one, oldest first, none before the first decision; a month without any counts 0."""
    if not months:
        return []
    counts = {month.first: month.count for month in months}
    shown, first = [], timezone.localdate().replace(day=1)
    while len(shown) < _MONTHS_SHOWN and first >= months[-1].first:
        shown.append(Month(first, counts.get(first, 0)))
        first = _before(first)
    return shown[::-1]


def _before(first: date) -> date:
    return date(first.year - 1, 12, 1) if first.month == 1 else date(first.year, first.month - 1, 1)


def _after(first: date) -> date:
    return date(first.year + 1, 1, 1) if first.month == 12 else date(first.year, first.month + 1, 1)


def _filed_by_enterprises() -> frozenset[str]:
    """The one-things whose subject is an enterprise in every edition: whoever may be a person is masked."""
    subjects: dict[str, set[str]] = {}
    for edition in Edition.objects.all():
        for one_thing in edition.catalogue.one_things.values():
            subjects.setdefault(one_thing.id, set()).add(one_thing.subject)
    return frozenset(code for code, found in subjects.items() if found == {_ENTERPRISE})


def _matching(
    published: QuerySet[Document], enterprises: frozenset[str], *, q: str = "", department: str = "", month: str = ""
) -> QuerySet[Document]:
    """Narrowed by number or holder or their parts; a person is not found by name, which would undo the mask."""
    if q:
        numbered = Certificate.objects.filter(approval=OuterRef("approval"), number__icontains=q)
        holder = Q(affair__one_thing_code__in=enterprises, affair__subject_name__icontains=q)
        published = published.filter(Q(number__icontains=q) | Exists(numbered) | holder)
    if department:
        published = published.filter(approval__department__code=department)
    if month:
        first = date.fromisoformat(f"{month}-01")
        published = published.filter(issued_at__gte=_midnight(first), issued_at__lt=_midnight(_after(first)))
    return published


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZONE)


def _grant(decision: Document, enterprises: frozenset[str]) -> Grant:
    """Expects the decision with its affair, approval, department and certificates."""
    approval, affair = decision.approval, decision.affair
    if approval is None:
        raise ValueError(f"decision {decision.pk} has no approval")
    is_enterprise = affair.one_thing_code in enterprises
    return Grant(
        number=decision.number,
        matter=approval.matter_name,
        department=approval.department.name,
        holder=affair.subject_name if is_enterprise else mask_name(affair.subject_name),
        decided_on=local_date(decision.issued_at),
        licences=tuple(
            Licence(each.name, each.number, validity(each.valid_from, each.valid_until))
            for each in approval.certificates.all()
        ),
    )
