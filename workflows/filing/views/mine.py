"""我的办件: what waits for the person first."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.accounts.access import open_to
from portal.accounts.models import User
from portal.affairs.models import Affair
from portal.affairs.wording import Situation, situation
from portal.notifications.kinds import MessageFromWindow
from portal.notifications.models import Notice
from workflows.filing.forms import FilterForm

PAGE_SIZE = 20
_WAITS_FOR_APPLICANT = Q(state__in=(Affair.State.DRAFT, Affair.State.DELIVERED)) | Q(
    state=Affair.State.DELIVERING, delivery_method=Affair.DeliveryMethod.WINDOW
)


@dataclass(frozen=True, slots=True)
class Row:
    """One affair of the list. action: what the person can do now."""

    affair: Affair
    name: str
    situation: Situation
    action: str
    badge: str
    tone: str


@open_to(User.Role.APPLICANT)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    own = Affair.objects.of(request.user)
    form = FilterForm(request.GET)
    page = Paginator(_ordered(_filtered(own, form), request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [_row(affair, today) for affair in page]
    return render(
        request,
        "filing/mine.html",
        {
            "form": form,
            "page": page,
            "waiting": [row for row in rows if row.affair.waits_for_applicant],
            "others": [row for row in rows if not row.affair.waits_for_applicant],
            "is_filtered": any(form.cleaned_data.values()) if form.is_valid() else True,
        },
    )


def _filtered(affairs: QuerySet[Affair], form: FilterForm) -> QuerySet[Affair]:
    if not form.is_valid():
        return affairs
    if state := form.cleaned_data["state"]:
        affairs = affairs.filter(state=state)
    if words := form.cleaned_data["q"]:
        affairs = affairs.filter(Q(number__icontains=words) | Q(subject_name__icontains=words))
    return affairs


def _ordered(affairs: QuerySet[Affair], user: User) -> QuerySet[Affair]:
    unread = Exists(Notice.objects.of(user).unread().filter(affair=OuterRef("pk"), kind=MessageFromWindow.code))
    waits = Case(When(_WAITS_FOR_APPLICANT | unread, then=Value(1)), default=Value(0), output_field=IntegerField())
    # An edition's content, a megabyte perhaps, stays in the database: its parsed form is in memory.
    return (
        affairs.annotate(has_message=unread, waits_for_applicant=waits)
        .listed()
        .defer("edition__content", "form", "answers")
        .order_by("-waits_for_applicant", "-pk")
    )


def _row(affair: Affair, today: date) -> Row:
    tones = {
        Affair.State.DRAFT: "neutral",
        Affair.State.DELIVERING: "warning",
        Affair.State.DELIVERED: "success",
        Affair.State.CLOSED: "success",
        Affair.State.NOT_ACCEPTED: "danger",
        Affair.State.WITHDRAWN: "neutral",
    }
    actions = {Affair.State.DRAFT: "接着填写", Affair.State.DELIVERED: "查看结果并评价"}
    state = Affair.State(affair.state)
    return Row(
        affair=affair,
        name=affair.one_thing.name,
        situation=situation(affair, affair.approvals.all(), today=today),
        action=actions.get(state, "查看进度" if affair.is_open else "查看结果"),
        badge=str(state.label),
        tone="danger" if affair.outcome == Affair.Outcome.REFUSED else tones.get(state, "info"),
    )
