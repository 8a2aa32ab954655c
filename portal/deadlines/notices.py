"""The State Council's holiday notices as data: one TOML file a year, with its citation.

A file says what the notice says, item by item: a holiday's first and last day off, and the weekend days worked for it.
`status` tells how far each part was checked: V = read in the notice's own words, v = read on a secondary page,
K = from general knowledge, to be confirmed.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).parent / "notices"

STATUS_MARKS = frozenset({"V", "v", "K"})
SATURDAY = 5

T = TypeVar("T")


class NoticeInvalid(ValueError):
    """A notice file that contradicts itself or lacks a part; the message quotes the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One item of a notice: first and last are both days off, make_up the weekend days worked instead (调休上班)."""

    name: str
    first: date
    last: date
    make_up: tuple[date, ...]

    def days_off(self) -> tuple[date, ...]:
        """Every day off of this holiday, weekend days among them."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The holiday notice for one year: what to cite, and what it decides."""

    year: int
    title: str
    number: str
    issued: date
    source: str
    read_in: str
    days_status: str
    number_status: str
    holidays: tuple[Holiday, ...]

    @property
    def citation(self) -> str:
        """《…的通知》（国办发明电〔…〕…号）, as a page or a paper quotes it."""
        return f"《{self.title}》（{self.number}）"

    @property
    def confirmed(self) -> bool:
        """Whether the days off were read in the notice's own words; otherwise screens mark them “待部门确认”."""
        return self.days_status == "V"


def load(folder: Path) -> dict[int, Notice]:
    """Every notice in the folder, by year. Raises NoticeInvalid for the first file that is wrong."""
    notices = [read(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
    by_year = {notice.year: notice for notice in notices}
    if len(by_year) != len(notices):
        raise NoticeInvalid(f"two notices for one year in {sorted(notice.year for notice in notices)}")
    return by_year


def read(text: str) -> Notice:
    """One notice from its TOML text. Raises NoticeInvalid, quoting what is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoticeInvalid(f"not TOML: {error}") from error
    status = _take(data, "status", dict)
    notice = Notice(
        year=_take(data, "year", int),
        title=_take(data, "title", str),
        number=_take(data, "number", str),
        issued=_day(_take(data, "issued", date)),
        source=_take(data, "source", str),
        read_in=_take(data, "read_in", str),
        days_status=_mark(_take(status, "days", str)),
        number_status=_mark(_take(status, "number", str)),
        holidays=tuple(_holiday(item) for item in _take(data, "holiday", list)),
    )
    _check(notice)
    return notice


def _holiday(item: Mapping[str, Any]) -> Holiday:
    return Holiday(
        name=_take(item, "name", str),
        first=_day(_take(item, "first", date)),
        last=_day(_take(item, "last", date)),
        make_up=tuple(_day(day) for day in _take(item, "make_up", list)),
    )


def _take(data: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = data.get(key)
    if not isinstance(value, kind):
        raise NoticeInvalid(f"{key!r} must be a {kind.__name__}, not {value!r}")
    return value


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise NoticeInvalid(f"not a day: {value!r}")
    return value


def _mark(value: str) -> str:
    if value not in STATUS_MARKS:
        raise NoticeInvalid(f"unknown status mark {value!r}")
    return value


def _check(notice: Notice) -> None:
    """A notice for a year may reach back into the last days of the year before (元旦调休), never further."""
    if f"{notice.year}年" not in notice.title:
        raise NoticeInvalid(f"the title {notice.title!r} is not that of {notice.year}")
    earliest, latest = date(notice.year - 1, 12, 1), date(notice.year, 12, 31)
    seen: set[date] = set()
    for holiday in notice.holidays:
        if holiday.last < holiday.first:
            raise NoticeInvalid(f"{holiday.name} ends on {holiday.last}, before it begins on {holiday.first}")
        for day in holiday.make_up:
            if day.weekday() < SATURDAY:
                raise NoticeInvalid(f"make-up day {day} of {holiday.name} is not a weekend day")
        for day in holiday.days_off() + holiday.make_up:
            if not earliest <= day <= latest:
                raise NoticeInvalid(f"{day} of {holiday.name} is outside {notice.year}")
            if day in seen:
                raise NoticeInvalid(f"{day} of {holiday.name} is named twice")
            seen.add(day)
