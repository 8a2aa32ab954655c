"""What is due next on an affair or an approval, as staff see it: the day, and words where there is none."""

from dataclasses import dataclass
from datetime import date

from portal.affairs.models import Affair, Approval
from portal.affairs.wording import acceptance_due
from portal.deadlines import clock
from portal.deadlines.clock import Card, local_date


@dataclass(frozen=True, slots=True)
class Next:
    """what: the step that is due. day: its last day. words: said instead of the time left, "" where the day speaks."""

    what: str
    day: date | None
    words: str = ""


def next_due(affair: Affair, *, today: date) -> Next | None:
    """The clock that runs now; None when none does. Reads ``affair.approvals.all()``, so prefetch it for lists."""
    if affair.state == Affair.State.SUBMITTED:
        return _next("受理", acceptance_due(affair), today)
    if affair.state in (Affair.State.APPROVING, Affair.State.ISSUING):
        return _next("办结", affair.promised_due_on or affair.legal_due_on, today)
    if affair.state == Affair.State.DELIVERING:
        return _delivery(affair, today)
    return None


def _delivery(affair: Affair, today: date) -> Next:
    """What was granted is handed over within ten working days of the first grant (R25, 《行政许可法》第四十四条)."""
    granted = [
        approval.decided_at
        for approval in affair.approvals.all()
        if approval.state == Approval.State.GRANTED and not approval.superseded
    ]
    if not granted:
        return Next("送达", None, "没有法定期限，请尽快送达")
    return _next("送达", clock.due_or_provisional(local_date(min(granted)), clock.CERTIFICATE_WORKING_DAYS).day, today)


def approval_due(approval: Approval, *, today: date) -> Next | None:
    """The promised day of one approval, else the legal one; its clock may not have started (R48, R49)."""
    if not approval.is_open:
        return None
    if approval.clock_started_on is None:
        return Next("决定", None, "尚未起算：等待前置事项")
    return _next("决定", approval.promised_due_on or approval.legal_due_on, today)


def card_of(approval: Approval, *, today: date) -> Card:
    """The card of an open approval (R93); green when it is decided or its clock has not started."""
    if not approval.is_open or approval.clock_started_on is None:
        return Card.GREEN
    return clock.card(today, approval.promised_due_on, approval.matter.promised_wd or 0, approval.legal_due_on)


_GRAVITY = (Card.GREEN, Card.YELLOW, Card.RED, Card.SERIOUS)


def worst_card(affair: Affair, *, today: date) -> Card:
    """The gravest card among the current approvals. Reads ``affair.approvals.all()``."""
    cards = [card_of(approval, today=today) for approval in affair.approvals.all() if not approval.superseded]
    return max(cards, key=_GRAVITY.index, default=Card.GREEN)


def _next(what: str, day: date | None, today: date) -> Next:
    return Next(what, day, "" if day else clock.left_in_words(today, None))
