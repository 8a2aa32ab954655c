"""How the pictures write a day and divide a stretch of days."""

from datetime import date, timedelta

STEPS_DAYS = (1, 2, 3, 7, 14, 28, 56, 112, 182, 364)


def short_day(day: date) -> str:
    """“3 月 5 日”: pictures leave out weekday and year, which their table carries."""
    return f"{day.month} 月 {day.day} 日"


def ticks(first: date, last: date, *, at_most: int) -> tuple[date, ...]:
    """Evenly spaced days from first to last, whole weeks on Mondays; at most so many up to a span of years."""
    days = (last - first).days
    step = next((step for step in STEPS_DAYS if days // step < at_most), STEPS_DAYS[-1])
    start = first + timedelta(days=-first.weekday() % 7) if step >= 7 else first
    return tuple(start + timedelta(days=offset) for offset in range(0, (last - start).days + 1, step))
