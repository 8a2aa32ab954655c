"""Working days around the holidays of 2024–2026, by the notices 国办发明电〔2023〕7号、〔2024〕12号、〔2025〕7号."""

from datetime import date, datetime

import pytest

from portal.deadlines.calendar import (
    CalendarMissing,
    add_calendar_days,
    add_working_days,
    is_working_day,
    notice,
    working_days_between,
)


def test_new_years_eve_of_2024_is_a_working_day():
    """The 2024 notice only encourages leave on 除夕; it is statutory from 2025."""
    assert is_working_day(date(2024, 2, 9))
    assert not is_working_day(date(2025, 1, 28))
    assert not is_working_day(date(2026, 2, 16))


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 2, 4),
        date(2025, 1, 26),
        date(2025, 4, 27),
        date(2025, 9, 28),
        date(2026, 1, 4),
        date(2026, 9, 20),
    ],
)
def test_a_make_up_sunday_is_a_working_day(day):
    assert day.weekday() == 6
    assert is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 5, 11),
        date(2025, 2, 8),
        date(2025, 10, 11),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 10, 10),
    ],
)
def test_a_make_up_saturday_is_a_working_day(day):
    assert day.weekday() == 5
    assert is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 9, 19), date(2026, 10, 11), date(2026, 2, 15), date(2025, 10, 8)])
def test_ordinary_weekends_and_holidays_are_not_working_days(day):
    assert not is_working_day(day)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        # 春节 2025: 28 Jan – 4 Feb off, 26 Jan (Sun) and 8 Feb (Sat) worked
        (date(2025, 1, 24), 1, date(2025, 1, 26)),
        (date(2025, 1, 24), 2, date(2025, 1, 27)),
        (date(2025, 1, 24), 3, date(2025, 2, 5)),
        (date(2025, 1, 24), 5, date(2025, 2, 7)),
        (date(2025, 1, 24), 6, date(2025, 2, 8)),
        (date(2025, 1, 24), 7, date(2025, 2, 10)),
        # 春节 2026: 15–23 Feb off, 14 and 28 Feb (Sat) worked
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        # 国庆、中秋 2025: 1–8 Oct off, 28 Sep (Sun) and 11 Oct (Sat) worked
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
        (date(2025, 9, 26), 3, date(2025, 9, 30)),
        (date(2025, 9, 26), 4, date(2025, 10, 9)),
        (date(2025, 9, 26), 6, date(2025, 10, 11)),
        (date(2025, 9, 26), 7, date(2025, 10, 13)),
        # 中秋 and 国庆 2026: 25–27 Sep and 1–7 Oct off, 20 Sep (Sun) and 10 Oct (Sat) worked
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 18), 5, date(2026, 9, 24)),
        (date(2026, 9, 18), 6, date(2026, 9, 28)),
        (date(2026, 9, 18), 8, date(2026, 9, 30)),
        (date(2026, 9, 18), 9, date(2026, 10, 8)),
        (date(2026, 9, 18), 11, date(2026, 10, 10)),
        (date(2026, 9, 18), 12, date(2026, 10, 12)),
        # 除夕 2024 counts
        (date(2024, 2, 8), 1, date(2024, 2, 9)),
        (date(2024, 2, 8), 2, date(2024, 2, 18)),
        # received on a rest day: day 1 is the next working day all the same
        (date(2026, 10, 3), 1, date(2026, 10, 8)),
        (date(2026, 3, 7), 5, date(2026, 3, 13)),
        # across a year end two notices are read
        (date(2025, 12, 29), 3, date(2026, 1, 4)),
        (date(2024, 12, 31), 1, date(2025, 1, 2)),
    ],
)
def test_the_starting_day_is_not_counted_and_day_one_is_the_next_working_day(start, n, end):
    assert add_working_days(start, n) == end
    assert working_days_between(start, end) == n
    assert working_days_between(end, start) == -n


def test_no_days_added_is_the_day_itself():
    assert add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_rest_days_between_count_nothing():
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 7)) == 0
    assert working_days_between(date(2026, 10, 7), date(2026, 9, 29)) == -1


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 9, 11), 20, date(2026, 10, 8)),  # 1 October: rolls over the whole holiday
        (date(2026, 9, 12), 8, date(2026, 9, 20)),  # a make-up Sunday is worked: nothing rolls
        (date(2025, 1, 18), 10, date(2025, 2, 5)),  # 除夕 2025
        (date(2024, 1, 30), 10, date(2024, 2, 9)),  # 除夕 2024 is worked
        (date(2026, 3, 2), 5, date(2026, 3, 9)),  # a plain Saturday
        (date(2026, 3, 2), 10, date(2026, 3, 12)),  # weekends within are counted
    ],
)
def test_calendar_day_limits_count_every_day_and_roll_forward_at_the_end(start, n, end):
    assert add_calendar_days(start, n) == end


def test_the_last_known_working_day_can_still_be_reached():
    assert add_working_days(date(2026, 12, 24), 5) == date(2026, 12, 31)
    assert working_days_between(date(2026, 12, 24), date(2026, 12, 31)) == 5


@pytest.mark.parametrize(
    "question",
    [
        lambda: is_working_day(date(2027, 1, 4)),
        lambda: add_working_days(date(2026, 12, 24), 6),
        lambda: add_working_days(date(2027, 1, 4), 1),
        lambda: add_calendar_days(date(2026, 12, 15), 20),
        lambda: working_days_between(date(2026, 12, 30), date(2027, 1, 4)),
        lambda: working_days_between(date(2027, 1, 4), date(2026, 12, 30)),
        lambda: notice(2027),
    ],
)
def test_a_year_without_a_notice_is_never_guessed(question):
    with pytest.raises(CalendarMissing, match="尚未收录国务院办公厅关于 2027 年部分节假日安排的通知") as missing:
        question()
    assert missing.value.year == 2027


def test_years_before_the_first_notice_are_not_guessed_either():
    with pytest.raises(CalendarMissing, match="2023"):
        add_working_days(date(2023, 12, 29), 1)


@pytest.mark.parametrize("add", [add_working_days, add_calendar_days])
def test_a_negative_limit_is_refused(add):
    with pytest.raises(ValueError, match="-1"):
        add(date(2026, 3, 2), -1)


def test_a_moment_is_not_taken_for_a_day():
    with pytest.raises(TypeError, match="local_date"):
        is_working_day(datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001
