"""How a due date came about, day by day, so that an applicant can recompute it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.deadlines.calendar import CalendarMissing, day_off, is_working_day, make_up_day
from portal.deadlines.clock import DAY, Suspension


class Why(StrEnum):
    """Why a day counts or does not."""

    START = "start"
    WORKING = "working"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a limit. ordinal: the how-many-th working day it is, None when it does not count. text: the reason."""

    day: date
    why: Why
    text: str
    ordinal: int | None = None

    @property
    def counted(self) -> bool:
        return self.ordinal is not None


def explain(start: date, limit_working_days: int, suspensions: Iterable[Suspension] = ()) -> tuple[DayLine, ...]:
    """Every day from start to the due date: which counted, as the how-many-th, which did not, and why.

    The last line is the due date of clock.due. Where the way leads into a year without a notice, the known days are
    followed by one UNKNOWN line instead (R98). A rest day within a suspension is told as a rest day, for it would not
    have counted anyway: the SUSPENDED lines are exactly the working days that the suspensions took.
    《行政许可法》第四十五条、第八十二条；《民法典》第二百零一条。
    """
    if limit_working_days < 0:
        raise ValueError(f"a limit cannot be negative: {limit_working_days} working days")
    pauses = sorted(suspensions, key=lambda pause: (pause.start, pause.end))
    lines = [DayLine(start, Why.START, "起算当日不计入")]
    day, counted = start, 0
    while counted < limit_working_days:
        day += DAY
        try:
            line = _line(day, counted + 1, pauses)
        except CalendarMissing as missing:
            lines.append(DayLine(day, Why.UNKNOWN, f"暂定：{missing.year} 年放假安排公布后确定"))
            break
        counted += line.counted
        lines.append(line)
    return tuple(lines)


def _line(day: date, next_ordinal: int, pauses: list[Suspension]) -> DayLine:
    if not is_working_day(day):
        holiday = day_off(day)
        return DayLine(day, Why.HOLIDAY, holiday.name) if holiday else DayLine(day, Why.WEEKEND, "休息日")
    covering = [pause for pause in pauses if pause.covers(day)]
    if covering:
        labels = "、".join(dict.fromkeys(pause.label for pause in covering if pause.label))
        return DayLine(day, Why.SUSPENDED, f"不计时：{labels}" if labels else "不计时")
    made_up_for = make_up_day(day)
    if made_up_for:
        return DayLine(day, Why.MAKE_UP, f"调休上班（{made_up_for.name}）", next_ordinal)
    return DayLine(day, Why.WORKING, "工作日", next_ordinal)
