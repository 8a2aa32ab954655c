"""A deadline day by day, one row per week: which days counted, which did not and why, and the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from portal.drawing.palette import BLUE, INK, INK_SOFT, LINE, SURFACE, TONES
from portal.drawing.svg import element, picture, words

DayKind = Literal["received", "counted", "rest", "suspended", "due", "overdue", "unknown"]
KIND_WORDS: dict[DayKind, str] = {
    "received": "起算日",
    "counted": "计入",
    "rest": "休息日",
    "suspended": "不计时",
    "due": "到期日",
    "overdue": "已超期",
    "unknown": "暂定",
}
_WEEKDAYS = "一二三四五六日"
_CELL = 48
_CELL_HEIGHT = 58
_HEAD = 24
_GAP = 3


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day. ordinal: the how-many-th counted day, None when it does not count. label: replaces the kind's word."""

    day: date
    kind: DayKind
    ordinal: int | None = None
    label: str = ""

    @property
    def text(self) -> str:
        """What the cell says: its own label, “第3日”, or its kind in words."""
        if self.label:
            return self.label
        if self.ordinal is not None and self.kind in ("counted", "overdue"):
            return f"第{self.ordinal}日"
        return KIND_WORDS[self.kind]


def deadline_strip(cells: Sequence[DayCell], *, today: date, title: str) -> str:
    """SVG of the days, Monday to Sunday. Days need not follow each other without a gap; each stands in its week."""
    days = [cell.day for cell in cells] or [today]
    monday = min(days) - timedelta(days=min(days).weekday())
    weeks = (max(days) - monday).days // 7 + 1
    body = [
        words(name, x=_x(index) + _CELL / 2, y=16, size=13, fill=INK_SOFT, anchor="middle")
        for index, name in enumerate(_WEEKDAYS)
    ]
    first = min(days)
    body += [_cell(cell, monday, today=today, first=first) for cell in cells]
    desc = "。".join(f"{cell.day.month} 月 {cell.day.day} 日，{cell.text}" for cell in cells)
    width = 7 * (_CELL + _GAP) - _GAP + 4
    height = _HEAD + weeks * (_CELL_HEIGHT + _GAP) + 1
    return picture(width=width, height=height, title=title, desc=desc, body=body, kind="strip")


def _x(weekday: int) -> int:
    return 2 + weekday * (_CELL + _GAP)


def _cell(cell: DayCell, monday: date, *, today: date, first: date) -> str:
    x = _x(cell.day.weekday())
    y = _HEAD + (cell.day - monday).days // 7 * (_CELL_HEIGHT + _GAP)
    fill, text, edge = _colours(cell.kind)
    is_today = cell.day == today
    head = f"{cell.day.month}/{cell.day.day}" if cell.day.day == 1 or cell.day == first else str(cell.day.day)
    parts = [
        element(
            "rect",
            x=x,
            y=y,
            width=_CELL,
            height=_CELL_HEIGHT,
            rx=4,
            fill=fill,
            stroke=BLUE if is_today else edge,
            stroke_width=3 if is_today else 1,
            stroke_dasharray="4 3" if cell.kind in ("suspended", "unknown") and not is_today else None,
        ),
        words(
            head, x=x + _CELL / 2, y=y + 24, size=16, fill=text, anchor="middle", bold=cell.kind in ("due", "received")
        ),
        words(cell.text, x=x + _CELL / 2, y=y + 45, size=13, fill=text, anchor="middle"),
    ]
    return element("g", *parts, class_=f"day day--{cell.kind}", data_day=cell.day.isoformat())


def _colours(kind: DayKind) -> tuple[str, str, str]:
    """Ground, words, edge."""
    if kind == "counted":
        return TONES["info"].wash, INK, TONES["info"].wash
    if kind == "due":
        return BLUE, SURFACE, BLUE
    if kind == "overdue":
        return TONES["danger"].wash, TONES["danger"].text, TONES["danger"].strong
    if kind == "received":
        return SURFACE, BLUE, BLUE
    if kind in ("suspended", "unknown"):
        return SURFACE, INK_SOFT, TONES["neutral"].strong
    return SURFACE, INK_SOFT, LINE
