"""Due dates, suspensions, cards and their words, on literal dates."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from portal.deadlines.calendar import CalendarMissing
from portal.deadlines.clock import (
    ACCEPTANCE_WORKING_DAYS,
    Card,
    Due,
    Suspension,
    Thresholds,
    card,
    day_in_words,
    due,
    due_or_provisional,
    left_in_words,
    local_date,
    working_days_left,
)

BEIJING = timezone(timedelta(hours=8))
MONDAY = date(2026, 3, 2)


def test_five_working_days_to_accept():
    assert due(date(2026, 9, 18), ACCEPTANCE_WORKING_DAYS) == date(2026, 9, 24)


def test_a_limit_of_no_days_is_due_on_the_spot():
    assert due(MONDAY, 0, [Suspension(MONDAY, date(2026, 3, 9))]) == MONDAY


def test_suspended_days_do_not_count():
    assert due(MONDAY, 20) == date(2026, 3, 30)
    pause = Suspension(date(2026, 3, 9), date(2026, 3, 16), "检验（《行政许可法》第四十五条）")
    assert due(MONDAY, 20, [pause]) == date(2026, 4, 7)


def test_the_day_a_suspension_ends_counts_again():
    assert due(MONDAY, 5, [Suspension(date(2026, 3, 4), date(2026, 3, 5))]) == date(2026, 3, 10)


def test_a_suspension_over_rest_days_changes_nothing():
    assert due(date(2026, 9, 28), 3, [Suspension(date(2026, 10, 1), date(2026, 10, 8))]) == date(2026, 10, 8)


def test_a_suspension_before_the_start_or_after_the_due_date_changes_nothing():
    outside = [Suspension(date(2026, 2, 1), date(2026, 3, 3)), Suspension(date(2026, 3, 10), date(2026, 3, 20))]
    assert due(MONDAY, 5, outside) == date(2026, 3, 9)


def test_a_suspension_on_the_last_day_moves_the_due_date():
    assert due(MONDAY, 5, [Suspension(date(2026, 3, 9), date(2026, 3, 10))]) == date(2026, 3, 10)


def test_overlapping_suspensions_count_once():
    hearing = Suspension(date(2026, 3, 9), date(2026, 3, 13), "听证")
    review = Suspension(date(2026, 3, 11), date(2026, 3, 16), "专家评审")
    assert due(MONDAY, 20, [review, hearing]) == due(MONDAY, 20, [Suspension(date(2026, 3, 9), date(2026, 3, 16))])


def test_a_suspension_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="2026-03-01"):
        Suspension(MONDAY, date(2026, 3, 1))


def test_a_suspension_planned_for_an_unknown_year_does_not_touch_an_earlier_due_date():
    later = Suspension(date(2027, 1, 5), date(2027, 2, 1))
    assert due(date(2026, 12, 1), 5, [later]) == date(2026, 12, 8)


def test_past_the_last_notice_a_due_date_is_provisional_and_never_guessed():
    assert due_or_provisional(date(2026, 12, 24), 5) == Due(date(2026, 12, 31), provisional=False)
    assert due_or_provisional(date(2026, 12, 24), 6) == Due(None, provisional=True)
    into_2027 = Suspension(date(2026, 12, 28), date(2027, 1, 11))
    assert due_or_provisional(date(2026, 12, 24), 5, [into_2027]) == Due(None, provisional=True)
    with pytest.raises(CalendarMissing):
        due(date(2026, 12, 24), 6)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 5, 23, 59, 59, tzinfo=BEIJING), date(2026, 3, 5)),
        (datetime(2026, 3, 6, 0, 0, tzinfo=BEIJING), date(2026, 3, 6)),
        (datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC), date(2026, 3, 5)),
        (datetime(2026, 3, 5, 16, 0, tzinfo=UTC), date(2026, 3, 6)),
        (datetime(2026, 3, 5, 0, 0, tzinfo=UTC), date(2026, 3, 5)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_days_are_decided_in_asia_shanghai(moment, day):
    assert local_date(moment) == day


def test_received_at_23_59_the_limit_runs_from_that_day():
    received = local_date(datetime(2026, 9, 24, 15, 59, tzinfo=UTC))
    assert due(received, 1) == date(2026, 9, 28)
    assert due(local_date(datetime(2026, 9, 24, 16, 0, tzinfo=UTC)), 1) == date(2026, 9, 28)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 3, 5, 12, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("today", "due_on", "words"),
    [
        (date(2026, 3, 3), date(2026, 3, 5), "还剩 2 个工作日"),
        (date(2026, 9, 30), date(2026, 10, 8), "还剩 1 个工作日"),
        (date(2026, 3, 5), date(2026, 3, 5), "今天到期"),
        (date(2026, 3, 6), date(2026, 3, 5), "已超期 1 个工作日"),
        (date(2026, 10, 8), date(2026, 9, 30), "已超期 1 个工作日"),
        (date(2026, 10, 1), date(2026, 9, 30), "已超期，不足 1 个工作日"),
        (date(2026, 10, 3), date(2026, 10, 5), "还剩不足 1 个工作日"),
        (date(2026, 12, 24), None, "暂定：2027 年放假安排公布后确定"),
        (date(2027, 1, 5), None, "暂定：2027 年放假安排公布后确定"),
        (date(2027, 1, 5), date(2026, 12, 31), "已超期，天数待 2027 年放假安排公布后确定"),
        (date(2026, 12, 24), date(2027, 1, 5), "暂定：2027 年放假安排公布后确定"),
    ],
)
def test_time_left_in_words(today, due_on, words):
    assert left_in_words(today, due_on) == words


def test_suspended_days_are_not_time_left():
    pause = Suspension(date(2026, 3, 9), date(2026, 3, 16))
    due_on = due(MONDAY, 10, [pause])
    assert due_on == date(2026, 3, 23)
    assert working_days_left(date(2026, 3, 6), due_on, [pause]) == 6
    assert working_days_left(date(2026, 3, 11), due_on, [pause]) == 6
    assert working_days_left(date(2026, 3, 16), due_on, [pause]) == 5
    assert left_in_words(date(2026, 3, 11), due_on, [pause]) == "还剩 6 个工作日"


def test_a_day_is_named_with_its_weekday_and_with_its_year_only_when_that_differs():
    assert day_in_words(date(2025, 3, 5), 2025) == "3 月 5 日（周三）"
    assert day_in_words(date(2025, 3, 5)) == "3 月 5 日（周三）"
    assert day_in_words(date(2026, 1, 4), 2025) == "2026 年 1 月 4 日（周日）"


@pytest.mark.parametrize(("limit", "yellow_at"), [(1, 1), (3, 1), (5, 1), (6, 2), (7, 2), (10, 2), (20, 2), (45, 2)])
def test_yellow_begins_at_a_fifth_of_the_limit_but_between_one_and_two_days(limit, yellow_at):
    assert Thresholds().yellow_at(limit) == yellow_at


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        (date(2026, 3, 2), Card.GREEN),
        (date(2026, 3, 11), Card.GREEN),  # three working days left
        (date(2026, 3, 12), Card.YELLOW),  # two
        (date(2026, 3, 16), Card.YELLOW),  # the due date itself
        (date(2026, 3, 17), Card.RED),  # past the promised date
        (date(2026, 3, 30), Card.RED),  # the legal date itself
        (date(2026, 3, 31), Card.SERIOUS),  # past the legal date
    ],
)
def test_cards_go_by_the_promised_clock_and_illegality_by_the_legal_one(today, colour):
    assert card(today, due(MONDAY, 10), 10, due(MONDAY, 20)) is colour


def test_a_rest_day_after_the_due_date_is_already_late():
    assert card(date(2026, 10, 1), date(2026, 9, 30), 10, None) is Card.RED


def test_an_item_done_on_the_spot_has_no_countdown():
    assert card(MONDAY, MONDAY, 0, None) is Card.GREEN
    assert card(date(2026, 3, 3), MONDAY, 0, None) is Card.RED


def test_a_provisional_due_date_raises_no_card():
    assert card(date(2026, 12, 31), None, 10, None) is Card.GREEN
    assert card(date(2027, 1, 31), None, 10, None) is Card.GREEN
    assert card(date(2027, 1, 31), date(2026, 12, 30), 10, None) is Card.RED


def test_a_suspension_keeps_a_clock_from_turning_yellow():
    pause = Suspension(date(2026, 3, 9), date(2026, 3, 16))
    due_on = due(MONDAY, 10, [pause])
    assert card(date(2026, 3, 13), due_on, 10, None, suspensions=[pause]) is Card.GREEN


def test_thresholds_are_local_policy_and_carry_their_version():
    strict = Thresholds(version="卫东区 2026-1", percent_of_limit=50, at_most_working_days=5)
    assert card(date(2026, 3, 9), due(MONDAY, 10), 10, None, thresholds=strict) is Card.YELLOW
    assert card(date(2026, 3, 9), due(MONDAY, 10), 10, None) is Card.GREEN
    assert strict.version == "卫东区 2026-1"


def test_cards_have_chinese_names():
    assert [colour.label for colour in Card] == ["正常", "黄牌", "红牌", "严重红牌"]
