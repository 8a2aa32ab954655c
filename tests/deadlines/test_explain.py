"""Every due date explains itself, day by day."""

from datetime import date

import pytest

from portal.deadlines.clock import Suspension
from portal.deadlines.explain import Why, explain


def test_each_day_says_what_counted_and_why_not():
    """国庆 2026: 20 Sep (Sun) and 10 Oct (Sat) are worked, 25–27 Sep and 1–7 Oct are off."""
    inspection = Suspension(date(2026, 9, 22), date(2026, 9, 24), "检验（《行政许可法》第四十五条）")
    lines = explain(date(2026, 9, 18), 5, [inspection])
    assert [(line.day.day, line.ordinal, line.text) for line in lines] == [
        (18, None, "起算当日不计入"),
        (19, None, "休息日"),
        (20, 1, "调休上班（国庆节）"),
        (21, 2, "工作日"),
        (22, None, "不计时：检验（《行政许可法》第四十五条）"),
        (23, None, "不计时：检验（《行政许可法》第四十五条）"),
        (24, 3, "工作日"),
        (25, None, "中秋节"),
        (26, None, "中秋节"),
        (27, None, "中秋节"),
        (28, 4, "工作日"),
        (29, 5, "工作日"),
    ]
    assert lines[-1].counted
    assert lines[4].why is Why.SUSPENDED


def test_a_day_in_two_suspensions_names_both_once():
    hearing = Suspension(date(2026, 3, 3), date(2026, 3, 5), "听证")
    review = Suspension(date(2026, 3, 4), date(2026, 3, 6), "专家评审")
    lines = explain(date(2026, 3, 2), 1, [review, hearing, hearing])
    assert [line.text for line in lines[1:]] == ["不计时：听证", "不计时：听证、专家评审", "不计时：专家评审", "工作日"]


def test_a_suspension_without_a_label_is_still_told():
    lines = explain(date(2026, 3, 2), 1, [Suspension(date(2026, 3, 3), date(2026, 3, 4))])
    assert lines[1].text == "不计时"


def test_a_rest_day_within_a_suspension_is_told_as_a_rest_day():
    lines = explain(date(2026, 3, 6), 1, [Suspension(date(2026, 3, 7), date(2026, 3, 10))])
    assert [line.why for line in lines] == [Why.START, Why.WEEKEND, Why.WEEKEND, Why.SUSPENDED, Why.WORKING]


def test_where_the_calendar_ends_the_known_days_are_told_and_the_rest_is_provisional():
    lines = explain(date(2026, 12, 29), 5)
    assert [(line.day, line.ordinal) for line in lines[1:3]] == [(date(2026, 12, 30), 1), (date(2026, 12, 31), 2)]
    assert lines[3].day == date(2027, 1, 1)
    assert lines[3].why is Why.UNKNOWN
    assert lines[3].text == "暂定：2027 年放假安排公布后确定"
    assert len(lines) == 4


def test_on_the_spot_needs_no_days():
    assert [line.why for line in explain(date(2026, 3, 2), 0)] == [Why.START]


def test_a_negative_limit_is_refused():
    with pytest.raises(ValueError, match="-1"):
        explain(date(2026, 3, 2), -1)
