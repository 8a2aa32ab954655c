"""How a paper words its title, dates and limits. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.catalogue.schema import Confidence, Matter
from portal.deadlines.clock import ZONE

PROVISIONAL = "暂定：待国务院办公厅公布下一年度放假安排后确定"
"""A due date in a year whose notice is not out is not guessed (R98)."""
NO_LEGAL_LIMIT = "法律、法规没有规定期限"


@dataclass(frozen=True, slots=True)
class Words:
    """What a decision on one kind of matter is called. paper: the short word for it within sentences."""

    grant_title: str
    refusal_title: str
    grant_verb: str
    refusal_verb: str
    paper: str


LICENCE = Words("准予行政许可决定书", "不予行政许可决定书", "准予行政许可", "不予行政许可", "决定书")
_BY_KIND = {
    "登记": Words("准予登记通知书", "不予登记通知书", "准予登记", "不予登记", "通知书"),
    "备案": Words("备案通知书", "不予备案通知书", "予以备案", "不予备案", "通知书"),
}
_SERVICE = Words("办理结果通知书", "不予办理通知书", "予以办理", "不予办理", "通知书")


def words_for(matter: Matter) -> Words:
    """Only 行政许可 is decided by a 行政许可决定书; registrations, filings and services get their own papers."""
    return LICENCE if matter.is_licence else _BY_KIND.get(matter.kind, _SERVICE)


def day(value: date) -> str:
    """2026年11月23日, as GB/T 9704 writes dates: Arabic numerals, no leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """2026年11月23日9时05分 in Asia/Shanghai (R99)."""
    local = value.astimezone(ZONE)
    return f"{day(local.date())}{local.hour}时{local.minute:02d}分"


def working_days(limit: int | None) -> str:
    """A limit in words; 0 is 即办 (R89); "" when there is none."""
    if limit is None:
        return ""
    return f"{limit}个工作日" if limit else "当场办结"


def legal_limit(matter: Matter) -> str:
    """The statutory limit of one matter, in working or calendar days (R29, R31)."""
    if matter.legal_wd is not None:
        return working_days(matter.legal_wd)
    return f"{matter.legal_nd}日" if matter.legal_nd is not None else ""


def due(on: date | None, limit_working_days: int | None, *, otherwise: str) -> str:
    """A due date in words; on is None while the calendar is missing. Without any limit, ``otherwise`` says so."""
    if limit_working_days is None:
        return otherwise
    if limit_working_days == 0:
        return working_days(0)
    return f"{day(on)}前（{working_days(limit_working_days)}）" if on else PROVISIONAL


def marked(text: str, confidence: Confidence) -> str:
    """Values that nobody confirmed carry their mark wherever people read them."""
    return f"{text}（{confidence.label}）" if text and confidence == Confidence.DRAFT else text


def validity(since: date, until: date | None) -> str:
    return f"{day(since)}至{day(until)}" if until else f"自{day(since)}起，届满日期以证照载明为准"


def sentence(text: str) -> str:
    """What an officer typed, ended like a sentence."""
    text = text.strip()
    return text if not text or text[-1] in "。！？；" else f"{text}。"
