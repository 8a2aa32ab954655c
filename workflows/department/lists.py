"""A department's lists: to review, to decide, waiting for another department, done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal.accounts.models import User
from portal.affairs.due import Next, approval_due, card_of
from portal.affairs.models import Approval, DecisionProposal, OpinionRequest
from portal.affairs.opinions import open_requests
from portal.deadlines.clock import Card, day_in_words
from workflows.engine.queue import approvals_in_queue

TABS = {
    "review": "待审查",
    "decide": "待决定",
    "sign": "待负责人签发",
    "waiting": "预审中（等待前置）",
    "done": "已办",
}
# In these lists several approvals can be taken together.
TOGETHER = ("review", "decide")

_STATES = Approval.State
_KEYS = {
    "due": "promised_due_on",
    "accepted": "affair__accepted_at",
    "decided": "decided_at",
    "number": "affair__number",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """Something beside the state that a line has to say. tone: info | warning | danger | neutral."""

    label: str
    tone: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. waits_for: the matters that have to be granted first, in words."""

    approval: Approval
    one_thing: str
    due: Next | None
    card: Card
    waits_for: str
    flags: tuple[Flag, ...]


def tab(name: str, user: User) -> QuerySet[Approval]:
    """The approvals of one tab, all of the reader's own department. KeyError for a tab that is none of TABS."""
    own = Approval.objects.filter(department=user.department_id)
    open_to_work = own.filter(pk__in=approvals_in_queue(user.work_permissions))
    proposed = Exists(DecisionProposal.objects.filter(approval=OuterRef("pk"), state=DecisionProposal.State.OPEN))
    deciding = open_to_work.filter(state=_STATES.DECIDING, clock_started_on__isnull=False)
    return {
        "review": lambda: open_to_work.filter(state=_STATES.REVIEWING, clock_started_on__isnull=False),
        "decide": lambda: deciding.exclude(proposed),
        "sign": lambda: deciding.filter(proposed),
        "waiting": lambda: own.current().open().filter(clock_started_on__isnull=True),
        "done": lambda: own.filter(state__in=Approval.FINAL),
    }[name]()


def counts(user: User) -> Mapping[str, int]:
    """How many approvals each tab holds, whatever is being searched for."""
    return {name: tab(name, user).count() for name in TABS}


def asked(user: User) -> QuerySet[OpinionRequest]:
    """Open questions of other departments to the reader's own, the most urgent first."""
    related = "approval__affair__edition", "approval__department", "asked_by"
    return open_requests().filter(department=user.department_id).select_related(*related).order_by("due_on", "pk")


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
    related = approvals.select_related("affair__edition", "decided_by", "external_entry")
    return related.prefetch_related("affair__approvals", "proposals__proposed_by", "opinion_requests__department")


def row(approval: Approval, *, today: date) -> Row:
    """Expects the approval as ``listed`` brings it."""
    return Row(
        approval=approval,
        one_thing=approval.affair.one_thing.name,
        due=approval_due(approval, today=today),
        card=card_of(approval, today=today),
        waits_for="、".join(other.matter_name for other in pending(approval)),
        flags=tuple(_flags(approval, today=today)),
    )


def _flags(approval: Approval, *, today: date) -> Iterator[Flag]:
    if approval.is_open:
        yield from _of_the_head(approval)
        yield from (
            opinion_flag(request, today=today) for request in approval.opinion_requests.all() if not request.is_answered
        )
    entry = getattr(approval, "external_entry", None)
    if entry is not None:
        yield Flag("已录入本部门系统", "neutral", entry.number)


def _of_the_head(approval: Approval) -> Iterator[Flag]:
    last = max(approval.proposals.all(), key=lambda proposal: proposal.pk, default=None)
    if last is not None and last.is_open:
        yield Flag(last.get_verdict_display(), "info", f"{last.proposed_by}提出")
    elif last is not None and last.is_returned:
        yield Flag("负责人已退回", "warning", last.return_reason)


def opinion_flag(request: OpinionRequest, *, today: date) -> Flag:
    """A question that is not answered yet: how near its day is."""
    whom = f"征求{request.asked}意见"
    until = f"{day_in_words(request.due_on, today.year)}前答复"
    if request.due_on < today:
        return Flag("逾期未答复", "danger", f"{whom}，{until}")
    if request.reminded_at is not None:
        return Flag("即将到期，已提醒", "warning", f"{whom}，{until}")
    return Flag("征求意见中", "info", f"{whom}，{until}")


def pending(approval: Approval) -> list[Approval]:
    """The prerequisites, of either kind, that are not granted yet. Reads ``affair.approvals.all()``."""
    needed = {need["matter"] for need in approval.needs}
    return [
        other
        for other in approval.affair.approvals.all()
        if other.matter_code in needed and not other.superseded and other.state != _STATES.GRANTED
    ]
