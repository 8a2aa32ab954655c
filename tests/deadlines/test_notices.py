"""The notices on file are complete, cited, and equal to two independently published data sets."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from portal.deadlines import calendar, notices
from portal.deadlines.notices import NoticeInvalid

YEARS = (2024, 2025, 2026)


def every_day(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def test_the_notices_of_three_years_are_on_file():
    assert calendar.known_years() == YEARS


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_chinese_calendar(year):
    differing = [d for d in every_day(year) if calendar.is_working_day(d) != chinese_calendar.is_workday(d)]
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_every_holiday_and_make_up_day_agrees_with_chinese_calendar(year):
    off = {d for d in every_day(year) if d in chinese_calendar.constants.holidays}
    worked = {d for d in every_day(year) if d in chinese_calendar.constants.workdays}
    assert {d for d in every_day(year) if calendar.day_off(d)} == off
    assert {d for d in every_day(year) if calendar.make_up_day(d)} == worked


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_holidays(year):
    china = holidays.country_holidays("CN", years=year)
    differing = [d for d in every_day(year) if calendar.is_working_day(d) != china.is_working_day(d)]
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_days_off_and_make_up_days_agree_with_holidays(year):
    china = holidays.country_holidays("CN", years=year)
    weekday_rest = {d for d in every_day(year) if d.weekday() < 5 and calendar.day_off(d)}
    assert weekday_rest == {d for d in china if d.year == year and d.weekday() < 5}
    worked = {d for d in every_day(year) if calendar.make_up_day(d)}
    assert worked == {d for d in china.weekend_workdays if d.year == year}


@pytest.mark.parametrize(
    ("year", "number", "issued"),
    [
        (2024, "国办发明电〔2023〕7号", date(2023, 10, 25)),
        (2025, "国办发明电〔2024〕12号", date(2024, 11, 12)),
        (2026, "国办发明电〔2025〕7号", date(2025, 11, 4)),
    ],
)
def test_a_notice_is_cited_with_its_number_and_date(year, number, issued):
    notice = calendar.notice(year)
    assert notice.citation == f"《国务院办公厅关于{year}年部分节假日安排的通知》（{number}）"
    assert notice.issued == issued
    assert notice.source.startswith("https://www.gov.cn/")
    assert notice.confirmed


def test_a_number_that_was_not_read_in_the_notice_itself_keeps_its_mark():
    assert calendar.notice(2026).number_status == "v"


NOTICE_2027 = """
year = 2027
title = "国务院办公厅关于2027年部分节假日安排的通知"
number = "（测试用，非真实文号）"
issued = 2026-11-30
source = "https://example.org/"
read_in = "测试"
status = { days = "K", number = "K" }

[[holiday]]
name = "元旦"
first = 2027-01-01
last = 2027-01-04
make_up = [2026-12-27]
"""


@pytest.fixture
def with_a_notice_for_2027(tmp_path, monkeypatch):
    for path in notices.FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "2027.toml").write_text(NOTICE_2027, encoding="utf-8")
    monkeypatch.setattr(notices, "FOLDER", tmp_path)
    calendar.forget()
    yield
    monkeypatch.undo()
    calendar.forget()


@pytest.mark.usefixtures("with_a_notice_for_2027")
def test_a_new_notice_opens_its_year_and_may_change_the_last_days_of_the_year_before():
    assert calendar.known_years() == (*YEARS, 2027)
    assert calendar.is_working_day(date(2026, 12, 27))
    assert calendar.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 5)
    assert not calendar.notice(2027).confirmed


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("last = 2027-01-04", "last = 2026-12-31", "before it begins"),
        ("make_up = [2026-12-27]", "make_up = [2026-12-28]", "not a weekend day"),
        ("make_up = [2026-12-27]", "make_up = [2027-01-02]", "named twice"),
        ("make_up = [2026-12-27]", "make_up = [2026-11-01]", "outside 2027"),
        ("make_up = [2026-12-27]", 'make_up = ["2026-12-27"]', "not a day"),
        ("first = 2027-01-01", "first = 2027-01-01T00:00:00", "not a day"),
        ("first = 2027-01-01", "", "'first' must be a date"),
        ("2027年部分", "2026年部分", "not that of 2027"),
        ('days = "K"', 'days = "sure"', "unknown status mark 'sure'"),
        ("year = 2027", "year = ", "not TOML"),
    ],
)
def test_a_wrong_notice_is_refused_and_the_message_quotes_it(right, wrong, complaint):
    assert right in NOTICE_2027
    with pytest.raises(NoticeInvalid, match=complaint):
        notices.read(NOTICE_2027.replace(right, wrong))


def test_two_notices_for_one_year_are_refused(tmp_path):
    (tmp_path / "a.toml").write_text(NOTICE_2027, encoding="utf-8")
    (tmp_path / "b.toml").write_text(NOTICE_2027, encoding="utf-8")
    with pytest.raises(NoticeInvalid, match="two notices for one year"):
        notices.load(tmp_path)
