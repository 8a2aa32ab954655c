"""The due dates of an approval and of the whole affair, legal and promised (R15, R16, R29–R31, R90). Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from portal.catalogue.plan import Plan
from portal.catalogue.schema import Matter
from portal.deadlines.calendar import CalendarMissing, add_calendar_days, add_working_days, is_working_day


@dataclass(frozen=True, slots=True)
class Clock:
    """Two due dates; a date past the last holiday notice is not guessed: None and provisional (R98)."""

    legal_due_on: date | None
    promised_due_on: date | None
    is_provisional: bool


def _working(start: date, limit_working_days: int) -> date:
    """On the spot means the day itself, or the next working day when it is a rest day (R29, R89)."""
    if limit_working_days == 0 and is_working_day(start):
        return start
    return add_working_days(start, max(limit_working_days, 1))


def _or_provisional(count: Callable[[date, int], date], start: date, limit: int | None) -> tuple[date | None, bool]:
    if limit is None:
        return None, False
    try:
        return count(start, limit), False
    except CalendarMissing:
        return None, True


def approval_clock(matter: Matter, start: date) -> Clock:
    """Due dates of one matter whose clock starts on ``start`` (day 0)."""
    if matter.legal_wd is not None or matter.legal_nd is None:
        legal, open_legal = _or_provisional(_working, start, matter.legal_wd)
    else:
        legal, open_legal = _or_provisional(add_calendar_days, start, matter.legal_nd)
    promised, open_promised = _or_provisional(_working, start, matter.promised_wd)
    return Clock(legal, promised, open_legal or open_promised)


def affair_clock(plan: Plan, start: date) -> Clock:
    """Due dates of the whole affair, accepted on ``start``: longest paths of limits, the legal one at most 45 (R16)."""
    legal, open_legal = _or_provisional(_working, start, plan.legal_total_wd)
    promised, open_promised = _or_provisional(_working, start, plan.promised_total_wd)
    return Clock(legal, promised, open_legal or open_promised)
