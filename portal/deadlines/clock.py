"""Due dates, suspensions, cards and the words for them. Pure: today is an argument, nothing here reads the clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.deadlines.calendar import CalendarMissing, add_working_days, known_years, working_days_between

ZONE = ZoneInfo("Asia/Shanghai")

ACCEPTANCE_WORKING_DAYS = 5
"""To accept, refuse or send the one-time notice; R4, 《行政许可法》第三十二条."""
DECISION_WORKING_DAYS = 20
"""To decide, from acceptance, where no other law says otherwise; R15, 《行政许可法》第四十二条第一款."""
DECISION_EXTENSION_WORKING_DAYS = 10
"""Once, approved by the agency's head; R15, 《行政许可法》第四十二条第一款."""
JOINT_WORKING_DAYS = 45
"""Ceiling of a joint procedure as a whole; R16, 《行政许可法》第四十二条第二款."""
JOINT_EXTENSION_WORKING_DAYS = 15
"""Once, approved by the government's head; R16, 《行政许可法》第四十二条第二款."""
CERTIFICATE_WORKING_DAYS = 10
"""To issue and serve the certificate after the grant; R25, 《行政许可法》第四十四条."""
RECONSIDERATION_CALENDAR_DAYS = 60
"""To ask for administrative reconsideration; R34, 《行政复议法》第二十条."""
LITIGATION_MONTHS = 6
"""To bring an administrative action; R34, 《行政诉讼法》第四十六条."""

DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days that do not count (R18): from start up to, and without, end — the day on which counting goes on.

    A suspension that still runs is given with its expected end. label: the procedure and its article, for people.
    """

    start: date
    end: date
    label: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a suspension cannot end on {self.end}, before it starts on {self.start}")

    def covers(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Due:
    """A due date, or none yet: provisional (暂定) while it falls in a year whose notice is not out (R98)."""

    day: date | None
    provisional: bool


def due(start: date, limit_working_days: int, suspensions: Iterable[Suspension] = ()) -> date:
    """Last working day of a limit that began on start (day 0, not counted).

    limit_working_days: 0 means on the spot, the day itself. suspensions: may overlap, touch and come in any order; a
    day in several counts once. Raises CalendarMissing, and ValueError for a negative limit.
    《行政许可法》第四十二条、第四十五条、第八十二条。
    """
    if limit_working_days == 0:
        return start
    day, remaining = start, limit_working_days
    for pause in _merged(suspensions):
        reached = add_working_days(day, remaining)
        if reached < pause.start:
            return reached
        if pause.start > day:
            remaining -= working_days_between(day, pause.start - DAY)
        day = max(day, pause.end - DAY)
    return add_working_days(day, remaining)


def due_or_provisional(start: date, limit_working_days: int, suspensions: Iterable[Suspension] = ()) -> Due:
    """Like due, but says so instead of raising where the calendar is missing: no day, provisional (R98)."""
    try:
        return Due(due(start, limit_working_days, suspensions), provisional=False)
    except CalendarMissing:
        return Due(None, provisional=True)


def local_date(moment: datetime) -> date:
    """The day on which a moment falls in Asia/Shanghai (R99). Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its time zone: {moment!r}")
    return moment.astimezone(ZONE).date()


def working_days_left(today: date, due: date, suspensions: Iterable[Suspension] = ()) -> int:
    """Working days after today, up to and including the due date, that still count; 0 on the due date itself.

    Negative once overdue: every working day since, suspended or not. Raises CalendarMissing.
    """
    left = working_days_between(today, due)
    if left <= 0:
        return left
    for pause in _merged(suspensions):
        first, last = max(pause.start - DAY, today), min(pause.end - DAY, due)
        if first < last:
            left -= working_days_between(first, last)
    return left


def left_in_words(today: date, due: date | None, suspensions: Iterable[Suspension] = ()) -> str:
    """Time left as people read it: “还剩 2 个工作日”, “今天到期”, “已超期 1 个工作日”; no due date is “暂定：…”."""
    if due is None:
        return _provisional(_first_unknown_year(today))
    if today == due:
        return "今天到期"
    try:
        left = working_days_left(today, due, suspensions)
    except CalendarMissing as missing:
        return f"已超期，天数待 {missing.year} 年放假安排公布后确定" if today > due else _provisional(missing.year)
    if today > due:
        return f"已超期 {-left} 个工作日" if left else "已超期，不足 1 个工作日"
    return f"还剩 {left} 个工作日" if left else "还剩不足 1 个工作日"


def day_in_words(day: date, reference_year: int | None = None) -> str:
    """“3 月 5 日（周三）”; with the year before it when it is not the reference year."""
    year = "" if reference_year in (None, day.year) else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）"


class Card(StrEnum):
    """The state of a clock as supervision shows it (R93)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    SERIOUS = "serious"

    @property
    def label(self) -> str:
        return {Card.GREEN: "正常", Card.YELLOW: "黄牌", Card.RED: "红牌", Card.SERIOUS: "严重红牌"}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a clock turns yellow. Local policy, no national number (R92); `version` is kept with the card (R95)."""

    version: str = "R93-1"
    percent_of_limit: int = 20
    at_least_working_days: int = 1
    at_most_working_days: int = 2

    def yellow_at(self, limit_working_days: int) -> int:
        """Yellow when this many counting working days, or fewer, are left: the share of the limit, rounded up."""
        share = -(-limit_working_days * self.percent_of_limit // 100)
        return min(self.at_most_working_days, max(self.at_least_working_days, share))


DEFAULT_THRESHOLDS = Thresholds()


def card(
    today: date,
    due: date | None,
    limit_working_days: int,
    legal_due: date | None,
    *,
    suspensions: Iterable[Suspension] = (),
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Card:
    """The card of one clock on a day: red past the promised due date, serious past the legal one (R90, R93).

    due: the promised due date; None where it is provisional, or for the legal one where there is none: an unknown date
    raises no card. limit_working_days: the promised limit; 0 (即办件) has no countdown, so no yellow (R89).
    """
    if legal_due is not None and today > legal_due:
        return Card.SERIOUS
    if due is None:
        return Card.GREEN
    if today > due:
        return Card.RED
    if limit_working_days == 0:
        return Card.GREEN
    left = working_days_left(today, due, suspensions)
    return Card.YELLOW if left <= thresholds.yellow_at(limit_working_days) else Card.GREEN


def _merged(suspensions: Iterable[Suspension]) -> list[Suspension]:
    """The same days as disjoint ranges, ascending: a day in two suspensions counts once."""
    merged: list[Suspension] = []
    for pause in sorted(suspensions, key=lambda pause: (pause.start, pause.end)):
        if merged and pause.start <= merged[-1].end:
            merged[-1] = Suspension(merged[-1].start, max(merged[-1].end, pause.end))
        else:
            merged.append(pause)
    return merged


def _first_unknown_year(today: date) -> int:
    year, known = today.year, known_years()
    while year in known:
        year += 1
    return year


def _provisional(year: int) -> str:
    return f"暂定：{year} 年放假安排公布后确定"
