"""Working days by the State Council's notices. Pure: dates in, dates out; nothing here reads the clock.

A day works when a notice makes it work, rests when a notice makes it rest, and otherwise follows the week. A year
without its notice raises CalendarMissing and is never guessed from weekends (R98). A notice may also reach back into
the last days of the year before; it is taken into account as soon as its file is there.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from portal.deadlines import notices
from portal.deadlines.notices import Holiday, Notice


class CalendarMissing(LookupError):
    """No holiday notice is known for this year, so its working days cannot be told (R98)."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"尚未收录国务院办公厅关于 {year} 年部分节假日安排的通知，不能推算该年的工作日。")


@dataclass(frozen=True, slots=True)
class _Year:
    ordered: tuple[date, ...]
    """Every working day of the year, ascending."""
    working: frozenset[date]
    off: dict[date, Holiday]
    make_up: dict[date, Holiday]


@lru_cache(maxsize=1)
def _notices() -> dict[int, Notice]:
    return notices.load(notices.FOLDER)


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    known = _notices()
    if year not in known:
        raise CalendarMissing(year)
    holidays = [holiday for one in (known[year], known.get(year + 1)) if one for holiday in one.holidays]
    off = {day: holiday for holiday in holidays for day in holiday.days_off() if day.year == year}
    make_up = {day: holiday for holiday in holidays for day in holiday.make_up if day.year == year}
    first = date(year, 1, 1)
    every_day = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
    ordered = tuple(day for day in every_day if day in make_up or (day.weekday() < notices.SATURDAY and day not in off))
    return _Year(ordered=ordered, working=frozenset(ordered), off=off, make_up=make_up)


def _of(day: date) -> _Year:
    # A datetime is a date to the type checker, but equals none: membership would silently say "rest day".
    if isinstance(day, datetime):
        raise TypeError(f"expected a date, not the moment {day!r}: decide its day with clock.local_date")
    return _year(day.year)


def known_years() -> tuple[int, ...]:
    """Years whose notice is known, ascending."""
    return tuple(sorted(_notices()))


def notice(year: int) -> Notice:
    """The notice that decides this year's working days. Raises CalendarMissing."""
    if year not in _notices():
        raise CalendarMissing(year)
    return _notices()[year]


def forget() -> None:
    """Read the notices anew at the next question: after a notice was added or corrected (R95)."""
    _notices.cache_clear()
    _year.cache_clear()


def is_working_day(day: date) -> bool:
    """Whether the authority works on this day. Raises CalendarMissing. 《行政许可法》第八十二条."""
    return day in _of(day).working


def day_off(day: date) -> Holiday | None:
    """The holiday that a notice gives on this day; None for working days and plain weekends. Raises CalendarMissing."""
    return _of(day).off.get(day)


def make_up_day(day: date) -> Holiday | None:
    """The holiday for which this weekend day is worked (调休上班), or None. Raises CalendarMissing."""
    return _of(day).make_up.get(day)


def add_working_days(start: date, n: int) -> date:
    """The n-th working day after start: start is day 0, day 1 the next working day (R30).

    n = 0 gives start itself, working day or not. Raises ValueError for n < 0: no limit runs backwards.
    Raises CalendarMissing when the start, or the way to the n-th day, lies in a year without a notice.
    《行政许可法》第八十二条；《民法典》第二百零一条。
    """
    if n < 0:
        raise ValueError(f"a limit cannot be negative: {n} working days")
    if n == 0:
        return start
    year, ordered = start.year, _of(start).ordered
    index = bisect_right(ordered, start) + n - 1
    while index >= len(ordered):
        index -= len(ordered)
        year += 1
        ordered = _year(year).ordered
    return ordered[index]


def add_calendar_days(start: date, n: int) -> date:
    """Last day of a limit of n calendar days: start is day 0; a last day that is no working day rolls forward (R31).

    Raises ValueError for n < 0 and CalendarMissing. 《民法典》第二百零一条、第二百零三条。
    """
    if n < 0:
        raise ValueError(f"a limit cannot be negative: {n} calendar days")
    last = start + timedelta(days=n)
    return last if is_working_day(last) else add_working_days(last, 1)


def working_days_between(start: date, end: date) -> int:
    """Number of working days after start, up to and including end; negative when end lies before start.

    The inverse of add_working_days: working_days_between(day, add_working_days(day, n)) == n. Raises CalendarMissing.
    """
    if end < start:
        return -working_days_between(end, start)
    first, last = _of(start).ordered, _of(end).ordered
    whole_years = sum(len(_year(year).ordered) for year in range(start.year, end.year))
    return whole_years + bisect_right(last, end) - bisect_right(first, start)
